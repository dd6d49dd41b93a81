"""How integrations stand: what the registry expects beside what was heard, and how well. Silence is not health."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from collector.health import DEFAULT_WINDOW, WINDOWS, ArrivalHour, HealthStore, IntegrationHealth, Window, empty_hours
from core.clickhouse import Database
from core.registry import Integration, Known
from core.sql import sql

Status = Literal["ok", "silent", "never_seen", "unregistered", "no_heartbeat"]
BEGINNING = datetime(1970, 1, 2, tzinfo=UTC)
# What needs somebody comes first.
ORDER: dict[Status, int] = {"silent": 0, "never_seen": 1, "unregistered": 2, "no_heartbeat": 3, "ok": 4}


@dataclass(frozen=True)
class IntegrationStatus:
    """One integration: what is expected of it, when it was last heard, and how well its telemetry comes in.

    `status`: ok; silent (nothing for longer than its heartbeat); never_seen (registered, nothing ever);
    unregistered (sends, but nobody said it would); no_heartbeat (sends, and no heartbeat says how often it should).
    """

    integration: str
    name: str
    owner: str
    tier: str
    heartbeat: timedelta | None
    last_seen: datetime | None
    status: Status
    health: IntegrationHealth

    @property
    def stale(self) -> bool:
        """Whether its figures tell of the time before it fell silent."""
        return self.status in {"silent", "never_seen"}


def status_of(registered: Integration | None, last_seen: datetime | None, as_of: datetime) -> Status:
    """Return how an integration stands. A silence exactly as long as its heartbeat is still normal."""
    if registered is None:
        return "unregistered"
    if last_seen is None:
        return "never_seen"
    if registered.heartbeat is None:
        return "no_heartbeat"
    return "silent" if as_of - last_seen > registered.heartbeat else "ok"


def statuses(
    registry: Known,
    heard: Mapping[str, datetime],
    health: Mapping[str, IntegrationHealth],
    as_of: datetime,
    window: Window = DEFAULT_WINDOW,
) -> list[IntegrationStatus]:
    """Return every integration that is registered, was heard or sent anything, those that need somebody first."""
    found = [
        _status(
            key,
            registry.integrations.get(key),
            heard.get(key),
            health.get(key) or IntegrationHealth(WINDOWS[window]),
            as_of,
        )
        for key in {*registry.integrations, *heard, *health} - {""}  # what names no integration is in quarantine
    ]
    return sorted(found, key=lambda each: (ORDER[each.status], each.name, each.integration))


def _status(
    key: str, registered: Integration | None, last_seen: datetime | None, health: IntegrationHealth, as_of: datetime
) -> IntegrationStatus:
    return IntegrationStatus(
        integration=key,
        name=registered.name if registered else key,
        owner=registered.owner if registered else "",
        tier=registered.tier if registered else "",
        heartbeat=registered.heartbeat if registered else None,
        last_seen=last_seen,
        status=status_of(registered, last_seen, as_of),
        health=health,
    )


@dataclass(frozen=True)
class Telemetry:
    """What has arrived."""

    database: Database
    registry: Known

    def integrations(self, as_of: datetime, window: Window = DEFAULT_WINDOW) -> list[IntegrationStatus]:
        """Return every integration with its status at `as_of` and its health in the window before it."""
        rows = self.database.rows(sql("web", "integration_telemetry"), as_of=as_of)
        heard = {row["integration"]: row["last_seen"] for row in rows}
        return statuses(self.registry, heard, HealthStore(self.database).figures(as_of, window), as_of, window)

    def arrivals(self, as_of: datetime) -> dict[str, list[ArrivalHour]]:
        """Return the 24 hours up to `as_of`, oldest first, of every integration that is registered or sent anything."""
        found = HealthStore(self.database).hours(as_of)
        return {
            key: found.get(key) or empty_hours(key, as_of)
            for key in sorted({*self.registry.integrations, *found} - {""})
        }

    def waiting_since(self, watermark: datetime | None) -> datetime | None:
        """Return when the oldest fact beyond `watermark` was stored; None where there is none."""
        rows = self.database.rows(sql("web", "waiting_since"), watermark=watermark or BEGINNING)
        found: datetime | None = rows[0]["waiting_since"]
        return found

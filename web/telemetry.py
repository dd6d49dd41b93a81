"""Which integrations are heard: what the registry expects beside what has arrived. Silence is not health."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from core.clickhouse import Database
from core.registry import Integration, Known
from core.sql import sql

Status = Literal["ok", "silent", "never_seen", "unregistered", "no_heartbeat"]
BEGINNING = datetime(1970, 1, 2, tzinfo=UTC)
# What needs somebody comes first.
ORDER: dict[Status, int] = {"silent": 0, "never_seen": 1, "unregistered": 2, "no_heartbeat": 3, "ok": 4}


@dataclass(frozen=True)
class IntegrationStatus:
    """One integration: what is expected of it, and what it sent in the day before `as_of`.

    `status`: ok; silent (nothing for longer than its heartbeat); never_seen (registered, nothing ever);
    unregistered (sends, but nobody said it would); no_heartbeat (sends, and no heartbeat says how often it should).
    """

    integration: str
    name: str
    owner: str
    tier: str
    heartbeat: timedelta | None
    last_seen: datetime | None
    events_day: int
    spans_day: int
    errors_day: int
    status: Status


def status_of(registered: Integration | None, last_seen: datetime | None, as_of: datetime) -> Status:
    """Return how an integration stands. A silence exactly as long as its heartbeat is still normal."""
    if registered is None:
        return "unregistered"
    if last_seen is None:
        return "never_seen"
    if registered.heartbeat is None:
        return "no_heartbeat"
    return "silent" if as_of - last_seen > registered.heartbeat else "ok"


def statuses(registry: Known, heard: Mapping[str, Mapping[str, Any]], as_of: datetime) -> list[IntegrationStatus]:
    """Return every integration that is registered or was heard, those that need somebody first."""
    found = [
        _status(key, registry.integrations.get(key), heard.get(key, {}), as_of)
        for key in {*registry.integrations, *heard}
    ]
    return sorted(found, key=lambda each: (ORDER[each.status], each.name))


def _status(key: str, registered: Integration | None, heard: Mapping[str, Any], as_of: datetime) -> IntegrationStatus:
    last_seen = heard.get("last_seen")
    return IntegrationStatus(
        integration=key,
        name=registered.name if registered else key,
        owner=registered.owner if registered else "",
        tier=registered.tier if registered else "",
        heartbeat=registered.heartbeat if registered else None,
        last_seen=last_seen,
        events_day=heard.get("events_day", 0),
        spans_day=heard.get("spans_day", 0),
        errors_day=heard.get("errors_day", 0),
        status=status_of(registered, last_seen, as_of),
    )


@dataclass(frozen=True)
class Telemetry:
    """What has arrived, asked of the facts themselves."""

    database: Database
    registry: Known

    def integrations(self, as_of: datetime) -> list[IntegrationStatus]:
        """Return every integration with its status at `as_of`."""
        rows = self.database.rows(sql("web", "integration_telemetry"), as_of=as_of)
        return statuses(self.registry, {row["integration"]: row for row in rows}, as_of)

    def waiting_since(self, watermark: datetime | None) -> datetime | None:
        """Return when the oldest fact beyond `watermark` was stored; None where there is none."""
        rows = self.database.rows(sql("web", "waiting_since"), watermark=watermark or BEGINNING)
        found: datetime | None = rows[0]["waiting_since"]
        return found

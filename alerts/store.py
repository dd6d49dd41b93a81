"""Alerts as others see them: lists and single alerts, each with how its notifications fared."""

import base64
import binascii
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from alerts.ledger import state_of
from alerts.lifecycle import AlertState, State
from core.clickhouse import Database
from core.errors import MisuseError, NotFoundError
from core.paging import Page
from core.sql import sql

SHOWN = (State.PENDING, State.FIRING, State.RESOLVED)
MOST = 5000  # rows of one query: as many as an export asks for at a time


@dataclass(frozen=True)
class DeliveryReport:
    """How one notification fares: due, delivered or failed; `reason` is of its last failure, or empty."""

    notification_id: str
    channel: str
    status: str
    state: str
    attempts: int
    next_attempt_at: datetime
    reason: str
    written_at: datetime


@dataclass(frozen=True)
class Alert:
    """One alert: a rule's finding with its lifecycle. Amounts are by currency, instants UTC."""

    alert_id: str
    rule: str
    title: str
    state: str
    severity: str
    summary: str
    labels: Mapping[str, str]
    count: int
    amounts: Mapping[str, Decimal]
    facilities: tuple[str, ...]
    criticalities: tuple[str, ...]
    handoffs: tuple[str, ...]
    since: datetime
    pending_since: datetime
    firing_since: datetime | None
    resolved_at: datetime | None
    owner: str
    cause_code: str
    cause_summary: str
    trace_id: str | None
    deliveries: tuple[DeliveryReport, ...]


@dataclass(frozen=True)
class AlertStore:
    """Reads alerts."""

    database: Database

    def active(self, as_of: datetime) -> tuple[Alert, ...]:
        """Return the alerts that were pending or firing at `as_of`, firing first, then the oldest first."""
        return self._alerts(self.database.rows(sql("alerts", "alerts_active"), as_of=as_of))

    def page(self, state: str | None = None, limit: int = 100, after: str | None = None) -> Page[Alert]:
        """Return alerts, the latest change first: in one state, or all but those that never fired and are gone.

        `limit` is 1 to 5000; `after` is a cursor of an earlier page. Raises MisuseError.
        """
        states = [_known(state).value] if state else [shown.value for shown in SHOWN]
        if not 1 <= limit <= MOST:
            message = f"limit must be 1 to {MOST}, not {limit}"
            raise MisuseError(message)
        at, alert_id = _decode(after) if after else ("1970-01-01 00:00:00.000000", "")
        rows = self.database.rows(
            sql("alerts", "alerts_page"),
            states=states,
            continued=bool(after),
            at=at,
            alert_id=alert_id,
            limit=limit + 1,
        )
        (total,) = self.database.rows(sql("alerts", "alerts_total"), states=states)
        cursor = _encode(rows[limit - 1]) if len(rows) > limit else None
        return Page(self._alerts(rows[:limit]), cursor, total["total"])

    def alert(self, alert_id: str) -> Alert:
        """Return one alert as it stands. Raises NotFoundError."""
        series, _, episode = alert_id.rpartition("-")
        known = episode.isascii() and episode.isdigit() and len(episode) < 10  # noqa: PLR2004 - fits UInt32
        rows = self.database.rows(sql("alerts", "alert"), series=series, episode=int(episode)) if known else []
        if not rows:
            message = f"there is no alert {alert_id!r}"
            raise NotFoundError(message)
        return self._alerts(rows)[0]

    def _alerts(self, rows: Iterable[Mapping[str, Any]]) -> tuple[Alert, ...]:
        steps = [state_of(row) for row in rows]
        deliveries = self._deliveries([step.alert_id for step in steps])
        return tuple(_alert(step, deliveries[step.alert_id]) for step in steps)

    def _deliveries(self, alert_ids: list[str]) -> dict[str, tuple[DeliveryReport, ...]]:
        found: dict[str, tuple[DeliveryReport, ...]] = defaultdict(tuple)
        for row in self.database.rows(sql("alerts", "deliveries"), alert_ids=alert_ids) if alert_ids else []:
            found[row.pop("alert_id")] += (DeliveryReport(**row),)
        return found


def _alert(step: AlertState, deliveries: tuple[DeliveryReport, ...]) -> Alert:
    finding = step.finding
    return Alert(
        alert_id=step.alert_id,
        rule=finding.rule,
        title=finding.title,
        state=step.state.value,
        severity=finding.severity,
        summary=finding.summary,
        labels=finding.labels,
        count=finding.count,
        amounts=finding.amounts,
        facilities=finding.facilities,
        criticalities=finding.criticalities,
        handoffs=finding.handoffs,
        since=finding.since,
        pending_since=step.pending_since,
        firing_since=step.firing_since,
        resolved_at=step.resolved_at,
        owner=finding.owner,
        cause_code=finding.cause_code,
        cause_summary=finding.cause_summary,
        trace_id=finding.trace_id,
        deliveries=deliveries,
    )


def _known(state: str) -> State:
    try:
        return State(state)
    except ValueError:
        message = f"state must be one of {', '.join(State)}, not {state!r}"
        raise MisuseError(message) from None


def _encode(row: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(f"{row['at']:%Y-%m-%d %H:%M:%S.%f}|{row['alert_id']}".encode()).decode()


def _decode(cursor: str) -> tuple[str, str]:
    try:
        at, bar, alert_id = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
        datetime.strptime(at, "%Y-%m-%d %H:%M:%S.%f")  # noqa: DTZ007 - only its form matters here; it is bound as UTC text
    except (binascii.Error, ValueError):
        bar = ""
    if not bar:
        message = f"{cursor!r} is not a cursor of this list"
        raise MisuseError(message)
    return at, alert_id

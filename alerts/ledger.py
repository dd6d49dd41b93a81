"""The ledger of alert steps: where each alert stands, and what has been decided but not yet put out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from alerts.findings import FINDING
from alerts.lifecycle import AlertState, State
from core.clickhouse import Database
from core.sql import sql

COLUMNS = (
    *("series", "episode", "number", "alert_id", "rule", "labels", "state", "at", "pending_since", "firing_since"),
    *("absent_since", "resolved_at", "channels", "facts", "seen_at"),
)


@dataclass(frozen=True)
class Announcement:
    """A notification that a step calls for: `step.state` is firing or resolved."""

    notification_id: str
    channel: str
    step: AlertState


@dataclass(frozen=True)
class Ledger:
    """Reads and appends steps. One process decides at a time; a step written twice is one step."""

    database: Database

    def current(self, series: Iterable[str]) -> dict[str, AlertState]:
        """Return the newest step by series: of all that are pending or firing, and of those asked for."""
        rows = self.database.rows(sql("alerts", "current_states"), series=list(series))
        return {row["series"]: state_of(row) for row in rows}

    def append(self, steps: Iterable[AlertState]) -> None:
        """Append steps, durable on return. A step is known by (series, episode, number)."""
        self.database.insert("alert_transitions", COLUMNS, [_row(step) for step in steps])

    def unannounced(self) -> list[Announcement]:
        """Return what the outbox lacks, in the order it was decided."""
        rows = self.database.rows(sql("alerts", "missing_notifications"))
        return [Announcement(row["notification_id"], row["channel"], state_of(row)) for row in rows]


def state_of(row: Mapping[str, Any]) -> AlertState:
    """Return the step that a row of alert_transitions holds."""
    return AlertState(
        series=row["series"],
        episode=row["episode"],
        number=row["number"],
        state=State(row["state"]),
        at=row["at"],
        pending_since=row["pending_since"],
        firing_since=row["firing_since"],
        absent_since=row["absent_since"],
        resolved_at=row["resolved_at"],
        channels=tuple(row["channels"]),
        finding=FINDING.validate_json(row["facts"]),
        seen_at=row["seen_at"],
    )


def _row(step: AlertState) -> tuple[object, ...]:
    return (
        *(
            step.series,
            step.episode,
            step.number,
            step.alert_id,
            step.finding.rule,
            dict(step.labels),
            step.state.value,
        ),
        *(step.at, step.pending_since, step.firing_since, step.absent_since, step.resolved_at, list(step.channels)),
        *(FINDING.dump_json(step.finding).decode(), step.seen_at),
    )

"""Retention: how long each signal is kept, set on its tables as a TTL, and what the tables hold.

It counts from when a record was received, not from when it happened: what comes late, or is imported from years ago, is
kept as long as everything else. Partitioned tables drop whole parts; quarantine, which is small, loses rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.clickhouse import Database
from core.settings import Settings
from core.sql import sql

# Were it left to MODIFY TTL to see to old parts, it would wait for them, and for ever should they expire meanwhile.
UNWAITED = {"materialize_ttl_after_modify": 0, "mutations_sync": 0}


@dataclass(frozen=True)
class KeptTable:
    """A table of facts: the signal it belongs to, and the column that says when a row was received."""

    name: str
    signal: str
    received: str = "received_at"


# What a signal is made of. `object_states` has no retention: what an object is does not age.
KEPT_TABLES = (
    KeptTable("spans", "spans"),
    KeptTable("span_objects", "spans"),
    KeptTable("trace_index", "spans"),
    KeptTable("events", "events"),
    KeptTable("event_objects", "events"),
    KeptTable("aliased_event_objects", "events"),
    KeptTable("quarantine", "quarantine", received="quarantined_at"),
    KeptTable("quarantine_changes", "quarantine", received="quarantined_at"),
)


@dataclass(frozen=True)
class Kept:
    """One table: days it is kept (0: for ever), oldest receipt (UTC), rows, bytes on disk, active parts.

    On a cluster rows, bytes and parts are those of all nodes: of each row, both copies.
    """

    table: str
    signal: str
    retention_days: int
    oldest: datetime | None
    rows: int
    bytes_on_disk: int
    parts: int


def apply_retention(database: Database, settings: Settings) -> list[str]:
    """Set on each table the retention of its signal, where it is another one; return the names of the changed tables.

    Parts that have expired go in the background. Safe to repeat. Raises StoreError.
    """
    wanted = {
        "spans": settings.retention_spans_days,
        "events": settings.retention_events_days,
        "quarantine": settings.retention_quarantine_days,
    }
    present = _days(database)
    changed = [table for table in KEPT_TABLES if present[table.name] != wanted[table.signal]]
    for table in changed:
        _set(database, table, wanted[table.signal])
    return [table.name for table in changed]


def kept(database: Database) -> list[Kept]:
    """Return what each table of facts holds, and for how long. Raises StoreError."""
    days = _days(database)
    held = [{row["table"]: row for row in node.rows(sql("core", "kept_tables"))} for node in database.nodes]
    return [_kept(table, days[table.name], [node[table.name] for node in held]) for table in KEPT_TABLES]


def _kept(table: KeptTable, days: int, rows: Sequence[Mapping[str, Any]]) -> Kept:
    oldest = min((row["oldest"] for row in rows if row["oldest"] is not None), default=None)
    rows_stored, bytes_on_disk, parts = (sum(row[name] for row in rows) for name in ("rows", "bytes_on_disk", "parts"))
    return Kept(table.name, table.signal, days, oldest, rows_stored, bytes_on_disk, parts)


def _days(database: Database) -> dict[str, int]:
    """Return the days of each table; where the nodes of a cluster differ, -1, which nobody wants."""
    tables = [table.name for table in KEPT_TABLES]
    nodes = [
        {row["table"]: row["retention_days"] for row in node.rows(sql("core", "retention_in_force"), tables=tables)}
        for node in database.nodes
    ]
    return {name: days if all(node[name] == days for node in nodes) else -1 for name, days in nodes[0].items()}


def _set(database: Database, table: KeptTable, days: int) -> None:
    database.execute(sql("core", "withdraw_retention_of_parts"), table=table.name)
    if days:
        database.execute(sql("core", "set_retention"), UNWAITED, table=table.name, received=table.received, days=days)
        database.execute(sql("core", "apply_retention_to_parts"), UNWAITED, table=table.name)
    else:
        database.execute(sql("core", "lift_retention"), table=table.name)

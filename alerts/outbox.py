"""The outbox: notifications to deliver, each a row whose newest version says how it fares.

A version is written under a deduplication token of its own, so when two processes claim the same attempt the first
one gets it. A claim is a lease: if its holder dies, the attempt is due again when the lease ends.
"""

import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta

from core.clickhouse import Database
from core.sql import sql

# Longer than one attempt can take (alerts.webhook: 5 s to connect, 10 s for an answer), with room for a slow store.
LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Entry:
    """One notification. `next_attempt_at` is meaningful while `state` is "due"; `reason` is of the last failure."""

    notification_id: str
    alert_id: str
    status: str
    channel: str
    state: str
    attempts: int
    next_attempt_at: datetime
    payload: str
    reason: str
    may_have_arrived: bool
    claim: str
    version: int
    written_at: datetime


@dataclass(frozen=True)
class Due:
    """What to attempt next; `orphan`: a resolved one whose firing certainly never arrived."""

    entry: Entry
    orphan: bool


COLUMNS = tuple(field.name for field in fields(Entry))


@dataclass(frozen=True)
class Outbox:
    """Reads and writes entries."""

    database: Database

    def put(self, entries: Iterable[Entry]) -> None:
        """Put out new notifications. One that is there already, however far, stays as it is."""
        self._insert(list(entries), None)

    def next_due(self, now: datetime) -> Due | None:
        """Return the notification to attempt next; a resolved one only after its firing is settled."""
        rows = self.database.rows(sql("alerts", "next_due"), now=now)
        if not rows:
            return None
        row = rows[0]
        entry = Entry(**{name: row[name] for name in COLUMNS})
        undelivered = row["firing_state"] == "failed" and not row["firing_may_have_arrived"]
        return Due(entry, orphan=entry.status == "resolved" and undelivered)

    def claim(self, entry: Entry, now: datetime) -> Entry | None:
        """Take the attempt, for the length of a lease, or return None where somebody else has it.

        Until the attempt is recorded it may have arrived: its holder may die right after sending.
        """
        claimed = replace(entry, attempts=entry.attempts + 1, next_attempt_at=now + LEASE, may_have_arrived=True)
        return self.write(claimed, now)

    def write(self, entry: Entry, now: datetime) -> Entry | None:
        """Write the next version and return it, or None where somebody else wrote that version first."""
        following = replace(entry, version=entry.version + 1, claim=secrets.token_hex(8), written_at=now)
        self._insert([following], f"{entry.notification_id}:{following.version}")
        written = self.database.rows(
            sql("alerts", "claim"), notification_id=following.notification_id, version=following.version
        )
        return following if [row["claim"] for row in written[:1]] == [following.claim] else None

    def _insert(self, entries: list[Entry], token: str | None) -> None:
        self.database.insert("outbox", COLUMNS, [tuple(asdict(entry).values()) for entry in entries], token=token)

"""Records that could not be read as facts: kept with the reason, the offending value and their content.

How one is taken in after all: `collector/replay.py`.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from collector.corrections import private_class
from collector.policy import private_classes
from core.clickhouse import Database
from core.clock import Clock
from core.errors import MisuseError, NotFoundError
from core.paging import Page, place
from core.sql import sql

# A closed set: what the landing views (core/migrations), the correlator and replays say.
REASONS = (
    "not_an_event", "bad_specversion", "no_event_type", "no_source", "no_timestamp", "bad_timestamp", "too_old",
    "too_far_ahead", "bad_trace_id", "bad_span_id", "bad_parent_span_id", "wrong_integration",
    "event_type_not_allowed", "too_many_attributes", "key_too_long", "value_too_long", "array_too_long",
    "nested_too_deep", "no_subject", "bad_object_reference", "bad_amount", "private_identity", "conflicting_event",
    "already_stored",
)  # fmt: skip
STATUSES = ("open", "refused", "replayed", "dismissed")
SIGNALS = ("logs", "cloudevents", "traces", "events")  # `events`: versions of an event that do not hold
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
LONGEST_BECAUSE = 500


@dataclass(frozen=True)
class QuarantinedRecord:
    """One record: when it was received (UTC), from whom, why, the offending value, and its content (JSON, redacted).

    `status`: open; refused (replayed, and refused again: for `reason`); replayed (a fact by now); dismissed. `copies`:
    equal records of one request. Not `replayable`: of an older version, or a version of an event that does not hold.
    """

    quarantined_at: datetime
    integration: str
    signal: str
    reason: str
    detail: str
    record: str
    request_id: str
    record_id: str = ""
    status: str = "open"
    copies: int = 1
    replayable: bool = True


@dataclass(frozen=True)
class QuarantineStep:
    """What was done about a record: begun, released, replayed, refused (for `reason`) or dismissed; by whom, when."""

    changed_at: datetime
    changed_by: str
    status: str
    reason: str
    detail: str
    correction: Mapping[str, str]
    because: str
    replay_id: str


@dataclass(frozen=True)
class QuarantineFile:
    """A record with everything known of it: why it was refused at first, and what was done since, oldest first."""

    record: QuarantinedRecord
    first_reason: str
    history: tuple[QuarantineStep, ...]

    @property
    def content(self) -> Any:
        """The record as values; its text where it is no JSON."""
        try:
            return json.loads(self.record.record)
        except ValueError:
            return self.record.record


@dataclass(frozen=True)
class QuarantineCount:
    """How many records share these."""

    reason: str
    integration: str
    signal: str
    status: str
    replayable: bool
    records: int


@dataclass(frozen=True)
class QuarantineFilter:
    """Which records. An empty tuple does not restrict; `received_before` is not included."""

    reason: tuple[str, ...] = ()
    integration: tuple[str, ...] = ()
    signal: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    received_from: datetime = EARLIEST
    received_before: datetime = LATEST
    ids: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        for name, known in (("status", STATUSES), ("signal", SIGNALS), ("reason", REASONS)):
            if unknown := [value for value in getattr(self, name) if value not in known]:
                message = f"{unknown[0][:60]!r} is no {name} of quarantine; known are {', '.join(known)}"
                raise MisuseError(message)

    def parameters(self) -> dict[str, Any]:
        """Return the values to bind."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in vars(self).items()}


EVERY = QuarantineFilter()


@dataclass(frozen=True)
class QuarantineStore:
    """Reads the quarantine, and marks what is left as it is. Raises StoreError."""

    database: Database

    def page(
        self, limit: int, after: str | None = None, chosen: QuarantineFilter = EVERY, *, contents: bool = True
    ) -> Page[QuarantinedRecord]:
        """Return up to `limit` records, newest first, from the cursor `after` on; `record` is '' without `contents`.

        Raises MisuseError.
        """
        offset, values = place(after), chosen.parameters()
        rows = self.database.rows(sql("collector", "quarantine_page"), limit=limit, offset=offset, **values)
        total = self.database.rows(sql("collector", "quarantine_total"), **values)[0]["total"]
        further = str(offset + limit) if offset + limit < total else None
        told = self._contents(rows) if contents else {}
        return Page(
            tuple(QuarantinedRecord(**row, record=told.get(row["record_id"], "")) for row in rows), further, total
        )

    def _contents(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """Return the content of each row by its record's id."""
        if not rows:
            return {}
        times = [row["quarantined_at"] for row in rows]
        span = {"received_from": min(times), "received_to": max(times)}
        found = self.database.rows(
            sql("collector", "quarantine_contents"), ids=[row["record_id"] for row in rows], **span
        )
        return {row["record_id"]: row["record"] for row in found}

    def counts(self, chosen: QuarantineFilter = EVERY) -> list[QuarantineCount]:
        """Return how many records there are by reason, integration, signal and status, most first."""
        rows = self.database.rows(sql("collector", "quarantine_counts"), **chosen.parameters())
        return [QuarantineCount(**row) for row in rows]

    def record(self, record_id: str) -> QuarantineFile:
        """Return one record with its history. Raises NotFoundError."""
        rows = self.database.rows(sql("collector", "quarantine_record"), **_only((record_id,)).parameters())
        if not (record_id and rows):
            raise _unknown(record_id)
        steps = self.database.rows(sql("collector", "quarantine_history"), id=record_id)
        first = rows[0].pop("first_reason")
        content = self._contents(rows)[record_id]
        found = QuarantinedRecord(**rows[0], record=content)
        return QuarantineFile(found, first, tuple(QuarantineStep(**step) for step in steps))

    def dismiss(self, ids: Sequence[str], because: str, by: str, clock: Clock) -> list[QuarantinedRecord]:
        """Leave records as they are, and say why; return how they stand now. What is a fact by now stays one.

        Raises MisuseError without a reason or with a private value in it, NotFoundError for an id that is not there;
        nothing is changed then.
        """
        if not because.strip() or len(because) > LONGEST_BECAUSE:
            message = f"say why it is left as it is, in at most {LONGEST_BECAUSE} characters"
            raise MisuseError(message)
        if private := private_class(because, private_classes(self.database)):
            message = f"why it is left holds a private value ({private}), which is not kept; say it without"
            raise MisuseError(message)
        if not ids:
            return []
        chosen = _only(ids)
        if missing := set(ids) - {each.record_id for each in self.page(len(ids), None, chosen, contents=False).items}:
            raise _unknown(min(missing))
        step: dict[str, Any] = {
            "change": secrets.token_hex(8),
            "now": clock.now(),
            "by": by,
            "because": because.strip(),
        }
        self.database.execute(sql("collector", "quarantine_dismiss"), **chosen.parameters(), **step)
        return list(self.page(len(ids), None, chosen).items)


def _only(ids: Sequence[str]) -> QuarantineFilter:
    return QuarantineFilter(ids=tuple(ids))


def _unknown(record_id: str) -> NotFoundError:
    return NotFoundError(
        f"there is no record {record_id[:60]!r} in quarantine; `stallwatch quarantine list` shows them"
    )

"""Replay: quarantined records are sent through the landing views again, under what holds by now, each stored once.

A replay claims its records, sends them, and tells what became of each; all three are sets in ClickHouse. A claim keeps
two replays off one record; one that was cut short is finished by the next, as it was begun. Sending twice changes
nothing either: a record keeps its event id, or its trace and span id, and facts are told apart by these.
"""

import secrets
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from collector.corrections import correction
from collector.policy import Policy, private_classes
from collector.quarantine import EVERY, QuarantinedRecord, QuarantineFilter, QuarantineStore
from core.clickhouse import INSERT_SECONDS, Database
from core.clock import Clock
from core.errors import MisuseError
from core.sql import sql

LARGEST = 10_000  # records of one replay: they are decoded in memory at once
LEASE = timedelta(minutes=2)  # four times what an insert may take; who holds a claim for longer is gone
# For each kind of record: what keeps out those that must not be stored, and what sends the rest.
KINDS = {
    "events": ("replay_known_events", "replay_events"),
    "spans": ("replay_known_spans", "replay_spans"),
}
SETTINGS = {"max_partitions_per_insert_block": 0, "optimize_on_insert": 0, "max_execution_time": INSERT_SECONDS}


@dataclass(frozen=True)
class ReplayOutcome:
    """What became of a record: replayed (it is a fact), refused (again, for `reason`) or skipped (nothing was done).

    In a preview: would_replay. Reasons to skip: unknown, already_replayed, being_replayed, not_replayable.
    """

    record_id: str
    outcome: str
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True)
class ReplayReport:
    """One replay: how many records were replayed, refused again, skipped; how many more match; and each one by one."""

    replay_id: str
    replayed: int
    refused: int
    skipped: int
    left: int
    outcomes: tuple[ReplayOutcome, ...]


@dataclass
class Replayer:
    """Replays records. Shared by all threads."""

    database: Database
    clock: Clock
    policy: Policy = field(default_factory=Policy)
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _begun: set[str] = field(default_factory=set, repr=False)  # ours that failed half-way: nobody else's business

    def replay(
        self, chosen: QuarantineFilter, by: str, corrected: Mapping[str, str] | None = None, *, limit: int = LARGEST
    ) -> ReplayReport:
        """Replay the records that are chosen, the oldest first, at most `limit`; safe to repeat.

        Chosen by id, in whatever state; by anything else, those that are open, unless `chosen` names a status.
        `corrected` says fields of one record anew, over what was received (collector.corrections).
        Raises MisuseError, NotFoundError for a correction that cannot be; StoreError, and then it can be repeated.
        """
        chosen = _narrowed(chosen)
        fields = self._correction(chosen, corrected or {})
        with self._turn:
            self._finish_what_was_cut_short()
            replay_id = secrets.token_hex(8)
            self._claim(replay_id, chosen, fields, by, limit)
            self._send(replay_id)
        return self._report(replay_id, chosen)

    def preview(self, chosen: QuarantineFilter, corrected: Mapping[str, str] | None = None) -> ReplayReport:
        """Return what `replay` would take in hand (`would_replay`, with what each is refused for); changes nothing.

        Raises as `replay` does.
        """
        chosen = _narrowed(chosen)
        self._correction(chosen, corrected or {})
        store = QuarantineStore(self.database)
        found = store.page(LARGEST, None, chosen, contents=False).items
        ready = [each for each in found if each.replayable and each.status != "replayed"]
        skipped = _skipped(store, sorted(set(chosen.ids) - {each.record_id for each in ready}))
        would = [ReplayOutcome(each.record_id, "would_replay", each.reason, each.detail) for each in ready]
        return ReplayReport("", 0, 0, len(skipped), len(would), (*would, *skipped))

    def _correction(self, chosen: QuarantineFilter, given: Mapping[str, str]) -> dict[str, str]:
        if not given:
            return {}
        if len(chosen.ids) != 1:
            message = "a correction is of one record: name its id"
            raise MisuseError(message)
        signal = QuarantineStore(self.database).record(chosen.ids[0]).record.signal
        return correction(signal, given, private_classes(self.database, self.policy))

    def _finish_what_was_cut_short(self) -> None:
        expired = self.clock.now() - LEASE
        others = self.database.rows(sql("collector", "replay_unfinished"), expired=expired)
        for replay_id in sorted({*self._begun, *(row["replay_id"] for row in others)}):
            self._send(replay_id)

    def _claim(self, replay_id: str, chosen: QuarantineFilter, fields: Mapping[str, str], by: str, limit: int) -> None:
        self._begun.add(replay_id)
        asked: dict[str, Any] = {
            "replay": replay_id,
            "now": self.clock.now(),
            "by": by,
            "fields": [*fields],
            "texts": [*fields.values()],
        }
        values = chosen.parameters() | asked
        self.database.execute(sql("collector", "replay_claim"), **values, limit=min(limit, LARGEST))

    def _send(self, replay_id: str) -> None:
        """Let go of what others hold, send the rest, and note what became of it. Safe to repeat."""
        told: dict[str, Any] = {"replay": replay_id, "now": self.clock.now()}
        self.database.execute(sql("collector", "replay_release"), **told)
        (held,) = self.database.rows(sql("collector", "replay_kinds"), replay=replay_id)
        key = self.policy.redaction_key
        for known, send in (steps for kind, steps in KINDS.items() if held[kind]):  # planning the rest costs as much
            self.database.execute(sql("collector", known), **told)
            self.database.execute(sql("collector", send), SETTINGS, replay=replay_id, redaction_key=key)
        self.database.execute(sql("collector", "replay_settle"), **told)
        self._begun.discard(replay_id)

    def _report(self, replay_id: str, chosen: QuarantineFilter) -> ReplayReport:
        rows = self.database.rows(sql("collector", "replay_outcomes"), replay=replay_id)
        found = [_outcome(row) for row in rows]
        store = QuarantineStore(self.database)
        left = 0
        if chosen.ids:
            found += _skipped(store, sorted(set(chosen.ids) - {each.record_id for each in found}))
        else:
            left = sum(each.records for each in store.counts(chosen) if each.replayable and each.status != "replayed")
        counts = Counter(each.outcome for each in found)
        return ReplayReport(replay_id, counts["replayed"], counts["refused"], counts["skipped"], left, tuple(found))


def _narrowed(chosen: QuarantineFilter) -> QuarantineFilter:
    """Return what is chosen; without ids and statuses, what is open. Raises MisuseError where nothing narrows it."""
    if chosen.ids:
        return replace(EVERY, ids=chosen.ids)
    if chosen == EVERY:
        message = "say which records: ids, or a reason, integration, signal, status or time of receipt"
        raise MisuseError(message)
    return chosen if chosen.status else replace(chosen, status=("open",))


def _outcome(row: Mapping[str, str]) -> ReplayOutcome:
    outcome = "skipped" if row["status"] == "released" else row["status"]
    return ReplayOutcome(row["record_id"], outcome, row["reason"], row["detail"])


def _skipped(store: QuarantineStore, ids: Sequence[str]) -> list[ReplayOutcome]:
    """Say why records that were asked for were not even claimed."""
    known = (
        {
            each.record_id: each
            for each in store.page(len(ids), None, QuarantineFilter(ids=tuple(ids)), contents=False).items
        }
        if ids
        else {}
    )
    return [ReplayOutcome(each, "skipped", _why(known.get(each))) for each in ids]


def _why(record: QuarantinedRecord | None) -> str:
    if record is None:
        return "unknown"
    return "already_replayed" if record.status == "replayed" else "not_replayable"

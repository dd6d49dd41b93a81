"""Runs batches of inputs against the collector's ASGI application on a real store, and holds them to account."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from support.fuzz_inputs import EVENTS, Input, identity, records_of

from collector.http import collector_app
from collector.senders import admit_anyone
from collector.service import Collector
from core.clickhouse import Database
from core.clock import Clock

HANGS_AFTER_SECONDS = 60  # of one input: a watchdog, no measurement
MEBIBYTE = 1024**2
# What the engine decoded, before any table could collapse equal rows; `identity` is the sort key of the fact table.
PROBE = (
    (
        "CREATE TABLE fuzz_seen (request_id String, kind String, problem String, identity UInt64) ENGINE = MergeTree ORDER BY kind"
        " SETTINGS non_replicated_deduplication_window = 1000"
    ),
    (
        "CREATE MATERIALIZED VIEW fuzz_seen_spans TO fuzz_seen AS SELECT request_id, 'spans' AS kind, problem,"
        " cityHash64(integration, service, name, started_at, trace_id, span_id) AS identity FROM decoded_spans"
    ),
    (
        "CREATE MATERIALIZED VIEW fuzz_seen_events TO fuzz_seen AS"
        " SELECT request_id, if(type = 'object.described', 'object_states', 'events') AS kind, problem,"
        " if(type = 'object.described', cityHash64(subject_type, subject_id, occurred_at, integration, event_id),"
        " cityHash64(integration, type, occurred_at, event_id, content_hash)) AS identity FROM decoded_events"
    ),
)
NO_PROBE = ("DROP VIEW fuzz_seen_spans", "DROP VIEW fuzz_seen_events", "DROP TABLE fuzz_seen")
STANDING = """
WITH
    (SELECT groupUniqArray((kind, identity)) FROM fuzz_seen WHERE problem = '') AS decoded,
    (
        SELECT groupUniqArray(fact) FROM
        (
            SELECT ('spans', cityHash64(integration, service, name, started_at, trace_id, span_id)) AS fact FROM spans
            UNION ALL
            SELECT ('events', cityHash64(integration, type, occurred_at, event_id, content_hash)) FROM events
            UNION ALL
            SELECT ('object_states', cityHash64(object_type, object_id, described_at, integration, event_id)) FROM object_states
        )
    ) AS facts
SELECT
    (SELECT groupArray((records, bad)) FROM
        (SELECT count() AS records, countIf(problem != '') AS bad FROM fuzz_seen GROUP BY request_id)) AS requests,
    (SELECT count() FROM quarantine) AS quarantined,
    arraySort(decoded) = arraySort(facts) AS facts_stand,
    (SELECT groupArray((problem, n)) FROM (SELECT problem, count() AS n FROM fuzz_seen GROUP BY problem)) AS problems
"""
FILLED = """
SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND total_rows > 0
AND name != 'schema_migrations'
"""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


@dataclass
class Tally:
    """What a run saw."""

    inputs: int = 0
    repeats: int = 0
    respelled: int = 0
    records: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    resident: list[int] = field(default_factory=list)

    def growth(self) -> int:
        """Bytes of resident memory gained since the first quarter of the run: caches and code are loaded by then."""
        quarter = len(self.resident) // 4
        return max(self.resident[quarter:]) - max(self.resident[: quarter + 1]) if self.resident else 0

    def __str__(self) -> str:
        return (
            f"{self.inputs} inputs ({self.repeats} further were repeats, {self.respelled} in another spelling), {self.records} records in accepted ones; "
            f"answers {dict(self.statuses.most_common())}; verdicts {dict(self.problems.most_common())}; "
            f"resident {[size // MEBIBYTE for size in self.resident[:: max(1, len(self.resident) // 10)]]} MiB"
        )


class FuzzRun:
    """Takes inputs, sends them in batches, and keeps each one that breaks a promise in `failures`."""

    def __init__(self, database: Database, clock: Clock, size: int, kept_in: Path) -> None:
        self.tally = Tally()
        self.failures: list[tuple[str, Path]] = []
        self._database, self._clock, self._size, self._kept_in = database, clock, size, kept_in
        self._waiting: list[Input] = []
        self._seen: set[int] = set()
        self._collector = self._trials = Collector(database, clock)
        self._repeated = 0
        for statement in PROBE:
            database.execute(statement)

    def add(self, given: Input) -> None:
        """Take one input; a full batch is sent."""
        with suppress(Exception):  # what cannot be read at all has no content that could be repeated
            known = hash(identity(given))
            if known in self._seen:
                self.tally.repeats += 1
                return
            self._seen.add(known)
        self._waiting.append(given)
        if len(self._waiting) >= self._size:
            self.flush()

    def flush(self) -> None:
        """Send what waits, and look at what came of it."""
        batch, self._waiting = self._waiting, []
        in_flight = self._kept_in / "in-flight.jsonl"  # what is left of a crash
        in_flight.write_text("".join(f"{given.as_json()}\n" for given in batch))
        if wrong := self._trial(batch, self.tally):
            self._isolate(batch, wrong)
        in_flight.unlink()
        self.tally.resident.append(psutil.Process().memory_info().rss)
        if len(self.tally.resident) % 25 == 0:
            print(self.tally, flush=True)  # how far a long run is

    def close(self) -> None:
        self._collector.close()
        if not any(self._kept_in.iterdir()):
            self._kept_in.rmdir()
        for statement in NO_PROBE:
            self._database.execute(statement)

    def _trial(self, batch: Sequence[Input], tally: Tally) -> str:
        """Send a batch to empty tables; return what is wrong, '' if nothing."""
        for row in self._database.rows(FILLED):
            self._database.execute(f"TRUNCATE TABLE {row['name']}")
        answers = asyncio.run(deliver_all(self._trials, batch))
        tally.inputs += len(batch)
        tally.statuses.update(answer.status for answer in answers)
        return self._judged(batch, answers, tally)

    def _judged(self, batch: Sequence[Input], answers: Sequence[Answer], tally: Tally) -> str:
        for given, answer in zip(batch, answers, strict=True):
            if answer.status != 200 and not 400 <= answer.status < 429:
                return f"{given.path} answered {answer.status}: {answer.body[:300]!r}"
        told = Counter(
            (records_of(given), rejected_in(given, answer))
            for given, answer in zip(batch, answers, strict=True)
            if answer.status == 200
        )
        row = self._database.rows(STANDING)[0]
        tally.records += sum(records * times for (records, _), times in told.items())
        tally.problems.update(dict(row["problems"]))
        return self._unaccounted(told, row, tally)

    def _unaccounted(self, told: Counter[tuple[int, int]], row: dict[str, Any], tally: Tally) -> str:
        """Each request told of is there, with as many records and bad ones, but for repeats in another spelling."""
        stand = Counter(dict.fromkeys(told, 0)) + Counter(map(tuple, row["requests"]))
        missing = +(told - stand)
        del missing[0, 0]
        if stand - told or row["quarantined"] != sum(bad * times for (_, bad), times in stand.items()):
            return f"told {told}, stands {row}"
        repeated = self._repeats() - self._repeated
        self._repeated += repeated
        tally.respelled += repeated
        if missing.total() != repeated:
            return f"{dict(missing)} (records, rejected) were told and are not there; {repeated} requests were repeats"
        return "" if row["facts_stand"] else f"decoded records are not in the fact tables: {row}"

    def _repeats(self) -> int:
        """How many requests the collector held to be repeats of others."""
        counters = self._trials.counters().items()
        return int(sum(value for name, value in counters if "requests_total" in name and "outcome=repeated" in name))

    def _isolate(self, batch: Sequence[Input], wrong: str) -> None:
        alone = self._culprits(batch, wrong) or [(wrong, batch)]
        for reason, inputs in alone[:3]:
            smallest = [self._smaller(inputs[0])] if len(inputs) == 1 else inputs
            file = self._kept_in / f"failure-{len(self.failures)}.jsonl"
            file.write_text("".join(f"{given.as_json()}\n" for given in smallest))
            self.failures.append((reason, file))

    def _culprits(self, batch: Sequence[Input], wrong: str) -> list[tuple[str, Sequence[Input]]]:
        if len(batch) == 1:
            return [(wrong, batch)]
        middle = len(batch) // 2
        found: list[tuple[str, Sequence[Input]]] = []
        for half in (batch[:middle], batch[middle:]):
            if len(found) < 3 and (reason := self._afresh(half)):
                found += self._culprits(half, reason)
        return found

    def _afresh(self, batch: Sequence[Input]) -> str:
        self._trials, before, self._repeated = Collector(self._database, self._clock), self._repeated, 0
        try:
            return self._trial(batch, Tally())
        finally:
            self._trials.close()
            self._trials, self._repeated = self._collector, before

    def _smaller(self, given: Input) -> Input:
        """Leave out what the failure does not need, largest pieces first."""
        size, tries = len(given.body) // 2, 60
        while size and tries:
            for at in range(0, len(given.body), size):
                shorter = Input(given.path, given.headers, given.body[:at] + given.body[at + size :])
                tries -= 1
                if not tries:
                    break
                if self._afresh([shorter]):
                    given = shorter
                    break
            else:
                size //= 2
        return given


async def deliver_all(collector: Collector, batch: Iterable[Input]) -> list[Answer]:
    app = collector_app(collector, admit_anyone)
    return await asyncio.gather(*(asyncio.wait_for(deliver(app, given), HANGS_AFTER_SECONDS) for given in batch))


async def deliver(app: Any, given: Input) -> Answer:
    """Send one input as a server would hand it on, without an HTTP client's corrections."""
    sent: list[dict[str, Any]] = []
    parts = [
        {"type": "http.request", "body": given.body[:7], "more_body": True},
        {"type": "http.request", "body": given.body[7:], "more_body": False},
    ]

    async def receive() -> dict[str, Any]:
        return parts.pop(0) if parts else await asyncio.Future()

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http", "path": given.path,
        "raw_path": given.path.encode(), "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 4318),
        "headers": [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in given.headers],
    }  # fmt: skip
    await app(scope, receive, send)
    return Answer(sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]))


def rejected_in(given: Input, answer: Answer) -> int:
    """How many records an answer says are in quarantine; that it is well formed, and its sum true, is checked here too."""
    if given.path == EVENTS:
        told = json.loads(answer.body)
        assert told["accepted"] + told["rejected"] == records_of(given), told
        return int(told["rejected"])
    if "json" in given.header("content-type").lower():
        told = json.loads(answer.body).get("partialSuccess", {})
        return int(told.get("rejectedSpans", told.get("rejectedLogRecords", 0)))
    # The response for logs has the same field numbers.
    return int(ExportTraceServiceResponse.FromString(answer.body).partial_success.rejected_spans)

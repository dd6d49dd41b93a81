"""What the senders of one round have to say: records with a marker each, some poisoned, in bodies that overlap."""

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from support.otlp import AT, cloudevent, event, logs, nanoseconds, span, traces

PROTOBUF, BATCH = "application/x-protobuf", "application/cloudevents-batch+json"
PATHS = {"traces": "/v1/traces", "logs": "/v1/logs", "cloudevents": "/v1/events"}
FAR = datetime(2250, 1, 1, tzinfo=UTC)
# Each reason to put a record into quarantine, and what the record must say for it.
POISON: dict[str, dict[str, dict[str, Any]]] = {
    "logs": {
        "no_event_type": {"type": ""},
        "no_timestamp": {"time_unix_nano": 0},
        "bad_timestamp": {"time_unix_nano": nanoseconds(FAR)},
        "bad_trace_id": {"trace_id": b"short"},
        "bad_span_id": {"span_id": b"much too long"},
        "no_subject": {"type": "object.described", "subject": None},
        "bad_object_reference": {"objects": ["no colon"]},
        "bad_amount": {"amount": "much"},
    },
    "traces": {
        "bad_trace_id": {"trace_id": b"short"},
        "bad_span_id": {"span_id": b"\x00" * 8},
        "bad_parent_span_id": {"parent_span_id": b"1"},
        "no_timestamp": {"start_time_unix_nano": 0},
        "bad_timestamp": {"end_time_unix_nano": 1},
        "bad_object_reference": {"objects": ["no colon"]},
    },
    "cloudevents": {
        "no_event_type": {"type": ""},
        "no_source": {"source": ""},
        "no_timestamp": {"time": None},
        "bad_timestamp": {"time": "yesterday"},
        "no_subject": {"type": "object.described", "subject": None},
        "bad_object_reference": {"data": {"objects": ["no colon"]}},
        "bad_amount": {"data": {"amount": "much"}},
    },
}


@dataclass(frozen=True)
class Record:
    """One record: `content` as its signal writes it; `poison` the reason it must be in quarantine for, '' if good."""

    marker: str
    signal: str
    content: Any
    poison: str = ""
    described: bool = False
    objects: int = 0


@dataclass(frozen=True, eq=False)
class Delivery:
    """One request. Malformed: it is refused, and its records are nowhere."""

    signal: str
    headers: dict[str, str]
    body: bytes
    records: tuple[Record, ...]
    malformed: bool = False

    @property
    def bad(self) -> int:
        return sum(bool(record.poison) for record in self.records)


@dataclass
class Traffic:
    """All that is sent in a round, in the order it is sent."""

    name: str
    records: list[Record] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    copies: int = 0

    def of(self, *signals: str, malformed: bool = False) -> Iterator[Record]:
        """The records of some signals that were sent in good requests, or of the malformed ones; each once."""
        refused = {record.marker for one in self.deliveries if one.malformed for record in one.records}
        return (r for r in self.records if r.signal in signals and (r.marker in refused) == malformed)


def traffic(name: str, chance: random.Random, requests: int) -> Traffic:
    """Make a round's traffic: `requests` bodies, a tenth of them malformed, and repeats, re-batched or as they were."""
    made = Traffic(name)
    share = chance.choice((0.001, 0.001, 0.05))  # a poisoned record in a thousand; some rounds see every reason
    for _ in range(requests):
        signal = chance.choice(("traces", "logs", "cloudevents"))
        records = tuple(_record(made, signal, chance, share) for _ in range(chance.choice((1, 2, 5, 12, 60))))
        malformed = chance.random() < 0.1
        made.deliveries.append(_delivery(name, signal, records, chance, malformed=malformed))
    good = [delivery for delivery in made.deliveries if not delivery.malformed]
    again = [chance.choice(good) for _ in range(requests // 4)]
    mixed = [_rebatched(name, good, chance) for _ in range(requests // 6)]
    made.copies = len(again) + len(mixed)
    made.deliveries += [*again, *mixed]
    chance.shuffle(made.deliveries)
    twins = chance.sample(made.deliveries, requests // 10)  # the same twice in a row: two senders have it at one time
    made.deliveries = [copy for one in made.deliveries for copy in ([one, one] if one in twins else [one])]
    made.copies += len(twins)
    return made


def _record(made: Traffic, signal: str, chance: random.Random, share: float) -> Record:
    marker = f"{made.name}-{len(made.records)}"
    poison = chance.choice(sorted(POISON[signal])) if chance.random() < share else ""
    objects = [f"purchase_order:{marker}-{n}" for n in range(chance.randrange(3))]
    described = signal != "traces" and chance.random() < 0.1 and not poison
    build = {"logs": _log, "traces": _span, "cloudevents": _cloudevent}[signal]
    content = build(marker, objects, POISON[signal].get(poison, {}) | ({"type": "object.described"} if described else {}), chance)
    made.records.append(Record(marker, signal, content, poison, described, len(objects)))
    return made.records[-1]


def _log(marker: str, objects: list[str], changes: dict[str, Any], chance: random.Random) -> Any:
    wrong = dict(changes)
    raw = {name: wrong.pop(name) for name in ("time_unix_nano", "trace_id", "span_id") if name in wrong}
    fields = {"subject": f"invoice:{marker}", "objects": objects, "event_id": marker, "at": _at(chance), "attributes": {"marker": marker}}
    made = event(**{**fields, **wrong})
    for name, value in raw.items():
        setattr(made, name, value)
    return made


def _span(marker: str, objects: list[str], changes: dict[str, Any], chance: random.Random) -> Any:
    wrong = dict(changes)
    objects = wrong.pop("objects", objects)
    attributes = {"marker": marker} | ({"stallwatch.objects": objects} if objects else {})
    start = nanoseconds(_at(chance))
    ids = {"trace_id": chance.randbytes(16), "span_id": chance.randbytes(8)}
    times = {"start_time_unix_nano": start, "end_time_unix_nano": start + 10**6}
    return span(attributes=attributes, **{**ids, **times, **wrong})


def _cloudevent(marker: str, objects: list[str], changes: dict[str, Any], chance: random.Random) -> Any:
    at = _at(chance).isoformat().replace("+00:00", "Z")
    fields = {"id": marker, "source": marker.rpartition("-")[0], "time": at, "subject": f"invoice/{marker}", "data": {"objects": objects}}
    return cloudevent(**{**fields, **changes})


def _at(chance: random.Random) -> datetime:
    """Any time of a few months: inserts go to several partitions."""
    return AT - timedelta(seconds=chance.randrange(80 * 86_400))


def _delivery(
    name: str, signal: str, records: tuple[Record, ...], chance: random.Random, *, malformed: bool = False
) -> Delivery:
    contents = [record.content for record in records]
    if signal == "cloudevents":
        content_type, body = BATCH, json.dumps(contents).encode()
    else:
        build: Any = {"logs": logs, "traces": traces}[signal]
        content_type, body = PROTOBUF, build(*contents, resource={"service.name": name})
    headers = {"content-type": content_type}
    if malformed:
        body = body[: -chance.randint(1, 20)]  # the outermost message, or array, ends too early
    if chance.random() < 0.4:
        headers["content-encoding"] = "gzip"
        body = gzip.compress(body, 1, mtime=0)
        body = body[:-9] if malformed and chance.random() < 0.5 else body
    return Delivery(signal, headers, body, records, malformed)


def _rebatched(name: str, good: list[Delivery], chance: random.Random) -> Delivery:
    """Records of several requests of a signal in another one."""
    signal = chance.choice(good).signal
    pool = [record for delivery in good if delivery.signal == signal for record in delivery.records]
    return _delivery(name, signal, tuple(chance.sample(pool, min(len(pool), chance.randint(1, 80)))), chance)

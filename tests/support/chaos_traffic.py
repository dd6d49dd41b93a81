"""What the senders of one round have to say: records with a marker each, some poisoned, in bodies that overlap."""

import base64
import gzip
import json
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from backports import zstd
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from support.otlp import AT, cloudevent, event, logs, nanoseconds, span, traces

PROTOBUF, JSON, BATCH = "application/x-protobuf", "application/json", "application/cloudevents-batch+json"
PACKED = {"gzip": lambda body: gzip.compress(body, 1, mtime=0), "deflate": zlib.compress, "zstd": zstd.compress}
IDS = ("traceId", "spanId", "parentSpanId")
PATHS = {"traces": "/v1/traces", "logs": "/v1/logs", "cloudevents": "/v1/events"}
BEYOND, AHEAD, OLD = (datetime(year, 1, 1, tzinfo=UTC) for year in (2250, 2150, 1995))
# Past the limits of `collector.policy` as they ship.
MANY, LONG, DEEP = {f"k{n}": n for n in range(300)}, {"k" * 300: 1}, {"deep": [[[["x"]]]]}
# Each reason to put a record into quarantine, and what the record must say for it.
POISON: dict[str, dict[str, dict[str, Any]]] = {
    "logs": {
        "no_event_type": {"type": ""},
        "no_timestamp": {"time_unix_nano": 0},
        "bad_timestamp": {"time_unix_nano": nanoseconds(BEYOND)},
        "bad_trace_id": {"trace_id": b"short"},
        "bad_span_id": {"span_id": b"much too long"},
        "no_subject": {"type": "object.described", "subject": None},
        "bad_object_reference": {"objects": ["no colon"]},
        "bad_amount": {"amount": "much"},
        "too_far_ahead": {"at": AHEAD},
        "too_old": {"at": OLD},
        "too_many_attributes": {"attributes": MANY},
        "key_too_long": {"attributes": LONG},
        "nested_too_deep": {"attributes": DEEP},
    },
    "traces": {
        "bad_trace_id": {"trace_id": b"short"},
        "bad_span_id": {"span_id": b"\x00" * 8},
        "bad_parent_span_id": {"parent_span_id": b"1"},
        "no_timestamp": {"start_time_unix_nano": 0},
        "bad_timestamp": {"end_time_unix_nano": 1},
        "bad_object_reference": {"objects": ["no colon"]},
        "too_old": {"start_time_unix_nano": nanoseconds(OLD), "end_time_unix_nano": nanoseconds(OLD)},
        "too_many_attributes": {"attributes": MANY},
        "key_too_long": {"attributes": LONG},
        "nested_too_deep": {"attributes": DEEP},
    },
    "cloudevents": {
        "no_event_type": {"type": ""},
        "no_source": {"source": ""},
        "no_timestamp": {"time": None},
        "bad_timestamp": {"time": "yesterday"},
        "no_subject": {"type": "object.described", "subject": None},
        "bad_object_reference": {"data": {"objects": ["no colon"]}},
        "bad_amount": {"data": {"amount": "much"}},
        "too_far_ahead": {"time": AHEAD.isoformat()},
        "too_many_attributes": {"data": MANY},
        "key_too_long": {"data": LONG},
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
    over_rpc: bool = False

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
    made.deliveries = [copy for one in made.deliveries for copy in ([one, _other_way(one)] if one in twins else [one])]
    made.copies += len(twins)
    return made


def _other_way(one: Delivery) -> Delivery:
    """The same bytes, over gRPC where they can go there, and over HTTP where they went over gRPC."""
    plain = one.headers["content-type"] == PROTOBUF and "content-encoding" not in one.headers
    return replace(one, over_rpc=not one.over_rpc) if plain else one


def _record(made: Traffic, signal: str, chance: random.Random, share: float) -> Record:
    marker = f"{made.name}-{len(made.records)}"
    poison = chance.choice(sorted(POISON[signal])) if chance.random() < share else ""
    objects = [f"purchase_order:{marker}-{n}" for n in range(chance.randrange(3))]
    described = signal != "traces" and chance.random() < 0.1 and not poison
    build = {"logs": _log, "traces": _span, "cloudevents": _cloudevent}[signal]
    content = build(
        marker, objects, POISON[signal].get(poison, {}) | ({"type": "object.described"} if described else {}), chance
    )
    made.records.append(Record(marker, signal, content, poison, described, len(objects)))
    return made.records[-1]


def _log(marker: str, objects: list[str], changes: dict[str, Any], chance: random.Random) -> Any:
    wrong = dict(changes)
    raw = {name: wrong.pop(name) for name in ("time_unix_nano", "trace_id", "span_id") if name in wrong}
    fields = {
        "subject": f"invoice:{marker}",
        "objects": objects,
        "event_id": marker,
        "at": _at(chance),
        "attributes": {"marker": marker} | wrong.pop("attributes", {}),
    }
    made = event(**{**fields, **wrong})
    for name, value in raw.items():
        setattr(made, name, value)
    return made


def _span(marker: str, objects: list[str], changes: dict[str, Any], chance: random.Random) -> Any:
    wrong = dict(changes)
    objects = wrong.pop("objects", objects)
    attributes = {"marker": marker} | wrong.pop("attributes", {}) | ({"stallwatch.objects": objects} if objects else {})
    start = nanoseconds(_at(chance))
    ids = {"trace_id": chance.randbytes(16), "span_id": chance.randbytes(8)}
    times = {"start_time_unix_nano": start, "end_time_unix_nano": start + 10**6}
    return span(attributes=attributes, **{**ids, **times, **wrong})


def _cloudevent(marker: str, objects: list[str], changes: dict[str, Any], chance: random.Random) -> Any:
    at = _at(chance).isoformat().replace("+00:00", "Z")
    fields = {
        "id": marker,
        "source": marker.rpartition("-")[0],
        "time": at,
        "subject": f"invoice/{marker}",
        "data": {"objects": objects},
    }
    return cloudevent(**{**fields, **changes})


def _at(chance: random.Random) -> datetime:
    """Any time of a few months: inserts go to several partitions."""
    return AT - timedelta(seconds=chance.randrange(80 * 86_400))


def _delivery(
    name: str, signal: str, records: tuple[Record, ...], chance: random.Random, *, malformed: bool = False
) -> Delivery:
    content_type, body = _written(name, signal, [record.content for record in records], chance)
    headers = {"content-type": content_type}
    if malformed:
        body = body[: -chance.randint(1, 20)]  # the outermost message, array or object ends too early
    if content_type == PROTOBUF and chance.random() < 0.3:
        return Delivery(signal, headers, body, records, malformed, over_rpc=True)
    if chance.random() < 0.4:
        encoding = chance.choice(sorted(PACKED))
        headers["content-encoding"] = encoding
        body = PACKED[encoding](body)
        body = body[:-9] if malformed and chance.random() < 0.5 else body
    return Delivery(signal, headers, body, records, malformed)


def _written(name: str, signal: str, contents: list[Any], chance: random.Random) -> tuple[str, bytes]:
    """Return the content type, and the request in it."""
    if signal == "cloudevents":
        return BATCH, json.dumps(contents).encode()
    build: Any = {"logs": logs, "traces": traces}[signal]
    body: bytes = build(*contents, resource={"service.name": name})
    return (JSON, as_json(signal, body)) if chance.random() < 0.3 else (PROTOBUF, body)


def as_json(signal: str, body: bytes) -> bytes:
    """OTLP's own JSON: as the protobuf runtime writes it, but for ids, which are hex."""
    kind = ExportLogsServiceRequest if signal == "logs" else ExportTraceServiceRequest
    content = MessageToDict(kind.FromString(body))
    for group in content.get("resourceLogs", content.get("resourceSpans", [])):
        for scope in group.get("scopeLogs", group.get("scopeSpans", [])):
            for record in scope.get("logRecords", scope.get("spans", [])):
                record.update({name: base64.b64decode(record[name]).hex() for name in IDS if name in record})
    return json.dumps(content).encode()


def _rebatched(name: str, good: list[Delivery], chance: random.Random) -> Delivery:
    """Records of several requests of a signal in another one."""
    signal = chance.choice(good).signal
    pool = [record for delivery in good if delivery.signal == signal for record in delivery.records]
    return _delivery(name, signal, tuple(chance.sample(pool, min(len(pool), chance.randint(1, 80)))), chance)

"""What the conformance cases share: bodies in JSON, readings of the store and of answers, and a gate with two keys."""

import json
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from support.key_rings import new_key, ring_of
from support.otlp import event, logs
from support.otlp_text import otlp_json
from support.served import Answer

from collector.access import Access, RateLimits
from core.clickhouse import Database
from core.clock import ManualClock

PROTOBUF = {"Content-Type": "application/x-protobuf"}
JSON = {"Content-Type": "application/json"}
KINDS = {"traces": ExportTraceServiceRequest, "logs": ExportLogsServiceRequest}


def as_json(signal: str, body: bytes) -> bytes:
    """The same request in the JSON of OTLP."""
    return json.dumps(otlp_json(MessageToDict(KINDS[signal].FromString(body), use_integers_for_enums=True))).encode()


def of_json(body: bytes, **members: Any) -> bytes:
    """The same JSON object with more members."""
    return json.dumps(json.loads(body) | members).encode()


def padded(size: int) -> bytes:
    """A request of one event of exactly `size` bytes."""
    rest, half = "x" * 30_000, {"half": "x" * 40_000}
    missing = size - len(logs(event(attributes={**half, "rest": rest})))
    body = logs(event(attributes={**half, "rest": rest + "x" * missing}))
    assert len(body) == size
    return body


def count(database: Database, table: str) -> int:
    return database.rows(f"SELECT count() AS n FROM {table}")[0]["n"]


def stored(database: Database) -> int:
    """Facts: events and spans."""
    return count(database, "events") + count(database, "spans")


def status_of(answer: Answer) -> Status:
    """The google.rpc.Status of an answer, in either encoding."""
    if answer.headers["content-type"] == "application/json":
        return ParseDict(json.loads(answer.body), Status())
    assert answer.headers["content-type"] == "application/x-protobuf"
    return Status.FromString(answer.body)


class Keys:
    """The real gate, with two keys on its ring: `sender` may send, `reader` may only look; any other is unknown."""

    def __init__(self, clock: ManualClock) -> None:
        ring = ring_of(clock)
        self._texts = {"sender": new_key(ring).text, "reader": new_key(ring, scope="read").text}
        self.admit = Access(ring, RateLimits(lambda _: None), required=True).admit

    def header(self, name: str | None) -> dict[str, str]:
        """What a sender with the key of that name presents; None presents nothing."""
        return {} if name is None else {"authorization": f"Bearer {self._texts.get(name, 'sw_unknown')}"}

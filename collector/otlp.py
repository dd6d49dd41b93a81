"""Structural checks of OTLP bodies, and the stamps that go with them to ClickHouse.

Checking with the protobuf runtime costs little (2 million spans a second); walking attributes in Python would not,
so nothing here looks inside a record but the first of each group.
"""

import threading
from collections.abc import Sequence, Sized
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TypeVar

from google.protobuf.internal.encoder import _VarintBytes as varint  # type: ignore[attr-defined]  # private, and untyped: protobuf offers no other
from google.protobuf.message import DecodeError, Message
from google.protobuf.unknown_fields import UnknownFieldSet
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from collector.errors import RequestError, TooLargeError
from collector.signals import LOGS, Signal
from collector.stamps import Stamps

Export = TypeVar("Export", ExportLogsServiceRequest, ExportTraceServiceRequest)
LENGTH_DELIMITED = 2
# An empty record is two bytes on the wire and a few hundred in the engine: bytes alone do not bound the work.
MOST_RECORDS = 100_000
LARGE = 4 * 1024**2  # bodies above it are parsed one at a time: parsed, small messages take many times their bytes
ONE_AT_A_TIME = threading.Lock()
# Tags of the stamps in collector/otlp.proto: field number and wire type.
RECEIVED_AT = varint(1001 << 3 | 1)
REQUEST_ID = varint(1002 << 3 | LENGTH_DELIMITED)
SENDER = varint(1003 << 3 | LENGTH_DELIMITED)
REDACTION_KEY = varint(1004 << 3 | LENGTH_DELIMITED)


@dataclass(frozen=True)
class Checked:
    """A well-formed body and the number of records in it."""

    body: bytes
    records: int


def check_traces(body: bytes) -> Checked:
    """Return the body as ClickHouse may read it. Raises RequestError where it is not an ExportTraceServiceRequest."""
    request = _parse(ExportTraceServiceRequest, body)
    groups = [scope.spans for resource in request.resource_spans for scope in resource.scope_spans]
    for spans in groups:
        if spans and not spans[0].trace_id and not spans[0].span_id and _has(spans[0], 1):
            message = "these are not spans: they have no ids and look like log records; send them to /v1/logs"
            raise RequestError(message)
    return Checked(_plain(request, body), _counted(groups))


def check_logs(body: bytes) -> Checked:
    """Return the body as ClickHouse may read it. Raises RequestError where it is not an ExportLogsServiceRequest."""
    request = _parse(ExportLogsServiceRequest, body)
    groups = [scope.log_records for resource in request.resource_logs for scope in resource.scope_logs]
    for records in groups:
        if records and not records[0].time_unix_nano and _has(records[0], 1):
            message = "these are not log records: they look like spans; send them to /v1/traces"
            raise RequestError(message)
    return Checked(_plain(request, body), _counted(groups))


def stamped(body: bytes, stamps: Stamps) -> bytes:
    """Return the body with its stamps, as one length-delimited message.

    Protobuf messages concatenate: appended fields become fields of the message.
    """
    own = wire(stamps)
    return b"".join((varint(len(body) + len(own)), body, own))


def wire(stamps: Stamps) -> bytes:
    """Return our own fields in wire form."""
    return b"".join(
        (
            RECEIVED_AT,
            stamps.received_at.to_bytes(8, "little"),
            _text(REQUEST_ID, stamps.request_id),
            _text(SENDER, stamps.sender),
            _text(REDACTION_KEY, stamps.redaction_key),
        )
    )


def _text(tag: bytes, text: str) -> bytes:
    content = text.encode()
    return b"".join((tag, varint(len(content)), content)) if content else b""


def canonical(signal: Signal, body: bytes) -> bytes:
    """Return the body as the protobuf runtime writes it: a number that it cuts to size, ClickHouse refuses."""
    request = ExportLogsServiceRequest() if signal is LOGS else ExportTraceServiceRequest()
    request.ParseFromString(body)
    request.DiscardUnknownFields()
    return request.SerializeToString()


def _counted(groups: Sequence[Sized]) -> int:
    records = sum(map(len, groups))
    if records > MOST_RECORDS:
        message = f"{records} records are more than the {MOST_RECORDS} that are taken at once; send smaller batches"
        raise TooLargeError(message)
    return records


def _parse(kind: type[Export], body: bytes) -> Export:
    try:
        with ONE_AT_A_TIME if len(body) > LARGE else nullcontext():
            return kind.FromString(body)
    except DecodeError as error:
        message = f"the body is not a protobuf {kind.DESCRIPTOR.name}: {error}"
        raise RequestError(message) from None


def _has(record: Message, number: int) -> bool:
    unknown = UnknownFieldSet(record)
    return any(unknown[index].field_number == number for index in range(len(unknown)))


def _plain(request: Message, body: bytes) -> bytes:
    """Return the body as it stands, unless it holds what OTLP does not have and others would read in other ways.

    Whatever is unknown at any depth (our own stamps, groups, known fields of another wire type), padded or cut numbers
    and fields given twice change the size. An unknown group in place of a record would else be a record to ClickHouse.
    """
    request.DiscardUnknownFields()
    return body if request.ByteSize() == len(body) else request.SerializeToString()

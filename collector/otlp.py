"""Structural checks of OTLP bodies, and the stamps that go with them to ClickHouse.

Checking with the protobuf runtime costs little (2 million spans a second); walking attributes in Python would not,
so nothing here looks inside a record but the first of each group.
"""

from dataclasses import dataclass
from typing import TypeVar

from google.protobuf.internal.encoder import _VarintBytes as varint  # type: ignore[attr-defined]  # private, and untyped: protobuf offers no other
from google.protobuf.message import DecodeError, Message
from google.protobuf.unknown_fields import UnknownFieldSet
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from collector.errors import RequestError
from collector.signals import LOGS, Signal

Export = TypeVar("Export", ExportLogsServiceRequest, ExportTraceServiceRequest)
LENGTH_DELIMITED = 2
# Tags of the stamps in collector/otlp.proto: field number and wire type.
RECEIVED_AT = varint(1001 << 3 | 1)
REQUEST_ID = varint(1002 << 3 | LENGTH_DELIMITED)


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
    return Checked(_own_fields_only(request, body), sum(map(len, groups)))


def check_logs(body: bytes) -> Checked:
    """Return the body as ClickHouse may read it. Raises RequestError where it is not an ExportLogsServiceRequest."""
    request = _parse(ExportLogsServiceRequest, body)
    groups = [scope.log_records for resource in request.resource_logs for scope in resource.scope_logs]
    for records in groups:
        if records and not records[0].time_unix_nano and _has(records[0], 1):
            message = "these are not log records: they look like spans; send them to /v1/traces"
            raise RequestError(message)
    return Checked(_own_fields_only(request, body), sum(map(len, groups)))


def stamped(body: bytes, request_id: str, received_at: int) -> bytes:
    """Return the body with its request id and time of receipt (microseconds), as one length-delimited message.

    Protobuf messages concatenate: appended fields become fields of the message.
    """
    message = body + stamps(request_id, received_at)
    return bytes(varint(len(message))) + message


def stamps(request_id: str, received_at: int) -> bytes:
    """Return our two fields in wire form."""
    text = request_id.encode()
    return b"".join((RECEIVED_AT, received_at.to_bytes(8, "little"), REQUEST_ID, varint(len(text)), text))


def canonical(signal: Signal, body: bytes) -> bytes:
    """Return the body without anything unknown at any depth: what the protobuf runtime skips, ClickHouse may not."""
    request = ExportLogsServiceRequest() if signal is LOGS else ExportTraceServiceRequest()
    request.ParseFromString(body)
    request.DiscardUnknownFields()
    return request.SerializeToString()


def _parse(kind: type[Export], body: bytes) -> Export:
    try:
        return kind.FromString(body)
    except DecodeError as error:
        message = f"the body is not a protobuf {kind.DESCRIPTOR.name}: {error}"
        raise RequestError(message) from None


def _has(record: Message, number: int) -> bool:
    unknown = UnknownFieldSet(record)
    return any(unknown[index].field_number == number for index in range(len(unknown)))


def _own_fields_only(request: Message, body: bytes) -> bytes:
    """Keep a sender from writing our stamps: a top-level field that OTLP does not have is dropped."""
    if not len(UnknownFieldSet(request)):
        return body
    request.DiscardUnknownFields()
    return request.SerializeToString()

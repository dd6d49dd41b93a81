"""Builders of OTLP and CloudEvents bodies, with defaults."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import Span

AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TRACE_ID = bytes.fromhex("0af7651916cd43dd8448eb211c80319c")
SPAN_ID = bytes.fromhex("b7ad6b7169203331")


def nanoseconds(at: datetime) -> int:
    """The instant as OTLP writes it."""
    since = at - EPOCH
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1000


def any_value(value: Any) -> AnyValue:
    """A Python value as OTLP writes it; None is the empty value."""
    if isinstance(value, Mapping):
        return AnyValue(kvlist_value=KeyValueList(values=key_values(value)))
    if isinstance(value, list | tuple):
        return AnyValue(array_value=ArrayValue(values=[any_value(item) for item in value]))
    kinds = {bool: "bool_value", int: "int_value", float: "double_value", str: "string_value", bytes: "bytes_value"}
    return AnyValue() if value is None else AnyValue(**{kinds[type(value)]: value})


def key_values(attributes: Mapping[str, Any]) -> list[KeyValue]:
    """Attributes as OTLP writes them."""
    return [KeyValue(key=key, value=any_value(value)) for key, value in attributes.items()]


def event(  # a record of a business event; keywords are stallwatch.* fields
    type: str = "invoice.received",  # noqa: A002 - the word of the contract
    subject: str | None = "invoice:INV-1",
    objects: Any = (),
    at: datetime = AT,
    attributes: Mapping[str, Any] | None = None,
    **fields: Any,
) -> LogRecord:
    """One business event as a log record; further keywords become `stallwatch.<name>`."""
    named = {"subject": subject, **({"objects": objects} if objects else {}), **fields}
    promoted = {
        f"stallwatch.{name.replace('event_id', 'event.id')}": value
        for name, value in named.items()
        if value is not None
    }
    return LogRecord(
        event_name=type, time_unix_nano=nanoseconds(at), attributes=key_values({**promoted, **(attributes or {})})
    )


def logs(*records: LogRecord, resource: Mapping[str, Any] | None = None) -> bytes:
    """An export request with the records of one resource."""
    request = ExportLogsServiceRequest()
    group = request.resource_logs.add()
    group.resource.attributes.extend(key_values({"service.name": "erp"} if resource is None else resource))
    group.scope_logs.add().log_records.extend(records)
    return request.SerializeToString()


def span(number: int = 1, attributes: Mapping[str, Any] | None = None, **fields: Any) -> Span:
    """One span of a second, its ids made from `number`."""
    given = {
        "trace_id": TRACE_ID,
        "span_id": number.to_bytes(8, "big"),
        "name": "post",
        "kind": 2,
        "start_time_unix_nano": nanoseconds(AT),
        "end_time_unix_nano": nanoseconds(AT) + 1_000_000_000,
        "attributes": key_values(attributes or {}),
    }
    return Span(**{**given, **fields})


def traces(*spans: Span, resource: Mapping[str, Any] | None = None) -> bytes:
    """An export request with the spans of one resource."""
    request = ExportTraceServiceRequest()
    group = request.resource_spans.add()
    group.resource.attributes.extend(key_values({"service.name": "erp"} if resource is None else resource))
    group.scope_spans.add().spans.extend(spans)
    return request.SerializeToString()


def cloudevent(**changes: Any) -> dict[str, Any]:
    """One structured CloudEvent; `None` leaves a member out."""
    made = {
        "specversion": "1.0",
        "id": "E-1",
        "source": "/erp",
        "type": "invoice.received",
        "time": "2026-03-04T09:30:00Z",
        "subject": "invoice/INV-1",
        **changes,
    }
    return {key: value for key, value in made.items() if value is not None}


def numbered(count: int, start: int = 0) -> Sequence[LogRecord]:
    """Events that differ in subject and time."""
    return [event(subject=f"invoice:INV-{number}", event_id=f"E-{number}") for number in range(start, start + count)]

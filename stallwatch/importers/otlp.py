"""Records as OTLP logs in protobuf: what any other sender of business events would send."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, InstrumentationScope, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from stallwatch.importers.broken import Broken
from stallwatch.importers.mapping import Record
from stallwatch.importers.values import EPOCH, MICROSECOND

BATCH_RECORDS = 2_000
BATCH_BYTES = 8 * 1024**2  # an eighth of the collector's largest body (core.settings.max_body_bytes)
BROKEN = "ocel.broken_row"
LARGEST_RECORD = 64 * 1024  # bytes of a broken row that are sent: enough to find and repair it

Sent = str | int | float | bool | tuple[str, ...]


def bodies(records: Iterable[LogRecord], integration: str) -> Iterator[tuple[bytes, int]]:
    """Yield request bodies with the number of records in each, bounded in records and in bytes."""
    batch: list[LogRecord] = []
    size = 0
    for record in records:
        if batch and (len(batch) == BATCH_RECORDS or size + record.ByteSize() > BATCH_BYTES):
            yield _body(batch, integration), len(batch)
            batch, size = [], 0
        batch.append(record)
        size += record.ByteSize()
    if batch:
        yield _body(batch, integration), len(batch)


def log_record(record: Record) -> LogRecord:
    """Return the log record of one event."""
    attributes: dict[str, Sent] = {"stallwatch.event.id": record.id}
    if record.subject:
        attributes["stallwatch.subject"] = str(record.subject)
    attributes["stallwatch.objects"] = tuple(map(str, record.objects))
    attributes |= {f"stallwatch.{name}": value for name, value in record.fields.items()}
    attributes |= record.attributes
    # A log is history: what it tells was observed then, and says nothing of who is alive today.
    at = _nanoseconds(record.at)
    return LogRecord(
        event_name=record.type, time_unix_nano=at, observed_time_unix_nano=at, attributes=_pairs(attributes)
    )


def broken_record(broken: Broken) -> LogRecord:
    """Return a broken row as a log record without any time: no event, so the collector quarantines it whole."""
    attributes: dict[str, Sent] = {"import.place": broken.place, "import.reason": broken.reason}
    body = AnyValue(string_value=broken.record.encode()[:LARGEST_RECORD].decode("utf-8", "ignore"))
    return LogRecord(event_name=BROKEN, body=body, attributes=_pairs(attributes))


def _body(batch: list[LogRecord], integration: str) -> bytes:
    resource = Resource(attributes=_pairs({"stallwatch.integration": integration, "service.name": integration}))
    scope = ScopeLogs(scope=InstrumentationScope(name="stallwatch.importers"), log_records=batch)
    request = ExportLogsServiceRequest(resource_logs=[ResourceLogs(resource=resource, scope_logs=[scope])])
    return request.SerializeToString(deterministic=True)


def _nanoseconds(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND * 1000


def _pairs(attributes: Mapping[str, Sent]) -> list[KeyValue]:
    return [KeyValue(key=name, value=_any(value)) for name, value in attributes.items()]


def _any(value: Sent) -> AnyValue:
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    if isinstance(value, float):
        return AnyValue(double_value=value)
    if isinstance(value, str):
        return AnyValue(string_value=value)
    return AnyValue(array_value=ArrayValue(values=[AnyValue(string_value=part) for part in value]))

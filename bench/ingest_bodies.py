"""What the ingest benchmark sends: spans of about 260 bytes with eight attributes, and events; no two alike."""

import os
import time

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue

START = time.time_ns() - 3_600_000_000_000
SERVICES = 4


def _text(key: str, value: str) -> KeyValue:
    return KeyValue(key=key, value=AnyValue(string_value=value))


def _references(*references: str) -> KeyValue:
    values = ArrayValue(values=[AnyValue(string_value=reference) for reference in references])
    return KeyValue(key="stallwatch.objects", value=AnyValue(array_value=values))


def _span_attributes(number: int) -> list[KeyValue]:
    attributes = [
        KeyValue(key="attr.key0", value=AnyValue(int_value=number)),
        KeyValue(key="attr.key1", value=AnyValue(bool_value=True)),
        _text("attr.key2", f"value-{number}-2"),
        _text("attr.key3", f"value-{number}-3"),
        KeyValue(key="attr.key4", value=AnyValue(int_value=4 * number)),
        KeyValue(key="attr.key5", value=AnyValue(bool_value=False)),
        _text("attr.key6", f"value-{number}-6"),
    ]
    last = _references(f"invoice:INV-{number}") if number % 10 == 0 else _text("attr.key7", f"value-{number}-7")
    return [*attributes, last]


def trace_body(records: int, request: int) -> bytes:
    """One export request of `records` spans over four services; every tenth span names an object."""
    export = ExportTraceServiceRequest()
    for service in range(SERVICES):
        group = export.resource_spans.add()
        group.resource.attributes.extend(
            [_text("service.name", f"service{service}"), _text("host.name", f"h{service}")]
        )
        scope = group.scope_spans.add()
        for n in range(records // SERVICES):
            number = (request * SERVICES + service) * records + n
            scope.spans.add(
                trace_id=os.urandom(16),
                span_id=os.urandom(8),
                parent_span_id=os.urandom(8),
                name=f"operation{n % 30}",
                kind=2,
                start_time_unix_nano=START + number * 1000,
                end_time_unix_nano=START + number * 1000 + 5_000_000,
                attributes=_span_attributes(number),
            )
    return export.SerializeToString()


def marker_body(number: int) -> bytes:
    """Return one resource with one span; appended to another body it makes that a request of its own."""
    export = ExportTraceServiceRequest()
    group = export.resource_spans.add()
    group.resource.attributes.append(_text("service.name", "marker"))
    group.scope_spans.add().spans.add(
        trace_id=os.urandom(16), span_id=os.urandom(8), name="marker", start_time_unix_nano=START + number
    )
    return export.SerializeToString()


def log_body(records: int, request: int) -> bytes:
    """One export request of `records` events, each of which touches an invoice, an order and a supplier."""
    export = ExportLogsServiceRequest()
    group = export.resource_logs.add()
    group.resource.attributes.append(_text("service.name", "ap-automation"))
    scope = group.scope_logs.add()
    for number in range(request * records, (request + 1) * records):
        scope.log_records.add(
            event_name="invoice.received",
            time_unix_nano=START + number * 1000,
            attributes=[
                _text("stallwatch.event.id", f"E-{number}"),
                _text("stallwatch.subject", f"invoice:INV-{number}"),
                _references(f"purchase_order:{number // 2}", f"supplier:V-{number % 100}"),
                _text("stallwatch.facility", f"facility-{number % 12}"),
                KeyValue(key="stallwatch.amount", value=AnyValue(double_value=number / 4)),
                _text("stallwatch.currency", "USD"),
                _text("channel", "edi"),
            ],
        )
    return export.SerializeToString()

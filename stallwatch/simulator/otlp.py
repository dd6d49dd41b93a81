"""Simulated events and spans as OTLP protobuf requests, in batches in the order of delivery."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, InstrumentationScope, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Status
from opentelemetry.proto.trace.v1.trace_pb2 import Span as WireSpan

from stallwatch.simulator.records import Event, Span
from stallwatch.simulator.traces import SERVICES

EVENTS_PER_REQUEST, SPANS_PER_REQUEST = 400, 1200  # bodies of a few hundred kilobytes, as SDK batches are
SCOPE = InstrumentationScope(name="stallwatch.simulator")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Batch:
    """One OTLP request body (protobuf) for `path`, due at `delivered_at`, with what it holds."""

    path: str
    body: bytes
    events: int
    spans: int
    delivered_at: datetime


def batches(events: Sequence[Event], spans: Sequence[Span]) -> Iterator[Batch]:
    """Encode events and spans, each in order of delivery, into requests in order of delivery. Lazy."""
    logs = (_logs(events[at : at + EVENTS_PER_REQUEST]) for at in range(0, len(events), EVENTS_PER_REQUEST))
    traces = (_traces(spans[at : at + SPANS_PER_REQUEST]) for at in range(0, len(spans), SPANS_PER_REQUEST))
    return merge(logs, traces, key=lambda batch: batch.delivered_at)


def _logs(events: Sequence[Event]) -> Batch:
    by_integration: dict[str, list[LogRecord]] = defaultdict(list)
    for event in events:
        by_integration[event.integration].append(_record(event))
    request = ExportLogsServiceRequest(
        resource_logs=[
            ResourceLogs(
                resource=_resource(integration, SERVICES[integration][0]),
                scope_logs=[ScopeLogs(scope=SCOPE, log_records=records)],
            )
            for integration, records in by_integration.items()
        ]
    )
    return Batch("/v1/logs", request.SerializeToString(), len(events), 0, events[-1].delivered_at)


def _traces(spans: Sequence[Span]) -> Batch:
    by_service: dict[tuple[str, str], list[WireSpan]] = defaultdict(list)
    for span in spans:
        by_service[span.integration, span.service].append(_span(span))
    request = ExportTraceServiceRequest(
        resource_spans=[
            ResourceSpans(resource=_resource(*source), scope_spans=[ScopeSpans(scope=SCOPE, spans=found)])
            for source, found in by_service.items()
        ]
    )
    return Batch("/v1/traces", request.SerializeToString(), 0, len(spans), spans[-1].delivered_at)


def _record(event: Event) -> LogRecord:
    said = event.dimensions
    attributes: dict[str, str | list[str]] = {
        "stallwatch.event.id": event.event_id,
        "stallwatch.subject": str(event.subject),
        "stallwatch.objects": [str(each) for each in event.objects],
        "stallwatch.facility": said.facility,
        "stallwatch.supplier": said.supplier,
        "stallwatch.department": said.department,
        "stallwatch.spend_category": said.spend_category,
        "stallwatch.criticality": said.criticality,
        "stallwatch.flow_type": said.flow_type,
        "stallwatch.amount": str(event.amount) if event.amount else "",  # master records are worth nothing
        "stallwatch.currency": "USD" if event.amount else "",
        "stallwatch.actor": event.actor,
        "stallwatch.reason": event.reason,
        **dict(event.attributes),
    }
    return LogRecord(
        time_unix_nano=_nanoseconds(event.occurred_at),
        observed_time_unix_nano=_nanoseconds(event.delivered_at),
        event_name=event.type,
        attributes=_attributes(attributes),
        trace_id=event.trace_id,
        span_id=event.span_id,
    )


def _span(span: Span) -> WireSpan:
    objects = [str(each) for each in span.objects]
    return WireSpan(
        trace_id=span.trace_id,
        span_id=span.span_id,
        parent_span_id=span.parent_span_id,
        name=span.name,
        kind=WireSpan.SpanKind.ValueType(span.kind),
        start_time_unix_nano=_nanoseconds(span.started_at),
        end_time_unix_nano=_nanoseconds(span.ended_at),
        attributes=_attributes({"stallwatch.objects": objects}),
        status=Status(code=Status.STATUS_CODE_ERROR, message=span.failure) if span.failure else None,
    )


def _resource(integration: str, service: str) -> Resource:
    return Resource(attributes=_attributes({"service.name": service, "stallwatch.integration": integration}))


def _attributes(values: Mapping[str, str | list[str]]) -> list[KeyValue]:
    return [KeyValue(key=key, value=_value(value)) for key, value in values.items() if value]


def _value(value: str | list[str]) -> AnyValue:
    if isinstance(value, str):
        return AnyValue(string_value=value)
    return AnyValue(array_value=ArrayValue(values=[AnyValue(string_value=each) for each in value]))


def _nanoseconds(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND * 1000

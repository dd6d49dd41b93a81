"""Other ways to store the same spans, to compare with: decoded in Python, and already in ClickHouse's own format."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue

from core.clickhouse import Database

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TABLES = ("spans", "span_objects", "trace_index")
KINDS = {"string_value": "strings", "int_value": "ints", "double_value": "floats", "bool_value": "bools"}
SPAN_COLUMNS = (
    "trace_id", "span_id", "parent_span_id", "integration", "service", "name", "kind", "started_at", "received_at",
    "duration_ns", "status_code", "status_message", "objects", "attributes_string", "attributes_int",
    "attributes_float", "attributes_bool", "resource", "events.at", "events.name", "request_id",
)  # fmt: skip
OBJECT_COLUMNS = (
    "object_type", "object_id", "started_at", "trace_id", "span_id", "integration", "service", "name", "duration_ns",
    "status_code", "status_message",
)  # fmt: skip


def insert_decoded_in_python(database: Database, bodies: Iterable[bytes], token: str) -> None:
    """Walk every span and attribute in Python, and insert rows into the same three tables."""
    spans, objects, index = [], [], []
    for body in bodies:
        for row in _rows(body):
            spans.append(row)
            ends = row[7] + timedelta(microseconds=row[9] // 1000)
            index.append((row[0], row[7], ends))
            objects += [(kind, name, row[7], row[0], row[1], *row[3:6], *row[9:12]) for kind, name in row[12]]
    database.insert("spans", SPAN_COLUMNS, spans, token=token)
    database.insert("span_objects", OBJECT_COLUMNS, objects, token=token)
    database.insert("trace_index", ("trace_id", "started_at", "ended_at"), index, token=token)


def native_blocks(database: Database) -> dict[str, bytes]:
    """Return what stands in the three tables in ClickHouse's own format, which needs no decoding at all."""
    return {table: database.export(f"SELECT * FROM {table}", "Native") for table in TABLES}


def insert_native(database: Database, blocks: dict[str, bytes], token: str) -> None:
    """Insert rows that are already in ClickHouse's own format: the limit for any way of storing them."""
    for table, block in blocks.items():
        database.insert_block(table, block, "Native", token=token)


def _rows(body: bytes) -> Iterable[tuple[Any, ...]]:
    now = EPOCH
    for group in ExportTraceServiceRequest.FromString(body).resource_spans:
        resource = {item.key: item.value.string_value for item in group.resource.attributes}
        service = resource.get("service.name", "")
        for scope in group.scope_spans:
            for span in scope.spans:
                maps, objects = _attributes(span.attributes)
                started = EPOCH + timedelta(microseconds=span.start_time_unix_nano // 1000)
                yield (
                    span.trace_id, span.span_id, span.parent_span_id, service, service, span.name, span.kind, started,
                    now, span.end_time_unix_nano - span.start_time_unix_nano, span.status.code, span.status.message,
                    objects, maps["strings"], maps["ints"], maps["floats"], maps["bools"], resource,
                    [EPOCH + timedelta(microseconds=event.time_unix_nano // 1000) for event in span.events],
                    [event.name for event in span.events], "",
                )  # fmt: skip


def _attributes(attributes: Iterable[KeyValue]) -> tuple[dict[str, dict[str, Any]], list[tuple[str, str]]]:
    maps: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS.values()}
    objects: list[tuple[str, str]] = []
    for item in attributes:
        kind = item.value.WhichOneof("value")
        if item.key == "stallwatch.objects":
            references = [value.string_value.partition(":") for value in item.value.array_value.values]
            objects += [(reference[0], reference[2]) for reference in references]
        else:
            maps[KINDS[kind]][item.key] = getattr(item.value, kind)
    return maps, objects

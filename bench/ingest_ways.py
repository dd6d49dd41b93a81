"""Other ways to store the same records, to compare with: decoded in Python, and already in ClickHouse's own format.

    python -m bench.ingest_ways DIRECTORY spans|events RECORDS REPEAT

Prints, as JSON, the records a second of each round of inserting them in ClickHouse's own format.
"""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import blake2b
from time import perf_counter
from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue

from bench.ingest_bodies import log_body, trace_body
from core.clickhouse import Database
from core.clock import SystemClock
from core.migrations import migrate

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TABLES = {"spans": ("spans", "span_objects", "trace_index"), "events": ("events", "event_objects", "touched_objects")}
RECORDS_PER_REQUEST = 1000
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


EVENT_COLUMNS = (
    "event_id", "integration", "type", "occurred_at", "received_at", "stored_at", "subject_type", "subject_id",
    "objects",
    "facility", "supplier", "department", "spend_category", "criticality", "flow_type", "amount", "currency", "actor",
    "reason", "trace_id", "span_id", "attributes_string", "attributes_int", "attributes_float", "attributes_bool",
    "request_id", "content_hash",
)  # fmt: skip
EVENT_OBJECT_COLUMNS = (
    "object_type", "object_id", "event_type", "occurred_at", "integration", "event_id", "is_subject", "facility",
    "supplier", "department", "spend_category", "criticality", "flow_type", "amount", "currency", "reason",
    "received_at", "content_hash",
)  # fmt: skip
PROMOTED = (
    "facility",
    "supplier",
    "department",
    "spend_category",
    "criticality",
    "flow_type",
    "amount",
    "currency",
    "actor",
    "reason",
)


def insert_spans_decoded_in_python(database: Database, bodies: Iterable[bytes], token: str) -> None:
    """Walk every span and attribute in Python, and insert rows into the same three tables."""
    spans, objects, index = [], [], []
    for body in bodies:
        for row in _spans(body):
            spans.append(row)
            ends = row[7] + timedelta(microseconds=row[9] // 1000)
            index.append((row[0], row[7], ends))
            objects += [(kind, name, row[7], row[0], row[1], *row[3:6], *row[9:12]) for kind, name in row[12]]
    database.insert("spans", SPAN_COLUMNS, spans, token=token)
    database.insert("span_objects", OBJECT_COLUMNS, objects, token=token)
    database.insert("trace_index", ("trace_id", "started_at", "ended_at"), index, token=token)


def insert_events_decoded_in_python(database: Database, bodies: Iterable[bytes], token: str) -> None:
    """Walk every log record and attribute in Python, and insert rows into the same three tables."""
    events: list[tuple[Any, ...]] = []
    objects: list[tuple[Any, ...]] = []
    touched: set[tuple[Any, ...]] = set()
    for body in bodies:
        for row in _events(body):
            events.append(row)
            touched |= {(row[5], *reference) for reference in row[8]}
            objects += [
                (
                    *reference,
                    row[2],
                    row[3],
                    row[1],
                    row[0],
                    reference == row[6:8],
                    *row[9:17],
                    row[18],
                    row[4],
                    row[26],
                )
                for reference in row[8]
            ]
    database.insert("events", EVENT_COLUMNS, events, token=token)
    database.insert("event_objects", EVENT_OBJECT_COLUMNS, objects, token=token)
    database.insert("touched_objects", ("stored_at", "object_type", "object_id"), list(touched), token=token)


def native_rounds(directory: str, kind: str, records: int, repeat: int) -> list[float]:
    """Return the records a second of each round of inserting rows that are already in ClickHouse's own format."""
    database = _fresh(directory, "one_round")
    make, insert = WAYS[kind]
    insert(database, [make(RECORDS_PER_REQUEST, number) for number in range(records // RECORDS_PER_REQUEST)], "0")
    blocks = {table: database.export(f"SELECT * FROM {table}", "Native") for table in TABLES[kind]}
    limit = _fresh(directory, "native")
    return [
        _timed(records, lambda number=number: _insert_native(limit, blocks, str(number)))
        for number in range(repeat + 1)
    ]


def _insert_native(database: Database, blocks: dict[str, bytes], token: str) -> None:
    for table, block in blocks.items():
        database.insert_block(table, block, "Native", token=token)


def _fresh(directory: str, name: str) -> Database:
    database = Database.open(f"chdb://{directory}/db", database=name)
    migrate(database, SystemClock())
    return database


def _timed(records: int, run: Callable[[], None]) -> float:
    started = perf_counter()
    run()
    return records / (perf_counter() - started)


def _events(body: bytes) -> Iterable[tuple[Any, ...]]:
    now = EPOCH + timedelta(days=20_000)
    for group in ExportLogsServiceRequest.FromString(body).resource_logs:
        resource = {item.key: item.value.string_value for item in group.resource.attributes}
        for scope in group.scope_logs:
            for record in scope.log_records:
                maps, listed = _attributes(record.attributes)
                own = {name: maps["strings"].pop(f"stallwatch.{name}", "") for name in PROMOTED}
                amount = maps["floats"].pop("stallwatch.amount", None)
                event_id = maps["strings"].pop("stallwatch.event.id")
                subject = tuple(maps["strings"].pop("stallwatch.subject").split(":", 1))
                occurred = EPOCH + timedelta(microseconds=record.time_unix_nano // 1000)
                content = blake2b(record.SerializeToString(), digest_size=8).digest()
                yield (
                    event_id, resource.get("service.name", ""), record.event_name, occurred, now, now, *subject,
                    [subject, *listed], *(own[name] for name in PROMOTED[:6]),
                    None if amount is None else Decimal(amount), own["currency"], own["actor"], own["reason"],
                    record.trace_id.ljust(16, b"\0"), record.span_id.ljust(8, b"\0"),
                    maps["strings"], maps["ints"], maps["floats"], maps["bools"], "", int.from_bytes(content, "little"),
                )  # fmt: skip


def _spans(body: bytes) -> Iterable[tuple[Any, ...]]:
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


Bodies = Callable[[int, int], bytes]
Insert = Callable[[Database, Sequence[bytes], str], None]
WAYS: dict[str, tuple[Bodies, Insert]] = {
    "spans": (trace_body, insert_spans_decoded_in_python),
    "events": (log_body, insert_events_decoded_in_python),
}

if __name__ == "__main__":
    print(json.dumps(native_rounds(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))

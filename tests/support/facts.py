"""Builders of facts for tests: events as the collector's views would store them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from core.clickhouse import Database
from core.clock import SystemClock

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
DESCRIBED = "object.described"
Ref = tuple[str, str]


@dataclass(frozen=True)
class Fact:
    """One event. The first object is its subject."""

    event_id: str
    type: str
    occurred_at: datetime = MONDAY
    objects: tuple[Ref, ...] = ()
    integration: str = "erp"
    facility: str = ""
    spend_category: str = ""
    supplier: str = ""
    criticality: str = ""
    flow_type: str = ""
    amount: Decimal | None = None
    currency: str = "USD"
    reason: str = ""
    trace: int = 0
    version: int = 0  # stands for the content hash
    received_at: datetime | None = None  # None: when it is stored
    attributes: tuple[tuple[str, str], ...] = ()
    department: str = ""
    actor: str = ""


def ref(text: str) -> Ref:
    kind, _, identifier = text.partition(":")
    return kind, identifier


def fact(event_id: str, event_type: str, occurred_at: datetime, *objects: str, **fields: Any) -> Fact:
    return Fact(event_id, event_type, occurred_at, tuple(ref(text) for text in objects), **fields)


def store(
    database: Database, facts: Iterable[Fact], *, stored_at: datetime | None = None, touches: bool = True
) -> None:
    """Store events and what the views derive from them, `touches` among it.

    `stored_at`: by an insert that began then, and was slow.
    """
    everything = list(facts)
    facts = [item for item in everything if item.type != DESCRIBED]
    now = stored_at or SystemClock().now()
    fields = (
        *("integration", "facility", "supplier", "department", "spend_category", "criticality", "flow_type"),
        *("amount", "reason"),
    )
    common: list[Sequence[Any]] = [[*(getattr(item, name) for name in fields), item.version] for item in facts]
    database.insert(
        "events",
        (
            "event_id",
            "type",
            "occurred_at",
            "received_at",
            "stored_at",
            "subject_type",
            "subject_id",
            "objects",
            "currency",
            "trace_id",
            "span_id",
            "attributes_string",
            "actor",
            *fields,
            "content_hash",
        ),
        [
            [
                item.event_id,
                item.type,
                item.occurred_at,
                item.received_at or now,
                now,
                *(item.objects[0] if item.objects else ("", "")),
                list(item.objects),
                item.currency,
                item.trace.to_bytes(16, "big"),
                bytes(8),
                dict(item.attributes),
                item.actor,
                *values,
            ]
            for item, values in zip(facts, common, strict=True)
        ],
    )
    database.insert(
        "event_objects",
        (
            "object_type",
            "object_id",
            "event_type",
            "occurred_at",
            "event_id",
            "is_subject",
            "received_at",
            "currency",
            *fields,
            "content_hash",
        ),
        [
            [
                *touched,
                item.type,
                item.occurred_at,
                item.event_id,
                touched == item.objects[0],
                item.received_at or now,
                item.currency,
                *values,
            ]
            for item, values in zip(facts, common, strict=True)
            for touched in item.objects
        ],
    )
    database.insert(
        "touched_objects",
        ("stored_at", "object_type", "object_id"),
        [[now, *touched] for item in everything for touched in item.objects if touches],
    )
    database.insert(
        "object_states",
        (
            *("object_type", "object_id", "described_at", "integration", "event_id", "stored_at"),
            *("linked", "attributes_string", "content_hash"),
        ),
        [
            [
                *item.objects[0],
                item.occurred_at,
                item.integration,
                item.event_id,
                now,
                list(item.objects[1:]),
                dict(item.attributes),
                item.version,
            ]
            for item in everything
            if item.type == DESCRIBED
        ],
    )


@dataclass(frozen=True)
class SpanFact:
    """One span of five milliseconds that worked on an object, if any; with `error` it failed."""

    object_ref: str | None
    started_at: datetime
    error: str = ""
    service: str = "erp-adapter"
    integration: str = "erp"
    trace: int = 1
    span: int | None = None


def store_span(database: Database, object_ref: str | None, started_at: datetime, **fields: Any) -> None:
    """Store one span."""
    store_spans(database, [SpanFact(object_ref, started_at, **fields)])


def store_spans(database: Database, spans: Iterable[SpanFact]) -> None:
    """Store spans, what they worked on, and where their traces are."""
    spans = list(spans)
    columns = (
        "started_at",
        "trace_id",
        "span_id",
        "integration",
        "service",
        "name",
        "duration_ns",
        "status_code",
        "status_message",
    )
    rows = [_span_row(each) for each in spans]
    worked_on = [[*ref(each.object_ref), *row] for each, row in zip(spans, rows, strict=True) if each.object_ref]
    database.insert("span_objects", ("object_type", "object_id", *columns), worked_on)
    database.insert("spans", ("parent_span_id", *columns), [[bytes(8), *row] for row in rows])
    lasting = [[row[1], row[0], row[0] + timedelta(milliseconds=5)] for row in rows]
    database.insert("trace_index", ("trace_id", "started_at", "ended_at"), lasting)


def store_many_traces(database: Database) -> str:
    """Store 200,000 spans, four a trace, six seconds apart from 5 January 2026 on; return the id of a trace in their midst."""
    database.execute("""
INSERT INTO decoded_spans (trace_id, span_id, integration, service, name, started_at, received_at)
SELECT unhex(hex(sipHash128(intDiv(number, 4)))), unhex(hex(sipHash64(number))), 'erp', 'erp', concat('op', toString(number % 40)),
    toDateTime64('2026-01-05 00:00:00', 9, 'UTC') + 6 * number, toDateTime64('2026-03-20 00:00:00', 6, 'UTC')
FROM numbers(200000)
""")
    return str(database.rows("SELECT lower(hex(sipHash128(toUInt64(30000)))) AS id")[0]["id"])


def _span_row(each: SpanFact) -> list[Any]:
    span = each.trace if each.span is None else each.span
    ids = each.trace.to_bytes(16, "big"), span.to_bytes(8, "big")
    said = each.integration, each.service, "post", 5_000_000, 2 if each.error else 1, each.error
    return [each.started_at, *ids, *said]

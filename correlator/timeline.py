"""What happened to a journey: its events, and the spans of every trace that touched one of its objects."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from core.vocabulary import ObjectRef

NO_TRACE = "0" * 32
ERROR = 2  # STATUS_CODE_ERROR of the OpenTelemetry trace protocol
Rows = Callable[..., list[dict[str, Any]]]


@dataclass(frozen=True)
class Most:
    """How much of a journey is told: its newest events and traces, and of each trace some spans.

    A page, not an export: a blanket order's journey can be far longer. Of a trace as many spans as most have; a batch's
    can have a million, and has a page of its own.
    """

    events: int = 2000
    traces: int = 100
    spans_of_a_trace: int = 20


WHOLE_PAGE = Most()


@dataclass(frozen=True)
class Entry:
    """One line of a timeline: an event, or a span of a trace that touched the journey.

    `object`: the subject of the event; of a span the object of the journey that it worked on, if it names one.
    """

    at: datetime
    kind: Literal["event", "span"]
    title: str
    object: ObjectRef | None
    integration: str
    detail: dict[str, str]
    trace_id: str | None
    span_id: str | None
    duration_ms: float | None
    error: bool


@dataclass(frozen=True)
class TraceOutline:
    """A trace that touched the journey: when it began, how long it took, its spans and errors in all, its services."""

    trace_id: str
    started_at: datetime
    duration_ms: float
    spans: int
    errors: int
    services: tuple[str, ...]


@dataclass(frozen=True)
class Timeline:
    """Events and spans in order of time; `traces` say how much of each trace there is, beyond the spans listed.

    `truncated`: there were more events or traces before them.
    """

    entries: tuple[Entry, ...]
    traces: tuple[TraceOutline, ...]
    truncated: bool = False


def timeline_of(rows: Rows, named: dict[str, Any], most: Most = WHOLE_PAGE) -> Timeline:
    """Return the timeline of the journey that `named` binds: model, root_type, root_id, as_of.

    `rows` runs a query of this room by its name. What is read follows the journey and its traces, not the store.
    """
    told = [_event(row) for row in rows("journey_events", limit=most.events + 1, **named)]
    events = told[-most.events :]
    # One more than is told says whether there are more.
    found = rows("journey_traces", limit=most.traces + 1, events=most.events, **named)
    newest = found[: most.traces]
    truncated = len(told) > len(events) or len(found) > len(newest)
    if not newest:
        return Timeline(tuple(events), (), truncated)
    weeks = sorted({week for row in newest for week in row["weeks"]})
    asked = {"traces": [row["trace"] for row in newest], "weeks": weeks}
    spans = [_span(row) for row in rows("journey_spans", limit=most.spans_of_a_trace, **asked, **named)]
    outlines = [_outline(row) for row in rows("trace_totals", as_of=named["as_of"], **asked)]
    entries = sorted([*events, *spans], key=lambda entry: (entry.at, entry.kind))
    return Timeline(tuple(entries), tuple(outlines), truncated)


def _outline(row: dict[str, Any]) -> TraceOutline:
    services = tuple(row["services"])
    return TraceOutline(row["trace"], row["started_at"], row["duration_ms"], row["span_count"], row["errors"], services)


def _event(row: dict[str, Any]) -> Entry:
    amount = f"{row['amount']:,.2f} {row['currency']}".strip() if row["amount"] is not None else ""
    detail = {"event_id": row["event_id"], "actor": row["actor"], "reason": row["reason"], "amount": amount}
    return Entry(
        at=row["occurred_at"],
        kind="event",
        title=row["type"],
        object=ObjectRef(row["subject_type"], row["subject_id"]) if row["subject_type"] else None,
        integration=row["integration"],
        detail={name: text for name, text in detail.items() if text},
        trace_id=row["trace"] if row["trace"] != NO_TRACE else None,
        span_id=row["span"] if row["trace"] != NO_TRACE else None,
        duration_ms=None,
        error=False,
    )


def _span(row: dict[str, Any]) -> Entry:
    failed = row["status_code"] == ERROR
    detail = {"service": row["service"], "error": row["status_message"] if failed else ""}
    return Entry(
        at=row["started_at"],
        kind="span",
        title=row["name"],
        object=ObjectRef(*row["object"]) if row["object"][0] else None,
        integration=row["integration"],
        detail={name: text for name, text in detail.items() if text},
        trace_id=row["trace"],
        span_id=row["span"],
        duration_ms=row["duration_ns"] / 1e6,
        error=failed,
    )

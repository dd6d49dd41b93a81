"""One trace as a waterfall: its spans in the order of the tree that they form, with how far down each stands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from collector.lookup import TRACE_ID, objects_of
from core.clickhouse import Database
from core.errors import MisuseError, NotFoundError
from core.sql import sql
from core.vocabulary import ObjectRef

SHOWN_SPANS = (
    400  # the first of a trace, and as many of its errors: what a page can show; a batch's trace can have a million
)
NO_SPAN = "0" * 16
LATEST = datetime(2200, 1, 1, tzinfo=UTC)  # after every instant that is taken (core.instants)
ERROR = 2  # STATUS_CODE_ERROR of the OpenTelemetry trace protocol
KINDS = ("unspecified", "internal", "server", "client", "producer", "consumer")  # SpanKind of the same


@dataclass(frozen=True)
class TraceSpan:
    """One span: ids in hexadecimal, start (UTC; `offset_ns` after the trace's), what it did, and its place in the tree.

    `orphan`: it names a parent that is not among the spans shown. `moments` are its own events: (offset_ns, name).
    """

    span_id: str
    parent_id: str
    depth: int
    orphan: bool
    integration: str
    service: str
    name: str
    kind: str
    started_at: datetime
    offset_ns: int
    duration_ns: int
    error: bool
    status_message: str
    objects: tuple[ObjectRef, ...]
    attributes: Mapping[str, str | int | float | bool]
    resource: Mapping[str, str]
    moments: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class FoundTrace:
    """A trace: `total` and `errors` count all its spans, of which `spans` are shown, each after its parent."""

    trace_id: str
    started_at: datetime
    duration_ns: int
    total: int
    errors: int
    services: tuple[str, ...]
    spans: tuple[TraceSpan, ...]


@dataclass(frozen=True)
class Traces:
    """Traces by their id. What is read follows the trace, not the store."""

    database: Database
    shown: int = SHOWN_SPANS

    def trace(self, trace_id: str, as_of: datetime = LATEST) -> FoundTrace:
        """Return a trace with the spans that had begun by `as_of`.

        Raises MisuseError for what is not 32 hex digits, NotFoundError where nothing of it is known, or was then.
        """
        if not TRACE_ID.fullmatch(trace_id):
            message = f"{trace_id!r} is not a trace id: 32 hexadecimal digits"
            raise MisuseError(message)
        named: dict[str, Any] = {"trace_id": trace_id, "as_of": as_of}
        outline = self.database.rows(sql("collector", "trace_outline"), **named)
        rows = self.database.rows(sql("collector", "trace_waterfall"), limit=self.shown, **named)
        if not (outline and rows):
            then = "" if as_of == LATEST else f" as of {as_of:%Y-%m-%d %H:%M} UTC"
            message = f"there is no trace {trace_id}{then}: it may have expired, or not arrived yet"
            raise NotFoundError(message)
        known = outline[0]
        begun = known["started_ns"]
        return FoundTrace(
            trace_id=trace_id.lower(),
            started_at=rows[0]["started_at"],
            duration_ns=known["ended_ns"] - begun,
            total=known["total"],
            errors=known["errors"],
            services=tuple(known["services"]),
            spans=tuple(_span(row, depth, orphan, begun) for row, depth, orphan in in_tree_order(rows)),
        )


def in_tree_order(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], int, bool]]:
    """Yield each row after its parent, with its depth and whether its parent is missing; rows are in order of start.

    Whatever the parents say, each row comes once: of spans that are each other's parents the first stands at the top.
    """
    known = {row["span_id"]: row for row in rows}
    children: dict[str, list[dict[str, Any]]] = {}
    for row in known.values():
        children.setdefault(row["parent_id"], []).append(row)
    tops = [row for row in known.values() if row["parent_id"] not in known]
    seen: set[str] = set()
    for top in (*tops, *known.values()):
        waiting = [(top, 0)]
        while waiting:
            row, depth = waiting.pop()
            if row["span_id"] in seen:
                continue
            seen.add(row["span_id"])
            yield row, depth, row["parent_id"] != NO_SPAN and row["parent_id"] not in known
            waiting += [(child, depth + 1) for child in reversed(children.get(row["span_id"], []))]


def _span(row: dict[str, Any], depth: int, orphan: bool, begun: int) -> TraceSpan:  # noqa: FBT001 - as it is yielded
    kinds = (row["attributes_string"], row["attributes_int"], row["attributes_float"], row["attributes_bool"])
    times = (round((at - row["started_at"]).total_seconds() * 1e9) for at in row["event_times"])
    offset = row["started_ns"] - begun
    return TraceSpan(
        span_id=row["span_id"],
        parent_id="" if row["parent_id"] == NO_SPAN else row["parent_id"],
        depth=depth,
        orphan=orphan,
        integration=row["integration"],
        service=row["service"],
        name=row["name"],
        kind=KINDS[row["kind"]] if 0 <= row["kind"] < len(KINDS) else KINDS[0],
        started_at=row["started_at"],
        offset_ns=offset,
        duration_ns=row["duration_ns"],
        error=row["status_code"] == ERROR,
        status_message=row["status_message"],
        objects=objects_of(row["objects"]),
        attributes=dict(sorted(pair for kind in kinds for pair in kind.items())),
        resource=dict(sorted(row["resource"].items())),
        moments=tuple((offset + after, name) for after, name in zip(times, row["event_names"], strict=False)),
    )

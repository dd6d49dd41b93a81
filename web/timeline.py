"""The timeline of a journey: business events, what its handoffs promised and kept, and the traces behind them. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from core.vocabulary import ObjectRef
from correlator.journeys import HandoffInstance, Journey
from correlator.timeline import Entry, TraceOutline

Kind = Literal["event", "opened", "closed", "cancelled", "breached", "due", "trace"]
# Of what happened in one instant: the event first, then what it closed, then what it opened.
ORDER: dict[Kind, int] = {"event": 0, "trace": 1, "closed": 2, "cancelled": 3, "opened": 4, "breached": 5, "due": 6}


@dataclass(frozen=True)
class Bar:
    """A span in its trace's picture: where it begins and how long it is, in per cent of the trace."""

    entry: Entry
    offset: float
    width: float


@dataclass(frozen=True)
class Trace:
    """The spans of one trace that touched this journey, oldest first; `duration_ms` from first start to last end.

    `total` and `errors` count all its spans, which can be more than have a bar.
    """

    trace_id: str
    bars: tuple[Bar, ...]
    duration_ms: float
    errors: int
    total: int


@dataclass(frozen=True)
class Moment:
    """One line of the timeline. `entry` for events, `handoff` for promises, `trace` for traces."""

    at: datetime
    kind: Kind
    entry: Entry | None = None
    handoff: HandoffInstance | None = None
    trace: Trace | None = None

    @property
    def object(self) -> ObjectRef | None:
        """The document that this moment is about."""
        part = self.entry or self.handoff
        return part.object if part else None


def timeline(journey: Journey, as_of: datetime) -> list[Moment]:
    """Return everything that happened until `as_of`, oldest first, and then what is still due."""
    events = (Moment(entry.at, "event", entry=entry) for entry in journey.timeline if entry.kind == "event")
    promises = (moment for handoff in journey.handoffs for moment in _promise(handoff, as_of))
    spans = [entry for entry in journey.timeline if entry.kind == "span"]
    traces = (Moment(trace.bars[0].entry.at, "trace", trace=trace) for trace in traces_of(spans, journey.traces))
    return sorted([*events, *promises, *traces], key=lambda moment: (moment.at, ORDER[moment.kind]))


def traces_of(spans: Sequence[Entry], outlines: Sequence[TraceOutline] = ()) -> list[Trace]:
    """Return spans by trace, each laid out over the time the trace took; `outlines` know those that are not listed."""
    known = {outline.trace_id: outline for outline in outlines}
    grouped: dict[str, list[Entry]] = {}
    for span in sorted(spans, key=lambda entry: entry.at):
        grouped.setdefault(span.trace_id or "", []).append(span)
    return [_trace(trace_id, found, known.get(trace_id)) for trace_id, found in grouped.items()]


def _trace(trace_id: str, spans: list[Entry], outline: TraceOutline | None) -> Trace:
    start = min(spans[0].at, outline.started_at) if outline else spans[0].at
    ends = [(span.at - start) / timedelta(milliseconds=1) + (span.duration_ms or 0) for span in spans]
    whole = max([*ends, outline.duration_ms if outline else 0]) or 1.0
    bars = tuple(_bar(span, start, whole) for span in spans)
    errors, total = (outline.errors, outline.spans) if outline else (sum(span.error for span in spans), len(spans))
    return Trace(trace_id, bars, whole, errors, max(total, len(spans)))


def _bar(span: Entry, start: datetime, whole: float) -> Bar:
    offset = 100 * (span.at - start) / timedelta(milliseconds=1) / whole
    return Bar(span, round(min(offset, 99), 2), round(max(100 * (span.duration_ms or 0) / whole, 1), 2))


def _promise(handoff: HandoffInstance, as_of: datetime) -> Iterator[Moment]:
    yield Moment(handoff.opened_at, "opened", handoff=handoff)
    ended = handoff.closed_at or handoff.cancelled_at
    if handoff.closed_at:
        yield Moment(handoff.closed_at, "closed", handoff=handoff)
    elif handoff.cancelled_at:
        yield Moment(handoff.cancelled_at, "cancelled", handoff=handoff)
    if handoff.due_at and (ended is None or handoff.due_at < ended):
        yield Moment(handoff.due_at, "breached" if handoff.due_at < as_of else "due", handoff=handoff)

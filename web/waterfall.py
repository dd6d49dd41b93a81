"""A trace laid out over its time: where each span's bar begins and how long it is. Pure."""

from dataclasses import dataclass

from collector.traces import FoundTrace, TraceSpan

DEEPEST = 12  # levels that are still indented; deeper ones stand below each other
LEAST = 0.6  # per cent: a bar that can still be seen


@dataclass(frozen=True)
class Line:
    """A span and its bar, in per cent of the trace; `indent` in levels."""

    span: TraceSpan
    offset: float
    width: float
    indent: int


def waterfall(trace: FoundTrace) -> list[Line]:
    """Return the spans of a trace with their bars, in the order of its tree."""
    whole = max(trace.duration_ns, 1)
    return [_line(span, whole) for span in trace.spans]


def _line(span: TraceSpan, whole: int) -> Line:
    width = min(max(100 * span.duration_ns / whole, LEAST), 100)
    offset = min(max(100 * span.offset_ns / whole, 0), 100 - width)
    return Line(span, round(offset, 2), round(width, 2), min(span.depth, DEEPEST))

"""An independent, plain-Python reading of outcomes: row by row, promise by promise, without any sum kept."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from support.handoff_rows import HandoffRow


@dataclass(frozen=True)
class Decision:
    """How one promise stood at an instant: `what` is good, bad, stale, cancelled, undecided or never (no target).

    `corrected`: it was told only after it fell due that it had ended so, in time; when it fell due it stood otherwise.
    """

    at: datetime
    what: str
    corrected: bool = False


def decisions(
    rows: Iterable[HandoffRow], as_of: datetime, lost: Mapping[str, datetime | None] | None = None
) -> list[Decision]:
    """Return a decision for each promise that was made by then. `lost`: handoff to when its awaited one was last heard."""
    clocks: dict[tuple[str, str, datetime], HandoffRow] = {}
    for row in sorted(rows, key=lambda row: row.cycle):
        if row.opened_at <= as_of and not row.is_gone:
            clocks[row.handoff, row.object_id, row.first_opened_at or row.opened_at] = row
    return [_decided(row, as_of, lost or {}) for row in clocks.values()]


def _decided(row: HandoffRow, as_of: datetime, lost: Mapping[str, datetime | None]) -> Decision:
    closed = row.closed_at if row.closed_at and row.closed_at <= as_of else None
    cancelled = row.cancelled_at if row.cancelled_at and row.cancelled_at <= as_of else None
    end = closed or cancelled
    if row.due_at is None:
        return Decision(as_of, "undecided" if row.paused_since and not end else "never")
    if end is None and row.due_at < as_of:
        heard = lost.get(row.handoff, row.due_at)
        return Decision(row.due_at, "bad" if heard is not None and heard >= row.due_at else "stale")
    if end is None:
        return Decision(as_of, "undecided")
    if end > row.due_at:
        return Decision(row.due_at, "bad")
    was_known = (row.opened_received_at or row.opened_at) <= row.due_at
    told = row.ended_received_at or end
    return Decision(end, "good" if closed else "cancelled", was_known and row.due_at < told <= as_of)


def counted(found: Iterable[Decision], since: datetime, until: datetime) -> dict[str, int]:
    """Return how many of each were decided in a stretch, its ends included."""
    inside = [each for each in found if since <= each.at <= until]
    counts = Counter(each.what for each in inside)
    return {what: counts[what] for what in ("good", "bad", "cancelled", "undecided", "stale")} | {
        "corrected": sum(each.corrected for each in inside)
    }


def left_of_budget(found: Iterable[Decision], since: datetime, until: datetime, target: Fraction) -> Fraction | None:
    """Return (SLI - T) / (1 - T) over a stretch whose end is left out; None where nothing was decided."""
    inside = [each.what for each in found if since <= each.at < until]
    good, bad = inside.count("good"), inside.count("bad")
    return (Fraction(good, good + bad) - target) / (1 - target) if good + bad else None

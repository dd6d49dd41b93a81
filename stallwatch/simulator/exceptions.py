"""Exceptions raised on invoices and orders: resolved after a while, reopened now and then, or left open."""

from core.vocabulary import ObjectRef
from stallwatch.simulator.track import HOUR, LineEndedError, Track

AP = "ap_automation"
# By which handoff an exception of that kind is resolved; any other, or one that says no reason, by the last.
RESOLVED_BY = {
    "price_variance": "exception_price_variance",
    "quantity_variance": "exception_quantity_variance",
    "missing_receipt": "exception_missing_receipt",
    "tax_variance": "exception_tax",
    "blocked_supplier": "exception_supplier",
    "duplicate_invoice": "exception_duplicate",
}
OTHERWISE = "exception_other"
OTHER_REASONS = ("quantity_variance", "duplicate_invoice", "coding_required", "tax_variance", "")  # in turns
SECOND_SHARE, REOPENED_SHARE, GIVEN_UP_SHARE = 0.3, 0.1, 0.08
GIVEN_UP = {  # by whom and how what an exception is on is given up, and the exception with it
    "invoice": (AP, "invoice.voided"),
    "purchase_order": ("procurement", "purchase_order.cancelled"),
}


def suffer_another(track: Track, on: ObjectRef) -> None:
    """Raise an exception of another kind than those that have a fault of their own."""
    raised = track.ledger.raised
    raised["other"] += 1
    suffer(track, OTHER_REASONS[raised["other"] % len(OTHER_REASONS) - 1], on, may_stay_open=True)


def suffer(track: Track, reason: str, on: ObjectRef, *, may_stay_open: bool) -> None:
    """Raise an exception on an object; the line goes on once it is resolved, else it ends: open, or given up with it.

    Of those that may, every third one stays open, the first included.
    """
    rng, lag = track.ledger.rng, RESOLVED_BY.get(reason, OTHERWISE)
    track.ledger.raised[reason] += 1
    trouble = track.ledger.new("exception")
    track.step(AP, "exception.raised", trouble, rng.uniform(0.2, 3) * HOUR, under=[on], reason=reason)
    if may_stay_open and track.ledger.raised[reason] % 3 == 1:
        if rng.random() < SECOND_SHARE:  # a second one that is resolved leaves the first open
            minor = track.ledger.new("exception")
            track.step(AP, "exception.raised", minor, rng.uniform(0.5, 2) * HOUR, under=[on], reason="tax_variance")
            track.step(AP, "exception.resolved", minor, track.lag("exception_tax"), under=[on], human=True)
        raise LineEndedError
    if rng.random() < GIVEN_UP_SHARE:
        integration, event_type = GIVEN_UP[on.type]
        after = track.lag(lag) / 2
        track.step(integration, event_type, on, after, over=[trouble], human=True)
        raise LineEndedError
    track.step(AP, "exception.resolved", trouble, track.lag(lag), under=[on], human=True)
    if rng.random() < REOPENED_SHARE:
        track.step(AP, "exception.raised", trouble, rng.uniform(1, 8) * HOUR, under=[on], reason=reason)
        track.step(AP, "exception.resolved", trouble, track.lag(lag), under=[on], human=True)

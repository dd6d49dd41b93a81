"""Goods: received, often in parts, made known to the ERP and AP automation; reversed at times, and posted again."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from random import Random

from core.vocabulary import ObjectRef
from stallwatch.simulator.faults import Fault
from stallwatch.simulator.ordering import AP, ERP, INVENTORY, cancel
from stallwatch.simulator.terms import in_parts
from stallwatch.simulator.track import DAY, HOUR, LineEndedError, Track

SETTLED = frozenset({"three_way", "receipt_based", "evaluated_receipt"})  # flows whose receipts AP automation needs
# Of receipts whose posting and reversal do not say of which order they are: the ERP does. An assumption:
# most senders name it.
UNNAMED_SHARE = 0.12
UNKNOWN_UNIT = "422 unknown unit of measure"


@dataclass(frozen=True)
class Receipt:
    """The first receipt of an order. `known_at` is when AP automation knew of one; None where it does not."""

    goods_receipt: ObjectRef
    posted_at: datetime
    known_at: datetime | None


def receive(track: Track, order: ObjectRef, after: float) -> Receipt:
    """Receive the goods; `track` stands where they were posted first. A receipt that is reversed is posted again."""
    rng = track.ledger.rng
    if track.chance(0.015):
        cancel(track, order, after / 2)
    parts = in_parts(order, 1 + rng.choices((0, 1, 2), (75, 18, 7))[0])
    came = parts.pop()
    first = receipt = _post(track, order, after, came, quiet=False)
    onward, known_at = track.fork(), None
    with suppress(LineEndedError):
        while True:
            told_at, is_reversed = _make_known(onward, receipt, order)
            known_at = known_at or told_at
            if is_reversed:
                parts.append(came)
            if not parts:
                break
            came = parts.pop()
            receipt = _post(onward, order, rng.uniform(0.3, 3) * DAY, came, quiet=True)
    return Receipt(first, track.now, known_at)


def _post(track: Track, order: ObjectRef, after: float, came: int, *, quiet: bool) -> ObjectRef:
    receipt, said = track.ledger.new("goods_receipt"), (("quantity", str(came)),)
    event, named = "goods_receipt.posted", _names_its_order(receipt)
    under, unsaid = ([order], []) if named else ([], [order])
    track.step(INVENTORY, event, receipt, after, under=under, unsaid=unsaid, human=True, quiet=quiet, attributes=said)
    return receipt


def _names_its_order(receipt: ObjectRef) -> bool:
    """Whether the receiving desk says which order a receipt is of."""
    # A chance of its own, so that nothing else that happens is another.
    return Random(f"{receipt} unnamed").random() >= UNNAMED_SHARE


def _make_known(track: Track, receipt: ObjectRef, order: ObjectRef) -> tuple[datetime | None, bool]:
    """Tell the other systems; return when AP automation knew, and whether it was reversed: `track` stands there."""
    line, known_at = track.fork(), None
    with suppress(LineEndedError):
        if track.chance(0.015):
            _reverse(track, receipt, order, track.lag("receipt_to_erp") / 2)
            return None, True
        under = [] if _names_its_order(receipt) else [order]
        line.step(ERP, "goods_receipt.synced", receipt, track.lag("receipt_to_erp"), under=under)
        if track.plan.flow in SETTLED:
            step, after = "goods_receipt.synced_to_ap", track.lag("receipt_to_ap")
            if track.plan.fault is Fault.REJECTED_SYNC:
                line.be_refused(AP, step, receipt, after, UNKNOWN_UNIT)
            known_at = line.step(AP, step, receipt, after)
        if track.chance(0.01):
            track.now = line.now
            _reverse(track, receipt, order, track.ledger.rng.uniform(2, 30) * HOUR)
            return None, True
    return known_at, False


def _reverse(track: Track, receipt: ObjectRef, order: ObjectRef, after: float) -> None:
    under = [order] if _names_its_order(receipt) else []
    track.step(INVENTORY, "goods_receipt.reversed", receipt, after, under=under, human=True)

"""The script of each flow type: how its documents follow one another when nothing, or something, goes wrong."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from core.vocabulary import ObjectRef
from stallwatch.simulator.invoicing import approve, bill, match, self_bill
from stallwatch.simulator.ordering import INVENTORY, PROCUREMENT, acknowledge, place, supplier_of, sync
from stallwatch.simulator.receiving import receive
from stallwatch.simulator.terms import Said, billed, is_billed_again
from stallwatch.simulator.track import DAY, HOUR, LineEndedError, Track


def play(track: Track) -> None:
    """Play one plan from its start until it is done or lies beyond the horizon."""
    with suppress(LineEndedError):
        SCRIPTS[track.plan.flow](track)


def _two_way(track: Track) -> None:
    """No receipt is expected: the invoice follows the order."""
    for order, line in place(track):
        with suppress(LineEndedError):
            sync(line, order)
            acknowledge(line, order)
            invoice = bill(line, [order], line.ledger.rng.uniform(0.5, 4) * DAY)
            match(line, invoice, None, needs_goods=False)


def _three_way(track: Track) -> None:
    """Goods and invoice come each in their own time; the match waits for both. Split orders may share one invoice."""
    shipped = [_ship(order, line) for order, line in place(track)]
    ways = [way for way in shipped if way is not None]
    bills = [ways] if track.plan.shape == "joint_invoice" and ways else [[way] for way in ways]
    for together in bills:
        with suppress(LineEndedError):
            _, line, _ = max(together, key=lambda way: way[1].now)
            line.amount = sum((way[1].amount for way in together), start=line.amount - line.amount)
            invoice = bill(line, [way[0] for way in together], line.ledger.rng.uniform(0.3, 3) * DAY)
            match(line, invoice, _goods_at([way[2] for way in together]), needs_goods=True)


def _ship(order: ObjectRef, line: Track) -> tuple[ObjectRef, Track, datetime | None] | None:
    """Send the goods on their way; return the line when the supplier bills, and when AP automation knew of them."""
    try:
        sync(line, order)
        acknowledge(line, order)
    except LineEndedError:
        return None
    after, receipt = line.lag("order_to_receipt"), None
    with suppress(LineEndedError):
        receipt = receive(line.fork(), order, after)
    if receipt is None and not line.plan.pins and line.chance(0.7):
        return None  # cancelled, or so far away that nobody bills it yet
    line.wait(after)
    return order, line, receipt.known_at if receipt else None


def _goods_at(receipts: list[datetime | None]) -> datetime | None:
    """When the last of the goods were there; None while some are missing."""
    there = [at for at in receipts if at is not None]
    return max(there) if len(there) == len(receipts) else None


def _receipt_based(track: Track) -> None:
    """Bill after the receipt; an invoice that comes before it is a violation, and waits."""
    for order, line in place(track):
        with suppress(LineEndedError):
            sync(line, order)
            acknowledge(line, order)
            goods, receipt = line.fork(), None
            with suppress(LineEndedError):
                receipt = receive(goods, order, line.lag("order_to_receipt"))
                line.now = goods.now
            if receipt is None and "goods_receipt.posted" not in line.plan.pins:
                continue
            invoice = bill(line, [order], line.ledger.rng.uniform(0.5, 5) * DAY)
            match(line, invoice, receipt.known_at if receipt else None, needs_goods=True)


def _consignment(track: Track) -> None:
    """Stock stays the supplier's until used: no invoice on this order."""
    for order, line in place(track):
        with suppress(LineEndedError):
            sync(line, order)
            acknowledge(line, order)
            receive(line, order, line.lag("order_to_receipt"))


def _evaluated_receipt(track: Track) -> None:
    """Settle the receipt by a document of our own; the supplier sends no invoice."""
    for order, line in place(track):
        with suppress(LineEndedError):
            sync(line, order)
            acknowledge(line, order)
            receipt = receive(line, order, line.lag("order_to_receipt"))
            if receipt.known_at is not None:
                line.now = receipt.known_at
                self_bill(line, order, receipt.goods_receipt)


def _bill_only(track: Track) -> None:
    """Use an implant first; order it after, to pay for it."""
    usage, order = track.ledger.new("usage"), track.ledger.new("purchase_order")
    rng = track.ledger.rng
    track.step(INVENTORY, "usage.recorded", usage, 0, shared=supplier_of(track))
    after = rng.uniform(3, 50) * HOUR
    track.step(PROCUREMENT, "purchase_order.created", order, after, over=[usage], shared=supplier_of(track), human=True)
    sync(track, order)
    match(track, bill(track, [order], rng.uniform(0.2, 3) * DAY), None, needs_goods=False)


def _blanket(track: Track) -> None:
    """One order, many invoices."""
    rng = track.ledger.rng
    for order, line in place(track):
        with suppress(LineEndedError):
            sync(line, order)
            acknowledge(line, order)
            said: Said = ()
            for number in range(rng.randint(3, 8)):
                after = rng.uniform(1, 5) * DAY
                if not (said and is_billed_again(order, number)):
                    said = billed(line, f"{order}:{number}", after)
                invoice = bill(line, [order], after, said=said)
                with suppress(LineEndedError):
                    match(line.fork(), invoice, None, needs_goods=False)


def _non_po(track: Track) -> None:
    """Approve an invoice without an order instead of matching it: a journey of its own."""
    approve(track, bill(track, [], 0))


SCRIPTS: dict[str, Callable[[Track], None]] = {
    "two_way": _two_way,
    "three_way": _three_way,
    "receipt_based": _receipt_based,
    "consignment": _consignment,
    "evaluated_receipt": _evaluated_receipt,
    "bill_only": _bill_only,
    "blanket": _blanket,
    "non_po": _non_po,
}

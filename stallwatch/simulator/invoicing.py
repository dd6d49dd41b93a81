"""From the bill to the ledger: invoices received, matched or approved, posted, allocated to costs, voided, credited."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from core.vocabulary import ObjectRef
from stallwatch.simulator.exceptions import suffer, suffer_another
from stallwatch.simulator.faults import Fault
from stallwatch.simulator.ledger import Payable
from stallwatch.simulator.ordering import supplier_of
from stallwatch.simulator.terms import Said, approver, billed, over
from stallwatch.simulator.track import DAY, HOUR, LineEndedError, Track

AP, ERP, ANALYTICS = "ap_automation", "erp", "analytics"


def bill(track: Track, orders: Sequence[ObjectRef], after: float, *, said: Said = ()) -> ObjectRef:
    """Receive an invoice over the orders (none: a non-PO invoice); a few are scanned twice.

    `said` is what it states, where that is what another one stated already.
    """
    invoice = track.ledger.new("invoice")
    shared = supplier_of(track)
    said = said or (*billed(track, str(invoice), after), *over(orders), *(() if orders else approver(track)))
    track.step(AP, "invoice.received", invoice, after, under=orders, shared=shared, attributes=said)
    if track.chance(0.02):
        again = track.fork()
        with suppress(LineEndedError):
            again.step(AP, "invoice.received", invoice, 15 * 60, under=orders, shared=shared, attributes=said)
    return invoice


def match(track: Track, invoice: ObjectRef, goods_at: datetime | None, *, needs_goods: bool) -> None:
    """Match the invoice once the goods are there; an exception or a void may come between. `track` ends posted."""
    fault = track.plan.fault
    if fault is Fault.OTHER_EXCEPTION:
        suffer_another(track, invoice)
    if fault is Fault.PRICE_VARIANCE:
        suffer(track, "price_variance", invoice, may_stay_open=True)
    if fault is Fault.MISSING_RECEIPT and _every_second(track, "missing_receipt noticed"):
        suffer(track, "missing_receipt", invoice, may_stay_open=goods_at is None)
    if track.chance(0.015):
        _void(track, invoice, track.lag("invoice_to_match") / 2)
    if fault is Fault.REJECTED_SYNC:
        raise LineEndedError  # AP automation does not know what to match it with
    if needs_goods:
        _await_goods(track, invoice, goods_at)
    track.step(AP, "invoice.matched", invoice, track.lag("invoice_to_match"))
    if track.chance(0.015):
        track.step(AP, "invoice.unmatched", invoice, track.ledger.rng.uniform(0.2, 20) * HOUR, human=True)
        if track.chance(0.1):
            _void(track, invoice, track.lag("invoice_to_match") / 2)
        track.step(AP, "invoice.matched", invoice, track.lag("invoice_to_match"))
    post(track, invoice)


def _await_goods(track: Track, invoice: ObjectRef, goods_at: datetime | None) -> None:
    """Hold an invoice that came before its goods until they are known; end where they never are."""
    if goods_at is not None and goods_at <= track.now:
        return
    track.step(AP, "invoice.held_for_receipt", invoice, 0, quiet=True)
    if goods_at is None:
        raise LineEndedError
    track.now = max(track.now, goods_at)
    track.step(AP, "invoice.unheld", invoice, 0, quiet=True)


def approve(track: Track, invoice: ObjectRef) -> None:
    """Get a non-PO invoice approved by whoever holds the budget, and posted."""
    if track.plan.fault is Fault.OTHER_EXCEPTION:
        suffer_another(track, invoice)
    if track.plan.fault is Fault.PRICE_VARIANCE:
        suffer(track, "price_variance", invoice, may_stay_open=True)
    if track.chance(0.02):
        _void(track, invoice, track.lag("invoice_approval") / 2)
    track.step(AP, "invoice.approved", invoice, track.lag("invoice_approval"), human=True)
    post(track, invoice)


def post(track: Track, invoice: ObjectRef) -> None:
    """Post the invoice in the ERP, from where it waits for a payment run."""
    if track.plan.fault is Fault.BLOCKED_SUPPLIER:
        suffer(track, "blocked_supplier", invoice, may_stay_open=True)
    if track.chance(0.008):
        _void(track, invoice, track.lag("invoice_to_posting") / 2)
    track.step(ERP, "invoice.posted", invoice, track.lag("invoice_to_posting"))
    _allocate(track.fork(), invoice)
    if track.chance(0.02):
        _block(track, invoice)
    ready_at = track.now + timedelta(seconds=track.lag("posting_to_release"))
    ready_at = max(ready_at, track.plan.pins.get("payment.released", ready_at))
    dimensions = replace(track.dimensions, flow_type="")
    pins = {step: at for step, at in track.plan.pins.items() if step.startswith("payment.")}
    track.ledger.payables.append(Payable(invoice, ready_at, dimensions, track.amount, pins))
    if track.chance(0.02):
        _credit(track.fork(track.amount / 8), invoice)


def self_bill(track: Track, order: ObjectRef, receipt: ObjectRef) -> None:
    """Settle an evaluated receipt: our own document stands in for the supplier's invoice."""
    invoice = track.ledger.new("invoice")
    after = track.ledger.rng.uniform(4, 30) * HOUR
    track.step(
        AP,
        "invoice.self_billed",
        invoice,
        after,
        under=[order, receipt],
        shared=supplier_of(track),
        attributes=over([order]),
    )
    track.ledger.relate(receipt, order, track.now)  # whoever names both says so, also where the receipt did not
    post(track, invoice)


def _block(track: Track, invoice: ObjectRef) -> None:
    """Block the invoice for payment, until whoever did lets it go."""
    rng = track.ledger.rng
    track.step(AP, "invoice.payment_blocked", invoice, rng.uniform(1, 30) * HOUR, human=True)
    track.step(AP, "invoice.payment_unblocked", invoice, rng.uniform(0.2, 9) * DAY, human=True)


def _every_second(track: Track, what: str) -> bool:
    track.ledger.raised[what] += 1
    return track.ledger.raised[what] % 2 == 0


def _void(track: Track, invoice: ObjectRef, after: float) -> None:
    track.step(AP, "invoice.voided", invoice, after, human=True)
    raise LineEndedError


def _credit(track: Track, invoice: ObjectRef) -> None:
    memo = track.ledger.new("credit_memo")
    with suppress(LineEndedError):
        track.step(AP, "credit_memo.received", memo, track.ledger.rng.uniform(1, 5) * DAY, under=[invoice])
        if track.chance(0.1):
            track.step(AP, "credit_memo.voided", memo, track.lag("credit_memo_to_posting") / 2, human=True)
            raise LineEndedError
        track.step(ERP, "credit_memo.posted", memo, track.lag("credit_memo_to_posting"))


def _allocate(track: Track, invoice: ObjectRef) -> None:
    """Allocate the invoice to cost centres, which analytics shows after its next refresh."""
    allocation = track.ledger.new("cost_allocation")
    after = track.ledger.rng.uniform(0.1, 2) * HOUR
    with suppress(LineEndedError):
        track.step(ERP, "cost_allocation.posted", allocation, after, under=[invoice], quiet=True)
        if track.chance(0.01):
            after = track.lag("allocation_to_analytics") / 2
            track.step(ERP, "cost_allocation.reversed", allocation, after, human=True)
            raise LineEndedError
        track.step(ANALYTICS, "cost_allocation.reflected", allocation, track.lag("allocation_to_analytics"))

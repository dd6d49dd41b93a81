"""Payment runs: on working days each region pays what is ready, many invoices with one payment."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from core.registry import Registry
from core.vocabulary import ObjectRef
from stallwatch.simulator.catalogue import RANKS, SUPPLIERS, office_of
from stallwatch.simulator.faults import Fault
from stallwatch.simulator.ledger import Ledger, Payable
from stallwatch.simulator.pace import Pace
from stallwatch.simulator.plan import Plan
from stallwatch.simulator.records import Dimensions
from stallwatch.simulator.track import DAY, HOUR, LineEndedError, Track

PAYMENTS, REPORTING = "payments", "reporting"
RUN_AT = timedelta(hours=19)  # UTC: early afternoon in the American zones
LARGEST_PAYMENT = 30
TWICE_SHARE = 0.015
CANCELLED_SHARE, RETURNED_SHARE = 0.01, 0.012
CLEARED_FIRST_SHARE = 0.5  # of what comes back
SURELY_TWICE = 2  # payments of each simulation, whatever the share comes to
SATURDAY = 5


def run_payments(ledger: Ledger, pace: Pace, registry: Registry, begins: datetime) -> None:
    """Pay every payable that gets ready before the horizon. Pinned ones are paid one by one."""
    waiting: dict[str, list[Payable]] = defaultdict(list)
    ready = sorted(
        (each for each in ledger.payables if each.ready_at <= ledger.horizon), key=lambda each: each.ready_at
    )
    for payable in ready:
        if payable.pins:
            _pay(ledger, pace, registry, [payable], payable.ready_at)
        else:
            waiting[registry.facilities[payable.dimensions.facility].region].append(payable)
    for payables in waiting.values():
        for run_at in _runs(begins, ledger.horizon):
            due = [each for each in payables if each.ready_at <= run_at]
            payables[: len(due)] = _run(ledger, pace, registry, due, run_at)
            payables.sort(key=lambda each: each.ready_at)


def _runs(begins: datetime, ends: datetime) -> Iterator[datetime]:
    at = begins.replace(hour=0, minute=0, second=0, microsecond=0) + RUN_AT
    while at <= ends:
        if at.weekday() < SATURDAY:
            yield at
        at += timedelta(days=1)


def _run(ledger: Ledger, pace: Pace, registry: Registry, due: list[Payable], run_at: datetime) -> list[Payable]:
    """Pay what is due; return what is to be paid again."""
    again: list[Payable] = []
    while due:
        size = ledger.rng.randint(1, LARGEST_PAYMENT)
        together, due = due[:size], due[size:]
        run_at += timedelta(seconds=ledger.rng.uniform(30, 90))
        cancelled_at = _pay(ledger, pace, registry, together, run_at)
        if cancelled_at is not None:
            again += (replace(each, ready_at=cancelled_at) for each in together)
    return again


def _pay(ledger: Ledger, pace: Pace, registry: Registry, payables: list[Payable], at: datetime) -> datetime | None:
    """Pay them with one payment; return when it was cancelled, if it was."""
    payment, invoices = ledger.new("payment"), [payable.invoice for payable in payables]
    dimensions = _dimensions(registry, payables)
    plan = Plan("", at, calm=bool(payables[0].pins), pins=payables[0].pins)
    amount = sum((payable.amount for payable in payables[1:]), start=payables[0].amount)
    track = Track(ledger, pace, plan, dimensions, registry.facilities[dimensions.facility], at, amount)
    with suppress(LineEndedError):
        track.step(PAYMENTS, "payment.released", payment, 0, under=invoices)
        if track.chance(CANCELLED_SHARE):
            after = track.lag("release_to_execution") / 2
            return track.step(PAYMENTS, "payment.cancelled", payment, after, under=invoices, human=True)
        track.step(PAYMENTS, "payment.executed", payment, track.lag("release_to_execution"), under=invoices)
        is_executed_twice = _is_executed_twice(ledger, track)
        if is_executed_twice:
            again = track.fork()
            with suppress(LineEndedError):
                again.step(PAYMENTS, "payment.executed", payment, ledger.rng.uniform(0.1, 30) * HOUR, under=invoices)
                ledger.injected[Fault.PAYMENT_TWICE] += again.now <= ledger.as_of
                again.step(REPORTING, "payment.reflected", payment, again.lag("payment_to_reporting"), under=invoices)
        if not is_executed_twice and track.chance(RETURNED_SHARE):
            _come_back(track.fork(), payment, invoices)
        else:
            _clear(track.fork(), payment, invoices)
        track.step(REPORTING, "payment.reflected", payment, track.lag("payment_to_reporting"), under=invoices)
    return None


def _clear(track: Track, payment: ObjectRef, invoices: list[ObjectRef]) -> None:
    """Have the bank's statement show the payment."""
    with suppress(LineEndedError):
        track.step(PAYMENTS, "payment.cleared", payment, track.lag("release_to_clearing") / 2, under=invoices)


def _come_back(track: Track, payment: ObjectRef, invoices: list[ObjectRef]) -> None:
    """Have the payment fail, or the bank return it, at times after it was cleared; and execute it again."""
    rng = track.ledger.rng
    with suppress(LineEndedError):
        if rng.random() < CLEARED_FIRST_SHARE:
            track.step(PAYMENTS, "payment.cleared", payment, rng.uniform(2, 20) * HOUR, under=invoices)
        lot = rng.choice((("payment.returned", "account_closed"), ("payment.failed", "rejected_by_bank")))
        track.step(PAYMENTS, lot[0], payment, rng.uniform(1, 3) * DAY, under=invoices, reason=lot[1])
        track.step(PAYMENTS, "payment.executed", payment, track.lag("release_to_execution"), under=invoices, human=True)
        _clear(track.fork(), payment, invoices)
        track.step(REPORTING, "payment.reflected", payment, track.lag("payment_to_reporting"), under=invoices)


def _is_executed_twice(ledger: Ledger, track: Track) -> bool:
    """Choose a share of payments, and in any case the first few that have time for it."""
    first = ledger.injected[Fault.PAYMENT_TWICE] < SURELY_TWICE and track.now < ledger.as_of - timedelta(days=2)
    return Fault.PAYMENT_TWICE in ledger.faults and (first or ledger.rng.random() < TWICE_SHARE)


def _dimensions(registry: Registry, payables: list[Payable]) -> Dimensions:
    """Make a payment the shared services' own, and as pressing as the most pressing invoice it pays."""
    each = [payable.dimensions for payable in payables]
    office = office_of(registry) or each[0].facility
    supplier = each[0].supplier_id if len({one.supplier_id for one in each}) == 1 else ""
    return replace(
        each[0],
        facility=office,
        supplier_id=supplier,
        supplier=SUPPLIERS.get(supplier, ""),
        department="Treasury",
        spend_category="" if len({one.spend_category for one in each}) > 1 else each[0].spend_category,
        criticality=min((one.criticality for one in each), key=RANKS.index),
    )

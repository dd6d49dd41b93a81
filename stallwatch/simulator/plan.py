"""Which journeys there will be: flow, start, shape, and which of them a fault befalls."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from stallwatch.simulator.catalogue import FLOWS
from stallwatch.simulator.faults import Disturbances, Fault

# Share of journeys each fault befalls, and the least number of them, so that small simulations show every fault too.
SHARES: dict[Fault, float] = {
    Fault.PRICE_VARIANCE: 0.06,
    Fault.MISSING_RECEIPT: 0.025,
    Fault.BLOCKED_SUPPLIER: 0.02,
    Fault.INTEGRATION_OUTAGE: 0.012,
    Fault.SILENT_INTEGRATION: 0.012,
}
FEWEST = 3
FORGOTTEN_SHARE = 0.015
SHAPES = {"single": 78, "split": 7, "consolidated": 6, "joint_invoice": 5, "amended": 4}
LEAST_JOURNEYS = 50
SURGE = 2.5  # how much busier the last four days of a month are
WEEKEND = 0.25
# A step of each integration that the journeys caught in its outage or silence are made to wait for.
CAUGHT_AT: dict[str, tuple[str, str]] = {  # integration: flow, event type
    "inventory": ("three_way", "goods_receipt.posted"),
    "erp": ("two_way", "invoice.posted"),
    "ap_automation": ("two_way", "invoice.matched"),
    "payments": ("two_way", "payment.released"),
    "supplier_network": ("three_way", "purchase_order.acknowledged"),
    "reporting": ("two_way", "payment.reflected"),
}
FORGOTTEN_AT = (
    ("three_way", "purchase_order.acknowledged"),
    ("two_way", "invoice.matched"),
    ("receipt_based", "goods_receipt.posted"),
    ("non_po", "invoice.approved"),
    ("bill_only", "invoice.posted"),
)
NEVER = timedelta(days=3650)


@dataclass(frozen=True)
class Plan:
    """One journey to play. `pins` hold event types back until an instant; `calm` plans meet no accident
    but theirs, and `urgent` ones are clinical-critical where their flow can be."""

    flow: str
    starts_at: datetime
    shape: str = "single"
    fault: Fault | None = None
    calm: bool = False
    urgent: bool = False
    pins: dict[str, datetime] = field(default_factory=dict)


def make_plans(
    rng: Random,
    as_of: datetime,
    days: int,
    journeys: int,
    ahead: timedelta,
    disturbances: Disturbances,
    faults: frozenset[Fault],
) -> list[Plan]:
    """Plan `journeys` that begin in the `days` before `as_of`, and as many a day until `ahead` after it, by start."""
    begins = as_of - timedelta(days=days)
    surge = Fault.MONTH_END_SURGE in faults
    flows = [*FLOWS, *FLOWS, *rng.choices(list(FLOWS), list(FLOWS.values()), k=journeys)][:journeys]
    planned = [_ordinary(rng, flow, begins, as_of, surge=surge) for flow in flows]
    free = iter(rng.sample(range(2 * len(FLOWS), journeys), k=journeys - 2 * len(FLOWS)))
    for befallen in _cohorts(rng, as_of, days, journeys, disturbances, faults):
        planned[next(free)] = befallen
    later = rng.choices(list(FLOWS), list(FLOWS.values()), k=round(journeys * (ahead / timedelta(days=days))))
    planned += [_ordinary(rng, flow, as_of, as_of + ahead, surge=surge) for flow in later]
    return sorted(planned, key=lambda plan: plan.starts_at)


def _ordinary(rng: Random, flow: str, begins: datetime, ends: datetime, *, surge: bool) -> Plan:
    shape = (
        rng.choices(list(SHAPES), list(SHAPES.values()))[0]
        if flow not in {"non_po", "bill_only", "blanket"}
        else "single"
    )
    return Plan(flow, _start(rng, begins, ends, surge=surge), shape)


def _start(rng: Random, begins: datetime, ends: datetime, *, surge: bool) -> datetime:
    """Draw an instant in the window: few on weekends, more at the end of a month, most in American working hours."""
    while True:
        at = begins + (ends - begins) * rng.random()
        weight = (WEEKEND if at.weekday() > 4 else 1.0) * (0.35 if 3 <= at.hour < 12 else 1.0)  # noqa: PLR2004 - UTC
        month_ends = (at + timedelta(days=4)).month != at.month
        if rng.random() * SURGE < weight * (SURGE if surge and month_ends else 1.0):
            return at


def _cohorts(
    rng: Random, as_of: datetime, days: int, journeys: int, disturbances: Disturbances, faults: frozenset[Fault]
) -> Iterator[Plan]:
    """The journeys that a fault befalls: begun early enough that it has made some of them late by `as_of`."""

    def early() -> datetime:
        return as_of - timedelta(days=days) * rng.uniform(0.6, 0.95)

    for number in range(_size(FORGOTTEN_SHARE, journeys)):
        flow, step = FORGOTTEN_AT[number % len(FORGOTTEN_AT)]
        yield Plan(flow, early(), calm=True, urgent=number < FEWEST, pins={step: as_of + NEVER})
    for fault in (fault for fault in SHARES if fault in faults):
        for number in range(_size(SHARES[fault], journeys)):
            yield replace(
                _befallen(rng, fault, number, early(), as_of, disturbances), calm=True, urgent=number < FEWEST
            )


def _size(share: float, journeys: int) -> int:
    return max(FEWEST, round(share * journeys))


def _befallen(
    rng: Random, fault: Fault, number: int, starts_at: datetime, as_of: datetime, disturbances: Disturbances
) -> Plan:
    if fault is Fault.MISSING_RECEIPT:
        pins = {"goods_receipt.posted": as_of + (NEVER if number % 3 < 2 else timedelta(hours=-rng.uniform(1, 40)))}  # noqa: PLR2004
        return Plan(rng.choice(("three_way", "three_way", "receipt_based")), starts_at, fault=fault, pins=pins)
    if fault in {Fault.INTEGRATION_OUTAGE, Fault.SILENT_INTEGRATION}:
        window = disturbances.of("outage" if fault is Fault.INTEGRATION_OUTAGE else "silence")
        if window is not None:
            flow, step = CAUGHT_AT[window.integration]
            caught = window.begins + (as_of - timedelta(minutes=10) - window.begins) * rng.random()
            return Plan(flow, starts_at, fault=fault, pins={step: caught})
    flow = rng.choice(("three_way", "two_way", "receipt_based", "non_po") if number else ("three_way",))
    return Plan(flow, starts_at, fault=fault)

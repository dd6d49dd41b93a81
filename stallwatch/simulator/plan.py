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
    Fault.OTHER_EXCEPTION: 0.02,
    Fault.INTEGRATION_OUTAGE: 0.012,
    Fault.SILENT_INTEGRATION: 0.012,
    Fault.REJECTED_SYNC: 0.008,
}
FEWEST = 3
FORGOTTEN_SHARE = 0.015
SHAPES = {"single": 78, "split": 7, "consolidated": 6, "joint_invoice": 5, "amended": 4}
LEAST_JOURNEYS = 50
EXEMPLARS = {  # one undisturbed journey of each flow and shape, however small the simulation
    "three_way": "joint_invoice",
    "two_way": "split",
    "receipt_based": "consolidated",
    "consignment": "amended",
    "evaluated_receipt": "single",
    "bill_only": "single",
    "blanket": "single",
    "non_po": "single",
}
SURGE = 2.5  # how much busier the last four days of a month are
WEEKEND, NIGHT = 0.25, 0.35
SATURDAY = 5
NIGHT_HOURS = range(3, 12)  # UTC
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
CAUGHT_BEFORE = timedelta(minutes=10)
WINDOWS = {Fault.INTEGRATION_OUTAGE: "outage", Fault.SILENT_INTEGRATION: "silence"}


@dataclass(frozen=True)
class Plan:
    """One journey to play. `pins` hold event types back until an instant.

    `calm` plans meet no accident but their fault, and `urgent` ones are clinical-critical where their flow can be.
    """

    flow: str
    starts_at: datetime
    shape: str = "single"
    fault: Fault | None = None
    calm: bool = False
    urgent: bool = False
    pins: dict[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Planner:
    """Plans the journeys of the `days` before the disturbances' `as_of`, and of the time after it."""

    rng: Random
    disturbances: Disturbances
    faults: frozenset[Fault]
    days: int

    def plans(self, journeys: int, ahead: timedelta) -> list[Plan]:
        """Plan `journeys` that begin before `as_of`, and as many a day until `ahead` after it; ordered by start."""
        as_of, length = self.disturbances.as_of, timedelta(days=self.days)
        planned = [Plan(flow, self._early(), shape, calm=True, urgent=True) for flow, shape in EXEMPLARS.items()]
        ordinary = self._flows(journeys - len(planned))
        planned += [self._ordinary(flow, as_of - length, as_of) for flow in ordinary]
        free = self.rng.sample(range(len(EXEMPLARS), journeys), k=journeys - len(EXEMPLARS))
        for place, befallen in zip(free, self._cohorts(journeys), strict=False):
            planned[place] = befallen
        planned += [
            self._ordinary(flow, as_of, as_of + ahead) for flow in self._flows(round(journeys * (ahead / length)))
        ]
        return sorted(planned, key=lambda plan: plan.starts_at)

    def _flows(self, count: int) -> list[str]:
        return self.rng.choices(list(FLOWS), list(FLOWS.values()), k=count)

    def _ordinary(self, flow: str, begins: datetime, ends: datetime) -> Plan:
        shaped = flow not in {"non_po", "bill_only", "blanket"}
        shape = self.rng.choices(list(SHAPES), list(SHAPES.values()))[0] if shaped else "single"
        return Plan(flow, self._start(begins, ends), shape)

    def _start(self, begins: datetime, ends: datetime) -> datetime:
        """Draw an instant: few on weekends, more at the end of a month, most in American working hours."""
        busiest = SURGE if Fault.MONTH_END_SURGE in self.faults else 1.0
        while True:
            at = begins + (ends - begins) * self.rng.random()
            weight = (WEEKEND if at.weekday() >= SATURDAY else 1.0) * (NIGHT if at.hour in NIGHT_HOURS else 1.0)
            if self.rng.random() * busiest < weight * (busiest if ends_a_month(at) else 1.0):
                return at

    def _cohorts(self, journeys: int) -> Iterator[Plan]:
        """Yield the journeys that a fault befalls: begun early enough that some of them are late by `as_of`."""
        for number in range(_size(FORGOTTEN_SHARE, journeys)):
            flow, step = FORGOTTEN_AT[number % len(FORGOTTEN_AT)]
            forgotten = Plan(flow, self._early(), pins={step: self.disturbances.as_of + NEVER})
            yield replace(forgotten, calm=True, urgent=number < FEWEST)
        for fault in (fault for fault in SHARES if fault in self.faults):
            for number in range(_size(SHARES[fault], journeys)):
                yield replace(self._befallen(fault, number), fault=fault, calm=True, urgent=number < FEWEST)

    def _early(self) -> datetime:
        return self.disturbances.as_of - timedelta(days=self.days) * self.rng.uniform(0.6, 0.95)

    def _befallen(self, fault: Fault, number: int) -> Plan:
        as_of, starts_at = self.disturbances.as_of, self._early()
        if fault is Fault.MISSING_RECEIPT:  # two of three never come, the third comes late
            late = timedelta(hours=-self.rng.uniform(1, 40)) if number % 3 == 2 else NEVER  # noqa: PLR2004 - the third of three
            flow = self.rng.choice(("three_way", "three_way", "receipt_based"))
            return Plan(flow, starts_at, pins={"goods_receipt.posted": as_of + late})
        if fault is Fault.REJECTED_SYNC:  # AP automation refuses the receipt, or the order
            return Plan("two_way" if number % 2 else "three_way", starts_at)
        window = self.disturbances.of(WINDOWS.get(fault, ""))
        if window is not None:
            flow, step = CAUGHT_AT[window.integration]
            caught = window.begins + (as_of - CAUGHT_BEFORE - window.begins) * self.rng.random()
            return Plan(flow, starts_at, pins={step: caught})
        flow = self.rng.choice(("three_way", "two_way", "receipt_based", "non_po")) if number else "three_way"
        return Plan(flow, starts_at)


def ends_a_month(at: datetime) -> bool:
    """Tell whether an instant is in the last four days of its month, when everybody wants to be done."""
    return (at + timedelta(days=4)).month != at.month


def _size(share: float, journeys: int) -> int:
    return max(FEWEST, round(share * journeys))

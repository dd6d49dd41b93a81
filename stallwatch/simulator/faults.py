"""What goes wrong, and when: the faults that can be injected, and the windows in which an integration is disturbed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Literal

OUTAGE_CANDIDATES = ("inventory", "erp", "ap_automation", "payments")
SILENCE_CANDIDATES = ("supplier_network", "reporting")
# Nothing happens in the last moments before `as_of` but retries of what fails: the newest span of a stuck document is
# then its failure, whichever way "newest" is read.
QUIET_BEFORE_AS_OF = timedelta(minutes=2)
LAST_RETRY_BEFORE_AS_OF = timedelta(minutes=1)
TOLD_LATE_SHARE = 0.5  # of what falls in an outage that has been recovered: done in time, but told afterwards


class Fault(StrEnum):
    """A kind of trouble."""

    INTEGRATION_OUTAGE = "integration_outage"
    SILENT_INTEGRATION = "silent_integration"
    PRICE_VARIANCE = "price_variance"
    MISSING_RECEIPT = "missing_receipt"
    BLOCKED_SUPPLIER = "blocked_supplier"
    OTHER_EXCEPTION = "other_exception"
    DUPLICATE_DELIVERY = "duplicate_delivery"
    LATE_DELIVERY = "late_delivery"
    OUT_OF_ORDER = "out_of_order"
    MONTH_END_SURGE = "month_end_surge"
    PAYMENT_TWICE = "payment_twice"
    REJECTED_SYNC = "rejected_sync"
    UNSYNCED_SUPPLIER = "unsynced_supplier"


ALL_FAULTS = frozenset(Fault)


@dataclass(frozen=True)
class Disturbance:
    """One integration from `begins` until `ends`: it answers errors, or says nothing, or has recovered since."""

    integration: str
    kind: Literal["outage", "silence", "recovered_outage"]
    begins: datetime
    ends: datetime

    def covers(self, integration: str, at: datetime) -> bool:
        """Whether it disturbs `integration` at that instant."""
        return self.integration == integration and self.begins <= at < self.ends


@dataclass(frozen=True)
class Passage:
    """How a planned step gets through: when it happens, which tries failed before, and how long word of it is held."""

    at: datetime
    attempts: tuple[datetime, ...] = ()
    held_until: datetime | None = None


@dataclass(frozen=True)
class Disturbances:
    """Every disturbance of one simulation. At most one of each kind; none of them overlap in one integration."""

    as_of: datetime
    windows: tuple[Disturbance, ...]

    def of(self, kind: str) -> Disturbance | None:
        """Return the disturbance of that kind, if it was injected."""
        return next((window for window in self.windows if window.kind == kind), None)

    def silent(self, integration: str, at: datetime) -> bool:
        """Whether the integration says nothing at that instant."""
        return any(window.kind == "silence" and window.covers(integration, at) for window in self.windows)

    def failing(self, integration: str, at: datetime) -> bool:
        """Whether the integration answers errors at that instant."""
        return any(window.kind != "silence" and window.covers(integration, at) for window in self.windows)

    def pass_through(self, integration: str, planned: datetime, rng: Random) -> Passage:
        """Let a step planned by `integration` happen as soon as the disturbances allow."""
        window = next((w for w in self.windows if w.covers(integration, planned)), None)
        if window is None:
            return self._not_in_the_quiet(Passage(planned))
        resumed = window.ends + timedelta(seconds=30 + rng.expovariate(1 / 1200))
        if window.kind == "silence":
            return Passage(resumed)
        if window.kind == "recovered_outage" and rng.random() < TOLD_LATE_SHARE:  # done in time, told late
            return Passage(planned, held_until=resumed)
        return self._not_in_the_quiet(Passage(resumed, self.retries(planned, window.ends, rng)))

    def _not_in_the_quiet(self, passage: Passage) -> Passage:
        if self.as_of - QUIET_BEFORE_AS_OF < passage.at <= self.as_of:
            return Passage(passage.at + QUIET_BEFORE_AS_OF, passage.attempts)
        return passage

    def retries(self, planned: datetime, ends: datetime, rng: Random, *, pause: int = 7200) -> tuple[datetime, ...]:
        """Try after 0, 1, 5, 30 minutes and then after each `pause` (seconds); one of them just before `as_of`."""
        tries, at, pauses = [], planned, iter((60, 300, 1800))
        while at < ends:
            tries.append(at)
            at += timedelta(seconds=next(pauses, pause) * rng.uniform(0.9, 1.1))
        if planned < self.as_of <= ends:
            tries.append(self.as_of - LAST_RETRY_BEFORE_AS_OF * rng.uniform(0.1, 0.9))
        return tuple(sorted(tries))


def disturb(
    faults: frozenset[Fault],
    as_of: datetime,
    days: int,
    rng: Random,
    *,
    outage: str | None = None,
    silent: str | None = None,
) -> Disturbances:
    """Choose the disturbed integrations (unless named) and their windows."""
    outage = outage or rng.choice([name for name in OUTAGE_CANDIDATES if name != silent])
    silent = silent or rng.choice([name for name in SILENCE_CANDIDATES if name != outage])
    back = as_of + timedelta(minutes=rng.uniform(10, 40))
    windows: list[Disturbance] = []
    if Fault.INTEGRATION_OUTAGE in faults:
        windows.append(Disturbance(outage, "outage", as_of - timedelta(hours=rng.uniform(14, 30)), back))
        begins = as_of - timedelta(days=days * rng.uniform(0.3, 0.6))
        again = rng.choice([name for name in OUTAGE_CANDIDATES if name != outage])
        windows.append(
            Disturbance(
                again, "recovered_outage", begins, begins + timedelta(hours=min(rng.uniform(6, 14), days * 4.0))
            )
        )
    if Fault.SILENT_INTEGRATION in faults:
        windows.append(Disturbance(silent, "silence", as_of - timedelta(hours=rng.uniform(40, 60)), back))
    return Disturbances(as_of, tuple(windows))

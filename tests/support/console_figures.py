"""Lag, exception aging and KPIs of the invented network, as fakes of their ports."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from support.console_network import HANDOFFS, REGISTRY

from core.filters import Filters
from slo.aging import AgingBucket
from slo.journey_lags import STEPS, JourneyLag
from slo.kpis import Kpi
from slo.lag import LagRow


def make_lag(facility: str, handoff: str, p50: float | None, **changes: object) -> LagRow:
    """Return a lag row whose censor-aware median is `p50` seconds (None: not identified)."""
    made = LagRow(
        keys={"facility": facility, "handoff": handoff},
        open=42,
        decided_good=180,
        decided_bad=33,
        cancelled=4,
        closed=196,
        closed_only_p50=None if p50 is None else p50 * 0.6,
        closed_only_p90=None if p50 is None else p50 * 1.4,
        censor_aware_p50=p50,
        censor_aware_p90=None,
        at_least_p50=None if p50 is not None else 345_600,
        at_least_p90=(p50 or 345_600) * 3,
    )
    return replace(made, **changes)


@dataclass
class FakeLag:
    rows: list[LagRow] = field(
        default_factory=lambda: [
            make_lag(facility, handoff, None if (place + step) % 11 == 10 else base * (1 + 0.35 * place))
            for place, facility in enumerate(sorted(REGISTRY.facilities))
            for step, (handoff, base) in enumerate(
                zip(HANDOFFS, (300_000, 52_000, 98_000, 150_000, 430_000), strict=True)
            )
        ]
    )

    def by_facility(self, filters: Filters) -> list[LagRow]:
        return self.rows


@dataclass
class FakeAging:
    found: list[AgingBucket] = field(
        default_factory=lambda: [
            AgingBucket({"facility": facility, "reason": reason}, start, end, count, {"USD": Decimal(count) * 1750})
            for facility, reason, start, end, count in (
                ("MWEST", "price_variance", 0.0, 1.0, 12), ("MWEST", "price_variance", 1.0, 3.0, 7),
                ("MEAST", "missing_receipt", 3.0, 7.0, 9), ("STLUK", "blocked_supplier", 14.0, 30.0, 3),
                ("MWEST", "missing_receipt", 30.0, None, 2),
            )
        ]
    )  # fmt: skip

    handoffs: tuple[str, ...] = ("exception_tax", "exception_other")

    def buckets(self, filters: Filters, *, group_by: Sequence[str] = ("facility", "reason")) -> list[AgingBucket]:
        return self.found


@dataclass
class FakeKpis:
    found: list[Kpi] = field(
        default_factory=lambda: [
            Kpi("invoice_cycle_time", "Invoice cycle time, paid invoices", "Median days from receipt to payment. Of: paid invoices.", 21.75, "days", None, 1166, "Invoices not yet paid.", "APQC"),
            Kpi("invoice_cycle_time_all", "Invoice cycle time, open invoices included", "The day by which half are paid. Of: received invoices.", None, "days", 1166, 1941, "Invoices without a receipt event.", "Aalen and Johansen 1978", at_least=30.5),
            Kpi("invoices_paid_more_than_once", "Invoices paid more than once", "Invoices that two or more payments touch. Of: paid invoices.", 188, "invoices", 188, 927, "Nothing.", "OCEL 2.0"),
            Kpi("first_pass_match_rate", "Three-way match, first pass", "Invoices matched at the first try. Of: matched invoices.", 0.9241, "share", 1793, 1941, "Voided invoices.", "Medius"),
        ]
    )  # fmt: skip

    def all(self, filters: Filters) -> list[Kpi]:
        return self.found

    def journey_lags(self, filters: Filters) -> list[JourneyLag]:
        medians = (7.15, 6.56, 2.36, None, 21.75)
        return [
            JourneyLag(step.title, step.start, step.stop, 0 if median is None else 927, median)
            for step, median in zip(STEPS, medians, strict=True)
        ]

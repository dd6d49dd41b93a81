"""Lag, exception aging and KPIs of the invented network, as fakes of their ports."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from support.console_network import HANDOFFS, NOW, REGISTRY

from core.filters import Filters
from core.paging import Page
from core.vocabulary import ObjectRef
from slo.aging import AgingBucket
from slo.forecast import Chance, Expected, Outlook
from slo.journey_lags import STEPS, JourneyLag
from slo.kpi_values import Measured
from slo.kpis import Kpi, KpiItem, definition_of
from slo.lag import PERCENTILES, LagRow, Percentile
from slo.lag_comparison import ComparedLag
from slo.opened import EVER, Comparison, Opened, Windows
from slo.views import VIEWS, ViewItem, ViewSummary, view_of

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def make_lag(facility: str, handoff: str, p50: float | None, **changes: object) -> LagRow:
    """Return a lag row whose censor-aware median is `p50` seconds (None: not identified)."""
    made = LagRow(
        keys={"facility": facility, "handoff": handoff},
        open=42,
        decided_good=180,
        decided_bad=33,
        cancelled=4,
        closed=196,
        percentiles=make_percentiles(p50),
    )
    return replace(made, **changes)


def make_percentiles(p50: float | None) -> tuple[Percentile, ...]:
    """Return percentiles of which the median is `p50`, p75 is known too, and the others are not."""
    if p50 is None:
        return tuple(Percentile(each, None, None, None, None, 345_600) for each in PERCENTILES)
    return (
        Percentile(50, p50 * 0.6, p50, p50 * 0.9, p50 * 1.2, None),
        Percentile(75, p50 * 1.1, p50 * 2, p50 * 1.6, None, None),
        Percentile(90, p50 * 1.4, None, p50 * 2.5, None, p50 * 3),
        Percentile(95, p50 * 1.6, None, None, None, p50 * 3),
    )


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
    reckoned_at: datetime | None = None

    def by_facility(
        self, filters: Filters, *, group_by: Sequence[str] = ("facility", "handoff"), opened: Opened = EVER
    ) -> tuple[list[LagRow], datetime]:
        return self.rows, self.reckoned_at or filters.as_of

    def trend(
        self, filters: Filters, step: str = "week", *, group_by: Sequence[str] = (), opened: Opened = EVER
    ) -> tuple[list[LagRow], datetime]:
        weeks = ("2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23", "2026-03-02")
        rows = [
            replace(make_lag("", "", None if week == weeks[-1] else 90_000 + 20_000 * place), keys={step: week})
            for place, week in enumerate(weeks)
        ]
        return rows, self.reckoned_at or filters.as_of


@dataclass
class FakeLagComparisons:
    reckoned_at: datetime | None = None

    def compare(
        self, filters: Filters, windows: Windows, group_by: Sequence[str] = ("facility", "handoff")
    ) -> tuple[list[ComparedLag], Comparison]:
        told = (("slower", 0.0004), ("faster", 0.011), ("alike", 0.44), ("unknown", None))
        rows = [
            ComparedLag(
                dict.fromkeys(group_by, "") | {"handoff": handoff},
                make_lag("", handoff, 90_000),
                make_lag("", handoff, 140_000 if verdict == "slower" else 70_000),
                None if p_value is None else 6.5,
                p_value,
                verdict,
            )
            for handoff, (verdict, p_value) in zip(HANDOFFS, told, strict=False)
        ]
        return rows, windows.at(self.reckoned_at or filters.as_of)


def make_expected(facility: str, late: float, **changes: object) -> Expected:
    """Return what is expected two days after the network's noon."""
    made = Expected({"facility": facility}, NOON + timedelta(days=2), late, 8, 17, 60, 3, 1)
    return replace(made, **changes)


def make_chance(object_id: str, late: float | None, **changes: object) -> Chance:
    made = Chance(
        "procure-to-pay", "invoice_to_match", ObjectRef("invoice", object_id), ObjectRef("purchase_order", "4500017"),
        "MWEST", "V-77", "", "implants", "clinical-critical", Decimal("12500.00"), "USD",
        NOON - timedelta(hours=9), NOON + timedelta(hours=7), late, None if late is None else 0.9 - late,
        None if late is None else 0.1, "few" if late is None else "", "" if late is None else "facility", 212,
    )  # fmt: skip
    return replace(made, **changes)


@dataclass
class FakeForecasts:
    rows: list[Expected] = field(
        default_factory=lambda: [make_expected("MWEST", 12.3), make_expected("MEAST", 2.2, low=0, high=5, forecast=9)]
    )
    found: list[Chance] = field(
        default_factory=lambda: [make_chance("INV-1", 0.81), make_chance("INV-2", 0.4), make_chance("INV-3", None)]
    )

    reckoned_at: datetime | None = None

    def expected(
        self, filters: Filters, days: int = 7, *, group_by: Sequence[str] = ("facility",)
    ) -> tuple[list[Expected], datetime]:
        return self.rows, self.reckoned_at or filters.as_of

    def outlook(self, filters: Filters, days: int = 7, *, likeliest: int = 25) -> tuple[Outlook, datetime]:
        told = [each for each in self.found if each.late is not None]
        return Outlook(tuple(self.rows), tuple(told[:likeliest])), self.reckoned_at or filters.as_of

    def page(self, filters: Filters, days: int = 7, *, limit: int = 50, cursor: str | None = None) -> Page[Chance]:
        return Page(tuple(self.found), None, len(self.found))


@dataclass
class FakeAging:
    found: list[AgingBucket] = field(
        default_factory=lambda: [
            AgingBucket({"facility": facility, "reason": reason, "owner": "Accounts payable", "supplier": "V-7"}, start, end, count, {"USD": Decimal(count) * 1750})
            for facility, reason, start, end, count in (
                ("MWEST", "price_variance", 0.0, 1.0, 12), ("MWEST", "price_variance", 1.0, 3.0, 7),
                ("MEAST", "missing_receipt", 3.0, 7.0, 9), ("STLUK", "blocked_supplier", 14.0, 30.0, 3),
                ("MWEST", "missing_receipt", 30.0, None, 2),
            )
        ]
    )  # fmt: skip

    handoffs: tuple[str, ...] = ("exception_tax", "exception_other")

    bounds_days: tuple[float, ...] = (0, 1, 3, 7, 14, 30)
    reckoned_at: datetime | None = None

    def buckets(
        self,
        filters: Filters,
        bounds_days: Sequence[float] | None = None,
        *,
        group_by: Sequence[str] = ("facility", "reason"),
    ) -> tuple[list[AgingBucket], datetime]:
        return self.found, self.reckoned_at or filters.as_of


@dataclass
class FakeViews:
    item: ViewItem = field(
        default_factory=lambda: ViewItem(
            ObjectRef("invoice", "INV/881"), "MWEST", "V-7", "Surgery", "Sutures", "standard", "three_way", Decimal(700),
            "USD", NOW - timedelta(days=3), 259_200, None, "Accounts payable", "blocked for payment", "quantity", 10, 8)
    )  # fmt: skip

    def all(self, filters: Filters) -> list[ViewSummary]:
        return [ViewSummary(view, 1, self.item.since, {"USD": Decimal(700)}, {"Accounts payable": 1}) for view in VIEWS]

    def page(self, key: str, filters: Filters, *, limit: int = 50, cursor: str | None = None) -> Page[ViewItem]:
        view_of(key)
        return Page((self.item,), None, 1)


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

    reckoned_at: datetime | None = None

    def all(self, filters: Filters) -> tuple[list[Kpi], datetime]:
        return self.found, self.reckoned_at or filters.as_of

    def one(self, key: str, filters: Filters) -> Kpi:
        definition_of(key)
        return replace(self.found[0], key=key)

    def breakdown(self, key: str, by: str, filters: Filters) -> list[Measured]:
        return [Measured("MWEST", 0.5, 2, 4, 1, None, {"USD": Decimal(700)}, {"USD": Decimal(1400)})]

    def items(self, key: str, filters: Filters, *, part: str = "numerator", by: str = "", value: str = "",
              limit: int = 50, cursor: str | None = None) -> Page[KpiItem]:  # fmt: skip
        definition_of(key)
        item = KpiItem(ObjectRef("invoice", "INV/881"), "MWEST", "V-7", "Surgery", "three_way", "", f"of the {part}",
                       filters.as_of, Decimal("12.50"), "USD", part == "numerator")  # fmt: skip
        return Page((item,), None, 1)

    def journey_lags(self, filters: Filters) -> tuple[list[JourneyLag], datetime]:
        medians = (7.15, 6.56, 2.36, None, 21.75)
        lags = [
            JourneyLag(step.title, step.start, step.stop, 0 if median is None else 927, median)
            for step, median in zip(STEPS, medians, strict=True)
        ]
        return lags, filters.as_of

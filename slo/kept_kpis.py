"""All KPIs of the present, as they stood a moment ago: each is a query over all invoices or orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.filters import Filters
from core.kept_answers import KeptAnswers
from core.paging import Page
from slo.journey_lags import JourneyLag
from slo.kpi_values import Measured
from slo.kpis import Kpi, KpiItem, Kpis

IGNORED = ("handoff", "cause")  # documents have neither


@dataclass(frozen=True)
class KeptKpis:
    """KPIs as `Kpis` tells them; the list of all of them comes with the instant that it is of."""

    kpis: Kpis
    kept: KeptAnswers

    def all(self, filters: Filters) -> tuple[Sequence[Kpi], datetime]:
        """Return every KPI."""
        question = ("kpis", filters.chosen(but=IGNORED))
        return self.kept.of(question, filters, lambda as_of: self.kpis.all(filters.at(as_of)))

    def journey_lags(self, filters: Filters) -> tuple[Sequence[JourneyLag], datetime]:
        """Return the median days between the milestones of journeys, step by step."""
        question = ("journeys/lag", filters.chosen(but=IGNORED))
        return self.kept.of(question, filters, lambda as_of: self.kpis.journey_lags(filters.at(as_of)))

    def one(self, key: str, filters: Filters) -> Kpi:
        """Return one KPI. Raises NotFoundError."""
        return self.kpis.one(key, filters)

    def breakdown(self, key: str, by: str, filters: Filters) -> Sequence[Measured]:
        """Return a KPI for each value of one of its breakdowns. Raises NotFoundError, MisuseError."""
        return self.kpis.breakdown(key, by, filters)

    def items(
        self,
        key: str,
        filters: Filters,
        *,
        part: str = "numerator",
        by: str = "",
        value: str = "",
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[KpiItem]:
        """Return the documents of a part of a KPI, the newest first. Raises NotFoundError, MisuseError."""
        return self.kpis.items(key, filters, part=part, by=by, value=value, limit=limit, cursor=cursor)

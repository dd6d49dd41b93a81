"""The ports of what is measured: exceptions by age, KPIs and ready views."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.filters import Filters
from core.paging import Page
from slo.aging import AgingBucket
from slo.journey_lags import JourneyLag
from slo.kpi_values import Measured
from slo.kpis import Kpi, KpiItem
from slo.views import ViewItem, ViewSummary


class AgingQueries(Protocol):
    """How long exceptions have been open (slo.kept_aging)."""

    @property
    def handoffs(self) -> Sequence[str]:
        """The handoffs whose open instances are counted."""
        ...

    @property
    def bounds_days(self) -> Sequence[float]:
        """Where buckets begin unless asked otherwise, in days."""
        ...

    def buckets(
        self,
        filters: Filters,
        bounds_days: Sequence[float] | None = None,
        *,
        group_by: Sequence[str] = ("facility", "reason"),
    ) -> tuple[Sequence[AgingBucket], datetime]:
        """Return the buckets that hold anything, youngest first, and of which instant they are. Raises MisuseError."""
        ...


class KpiQueries(Protocol):
    """KPIs with their written definitions (slo.kept_kpis)."""

    def all(self, filters: Filters) -> tuple[Sequence[Kpi], datetime]:
        """Return every KPI, and the instant that they are of: for the present it may be that of a moment ago."""
        ...

    def one(self, key: str, filters: Filters) -> Kpi:
        """Return one KPI. Raises NotFoundError."""
        ...

    def breakdown(self, key: str, by: str, filters: Filters) -> Sequence[Measured]:
        """Return a KPI for each value of one of its breakdowns. Raises NotFoundError, MisuseError."""
        ...

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
        ...

    def journey_lags(self, filters: Filters) -> tuple[Sequence[JourneyLag], datetime]:
        """Return the median days between the milestones of journeys, step by step, and the instant that they are of."""
        ...


class ViewQueries(Protocol):
    """Ready views (slo.views)."""

    def all(self, filters: Filters) -> Sequence[ViewSummary]:
        """Return every view with what it holds."""
        ...

    def page(self, key: str, filters: Filters, *, limit: int = 50, cursor: str | None = None) -> Page[ViewItem]:
        """Return some rows of a view, the oldest first. Raises NotFoundError, MisuseError."""
        ...

"""All KPIs of the present, asked once a minute however many look: each is a query over all invoices or orders."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from core.clock import Clock
from core.filters import Filters
from core.paging import Page
from slo.journey_lags import JourneyLag
from slo.kpi_values import Measured
from slo.kpis import Kpi, KpiItem, Kpis

KEPT_FOR = timedelta(minutes=1)
PRESENT = timedelta(seconds=5)  # between a request's reading of the clock and ours
NO_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)
MOST = 64  # answers, one for each combination of filters that is looked at


class Measuring(Protocol):
    """What measures every KPI anew (slo.kpis.Kpis)."""

    def all(self, filters: Filters) -> Sequence[Kpi]:
        """Return every KPI."""
        ...


@dataclass
class Remembered:
    """Every KPI, of the present from an answer that may be a minute old, of any other instant anew."""

    measuring: Measuring
    clock: Clock
    _answers: dict[Filters, tuple[datetime, Sequence[Kpi]]] = field(default_factory=dict)

    def all(self, filters: Filters) -> Sequence[Kpi]:
        """Return every KPI as of the instant, or of up to a minute before the present."""
        now = self.clock.now()
        if abs(now - filters.as_of) > PRESENT:
            return self.measuring.all(filters)
        question = replace(filters, as_of=NO_INSTANT)
        asked_at, answer = self._answers.get(question, (None, ()))
        if asked_at is None or not timedelta(0) <= now - asked_at < KEPT_FOR:
            answer = self.measuring.all(filters)
            self._answers = dict([*self._answers.items(), (question, (now, answer))][-MOST:])
        return answer


class RememberedKpis:
    """Answers as Kpis does; the list of all of them as Remembered does."""

    def __init__(self, kpis: Kpis, clock: Clock) -> None:
        """`clock` says what the present is."""
        self._kpis, self._remembered = kpis, Remembered(kpis, clock)

    def all(self, filters: Filters) -> Sequence[Kpi]:
        """Return every KPI, of the present up to a minute old."""
        return self._remembered.all(filters)

    def one(self, key: str, filters: Filters) -> Kpi:
        """Return one KPI. Raises NotFoundError."""
        return self._kpis.one(key, filters)

    def breakdown(self, key: str, by: str, filters: Filters) -> list[Measured]:
        """Return a KPI for each value of one of its breakdowns. Raises NotFoundError, MisuseError."""
        return self._kpis.breakdown(key, by, filters)

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
        return self._kpis.items(key, filters, part=part, by=by, value=value, limit=limit, cursor=cursor)

    def journey_lags(self, filters: Filters) -> list[JourneyLag]:
        """Return the median days between the milestones of journeys, step by step."""
        return self._kpis.journey_lags(filters)

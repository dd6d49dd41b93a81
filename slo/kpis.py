"""KPIs: each a written definition and one query, as of any instant."""

from dataclasses import dataclass

from core.clickhouse import Database
from core.filters import Filters
from core.sql import sql
from slo.journey_lags import JourneyLag, JourneyLags
from slo.kpi_definitions import KPIS, KpiDefinition, Unit


@dataclass(frozen=True)
class Kpi:
    """A KPI as of an instant. `value` is in `unit` (a share is 0 to 1); None where there is nothing to measure.

    `numerator` and `denominator` are counts, None where the definition has none. `at_least` bounds a value that is not
    yet known because too much is still open.
    """

    key: str
    title: str
    definition: str
    value: float | None
    unit: Unit
    numerator: int | None
    denominator: int
    exclusions: str
    source: str
    at_least: float | None = None


@dataclass(frozen=True)
class Kpis:
    """Queries for KPIs over a database; journeys are those of `model`."""

    database: Database
    model: str = "procure-to-pay"

    def all(self, filters: Filters) -> list[Kpi]:
        """Return every KPI as of `filters.as_of`, in the order of their definitions.

        Filters apply to the invoice or journey measured; `handoff` and `cause` do not apply.
        """
        return [self._measured(definition, filters) for definition in KPIS]

    def journey_lags(self, filters: Filters) -> list[JourneyLag]:
        """Return the median days between the milestones of journeys as of `filters.as_of`, step by step."""
        return JourneyLags(self.database, self.model).medians(filters)

    def _measured(self, definition: KpiDefinition, filters: Filters) -> Kpi:
        values = filters.parameters() | {"model": self.model}
        (row,) = self.database.rows(sql("slo", f"kpi_{definition.key}"), **values)
        return Kpi(
            key=definition.key,
            title=definition.title,
            definition=f"{definition.text} Of: {definition.denominator}.",
            value=row["value"],
            unit=definition.unit,
            numerator=row["numerator"],
            denominator=row["denominator"],
            exclusions=definition.exclusions,
            source=definition.source,
            at_least=row["at_least"],
        )

"""KPIs: each a written definition and one query of its items, as of any instant."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from core.clickhouse import Database
from core.errors import MisuseError, NotFoundError
from core.filters import Filters
from core.paging import Page, page_of
from core.problems import one_of
from core.sql import expanded, sql
from core.vocabulary import ObjectRef
from slo.invoice_kpis import INVOICE_KPIS
from slo.journey_lags import JourneyLag, JourneyLags
from slo.kpi_definitions import KpiDefinition, Unit
from slo.kpi_rules import KpiRules
from slo.kpi_values import Measured, nothing, valued
from slo.order_kpis import ORDER_KPIS
from slo.record_kpis import RECORD_KPIS

KPIS = (*INVOICE_KPIS, *ORDER_KPIS, *RECORD_KPIS)
Part = Literal["numerator", "denominator", "lacking"]
PARTS: tuple[Part, ...] = ("numerator", "denominator", "lacking")
# By which query the items of a KPI become figures.
FIGURES = {
    "share": "kpi_shares",
    "count": "kpi_shares",
    "days_owed": "kpi_shares",
    "closed_median": "kpi_medians",
    "median": "kpi_survivals",
}


@dataclass(frozen=True)
class Kpi:
    """A KPI as of an instant. `value` is in `unit` (a share is 0 to 1); None where there is nothing to measure.

    `numerator` and `denominator` are counts, None where the definition has none. `at_least` bounds a value that is not
    yet known because too much is still open. `lacking` items do not state what the KPI `needs`; `not_measured` says so
    where none does. `amounts` by currency: of what is counted, and of all that is measured.
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
    counted: str = ""
    measured: str = ""
    closed_only: bool = False
    twin: str = ""
    needs: str = ""
    lacking: int = 0
    not_measured: str = ""
    breakdowns: tuple[str, ...] = ()
    amounts: dict[str, Decimal] = field(default_factory=dict)
    amounts_of: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class KpiItem:
    """One document behind a KPI: whether it is counted, what is to be said of it, and `who` as the KPI tells apart."""

    object: ObjectRef
    facility: str
    supplier: str
    department: str
    flow_type: str
    who: str
    note: str
    at: datetime | None
    amount: Decimal | None
    currency: str
    in_numerator: bool


@dataclass(frozen=True)
class Kpis:
    """Queries for KPIs over a database; journeys are those of `model`."""

    database: Database
    model: str = "procure-to-pay"
    rules: KpiRules = field(default_factory=KpiRules)

    def all(self, filters: Filters) -> list[Kpi]:
        """Return every KPI as of `filters.as_of`, in the order of their definitions.

        Filters apply to the document or journey measured; `handoff` and `cause` do not apply.
        """
        return [self.one(definition.key, filters) for definition in KPIS]

    def one(self, key: str, filters: Filters) -> Kpi:
        """Return one KPI. Raises NotFoundError."""
        definition = definition_of(key)
        found = self._measure(definition, filters, "")
        return _kpi(definition, found[0] if found else nothing(), self._lacking(definition, filters))

    def breakdown(self, key: str, by: str, filters: Filters) -> list[Measured]:
        """Return a KPI for each value of one of its breakdowns, the largest first.

        Raises NotFoundError, MisuseError.
        """
        definition = definition_of(key)
        if by not in definition.breakdowns:
            message = f"{key} is not told apart by {by!r}{one_of(by, definition.breakdowns)}"
            raise MisuseError(message)
        return self._measure(definition, filters, by)

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
        """Return the documents of a part of a KPI, the newest first; with `by` those of one value of a breakdown.

        Raises NotFoundError, MisuseError.
        """
        definition = definition_of(key)
        if part not in PARTS:
            message = f"{part!r} is no part of a KPI{one_of(part, PARTS)}"
            raise MisuseError(message)
        if by and by not in definition.breakdowns:
            message = f"{key} is not told apart by {by!r}{one_of(by, definition.breakdowns)}"
            raise MisuseError(message)
        asked = {"part": part, "key": value, "closed_only": definition.measure == "closed_median"}
        values = {**self._values(definition, filters, by), **asked}
        query = _reading(definition, "kpi_page")

        def ask(after: int, most: int) -> list[dict[str, Any]]:
            return self.database.rows(query, **values, limit=most, after=after)

        return page_of(ask, _item, cursor, limit)

    def journey_lags(self, filters: Filters) -> list[JourneyLag]:
        """Return the median days between the milestones of journeys as of `filters.as_of`, step by step."""
        return JourneyLags(self.database, self.model).medians(filters)

    def _measure(self, definition: KpiDefinition, filters: Filters, by: str) -> list[Measured]:
        query = _reading(definition, FIGURES[definition.measure])
        rows = self.database.rows(query, **self._values(definition, filters, by))
        return [valued(definition, row, self.rules.purchase_days) for row in rows]

    def _lacking(self, definition: KpiDefinition, filters: Filters) -> int | None:
        """Return how many items lack what a median needs, which its own query does not count."""
        if definition.measure != "median" or not definition.needs:
            return None
        rows = self.database.rows(_reading(definition, "kpi_shares"), **self._values(definition, filters, ""))
        return int(rows[0]["lacking"]) if rows else 0

    def _values(self, definition: KpiDefinition, filters: Filters, by: str) -> dict[str, Any]:
        rules = self.rules.parameters(definition.items or definition.key)
        return filters.parameters() | rules | {"model": self.model, "by": by}


def definition_of(key: str) -> KpiDefinition:
    """Return the definition of a KPI. Raises NotFoundError."""
    for definition in KPIS:
        if definition.key == key:
            return definition
    message = f"there is no KPI {key!r}{one_of(key, [each.key for each in KPIS])}"
    raise NotFoundError(message)


def _reading(definition: KpiDefinition, figures: str) -> str:
    """Return the query that makes figures, or a page, of a KPI's items."""
    return expanded(sql("slo", figures).replace("kpi_$key", definition.query))


def _kpi(definition: KpiDefinition, found: Measured, lacking: int | None) -> Kpi:
    is_missing = bool(definition.needs) and not found.denominator and not found.numerator
    return Kpi(
        key=definition.key,
        title=definition.title,
        definition=f"{definition.text} Of: {definition.denominator}.",
        value=None if is_missing else found.value,
        unit=definition.unit,
        numerator=None if definition.measure == "closed_median" else found.numerator,
        denominator=found.denominator,
        exclusions=definition.exclusions,
        source=definition.source,
        at_least=found.at_least,
        counted=definition.numerator,
        measured=definition.denominator,
        closed_only=definition.closed_only,
        twin=definition.twin,
        needs=definition.needs,
        lacking=found.lacking if lacking is None else lacking,
        not_measured=f"not measured: no event states {definition.needs}" if is_missing else "",
        breakdowns=definition.breakdowns,
        amounts=found.amounts,
        amounts_of=found.amounts_of,
    )


def _item(row: dict[str, Any]) -> KpiItem:
    told = {name: row[name] for name in KpiItem.__dataclass_fields__ if name != "object"}
    return KpiItem(object=ObjectRef(row["object_type"], row["object_id"]), **told)

"""Which documents behind a KPI a request asks for, on a page and over the API alike."""

from core.filters import DIMENSIONS
from core.paging import Page
from slo.kpis import KpiItem
from web.measures import KpiQueries
from web.parameters import ListQuery

KPI_FILTERS = tuple(name for name in DIMENSIONS if name not in {"handoff", "cause"})


def kpi_documents(kpis: KpiQueries, key: str, query: ListQuery) -> Page[KpiItem]:
    """Return a page of the documents that a query asks for. Raises NotFoundError, MisuseError."""
    return kpis.items(
        key,
        query.filters,
        part=query.part or "numerator",
        by=query.by or "",
        value=query.value or "",
        limit=query.limit,
        cursor=query.cursor,
    )

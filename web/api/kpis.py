"""What stands behind a KPI, over the API: its documents, and its figures apart."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from core.paging import Page, whole
from slo.kpis import KpiItem
from web.api.lists import CSV
from web.api.wire import API_PREFIX, ERRORS, Listed, wire_page
from web.api.wire_figures import WireKpiItem, WireMeasured
from web.export import columns_of, csv_response, every
from web.kpi_documents import KPI_FILTERS, kpi_documents
from web.pages.shared import services_of
from web.parameters import OF_PAGES, ListQuery, query_taking

ALL_ITEMS: Any = query_taking((*KPI_FILTERS, "as_of", "part", "by", "value"))
ITEMS: Any = query_taking((*KPI_FILTERS, "as_of", "part", "by", "value", *OF_PAGES))
APART: Any = query_taking((*KPI_FILTERS, "as_of", "by"))
ItemQuery = Annotated[ListQuery, Depends(ITEMS)]
AllItemsQuery = Annotated[ListQuery, Depends(ALL_ITEMS)]
ApartQuery = Annotated[ListQuery, Depends(APART)]
router = APIRouter(prefix=API_PREFIX, responses=ERRORS)


@router.get(
    "/kpis/{key}/items", summary="The documents behind a KPI: those counted, all that are measured, or lacking."
)
def items(request: Request, key: str, query: ItemQuery) -> Listed[WireKpiItem]:
    """Return them the newest first; with `by` and `value` those of one value of a breakdown."""
    return wire_page(WireKpiItem, kpi_documents(services_of(request).kpis, key, query), query.filters.as_of)


@router.get("/kpis/{key}/items.csv", summary="The documents behind a KPI. As CSV.", response_class=CSV)
def items_as_csv(request: Request, key: str, query: AllItemsQuery) -> Response:
    """Return them all."""
    kpis = services_of(request).kpis

    def fetch(cursor: str | None) -> Page[KpiItem]:
        return kpi_documents(kpis, key, query.every(cursor))

    rows = (WireKpiItem.model_validate(item) for item in every(fetch(None), fetch))
    name = f"stallwatch-kpi-{key.replace('_', '-')}"
    return csv_response(name, columns_of(WireKpiItem), rows, query.filters.as_of)


@router.get("/kpis/{key}/breakdown", summary="A KPI apart, by facility or what else it knows (`by`).")
def breakdown(request: Request, key: str, query: ApartQuery) -> Listed[WireMeasured]:
    """Return a figure for each value, the one with the largest denominator first."""
    found = services_of(request).kpis.breakdown(key, query.by or "facility", query.filters)
    return wire_page(WireMeasured, whole(found), query.filters.as_of)


@router.get("/kpis/{key}/breakdown.csv", summary="A KPI apart. As CSV.", response_class=CSV)
def breakdown_as_csv(request: Request, key: str, query: ApartQuery) -> Response:
    """Return a figure for each value."""
    found = services_of(request).kpis.breakdown(key, query.by or "facility", query.filters)
    rows = (WireMeasured.model_validate(each) for each in found)
    name = f"stallwatch-kpi-{key.replace('_', '-')}-apart"
    return csv_response(name, columns_of(WireMeasured), rows, query.filters.as_of)

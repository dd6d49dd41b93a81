"""What stands behind a KPI, over the API: its documents, and its figures apart."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from core.paging import whole
from web.api.lists import CSV
from web.api.wire import API_PREFIX, ERRORS, Listed, wire_page
from web.api.wire_figures import WireKpiItem, WireMeasured
from web.export import columns_of, csv_response, every
from web.kpi_documents import KPI_FILTERS, kpi_documents
from web.pages.shared import services_of
from web.parameters import OF_EVERY_LIST, ListQuery, query_taking

ITEMS: Any = query_taking((*KPI_FILTERS, *OF_EVERY_LIST, "part", "by", "value"))
APART: Any = query_taking((*KPI_FILTERS, *OF_EVERY_LIST, "by"))
ItemQuery = Annotated[ListQuery, Depends(ITEMS)]
ApartQuery = Annotated[ListQuery, Depends(APART)]
router = APIRouter(prefix=API_PREFIX, responses=ERRORS)


@router.get(
    "/kpis/{key}/items", summary="The documents behind a KPI: those counted, all that are measured, or lacking."
)
def items(request: Request, key: str, query: ItemQuery) -> Listed[WireKpiItem]:
    """Return them the newest first; with `by` and `value` those of one value of a breakdown."""
    return wire_page(WireKpiItem, kpi_documents(services_of(request).kpis, key, query), query.filters.as_of)


@router.get("/kpis/{key}/items.csv", summary="The documents behind a KPI. As CSV.", response_class=CSV)
def items_as_csv(request: Request, key: str, query: ItemQuery) -> Response:
    """Return them all."""
    services = services_of(request)
    found = every(lambda cursor: kpi_documents(services.kpis, key, query.every(cursor)))
    rows = (WireKpiItem.model_validate(item) for item in found)
    return csv_response(f"stallwatch-kpi-{key.replace('_', '-')}", columns_of(WireKpiItem), rows)


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
    return csv_response(f"stallwatch-kpi-{key.replace('_', '-')}-apart", columns_of(WireMeasured), rows)

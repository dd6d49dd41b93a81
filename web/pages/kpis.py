"""KPIs: each figure beside what it counts, of what, and what it leaves out; and the documents behind it."""

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from slo.invoice_kpis import INVOICE_KPIS
from slo.kpis import PARTS, Kpi
from slo.order_kpis import ORDER_KPIS
from slo.record_kpis import RECORD_KPIS
from web.kpi_documents import KPI_FILTERS, kpi_documents
from web.links import Address
from web.pages.shared import render_filtered, services_of
from web.parameters import Query

SECTIONS = (
    ("Invoices and payments", INVOICE_KPIS),
    ("Orders, approvals and suppliers", ORDER_KPIS),
    ("Integrations and records", RECORD_KPIS),
)
router = APIRouter()


@router.get("/kpis")
def kpis(request: Request, query: Query) -> Response:
    """Show every KPI and the days between milestones, under the filters of the address."""
    asked = services_of(request).kpis
    (found, reckoned_at), (lags, lags_at) = asked.all(query.filters), asked.journey_lags(query.filters)
    sections = [(title, _of(found, {each.key for each in definitions})) for title, definitions in SECTIONS]
    shown = {"sections": sections, "reckoned_at": reckoned_at, "lags": lags, "lags_at": lags_at}
    return render_filtered(request, "kpis", query, KPI_FILTERS, **shown)


def _of(found: Sequence[Kpi], keys: set[str]) -> list[Kpi]:
    return [each for each in found if each.key in keys]


@router.get("/kpis/{key}")
def kpi(request: Request, key: str, query: Query) -> Response:
    """Show one KPI with its whole definition, its figures apart, and the documents of a part of it."""
    asked = services_of(request).kpis
    found = asked.one(key, query.filters)
    page = kpi_documents(asked, key, query)
    return render_filtered(
        request,
        "kpi",
        query,
        KPI_FILTERS,
        kpi=found,
        apart={by: asked.breakdown(key, by, query.filters) for by in found.breakdowns},
        page=page,
        part=query.part or "numerator",
        parts=PARTS,
        by=query.by or "",
        value=query.value or "",
        api=Address.of(f"/api/v1/kpis/{key}/items", request.query_params.multi_items()),
    )

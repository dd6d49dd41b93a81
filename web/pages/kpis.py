"""KPIs: each figure beside what it counts, of what, and what it leaves out."""

from fastapi import APIRouter, Request, Response

from slo.kpis import Kpi
from web.pages.shared import WITHOUT_CAUSE, render_filtered, services_of
from web.parameters import Query
from web.words import NOTHING

KPI_DIMENSIONS = tuple(name for name in WITHOUT_CAUSE if name != "handoff")
router = APIRouter()


@router.get("/kpis")
def kpis(request: Request, query: Query) -> Response:
    """Show every KPI under the filters of the address."""
    found = [(kpi, figure(kpi)) for kpi in services_of(request).kpis.all(query.filters)]
    return render_filtered(request, "kpis", query, KPI_DIMENSIONS, kpis=found)


def figure(kpi: Kpi) -> str:
    """Return a KPI's value in its unit: "92.4 %", "21.8 days", "188"; "≥ 30.0 days" where it is only bounded."""
    value, bound = (kpi.value, "") if kpi.value is not None else (kpi.at_least, "≥ ")
    if value is None:
        return NOTHING
    if kpi.unit == "share":
        return f"{bound}{100 * value:.1f} %"
    return f"{bound}{value:,.1f} days" if kpi.unit == "days" else f"{bound}{value:,.0f}"

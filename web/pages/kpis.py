"""KPIs: each figure beside what it counts, of what, and what it leaves out; and how far apart milestones lie."""

from fastapi import APIRouter, Request, Response

from web.pages.shared import WITHOUT_CAUSE, render_filtered, services_of
from web.parameters import Query

KPI_DIMENSIONS = tuple(name for name in WITHOUT_CAUSE if name != "handoff")
router = APIRouter()


@router.get("/kpis")
def kpis(request: Request, query: Query) -> Response:
    """Show every KPI and the days between milestones, under the filters of the address."""
    asked = services_of(request).kpis
    found, lags = asked.all(query.filters), asked.journey_lags(query.filters)
    return render_filtered(request, "kpis", query, KPI_DIMENSIONS, kpis=found, lags=lags)

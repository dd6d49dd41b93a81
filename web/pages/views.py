"""Ready views: how much each holds, and its rows, the oldest first."""

from fastapi import APIRouter, Request, Response

from slo.views import VIEWS, view_of
from web.kpi_documents import KPI_FILTERS
from web.pages.shared import render_filtered, services_of
from web.parameters import Query

router = APIRouter()


@router.get("/views")
def views(request: Request, query: Query) -> Response:
    """Show every view with what it holds."""
    found = services_of(request).views.all(query.filters)
    return render_filtered(request, "views", query, KPI_FILTERS, views=found)


@router.get("/views/{key}")
def view(request: Request, key: str, query: Query) -> Response:
    """Show the rows of one view, with the others beside it as tabs."""
    asked = services_of(request).views
    page = asked.page(key, query.filters, limit=query.limit, cursor=query.cursor)
    return render_filtered(
        request, "view", query, KPI_FILTERS, view=view_of(key), views=VIEWS, page=page, paged=bool(query.cursor)
    )

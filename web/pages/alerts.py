"""Alerts: what fires and what is about to, whether somebody was told, and what resolved lately."""

from fastapi import APIRouter, Request, Response

from web.pages.shared import render, services_of
from web.parameters import Query

RESOLVED_SHOWN = 50  # the recent past; the API pages through all of it
router = APIRouter()


@router.get("/alerts")
def alerts(request: Request, query: Query) -> Response:
    """Show active alerts at `as_of`, and those resolved last."""
    services = services_of(request)
    return render(
        request,
        "alerts",
        active=services.alerts.active(query.filters.as_of),
        resolved=services.alerts.page("resolved", RESOLVED_SHOWN, query.cursor),
        as_of=query.filters.as_of,
        paged=query.cursor is not None,
    )

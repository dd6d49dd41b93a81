"""Quarantine: records that were refused, and why."""

from fastapi import APIRouter, Request, Response

from web.pages.shared import render, services_of
from web.parameters import Query

router = APIRouter()


@router.get("/quarantine")
def quarantine(request: Request, query: Query, integration: str | None = None) -> Response:
    """Show refused records newest first, of one integration where it is named. Their content stays in the store."""
    services = services_of(request)
    return render(
        request,
        "quarantine",
        page=services.quarantine.page(query.limit, query.cursor, integration or None),
        integration=integration,
        now=services.clock.now(),
        paged=query.cursor is not None,
    )

"""Integrations: who is heard, who fell silent, who never spoke."""

from collections import Counter

from fastapi import APIRouter, Request, Response

from web.pages.shared import render, services_of
from web.parameters import Query

router = APIRouter()


@router.get("/integrations")
def integrations(request: Request, query: Query) -> Response:
    """Show every integration, those that need somebody first."""
    found = services_of(request).telemetry.integrations(query.filters.as_of)
    counts = Counter(each.status for each in found)
    return render(request, "integrations", integrations=found, counts=counts, as_of=query.filters.as_of)

"""Integrations: who is heard and how well, who fell silent, who never spoke."""

from collections import Counter

from fastapi import APIRouter, Request, Response

from collector.health import WINDOWS, empty_hours, parse_window
from web.arrival_bars import arrival_bars
from web.pages.shared import render, services_of
from web.parameters import Query

router = APIRouter()


@router.get("/integrations")
def integrations(request: Request, query: Query) -> Response:
    """Show every integration with its health in the window of the address, those that need somebody first."""
    window, as_of = parse_window(query.window), query.filters.as_of
    telemetry = services_of(request).telemetry
    found = telemetry.integrations(as_of, window)
    hours = telemetry.arrivals(as_of)
    return render(
        request,
        "integrations",
        integrations=found,
        bars={
            each.integration: arrival_bars(hours.get(each.integration) or empty_hours(each.integration, as_of))
            for each in found
        },
        counts=Counter(each.status for each in found),
        window=window,
        windows=WINDOWS,
        as_of=as_of,
    )

"""What will be late: for each facility in one sentence, and the open handoffs that are the likeliest."""

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from slo.forecast import ENOUGH_CLOSED, ENOUGH_LONGER, Expected
from web.pages.shared import WITHOUT_CAUSE, render_filtered, services_of
from web.parameters import Query
from web.words import day, plural

OFFERED = (1, 2, 3, 5, 7, 14)  # days ahead
DEFAULT_DAYS = 3
LIKELIEST = 25  # rows: what somebody can look into in a morning; the API has all
router = APIRouter()


@router.get("/forecast")
def forecast(request: Request, query: Query) -> Response:
    """Show what to expect by the end of the days chosen."""
    services, days = services_of(request), query.days or DEFAULT_DAYS
    outlook, reckoned_at = services.forecasts.outlook(query.filters, days, likeliest=LIKELIEST)
    rows = by_the_last(outlook.expected)
    return render_filtered(
        request,
        "forecast",
        query,
        WITHOUT_CAUSE,
        rows=sorted(rows, key=lambda row: -row.late),
        told={row.keys["facility"]: sentence(row) for row in rows},
        likely=outlook.likeliest,
        reckoned_at=reckoned_at,
        days=days,
        offered=OFFERED,
        enough=ENOUGH_CLOSED,
        longer=ENOUGH_LONGER,
    )


def by_the_last(expected: Sequence[Expected]) -> list[Expected]:
    """Return of each group what is expected by the last day."""
    return [row for row in expected if row.until == max(each.until for each in expected)]


def sentence(row: Expected) -> str:
    """Return what a leader is told: "about 12 more handoffs will be late by Friday 6 March (8 to 17)"."""
    if not row.forecast:
        return f"{plural(row.undecided, 'open handoff')} cannot be forecast: too few like them have closed"
    by = f"by {day(row.until).rsplit(' ', 1)[0]}"
    if row.high == 0:
        return f"none of {plural(row.forecast, 'open handoff')} is likely to be late {by}"
    about = round(row.late)
    counted = plural(about, "more handoff") if about else "hardly any handoff"
    return (
        f"about {counted} will be late {by} ({row.low:,} to {row.high:,})"
        if about
        else (f"{counted} will be late {by} (up to {row.high:,})")
    )

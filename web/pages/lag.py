"""Lag: how long handoffs take, facility by facility: closed ones alone beside those still open too."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from core.errors import MisuseError
from slo.lag import PERCENTILES, LagRow, Percentile
from web.links import Address
from web.opened import opened_of
from web.pages.shared import WITHOUT_CAUSE, render_filtered, services_of
from web.parameters import ListQuery, Query
from web.plots import allow_plots, bundle_path
from web.words import exact, span

HOUR = 3600
WINDOWS = (
    (28, "in the last 4 weeks"),
    (91, "in the last 13 weeks"),
)  # whole weeks, so that each holds every weekday alike
router = APIRouter()


@router.get("/lag")
def lag(request: Request, query: Query) -> Response:
    """Show the heatmap and, row by row, its figures, at one percentile."""
    services = services_of(request)
    percentile = percentile_of(request)
    opened = opened_of(query)
    rows, reckoned_at = services.lag.by_facility(query.filters, opened=opened)
    label = request.app.state.names.label
    known = [row for row in rows if least(row.at(percentile)) is not None]
    page = render_filtered(
        request,
        "lag",
        query,
        WITHOUT_CAUSE,
        rows=rows,
        reckoned_at=reckoned_at,
        figure=heatmap(known, label, percentile) if rows else None,
        plotly=bundle_path(),
        percentile=percentile,
        percentiles=PERCENTILES,
        windows=windows(Address.of(request.url.path, request.query_params.multi_items()), query),
    )
    return allow_plots(page)


def percentile_of(request: Request) -> int:
    """Return the percentile that the address asks for, the median by default. Raises MisuseError."""
    asked = request.query_params.get("percentile") or "50"
    if asked not in map(str, PERCENTILES):
        message = f"percentile must be one of {', '.join(map(str, PERCENTILES))}, not {asked[:20]!r}"
        raise MisuseError(message)
    return int(asked)


def windows(address: Address, query: ListQuery) -> list[tuple[str, Address, bool]]:
    """Return the windows of opening to choose from: title, address, whether it is the one shown."""
    whenever = address.setting("opened_since").setting("opened_until")
    offered = [("at any time", whenever, not (query.opened_since or query.opened_until))]
    for days, title in WINDOWS:
        since = exact((query.filters.as_of - timedelta(days=days)).replace(second=0, microsecond=0))
        chosen = query.opened_since is not None and query.opened_since[:10] == since[:10] and not query.opened_until
        offered.append((title, whenever.setting("opened_since", since), chosen))
    return offered


def least(found: Percentile) -> float | None:
    """Return the censor-aware percentile in seconds, or what it is at least."""
    return found.censor_aware if found.censor_aware is not None else found.at_least


def heatmap(rows: Sequence[LagRow], label: Any, percentile: int = 50) -> dict[str, Any]:
    """Return the figure's values: hours by facility (down) and handoff (across), with what each cell says."""
    facilities = list(dict.fromkeys(row.keys["facility"] for row in rows))
    handoffs = list(dict.fromkeys(row.keys["handoff"] for row in rows))
    cells: Mapping[tuple[str, str], Percentile] = {
        (row.keys["facility"], row.keys["handoff"]): row.at(percentile) for row in rows
    }
    grid = [[cells.get((facility, handoff)) for handoff in handoffs] for facility in facilities]
    return {
        "facilities": [label("facility", facility) or "No facility" for facility in facilities],
        "handoffs": [label("handoff", handoff) for handoff in handoffs],
        "hours": [[_hours(cell) for cell in line] for line in grid],
        "texts": [["" if cell is None else bounded(cell) for cell in line] for line in grid],
        "bands": [["" if cell is None else band(cell) for cell in line] for line in grid],
    }


def bounded(found: Percentile) -> str:
    """Return a percentile in words: "3 d 4 h", "≥ 4 d" where too few have closed to tell."""
    return f"{'' if found.censor_aware is not None else '≥ '}{span(least(found))}"


def band(found: Percentile) -> str:
    """Return the band of a percentile in words: "1 d to 2 d", "1 d or more"; "" where nothing can be told."""
    if found.lower is None:
        return ""
    return f"{span(found.lower)} or more" if found.upper is None else f"{span(found.lower)} to {span(found.upper)}"


def _hours(cell: Percentile | None) -> float | None:
    seconds = least(cell) if cell else None
    return None if seconds is None else round(seconds / HOUR, 4)

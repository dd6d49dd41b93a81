"""Lag: how long handoffs take, facility by facility: closed ones alone beside those still open too."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response

from slo.lag import LagRow
from web.pages.shared import WITHOUT_CAUSE, render_filtered, services_of
from web.parameters import Query
from web.plots import allow_plots, bundle_path
from web.words import span

HOUR = 3600
router = APIRouter()


@router.get("/lag")
def lag(request: Request, query: Query) -> Response:
    """Show the heatmap and, row by row, its figures."""
    rows = services_of(request).lag.by_facility(query.filters)
    label = request.app.state.names.label
    figure = heatmap([row for row in rows if median(row) is not None], label) if rows else None
    page = render_filtered(request, "lag", query, WITHOUT_CAUSE, rows=rows, figure=figure, plotly=bundle_path())
    return allow_plots(page)


def median(row: LagRow) -> float | None:
    """Return the censor-aware median in seconds, or what it is at least."""
    return row.censor_aware_p50 if row.censor_aware_p50 is not None else row.at_least_p50


def heatmap(rows: Sequence[LagRow], label: Any) -> dict[str, Any]:
    """Return the figure's values: hours by facility (down) and handoff (across), with what each cell says."""
    facilities = list(dict.fromkeys(row.keys["facility"] for row in rows))
    handoffs = list(dict.fromkeys(row.keys["handoff"] for row in rows))
    cells: Mapping[tuple[str, str], LagRow] = {(row.keys["facility"], row.keys["handoff"]): row for row in rows}
    grid = [[cells.get((facility, handoff)) for handoff in handoffs] for facility in facilities]
    return {
        "facilities": [label("facility", facility) or "No facility" for facility in facilities],
        "handoffs": [label("handoff", handoff) for handoff in handoffs],
        "hours": [[_hours(cell) for cell in line] for line in grid],
        "texts": [[_text(cell) for cell in line] for line in grid],
    }


def _hours(cell: LagRow | None) -> float | None:
    seconds = median(cell) if cell else None
    return None if seconds is None else round(seconds / HOUR, 4)


def _text(cell: LagRow | None) -> str:
    if cell is None:
        return ""
    return f"{'' if cell.censor_aware_p50 is not None else '≥ '}{span(median(cell))}"

"""How lag went: one handoff week by week of opening, and every handoff against the weeks before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from slo.lag import STEPS, LagRow, Percentile
from slo.lag_comparison import ComparedLag
from slo.opened import Opened
from web.opened import opened_of, windows_of
from web.pages.shared import WITHOUT_CAUSE, render_filtered, services_of
from web.parameters import ListQuery, Query
from web.plots import allow_plots, bundle_path

DAY = 86_400
SHOWN = {"day": 28, "week": 26 * 7, "month": 2 * 365}  # days back: what a chart can show side by side
CHARTED = (50, 90)
ORDER = ("slower", "faster", "alike", "unknown")
router = APIRouter()


@router.get("/lag/trend")
def trend(request: Request, query: Query) -> Response:
    """Show which handoffs became slower or faster, and the trend of the one chosen, else of the busiest."""
    services, step = services_of(request), query.step or "week"
    compared, windows = services.lag_comparisons.compare(query.filters, windows_of(query), ("handoff",))
    handoff = busiest(compared, query)
    chosen = replace(query.filters, handoff=(handoff,))
    opened = shown_window(query, step)
    rows, rows_at = services.lag.trend(chosen, step, opened=opened) if handoff else ((), windows.as_of)
    label = request.app.state.names.label
    page = render_filtered(
        request,
        "lag_trend",
        query,
        WITHOUT_CAUSE,
        compared=sorted(compared, key=lambda row: ORDER.index(row.verdict)),
        windows=windows,
        handoff=handoff,
        title=label("handoff", handoff) if handoff else "",
        rows=rows,
        reckoned_at=min(rows_at, windows.as_of),
        figure=chart(rows, step) if rows else None,
        plotly=bundle_path(),
        step=step,
        steps=STEPS,
        charted=CHARTED,
    )
    return allow_plots(page)


def busiest(compared: Sequence[ComparedLag], query: ListQuery) -> str:
    """Return the one handoff that the filters name, else the one that most was opened of; "" where there is none."""
    if len(query.filters.handoff) == 1:
        return query.filters.handoff[0]
    return max(compared, key=_opened).keys["handoff"] if compared else ""


def shown_window(query: ListQuery, step: str) -> Opened:
    """Return the window of opening that the address names, else what the chart has room for before `as_of`.

    That begins with a day, so that whoever asks on the same day asks the same.
    """
    if query.opened_since or query.opened_until:
        return opened_of(query)
    today = query.filters.as_of.replace(hour=0, minute=0, second=0, microsecond=0)
    return Opened(since=today - timedelta(days=SHOWN.get(step, SHOWN["week"])))


def chart(rows: Sequence[LagRow], step: str) -> dict[str, Any]:
    """Return the figure's values: in days, each percentile with its band and where it is only known to be at least."""
    return {
        "starts": [row.keys[step] for row in rows],
        "lines": [
            {
                "title": "Median" if percentile == CHARTED[0] else f"{percentile} %",
                "days": [_days(row.at(percentile).censor_aware) for row in rows],
                "at_least": [_days(row.at(percentile).at_least) for row in rows],
                "lower": [_days(row.at(percentile).lower) for row in rows],
                "upper": [_days(_upper(row.at(percentile))) for row in rows],
            }
            for percentile in CHARTED
        ],
    }


def _upper(found: Percentile) -> float | None:
    return found.upper if found.censor_aware is not None else None


def _days(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / DAY, 4)


def _opened(row: ComparedLag) -> int:
    return sum(side.open + side.closed + side.cancelled for side in (row.earlier, row.later) if side)

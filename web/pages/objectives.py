"""Objectives: what was kept of what was promised, what is left of each budget, and how fast it goes."""

from collections import Counter
from typing import Any

from fastapi import APIRouter, Request, Response

from slo.evaluation import Evaluation
from web import objective_words as words
from web.pages.shared import render_filtered, services_of
from web.parameters import Query
from web.plots import allow_plots, bundle_path

OF_ALL = ("facility", "criticality", "handoff")
OF_ONE = ("facility", "criticality")
router = APIRouter()


@router.get("/objectives")
def objectives(request: Request, query: Query) -> Response:
    """Show every objective, those that need somebody first."""
    evaluated, reckoned_at = services_of(request).objectives.all(query.filters)
    found, states = words.in_order(evaluated), Counter(map(words.state_of, evaluated))
    shown = {"found": found, "states": states, "reckoned_at": reckoned_at, "words": words}
    return render_filtered(request, "objectives", query, OF_ALL, **shown)


@router.get("/objectives/{name}")
def objective(request: Request, name: str, query: Query) -> Response:
    """Show one objective, with its past."""
    found = services_of(request).objectives.one(name, query.filters)
    page = render_filtered(
        request,
        "objective",
        query,
        OF_ONE,
        found=found,
        reckoned_at=found.as_of,
        words=words,
        filters=query.filters,
        figure=_figure(found),
        plotly=bundle_path(),
    )
    return allow_plots(page)


def _figure(found: Evaluation) -> dict[str, Any]:
    """Return the chart's values: instants, and what was left of the budget in percent; null where nothing is told."""
    return {
        "at": [each.at.isoformat() for each in found.history],
        "left": [None if each.remaining is None else float(each.remaining * 100) for each in found.history],
        "texts": [words.left_text(each.remaining) for each in found.history],
    }

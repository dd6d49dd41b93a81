"""One objective by its name: all that is told of it, and its past as CSV."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from slo.evaluation import Evaluation
from web.api.lists import CSV, WITHOUT_CAUSE
from web.api.wire import API_PREFIX, ERRORS
from web.api.wire_objectives import WirePastBudget, WireWholeObjective, whole_objective
from web.export import columns_of, csv_response
from web.freshness import followed_by
from web.pages.shared import services_of
from web.parameters import ListQuery, query_taking

router = APIRouter(prefix=API_PREFIX, responses=ERRORS)
TAKEN: Any = query_taking((*WITHOUT_CAUSE, "as_of"))
OneQuery = Annotated[ListQuery, Depends(TAKEN)]


@router.get("/objectives/{name}.csv", summary="The past of one objective's budget, as CSV.", response_class=CSV)
def past(request: Request, name: str, query: OneQuery) -> Response:
    """Return how the budget stood, one row a day of its window."""
    found = _found(request, name, query)
    rows = (WirePastBudget.model_validate(each) for each in found.history)
    name = f"stallwatch-objective-{found.objective.name}"
    return csv_response(name, columns_of(WirePastBudget), rows, found.as_of)


@router.get("/objectives/{name}", summary="One objective: budget, burn rates, parts, coverage and past.")
def objective(request: Request, name: str, query: OneQuery) -> WireWholeObjective:
    """Return one objective as of an instant."""
    found = _found(request, name, query)
    return whole_objective(found, followed_by(services_of(request), query.filters, found.as_of))


def _found(request: Request, name: str, query: ListQuery) -> Evaluation:
    return services_of(request).objectives.one(name, query.filters)

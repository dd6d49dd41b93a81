"""One journey, and the journeys of one object."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from core.errors import NotFoundError
from core.vocabulary import ObjectRef
from web.api.wire import API_PREFIX, ERRORS, WireObject, WireObjectJourneys, WireWholeJourney
from web.parameters import parse_as_of
from web.paths import OBJECT

router = APIRouter(prefix=API_PREFIX, responses=ERRORS)
AsOf = Annotated[str | None, Query(description="ISO 8601 instant; default now.")]


@router.get(f"/journeys/{OBJECT}", summary="One journey: its objects, milestones, handoffs and timeline.")
def journey(request: Request, type: str, id: str, as_of: AsOf = None) -> WireWholeJourney:  # noqa: A002 - the words of the API
    """Return one journey by its root."""
    services = request.app.state.services
    found = services.journeys.journey(ObjectRef(type, id), parse_as_of(as_of, services.clock))
    return WireWholeJourney.model_validate(found)


@router.get(f"/objects/{OBJECT}", summary="The journeys that an object belongs to.")
def of_object(request: Request, type: str, id: str) -> WireObjectJourneys:  # noqa: A002 - as above
    """Return the journeys of an object."""
    ref = ObjectRef(type, id)
    roots = request.app.state.services.journeys.of_object(ref)
    if not roots:
        message = f"no journey holds {ref}"
        raise NotFoundError(message)
    return WireObjectJourneys(object=WireObject(type=type, id=id), journeys=[str(root) for root in roots])

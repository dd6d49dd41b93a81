"""One journey, its family, the journeys of one object, one event, and one trace."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from collector.traces import LATEST
from core.errors import NotFoundError
from core.vocabulary import ObjectRef
from web.api.wire import (
    API_PREFIX,
    ERRORS,
    WireEvent,
    WireFamily,
    WireObject,
    WireObjectJourneys,
    WireTrace,
    WireWholeJourney,
)
from web.api.wire_models import WireModel, WireModelVersion, WireRebuild
from web.pages.events import found_events
from web.pages.journeys import journeys_that_hold
from web.pages.shared import services_of
from web.parameters import parse_as_of
from web.paths import EVENT, OBJECT

router = APIRouter(prefix=API_PREFIX, responses=ERRORS)
Integration = Annotated[str, Query(description="Of this integration only.")]
Model = Annotated[
    str, Query(description="Of this model, where several know it; default: whose anchor it is, with the stalls of all.")
]
OfModel = Annotated[str, Query(description="Of this model only.")]
TraceAsOf = Annotated[str | None, Query(description="ISO 8601 instant; default: all that was received.")]
AsOf = Annotated[str | None, Query(description="ISO 8601 instant; default now.")]


@router.get(f"/journeys/{OBJECT}", summary="One journey: its objects, milestones, handoffs and timeline.")
def journey(request: Request, type: str, id: str, as_of: AsOf = None, model: Model = "") -> WireWholeJourney:  # noqa: A002 - the words of the API
    """Return one journey by its root, whichever of its ids is given."""
    services = services_of(request)
    instant = parse_as_of(as_of, services.clock)
    try:
        found = services.journeys.journey(ObjectRef(type, id), instant, model)
    except NotFoundError as error:
        if not (roots := journeys_that_hold(services, ObjectRef(type, id))):
            raise
        message = f"{error}; it is held by the journey of {roots[0]}: /objects/{type}/{id} has them all"
        raise NotFoundError(message) from error
    stalls = services.stalls.of_journey(found.header.root, instant, model)
    return WireWholeJourney.model_validate({**vars(found), "stalls": stalls})


@router.get(f"/families/{OBJECT}", summary="The family of a journey: what hangs together with it over shared objects.")
def family(request: Request, type: str, id: str, as_of: AsOf = None, model: Model = "") -> WireFamily:  # noqa: A002 - as above
    """Return the family of one journey by its root."""
    services = services_of(request)
    found = services.families.family(ObjectRef(type, id), parse_as_of(as_of, services.clock), model)
    return WireFamily.model_validate(found)


@router.get("/models/{name}", summary="One journey model: its definition and its versions.")
def model(request: Request, name: str, as_of: AsOf = None) -> WireModel:
    """Return one model as of an instant, by its name."""
    services = services_of(request)
    known = services.models.one(name, parse_as_of(as_of, services.clock))
    rebuild = services.rebuilds.of(name)
    definition = known.definition.model_dump(mode="json", exclude_defaults=True) if known.definition else None
    return WireModel(
        model=known.name,
        title=known.title,
        configured=known.configured,
        in_force_since=known.in_force_since,
        definition=definition,
        versions=[
            WireModelVersion.model_validate({**vars(each), "in_force": known.configured and each.until is None})
            for each in known.versions
        ],
        rebuild=WireRebuild.model_validate(rebuild) if rebuild else None,
    )


@router.get(f"/objects/{OBJECT}", summary="The journeys that an object belongs to.")
def of_object(request: Request, type: str, id: str, model: OfModel = "") -> WireObjectJourneys:  # noqa: A002 - as above
    """Return the journeys of an object, whichever of its ids is given, and its ids."""
    ref = ObjectRef(type, id)
    journeys = services_of(request).journeys
    found = journeys.of_object(ref, model)
    if not found.roots:
        message = f"no journey holds {ref}"
        raise NotFoundError(message)
    known = journeys.ids(ref)
    return WireObjectJourneys(
        object=WireObject(type=known.object.type, id=id),
        own_id=known.object.id,
        other_ids=list(known.ids),
        journeys=[str(root) for root in found.roots],
        total=found.total,
        truncated=found.total > len(found.roots),
    )


@router.get(f"/events/{EVENT}", summary="The events with an id, at most one an integration.")
def event(request: Request, event_id: str, integration: Integration = "") -> list[WireEvent]:
    """Return one event, or one of each integration that uses its id."""
    return [WireEvent.model_validate(each) for each in found_events(services_of(request), event_id, integration)]


@router.get("/traces/{trace_id}", summary="One trace: its spans in the order of their tree.")
def trace(request: Request, trace_id: str, as_of: TraceAsOf = None) -> WireTrace:
    """Return one trace as of an instant; of a very long one its first spans, and the first that failed."""
    services = services_of(request)
    instant = parse_as_of(as_of, services.clock) if as_of else LATEST
    return WireTrace.model_validate(services.traces.trace(trace_id, instant))

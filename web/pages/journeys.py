"""Journeys: the list, one journey from first event to last, and the way from any object to its journeys."""

from dataclasses import replace
from itertools import repeat
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from core.errors import NotFoundError
from core.vocabulary import ObjectRef
from correlator.timeline import WHOLE_PAGE
from web.links import Address, journey_path, object_path
from web.long_journeys import documents, telling
from web.pages.shared import WITHOUT_CAUSE, render, render_filtered, services_of
from web.parameters import Query as Filtered
from web.parameters import parse_as_of
from web.paths import OBJECT
from web.services import Services
from web.timeline import timeline

router = APIRouter()
AsOf = Annotated[str | None, Query()]
Model = Annotated[str, Query()]


@router.get("/journeys")
def journeys(request: Request, query: Filtered) -> Response:
    """List journeys under the filters of the address."""
    services = services_of(request)
    page = services.journeys.page(query.filters, limit=query.limit, cursor=query.cursor)
    return render_filtered(request, "journeys", query, WITHOUT_CAUSE, page=page, paged=query.cursor is not None)


@router.get(f"/journeys/{OBJECT}")
def journey(request: Request, type: str, id: str, as_of: AsOf = None, model: Model = "") -> Response:  # noqa: A002 - the words of the address
    """Show one journey as it stood at `as_of`; lead there from another id of its root, and from what it holds."""
    services = services_of(request)
    instant = parse_as_of(as_of, services.clock)
    try:
        found = services.journeys.journey(ObjectRef(type, id), instant, model)
    except NotFoundError:
        if not journeys_that_hold(services, ObjectRef(type, id)):
            raise
        return RedirectResponse(object_path(ObjectRef(type, id), as_of or "", model), 303)
    if found.header.root != ObjectRef(type, id):
        asked = [("as_of", as_of or ""), ("model", model)]
        return RedirectResponse(str(Address.of(journey_path(found.header.root), asked)), 303)
    stalls = services.stalls.of_journey(found.header.root, instant, model)
    handoffs = telling(found.handoffs)
    return render(
        request,
        "journey",
        journey=found,
        header=found.header,
        handoffs=handoffs,
        documents=documents(found.members),
        timeline=timeline(replace(found, handoffs=handoffs), instant),
        most=WHOLE_PAGE,
        stalls=stalls,
        shared=services.families.shared(found.header.root, instant, found.header.model),
        as_of=instant,
        replayed=bool(as_of),
        now=services.clock.now(),
    )


@router.get(f"/objects/{OBJECT}")
def of_object(request: Request, type: str, id: str, as_of: AsOf = None, model: Model = "") -> Response:  # noqa: A002 - as above
    """Lead to the one journey of an object, or list them where there are several."""
    ref = ObjectRef(type, id)
    journeys = services_of(request).journeys
    found = journeys.of_object(ref, model)
    if not found.roots:
        message = f"No journey holds {ref}. It may not have arrived yet, or its id may be written differently."
        raise NotFoundError(message)
    if found.total == 1:
        asked = [("as_of", as_of or ""), ("model", model)]
        return RedirectResponse(str(Address.of(journey_path(found.roots[0]), asked)), 303)
    several = len({model for models in found.models for model in models}) > 1
    known = zip(found.roots, found.models if several else repeat(()), strict=False)
    ids = journeys.ids(ref)
    ref = ObjectRef(ids.object.type, id)
    return render(request, "object", ref=ref, roots=list(known), total=found.total, ids=ids)


def journeys_that_hold(services: Services, ref: ObjectRef) -> tuple[ObjectRef, ...]:
    """Return the journeys of others that an object belongs to; none where it is the root of its own."""
    own = services.journeys.ids(ref).object
    return tuple(root for root in services.journeys.of_object(ref).roots if root != own)

"""The family of a journey: which journeys hang together with it over shared documents, summed up."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from core.vocabulary import ObjectRef
from web.pages.shared import render, services_of
from web.parameters import parse_as_of
from web.paths import OBJECT

router = APIRouter()
AsOf = Annotated[str | None, Query()]
Model = Annotated[str, Query()]


@router.get(f"/families/{OBJECT}")
def family(request: Request, type: str, id: str, as_of: AsOf = None, model: Model = "") -> Response:  # noqa: A002 - the words of the address
    """Show the family of one journey as it stood at `as_of`."""
    services = services_of(request)
    instant = parse_as_of(as_of, services.clock)
    found = services.families.family(ObjectRef(type, id), instant, model)
    return render(request, "family", family=found, as_of=instant)

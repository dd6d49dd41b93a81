"""One event: what was told, by whom, about which documents, and the trace it was told in."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from collector.lookup import FoundEvent
from core.errors import NotFoundError
from web.pages.shared import render, services_of
from web.paths import EVENT
from web.services import Services

router = APIRouter()


@router.get(f"/events/{EVENT}")
def event(request: Request, event_id: str, integration: Annotated[str, Query()] = "") -> Response:
    """Show an event; each of them where several integrations use the id and the address names none."""
    found = found_events(services_of(request), event_id, integration)
    return render(request, "event", events=found, event_id=event_id)


def found_events(services: Services, event_id: str, integration: str) -> Sequence[FoundEvent]:
    """Return the events with an id, of one integration or all. Raises NotFoundError."""
    found = [each for each in services.facts.events(event_id) if integration in ("", each.integration)]
    if not found:
        of = f" of {integration}" if integration else ""
        message = f"There is no event {event_id}{of}. It may have expired, or its id may be written differently."
        raise NotFoundError(message)
    return found

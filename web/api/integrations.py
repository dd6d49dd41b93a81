"""The integration registry over the API: what is expected of each, said while running. Changes take an admin key."""

from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from core.errors import MisuseError
from core.integrations import Entry
from core.registry import Integration, RedactionOverride
from web.api.wire import ADMIN_ERRORS, API_PREFIX, Instant, Wire
from web.api.wire_figures import Seconds
from web.guard import DOCUMENTED, Administrator
from web.pages.shared import services_of

ONE = "/integrations/{key:path}"  # a key may hold slashes: the source of a CloudEvent is an address
TAKEN = frozenset(
    {"arrivals", "arrivals.csv"}
)  # lists of `web.api.lists`, which would hide an integration of that name
router = APIRouter(prefix=API_PREFIX, responses=ADMIN_ERRORS, dependencies=[DOCUMENTED], tags=["integrations"])


class WireIntegrationEntry(Wire):
    """What is expected of an integration. `heartbeat` in seconds. `source`: api or file; the API wins.

    `changed_by` names who said so over the API; `changed_at` is when that was, or when the file was last published.
    """

    integration: str
    name: str
    owner: str
    tier: str
    heartbeat: Seconds | None
    rate_limit: str | None
    allowed_event_types: tuple[str, ...]
    redaction: RedactionOverride | None
    source: Literal["api", "file"]
    changed_by: str
    changed_at: Instant


@router.get(ONE, summary="What is expected of one integration, and who says so.")
def integration(request: Request, key: str) -> WireIntegrationEntry:
    """Return one entry of the registry."""
    return _shown(services_of(request).integrations.entry(key))


@router.put(ONE, summary="Register an integration, or say anew what is expected of it; holds over the file.")
def put_integration(request: Request, key: str, wanted: Integration, by: Administrator) -> WireIntegrationEntry:
    """Write one entry of the registry; what the body leaves out is as if it was never said."""
    if key in TAKEN:
        message = f"no integration can be called {key!r}: that is the address of a list"
        raise MisuseError(message)
    return _shown(services_of(request).integrations.put(key, wanted, by))


@router.delete(ONE, status_code=204, summary="Take back what was put: the registry file's word holds again.")
def delete_integration(request: Request, key: str, by: Administrator) -> Response:
    """Remove one entry that was put."""
    services_of(request).integrations.delete(key, by)
    return Response(status_code=204)


def _shown(entry: Entry) -> WireIntegrationEntry:
    who = {"source": entry.source, "changed_by": entry.changed_by, "changed_at": entry.changed_at}
    return WireIntegrationEntry.model_validate({"integration": entry.key, **dict(entry.integration), **who})

"""API keys over the API: made (and shown once), listed, revoked. All of it takes a key of scope admin."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from core.keys import KeyOrder, Scope, expiry
from core.keys.key import LONGEST_NAME
from web.api.wire import ADMIN_ERRORS, API_PREFIX, Instant, Listed, Wire
from web.guard import DOCUMENTED, Administrator
from web.pages.shared import services_of

router = APIRouter(prefix=API_PREFIX, responses=ADMIN_ERRORS, dependencies=[DOCUMENTED], tags=["keys"])


class KeyRequest(BaseModel):
    """The key that is asked for."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=LONGEST_NAME, description="Who uses it.")
    scope: Scope = Field(description="ingest: send; read: look; admin: look, and change keys and integrations.")
    integration: str = Field("", max_length=LONGEST_NAME, description="With ingest: the only one it speaks for.")
    expires: str | None = Field(None, max_length=20, description="In clock time from now: 12h, 90d. Default: never.")


class WireKey(Wire):
    """An API key without its secret. `state`: active, expired or revoked."""

    key_id: str
    name: str
    scope: Scope
    integration: str
    state: str
    created_at: Instant
    created_by: str
    expires_at: Instant | None
    revoked_at: Instant | None
    revoked_by: str


class WireIssuedKey(WireKey):
    """A new API key: `key` is shown this once."""

    key: str


@router.post("/keys", status_code=201, summary="Make an API key; its secret is in this answer only.")
def create_key(request: Request, asked: KeyRequest, by: Administrator) -> WireIssuedKey:
    """Make a key."""
    services = services_of(request)
    order = KeyOrder(asked.name, asked.scope, asked.integration, expiry(asked.expires, services.clock.now()))
    issued = services.keys.create(order, by)
    return WireIssuedKey.model_validate(_shown(request, issued.key) | {"key": issued.text})


@router.get("/keys", summary="Every API key that was ever made, the newest first.")
def list_keys(request: Request, _by: Administrator) -> Listed[WireKey]:
    """List the keys."""
    services = services_of(request)
    items = [WireKey.model_validate(_shown(request, key)) for key in services.keys.every()]
    return Listed[WireKey](items=items, next_cursor=None, total=len(items), as_of=services.clock.now())


@router.delete("/keys/{key_id}", summary="Revoke an API key: here at once, on every collector within seconds.")
def revoke_key(request: Request, key_id: str, by: Administrator) -> WireKey:
    """Revoke a key."""
    return WireKey.model_validate(_shown(request, services_of(request).keys.revoke(key_id, by)))


def _shown(request: Request, key: Any) -> dict[str, Any]:
    return {**vars(key), "state": key.state(services_of(request).clock.now())}

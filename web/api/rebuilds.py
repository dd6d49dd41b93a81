"""Rebuilding a model while everything runs, over the API. It takes an admin key."""

from fastapi import APIRouter, Request

from web.api.wire import ADMIN_ERRORS, API_PREFIX
from web.api.wire_models import WireRebuild
from web.guard import DOCUMENTED, Administrator
from web.pages.shared import services_of

router = APIRouter(prefix=API_PREFIX, responses=ADMIN_ERRORS)


@router.post(
    "/models/{name}/rebuild",
    status_code=202,
    dependencies=[DOCUMENTED],
    summary="Derive everything of a model anew, in the background.",
)
def rebuild(request: Request, name: str, by: Administrator) -> WireRebuild:
    """Ask for a rebuild, once while one waits or runs. `GET /models/{name}` says how it goes."""
    return WireRebuild.model_validate(services_of(request).rebuilds.ask(name, by))

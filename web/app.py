"""The console and the JSON API as one application, built from the services it is given."""

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

from web import health, plots
from web.api import documents
from web.api.lists import LISTS
from web.api.wire import WireError
from web.failures import install_failures
from web.names import Names
from web.observed import ObservedRequests
from web.pages import PAGES
from web.rendering import STATIC, Templates
from web.security import SecurityHeaders
from web.services import Services


def console_app(services: Services) -> FastAPI:
    """Return the application. It keeps no state of its own; blocking queries run in the server's worker threads."""
    app = FastAPI(
        title="Stallwatch",
        version="1",
        description="What is stalled, where, since when, why, and whose move it is.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # the framework's own documentation page loads scripts from elsewhere
        redoc_url=None,
    )
    app.state.services = services
    app.state.names = Names(services.registry, services.handoff_titles)
    app.state.templates = Templates.create(app.state.names)
    install_failures(app, app.state.templates)
    app.include_router(_api())
    for router in (health.router, plots.router, *PAGES):
        app.include_router(router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(SecurityHeaders)
    app.add_middleware(ObservedRequests, metrics=services.metrics)
    return app


def _api() -> APIRouter:
    errors: dict[int | str, dict[str, Any]] = {status: {"model": WireError} for status in (400, 404, 503)}
    router = APIRouter(prefix="/api/v1", responses=errors)
    for listing in LISTS:
        listing.add_to(router)
    router.include_router(documents.router)
    return router

"""The console and the JSON API as one application, built from the services it is given."""

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from web import health, plots
from web.api import documents, integrations, keys, kpis, lists, objectives, quarantine, rebuilds
from web.bodies import BodyLimit
from web.failures import install_failures
from web.guard import Guard
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
    app.include_router(lists.router)
    app.include_router(kpis.router)
    app.include_router(objectives.router)
    app.include_router(documents.router)
    app.include_router(keys.router)
    app.include_router(integrations.router)
    app.include_router(quarantine.router)
    app.include_router(rebuilds.router)
    for router in (health.router, plots.router, *PAGES):
        app.include_router(router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(BodyLimit)
    app.add_middleware(Guard, keys=services.keys, required=services.keys_required)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(ObservedRequests, metrics=services.metrics)
    return app

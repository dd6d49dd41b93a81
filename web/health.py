"""For machines that watch us: alive, ready, metrics."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from core.errors import StallwatchError
from web.pages.shared import services_of
from web.words import exact

router = APIRouter(include_in_schema=False)


@router.get("/livez")
def livez() -> JSONResponse:
    """Answer while the process serves requests; asks nothing of the store."""
    return JSONResponse({"status": "alive"})


@router.get("/readyz")
def readyz(request: Request) -> JSONResponse:
    """Answer 200 when the store answers and the correlator has run, else 503 with the reason."""
    services = services_of(request)
    try:
        progress = services.journeys.progress()
    except StallwatchError as error:
        return JSONResponse({"status": "not ready", "reason": str(error)}, 503)
    if progress.watermark is None:
        return JSONResponse({"status": "not ready", "reason": "the correlator has not run yet"}, 503)
    return JSONResponse({"status": "ready", "watermark": exact(progress.watermark), "revision": progress.revision})


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Return our own metrics in Prometheus' text format."""
    services = services_of(request)
    return Response(generate_latest(services.metrics), media_type=CONTENT_TYPE_LATEST)

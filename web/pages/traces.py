"""One trace: its spans as a waterfall, in the order of their tree, with attributes and errors."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from collector.traces import LATEST
from web.pages.shared import render, services_of
from web.parameters import parse_as_of
from web.waterfall import waterfall

router = APIRouter()


@router.get("/traces/{trace_id}")
def trace(request: Request, trace_id: str, as_of: Annotated[str | None, Query()] = None) -> Response:
    """Show a trace as it stood at `as_of`; of a very long one its beginning, and what failed."""
    services = services_of(request)
    instant = parse_as_of(as_of, services.clock)
    found = services.traces.trace(trace_id, instant if as_of else LATEST)
    touched = sorted({ref for span in found.spans for ref in span.objects})
    return render(
        request,
        "trace",
        trace=found,
        lines=waterfall(found),
        touched=touched,
        as_of=instant,
        replayed=bool(as_of),
        now=services.clock.now(),
    )

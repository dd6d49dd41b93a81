"""One trace: its spans as a waterfall, in the order of their tree, with attributes and errors."""

from fastapi import APIRouter, Request, Response

from web.pages.shared import render, services_of
from web.waterfall import waterfall

router = APIRouter()


@router.get("/traces/{trace_id}")
def trace(request: Request, trace_id: str) -> Response:
    """Show a trace; of a very long one its beginning, and what failed."""
    found = services_of(request).traces.trace(trace_id)
    touched = sorted({ref for span in found.spans for ref in span.objects})
    return render(request, "trace", trace=found, lines=waterfall(found), touched=touched)

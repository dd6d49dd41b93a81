"""What pages have in common: their services, and a rendering with filters, freshness and address in place."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response

from core.filters import DIMENSIONS
from web.facets import chips, facets
from web.freshness import freshness
from web.links import Address
from web.parameters import ListQuery
from web.services import Services

WITHOUT_CAUSE = tuple(name for name in DIMENSIONS if name != "cause")
KEPT = ("sort", "limit", "percentile", "opened_since", "opened_until", "step", "days")


def services_of(request: Request) -> Services:
    """Return the services of the application that serves this request."""
    services: Services = request.app.state.services
    return services


def render(request: Request, template: str, **context: Any) -> Response:
    """Render a page that takes no filters."""
    answer: Response = request.app.state.templates.page(request, template, **context)
    return answer


def render_filtered(
    request: Request, template: str, query: ListQuery, dimensions: tuple[str, ...] = DIMENSIONS, **context: Any
) -> Response:
    """Render a page with its filter bar and freshness line; the first-run page where nothing has ever arrived.

    `dimensions` are the filters that change this page; others stay in the address, for the pages that they do change.
    """
    services = services_of(request)
    fresh = freshness(services, query.filters, context.get("reckoned_at"))
    if fresh.first_run:
        given = {"collector_url": services.settings.collector_url, "keys_required": services.keys_required}
        return render(request, "first_run", fresh=fresh, **given)
    address = Address.of(request.url.path, request.query_params.multi_items())
    return render(
        request,
        template,
        fresh=fresh,
        as_of=query.filters.as_of,
        replayed=bool(request.query_params.get("as_of")),
        facility_count=len(services.registry.facilities),
        without_cause=(*WITHOUT_CAUSE, "as_of"),
        facets=facets(services.choices.choices(query.filters), query.filters, dimensions),
        chips=chips(address, dimensions),
        strangers=list(services.defined.strangers(query.filters, dimensions)),
        lists_nothing=_lists_nothing(context),
        carried=[
            pair for pair in address.pairs if pair[0] in KEPT or (pair[0] in DIMENSIONS and pair[0] not in dimensions)
        ],
        **context,
    )


def _lists_nothing(context: Mapping[str, Any]) -> bool:
    """Return whether the page is a list, under one of the names that lists have here, and it is empty."""
    listed = context["page"].items if "page" in context else context.get("rows", context.get("sections"))
    return listed is not None and not listed

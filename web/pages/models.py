"""Journey models: what is promised, by whom and within what, in words; since when, and what each version changed."""

from fastapi import APIRouter, Request, Response

from web.model_words import documents, promises, type_title
from web.pages.shared import render, services_of
from web.parameters import Query

router = APIRouter()


@router.get("/models")
def models(request: Request, query: Query) -> Response:
    """List the models that are configured or were ever in force."""
    services, as_of = services_of(request), query.filters.as_of
    return render(
        request, "models", models=services.models.all(as_of), rebuild_of=services.rebuilds.of, **_moment(request, query)
    )


@router.get("/models/{name}")
def model(request: Request, name: str, query: Query) -> Response:
    """Show one model: its handoffs, documents and milestones as they held, and its versions."""
    services, as_of = services_of(request), query.filters.as_of
    known = services.models.one(name, as_of)
    definition = known.definition
    return render(
        request,
        "model",
        known=known,
        rebuild=services.rebuilds.of(name),
        anchor=type_title(definition, definition.anchor) if definition else "",
        promises=promises(definition) if definition else (),
        documents=documents(definition) if definition else (),
        milestones=tuple(definition.milestones.values()) if definition else (),
        **_moment(request, query),
    )


def _moment(request: Request, query: Query) -> dict[str, object]:
    return {
        "as_of": query.filters.as_of,
        "replayed": bool(request.query_params.get("as_of")),
        "now": services_of(request).clock.now(),
    }

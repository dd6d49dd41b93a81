"""Templates: autoescaped, strict about unknown names, with the words of `words.py` and the names of the registry."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from web import words
from web.causes import cause_title
from web.links import (
    Address,
    event_path,
    evidence_path,
    family_path,
    journey_path,
    model_path,
    object_path,
    objective_path,
    trace_path,
)
from web.names import Names
from web.navigation import NAVIGATION

STATIC = Path(__file__).parent / "static"
PATHS = {
    path.__name__: path
    for path in (
        object_path,
        journey_path,
        family_path,
        model_path,
        objective_path,
        event_path,
        trace_path,
        evidence_path,
    )
}


@dataclass(frozen=True)
class Templates:
    """The template environment of one console."""

    environment: Environment

    @classmethod
    def create(cls, names: Names) -> "Templates":
        """Return templates that call facilities and integrations by name."""
        environment = Environment(
            loader=PackageLoader("web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters |= {
            "money": words.money,
            "short_money": words.short_money,
            "span": words.span,
            "figure": words.figure,
            "milliseconds": words.milliseconds,
            "seconds": words.seconds,
            "rate": words.rate,
            "instant": words.instant,
            "moment": _moment,
            "day": words.day,
            "clock": words.clock,
            "exact": words.exact,
            "humanise": words.humanise,
            "lowered": words.lowered,
            **PATHS,
            "facility_name": names.facility,
            "integration_name": names.integration,
            "cause_title": cause_title,
        }
        environment.globals |= {
            "plural": words.plural,
            "ago": words.ago,
            "label": names.label,
            "navigation": NAVIGATION,
            "icon": partial(_icon, _icons()),
        }
        return cls(environment)

    def page(self, request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """Render `templates/<template>.html` with the address of the request beside the page's own values."""
        address = Address.of(request.url.path, request.query_params.multi_items())
        text = self.environment.get_template(f"{template}.html").render(address=address, **context)
        return HTMLResponse(text, status_code=status)


@pass_context
def _moment(context: Context, at: datetime | None) -> str:
    """Return an instant beside the one that the page is about."""
    return words.moment(at, context.get("as_of") or context.get("now"))


def _icons() -> dict[str, Markup]:
    """Return our own icons by name; they are decorative, since text always stands beside them."""
    files = (Path(__file__).parent / "templates" / "icons").glob("*.svg")
    return {file.stem: Markup(file.read_text(encoding="utf-8").strip()) for file in files}  # noqa: S704 - our own files


def _icon(icons: dict[str, Markup], name: str) -> Markup:
    return icons.get(name, icons["open"])

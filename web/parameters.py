"""What a request asks for: filters, page and order, read from the query string; anything unclear is refused."""

import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi import Query as QueryString
from pydantic import BaseModel, Field, create_model

from core.clock import Clock
from core.errors import MisuseError
from core.filters import DIMENSIONS, Filters
from core.instants import instant_asked, parse_instant
from core.problems import one_of
from core.registry import facility_key
from slo.forecast import MOST_DAYS
from web.services import Services

OF_SOME_LISTS = ("sort", "state", "window", "bounds", "part", "by", "value")
OF_LAG = ("step", "opened_since", "opened_until", "earlier_since", "earlier_until")
OF_PAGES = ("limit", "cursor")
DEFAULT_PAGE, LARGEST_PAGE = 50, 500  # rows; what a browser renders without a pause
# Rows of one query of an export. Each further one runs the whole query again and passes over what it gave before, so
# there should be few; 5,000 rows as Python values are some tens of megabytes, the most that an export holds at a time.
EXPORT_CHUNK = 5_000


@dataclass(frozen=True)
class ListQuery:
    """One list request: what to look at, how much of it, from where, in which order."""

    filters: Filters
    limit: int
    cursor: str | None
    sort: str | None = None
    state: str | None = None
    window: str | None = None
    step: str | None = None
    opened_since: str | None = None
    opened_until: str | None = None
    earlier_since: str | None = None
    earlier_until: str | None = None
    group_by: tuple[str, ...] = ()
    days: int | None = None
    bounds: str | None = None
    part: str | None = None
    by: str | None = None
    value: str | None = None

    def every(self, cursor: str | None) -> "ListQuery":
        """Return the same request for the chunk that starts at `cursor`, as exports read them."""
        return replace(self, limit=EXPORT_CHUNK, cursor=cursor)


def parse_as_of(text: str | None, clock: Clock) -> datetime:
    """Return the instant that `text` asks for, in UTC; now where it is empty. Raises MisuseError (core.instants)."""
    return instant_asked(_written(text or ""), clock)


def parse_bound(text: str) -> datetime:
    """Return the instant at which a window of opening begins or ends, maybe in time to come. Raises MisuseError."""
    return parse_instant(_written(text))


def _written(text: str) -> str:
    # A "+" that was not percent-encoded reaches us as a space.
    text = text.strip()
    return text.replace(" ", "+") if "T" in text else text


def parse_bounds(text: str | None) -> tuple[float, ...]:
    """Return the days that `text` lists ("0,1,3"); none where it is empty. Raises MisuseError."""
    try:
        found = tuple(float(part) for part in (text or "").split(",") if part.strip())
    except ValueError:
        found = (math.nan,)
    if not all(map(math.isfinite, found)):
        message = f"{text!r} is no list of days: write them as in 0,1,3,7,14,30"
        raise MisuseError(message)
    return found


def _chosen(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _refuse_unknown(request: Request, taken: Iterable[str]) -> None:
    # A misspelt filter, or one that the list does not have, would quietly answer with everything.
    for unknown in sorted(set(request.query_params) - set(taken)):
        reason = ": it comes whole" if unknown in OF_PAGES else one_of(unknown, taken)
        message = f"this list takes no {unknown!r}{reason}"
        raise MisuseError(message)


def _refuse_strangers(services: Services, filters: Filters) -> None:
    # A misspelt value would quietly answer with nothing.
    if told := "; ".join(services.defined.strangers(filters)):
        raise MisuseError(told)


class ListParameters(BaseModel):
    """The query string of every list."""

    facility: list[str] = Field([], description="Facilities, by any name of the registry; several are alternatives.")
    supplier: list[str] = Field([], description="Supplier ids.")
    spend_category: list[str] = Field([], description="Spend categories.")
    department: list[str] = Field([], description="Departments.")
    criticality: list[str] = Field([], description="clinical-critical, standard (also what has none) or low.")
    handoff: list[str] = Field([], description="Handoff keys of the journey models.")
    cause: list[str] = Field([], description="Cause codes, or signatures of single causes.")
    as_of: str | None = Field(None, description="ISO 8601 instant; default now.")
    limit: int = Field(DEFAULT_PAGE, ge=1, le=LARGEST_PAGE, description="Most items on one page.")
    cursor: str | None = Field(None, max_length=2000, description="`next_cursor` of the page before.")
    sort: str | None = Field(None, max_length=40, description="Order, where the list offers several.")
    state: str | None = Field(None, max_length=40, description="State, where the list has one.")
    window: str | None = Field(
        None,
        max_length=40,
        description="Of integrations 15m, 1h (default), 24h; of findings 24h, 7d, 30d (default), 365d.",
    )
    group_by: list[str] = Field([], description="What lag is grouped by; default facility and handoff.")
    step: str | None = Field(None, max_length=40, description="Of trends: day, week (default) or month.")
    opened_since: str | None = Field(None, description="Opened at or after this instant (ISO 8601).")
    opened_until: str | None = Field(None, description="Opened before this instant.")
    earlier_since: str | None = Field(None, description="Compared with those opened at or after this instant.")
    earlier_until: str | None = Field(None, description="Compared with those opened before this instant.")
    days: int | None = Field(None, ge=1, le=MOST_DAYS, description="Of forecasts: how many days ahead; default 7.")
    bounds: str | None = Field(
        None, max_length=200, description="Where age buckets begin, in days, rising from 0: 0,1,3,7. Default: as set."
    )
    part: str | None = Field(None, max_length=40, description="Of a KPI: numerator (default), denominator, lacking.")
    by: str | None = Field(None, max_length=40, description="By what a figure is told apart.")
    value: str | None = Field(None, max_length=400, description="Of what it is told apart by: this value alone.")


def query_taking(names: Collection[str]) -> Callable[..., ListQuery]:
    """Return what reads the query string of a list that takes just these parameters.

    It raises MisuseError for an `as_of` that cannot be asked for and, on the API, for any other parameter and for
    values of filters that nothing can have.
    """
    fields: dict[str, Any] = {
        name: (field.annotation, field) for name, field in ListParameters.model_fields.items() if name in names
    }
    taken: Any = create_model("TakenParameters", **fields)

    def read(request: Request, asked: Annotated[taken, QueryString()]) -> ListQuery:
        services, of_api = request.app.state.services, request.url.path.startswith("/api/")
        if of_api:
            _refuse_unknown(request, fields)
        given = {name: getattr(asked, name) for name in fields}
        registry = request.app.state.names.registry
        chosen: Any = {name: _chosen(given.get(name, ())) for name in DIMENSIONS}
        chosen["facility"] = _chosen(facility_key(registry, each) for each in chosen["facility"])
        named = (given.get("as_of") or "").strip()
        as_of = parse_as_of(named, services.clock)
        filters = Filters(as_of, named_instant=bool(named), **chosen)
        if of_api:
            _refuse_strangers(services, filters)
        others = {name: given.get(name) or None for name in ("cursor", *OF_SOME_LISTS, *OF_LAG, "days")}
        return ListQuery(
            filters, given.get("limit", DEFAULT_PAGE), **others, group_by=_chosen(given.get("group_by", ()))
        )

    return read


Query = Annotated[ListQuery, Depends(query_taking(ListParameters.model_fields))]

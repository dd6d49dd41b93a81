"""The API's wire format, read from domain values by attribute.

Instants are ISO 8601 in UTC; amounts are decimal text, so that no digit is lost; a journey is "type:id".
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from core.paging import Page
from web.words import exact

API_PREFIX = "/api/v1"
Item = TypeVar("Item")
Row = TypeVar("Row", bound="Wire")
Amount = Annotated[Decimal, PlainSerializer(lambda value: f"{value:f}", return_type=str, when_used="json")]
Instant = Annotated[datetime, PlainSerializer(exact, return_type=str, when_used="json")]
Reference = Annotated[str, BeforeValidator(str)]


class Wire(BaseModel):
    """The root of everything that goes out."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Listed(Wire, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next_cursor: str | None
    total: int
    as_of: Instant


class WireObject(Wire):
    """A business object."""

    type: str
    id: str


class WireCause(Wire):
    """Why a handoff is stalled; `trace_id` where a trace shows it."""

    code: str
    summary: str
    trace_id: str | None


class WireStall(Wire):
    """An open handoff past its due moment. `overdue_seconds` is clock time since `due_at`."""

    journey: Reference
    handoff: str
    object: WireObject
    facility: str
    supplier: str
    department: str
    spend_category: str
    criticality: str
    amount: Amount | None
    currency: str
    opened_at: Instant
    due_at: Instant
    overdue_seconds: int
    owner: str
    cause: WireCause


class WireStallGroup(Wire):
    """Stalls with the same cause signature; `amounts` by currency."""

    signature: str
    code: str
    summary: str
    handoffs: list[str]
    count: int
    amounts: dict[str, Amount]
    facilities: list[str]
    criticalities: list[str]
    since: Instant
    owner: str
    trace_id: str | None


class WireJourney(Wire):
    """A journey's header. `provisional`: no anchor object has joined it yet."""

    model: str
    root: WireObject
    provisional: bool
    facility: str
    supplier: str
    department: str
    spend_category: str
    criticality: str
    flow_type: str
    amount: Amount | None
    currency: str
    first_event_at: Instant | None
    last_event_at: Instant | None
    objects: int


class WireHandoff(Wire):
    """One handoff instance: one cycle of one handoff for one object."""

    model: str
    handoff: str
    title: str
    object: WireObject
    journey: Reference
    cycle: int
    state: str
    stalled: bool
    opened_at: Instant
    closed_at: Instant | None
    cancelled_at: Instant | None
    due_at: Instant | None
    facility: str
    supplier: str
    criticality: str
    amount: Amount | None
    currency: str
    owner: str


class WireMilestone(Wire):
    """A named moment of a journey; `reached_at` is null until it is reached."""

    key: str
    title: str
    reached_at: Instant | None


class WireEntry(Wire):
    """Something that happened: a business event or a span."""

    at: Instant
    kind: str
    title: str
    object: WireObject | None
    integration: str
    detail: dict[str, str]
    trace_id: str | None
    span_id: str | None
    duration_ms: float | None
    error: bool


class WireWholeJourney(Wire):
    """A journey with its objects, milestones, handoffs and timeline."""

    header: WireJourney
    title: str
    members: list[WireObject]
    milestones: list[WireMilestone]
    handoffs: list[WireHandoff]
    timeline: list[WireEntry]


class WireObjectJourneys(Wire):
    """The journeys an object belongs to."""

    object: WireObject
    journeys: list[Reference]


class WireProblem(Wire):
    """What went wrong, and whether asking again can help."""

    status: int
    message: str
    retryable: bool


class WireError(Wire):
    """The body of every failed answer."""

    error: WireProblem


ERRORS: dict[int | str, dict[str, Any]] = {status: {"model": WireError} for status in (400, 404, 503)}
ADMIN_ERRORS: dict[int | str, dict[str, Any]] = ERRORS | {status: {"model": WireError} for status in (401, 403)}


def wire_page(model: type[Row], page: Page[Any], as_of: datetime) -> Listed[Row]:
    """Return a page of domain values on the wire."""
    items = [model.model_validate(item) for item in page.items]
    return Listed[Row](items=items, next_cursor=page.next_cursor, total=page.total, as_of=as_of)

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


class WireSilence(Wire):
    """An integration that should tell how handoffs ended and is silent; `hearing` is silent or never_seen."""

    integration: str
    name: str
    hearing: str
    last_heard: Instant | None


class WireReach(Wire):
    """How far figures reach: facts are followed up to `watermark`, the oldest that is not was stored `waiting_since`.

    `awaited`: how many integrations the handoffs in question await; what only the `silent` of them can tell is missing.
    """

    watermark: Instant | None
    waiting_since: Instant | None
    awaited: int
    silent: list[WireSilence]


class Listed(Wire, Generic[Item]):
    """One page of a list. `reach` is told of figures and of what is derived."""

    items: list[Item]
    next_cursor: str | None
    total: int
    as_of: Instant
    reach: WireReach | None = None


class WireObject(Wire):
    """A business object."""

    type: str
    id: str


class WireEvidence(Wire):
    """A fact that a cause rests on: `kind` is event, span, silence (`at`: last heard) or missing (no such event)."""

    kind: str
    integration: str
    at: Instant | None
    event_type: str
    event_id: str
    trace_id: str
    span_id: str
    object: WireObject | None


class WireCause(Wire):
    """Why a handoff is stalled, and what says so; `trace_id` where a trace shows it."""

    code: str
    summary: str
    trace_id: str | None
    evidence: list[WireEvidence]


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
    model: str


class WireStallGroup(Wire):
    """Stalls with the same cause signature; `amounts` by currency; `evidence` is that of the longest overdue."""

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
    journeys: int
    evidence: list[WireEvidence]


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
    """One handoff instance: one cycle of one handoff for one object.

    `elapsed_seconds` since it first opened, until it ended or the instant asked for; `business_seconds` of them are in
    the hours of its calendar, while its clock ran. `corrected_at`: when it was told that it had ended in time, where it
    stood otherwise when it fell due: bad, stale, or ended the other way (closed, cancelled); else null.
    """

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
    elapsed_seconds: int
    business_seconds: int
    corrected_at: Instant | None


class WireMilestone(Wire):
    """A named moment of a journey; `reached_at` is null until it is reached."""

    key: str
    title: str
    reached_at: Instant | None


class WireEvent(Wire):
    """A business event after redaction, under the own names of its types and facility; `sent_*` as they came."""

    event_id: str
    integration: str
    type: str
    occurred_at: Instant
    received_at: Instant
    subject: WireObject | None
    objects: list[WireObject]
    facility: str
    supplier: str
    department: str
    spend_category: str
    criticality: str
    flow_type: str
    amount: Amount | None
    currency: str
    actor: str
    reason: str
    trace_id: str | None
    attributes: dict[str, str | bool | int | float]
    sent_type: str
    sent_objects: list[WireObject]
    sent_facility: str


class WireSpan(Wire):
    """One span of a trace. `offset_ns` from the trace's start; `depth` in its tree; `orphan`: no parent here."""

    span_id: str
    parent_id: str
    depth: int
    orphan: bool
    integration: str
    service: str
    name: str
    kind: str
    started_at: Instant
    offset_ns: int
    duration_ns: int
    error: bool
    status_message: str
    objects: list[WireObject]
    attributes: dict[str, str | bool | int | float]
    resource: dict[str, str]
    moments: list[tuple[int, str]]


class WireTrace(Wire):
    """A trace; `total` and `errors` count all its spans, of which `spans` holds the first and the first that failed."""

    trace_id: str
    started_at: Instant
    duration_ns: int
    total: int
    errors: int
    services: list[str]
    spans: list[WireSpan]


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


class WireTraceOutline(Wire):
    """A trace that touched a journey, and how much of it there is in all."""

    trace_id: str
    started_at: Instant
    duration_ms: float
    spans: int
    errors: int
    services: list[str]


class WireOtherIds(Wire):
    """An object with the further ids that it has in other systems."""

    object: WireObject
    ids: list[str]


class WireWholeJourney(Wire):
    """A journey with its objects, milestones, handoffs, what of them is stalled and why, its timeline and traces.

    `stalls`: the 500 longest overdue of the `handoffs` that are stalled. `known_to`: the models that have a journey of
    this root; `model=` chooses one. `truncated`: the timeline has the newest events and traces only.
    """

    header: WireJourney
    title: str
    members: list[WireObject]
    milestones: list[WireMilestone]
    handoffs: list[WireHandoff]
    stalls: list[WireStall]
    timeline: list[WireEntry]
    traces: list[WireTraceOutline]
    other_ids: list[WireOtherIds]
    known_to: list[str]
    truncated: bool


class WireObjectJourneys(Wire):
    """The journeys an object belongs to, and its ids: its own, which everything else speaks of, and the others.

    `truncated`: `journeys` has the first of `total`.
    """

    object: WireObject
    own_id: str
    other_ids: list[str]
    journeys: list[Reference]
    total: int
    truncated: bool


class WireSharedObject(Wire):
    """An object that a journey shares: with how many others, and the first of them."""

    object: WireObject
    others: int
    named: list[Reference]


class WireRelative(Wire):
    """Another journey of a family; `distance`: over how many shared objects it is reached."""

    root: WireObject
    distance: int
    facility: str
    supplier: str
    amount: Amount | None
    currency: str
    first_event_at: Instant | None


class WireFamily(Wire):
    """Journeys that hang together over shared objects, seen from `root`; not `complete`: there are more."""

    root: WireObject
    journeys: int
    complete: bool
    amounts: dict[str, Amount]
    facilities: list[str]
    shared: list[WireSharedObject]
    nearest: list[WireRelative]
    model: str


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


def wire_page(model: type[Row], page: Page[Any], as_of: datetime, reach: WireReach | None = None) -> Listed[Row]:
    """Return a page of domain values on the wire."""
    items = [model.model_validate(item) for item in page.items]
    return Listed[Row](items=items, next_cursor=page.next_cursor, total=page.total, as_of=as_of, reach=reach)

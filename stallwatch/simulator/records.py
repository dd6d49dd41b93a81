"""What a simulation is made of: the events and spans it sends, and the truth about them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.vocabulary import ObjectRef
from stallwatch.simulator.faults import Fault


@dataclass(frozen=True, slots=True)
class Dimensions:
    """What every event of an object says about it; `flow_type` is "" for payments, which serve several flows."""

    facility: str
    supplier_id: str
    supplier: str
    department: str
    spend_category: str
    criticality: str
    flow_type: str


@dataclass(frozen=True, slots=True)
class Event:
    """A business event. `objects` begins with the subject; `delivered_at` is when its integration sends it.

    `attributes` are what it says beyond the dimensions.
    """

    event_id: str
    integration: str
    type: str
    occurred_at: datetime
    delivered_at: datetime
    objects: tuple[ObjectRef, ...]
    dimensions: Dimensions
    amount: Decimal
    actor: str
    reason: str
    trace_id: bytes
    span_id: bytes
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def subject(self) -> ObjectRef:
        """The object the event is about."""
        return self.objects[0]


@dataclass(frozen=True, slots=True)
class Span:
    """One operation of one service; a root has no parent (b""). `failure` is "" where it ended well."""

    trace_id: bytes
    span_id: bytes
    parent_span_id: bytes
    integration: str
    service: str
    name: str
    kind: int
    started_at: datetime
    ended_at: datetime
    delivered_at: datetime
    failure: str
    objects: tuple[ObjectRef, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """An object that attaches to another from an instant on, as its script says."""

    child: ObjectRef
    parent: ObjectRef
    since: datetime


@dataclass(frozen=True, slots=True)
class JourneyTruth:
    """One journey at `as_of`: `id` is the root as "type:id"; `members` are sorted "type:id", the root included."""

    id: str
    provisional: bool
    flow_type: str
    facility: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandoffTruth:
    """One handoff instance at `as_of`; `cause` is None unless it is stalled, `due_at` where its clock stands still."""

    handoff: str
    object: str
    opened_at: datetime
    closed_at: datetime | None
    cancelled_at: datetime | None
    due_at: datetime | None
    outcome: str
    stalled: bool
    cause: str | None
    facility: str
    criticality: str


@dataclass(frozen=True, slots=True)
class Truth:
    """What holds at `as_of`, by construction. `faults` counts the injections, by fault."""

    seed: int
    as_of: datetime
    outage: str | None
    silent: str | None
    events: int
    spans: int
    faults: dict[str, int]
    journeys: tuple[JourneyTruth, ...]
    handoffs: tuple[HandoffTruth, ...]


@dataclass(frozen=True, slots=True)
class Simulation:
    """Events and spans in the order of delivery, the ones due after `as_of` included; and the truth at `as_of`.

    An event that is delivered twice stands twice, with one `event_id`.
    """

    events: tuple[Event, ...]
    spans: tuple[Span, ...]
    truth: Truth
    faults: frozenset[Fault]

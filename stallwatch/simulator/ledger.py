"""The ledger of one simulation: every event, span and relation that the scripts bring about, with ids in sequence."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from core.vocabulary import ObjectRef
from stallwatch.simulator.faults import Disturbances, Fault
from stallwatch.simulator.records import Dimensions, Event, Relation, Span
from stallwatch.simulator.traces import Hop, failed_trace, trace

# Where each kind of number begins, and how it is written.
NUMBERS: dict[str, tuple[str, int]] = {
    "requisition": ("REQ-{}", 20_400),
    "purchase_order": ("{}", 4_500_000),
    "usage": ("USE-{}", 510),
    "goods_receipt": ("{}", 5_000_100),
    "invoice": ("INV-{}", 880),
    "exception": ("EX-{}", 70),
    "credit_memo": ("CM-{}", 30),
    "payment": ("PAY-{}", 3_300),
    "cost_allocation": ("CA-{}", 7_400),
}
LATE_SHARE, OUT_OF_ORDER_SHARE = 0.02, 0.05


@dataclass(frozen=True)
class Payable:
    """A posted invoice that waits for a payment run from `ready_at` on; `pins` hold back its payment's steps."""

    invoice: ObjectRef
    ready_at: datetime
    dimensions: Dimensions
    amount: Decimal
    pins: dict[str, datetime]


@dataclass
class Ledger:
    """Append-only. Everything drawn comes from `rng`, so one seed gives one ledger."""

    rng: Random
    as_of: datetime
    horizon: datetime
    disturbances: Disturbances
    faults: frozenset[Fault]
    events: list[Event] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    payables: list[Payable] = field(default_factory=list)
    injected: Counter[str] = field(default_factory=Counter)
    raised: Counter[str] = field(default_factory=Counter)
    known: set[ObjectRef] = field(default_factory=set)
    _numbers: Counter[str] = field(default_factory=Counter)

    def new(self, kind: str) -> ObjectRef:
        """Give the next number of its kind."""
        self._numbers[kind] += 1
        written, start = NUMBERS[kind]
        return ObjectRef(kind, written.format(start + self._numbers[kind]))

    def relate(self, child: ObjectRef, parent: ObjectRef, since: datetime) -> None:
        """Note that `child` belongs under `parent` from now on."""
        self.relations.append(Relation(child, parent, since))

    def tried(
        self,
        integration: str,
        event_type: str,
        objects: tuple[ObjectRef, ...],
        attempts: tuple[datetime, ...],
        refusal: str = "",
    ) -> None:
        """Note tries that failed: spans on those of the objects that exist by now, and no event."""
        known = tuple(each for each in objects if each in self.known)
        hop = Hop(integration, event_type, known)
        for at in attempts:
            if known and at <= self.horizon:
                self.spans.extend(failed_trace(self.rng, hop, at, self.disturbances, refusal))

    def happen(
        self,
        integration: str,
        event_type: str,
        at: datetime,
        objects: tuple[ObjectRef, ...],
        *,
        dimensions: Dimensions,
        amount: Decimal,
        actor: str = "",
        reason: str = "",
        held_until: datetime | None = None,
        attributes: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Note an event and its trace."""
        spans = trace(self.rng, Hop(integration, event_type, objects), at, self.disturbances, held_until)
        self.spans.extend(spans)
        self.known.update(objects)
        self.events.append(
            Event(
                event_id=f"{integration}-e{self.rng.getrandbits(64):016x}",
                integration=integration,
                type=event_type,
                occurred_at=at,
                delivered_at=held_until or self._delivered(at),
                objects=objects,
                dimensions=dimensions,
                amount=amount,
                actor=actor,
                reason=reason,
                trace_id=spans[0].trace_id,
                span_id=spans[-1].span_id,
                attributes=attributes,
            )
        )

    def _delivered(self, at: datetime) -> datetime:
        """Word comes within seconds; some of it late, some of it after its successors."""
        if at > self.as_of:
            return at + timedelta(seconds=self.rng.uniform(0.5, 5))
        lot, seconds = self.rng.random(), self.rng.uniform(1, 60)
        if lot < LATE_SHARE and Fault.LATE_DELIVERY in self.faults:
            self.injected[Fault.LATE_DELIVERY] += 1
            seconds = self.rng.uniform(1, 36) * 3600
        elif lot < LATE_SHARE + OUT_OF_ORDER_SHARE and Fault.OUT_OF_ORDER in self.faults:
            self.injected[Fault.OUT_OF_ORDER] += 1
            seconds = self.rng.uniform(5, 40) * 60
        return min(at + timedelta(seconds=seconds), self.as_of)

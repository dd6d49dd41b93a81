"""A line of work through time: each step happens a lag after the one before it, if nothing holds it up."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.registry import Facility
from core.vocabulary import ObjectRef
from stallwatch.simulator.faults import Passage
from stallwatch.simulator.ledger import Ledger
from stallwatch.simulator.pace import Pace, when_people_work
from stallwatch.simulator.plan import Plan
from stallwatch.simulator.records import Dimensions

SHORTEST = timedelta(seconds=30)  # between two steps of one line, so that none of them share an instant
CENT = Decimal("0.01")
HOUR = 3600.0
DAY = 24 * HOUR
TRIED_AGAIN_EVERY = 12 * 3600  # seconds, of what was refused for what it says


class LineEndedError(Exception):
    """The line of work ends here: by its script, or because its next step lies beyond what is simulated."""


@dataclass
class Track:
    """A cursor in time over one line of work of one plan."""

    ledger: Ledger
    pace: Pace
    plan: Plan
    dimensions: Dimensions
    facility: Facility
    now: datetime
    amount: Decimal

    def fork(self, amount: Decimal | None = None) -> "Track":
        """Begin a second line of work here."""
        return replace(self, amount=self.amount if amount is None else amount.quantize(CENT))

    def lag(self, handoff: str) -> float:
        """Draw the seconds until that handoff is answered."""
        return self.pace.lag(handoff, self.dimensions.criticality, self.facility, prompt=self.plan.calm)

    def allowance(self, handoff: str) -> float:
        """Return the seconds that handoff may take, roughly."""
        return self.pace.allowance(handoff, self.dimensions.criticality, self.facility)

    def chance(self, share: float) -> bool:
        """Whether something that befalls a share of journeys befalls this one; calm plans are spared."""
        return not self.plan.calm and self.ledger.rng.random() < share

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    def step(
        self,
        integration: str,
        event_type: str,
        subject: ObjectRef,
        after: float,
        *,
        under: Iterable[ObjectRef] = (),
        over: Iterable[ObjectRef] = (),
        shared: Iterable[ObjectRef] = (),
        unsaid: Iterable[ObjectRef] = (),
        human: bool = False,
        quiet: bool = False,
        reason: str = "",
        attributes: tuple[tuple[str, str], ...] = (),
    ) -> datetime:
        """Bring about an event `after` seconds, or later where its integration is disturbed.

        The subject attaches `under` some objects, others under it (`over`), `shared` ones are only named, `unsaid` ones
        by failed tries alone: a `quiet` step leaves none. Raises LineEndedError where it would be beyond the horizon.
        """
        under, over = tuple(under), tuple(over)
        objects = (subject, *under, *over, *shared)
        planned = self._planned(event_type, after, human=human)
        passage = self._pass(integration, event_type, (*objects, *unsaid), planned, quiet=quiet)
        self.ledger.happen(
            integration,
            event_type,
            self.now,
            objects,
            dimensions=self.dimensions,
            amount=self.amount,
            actor=f"user-{self.ledger.rng.randint(100, 180)}" if human else f"svc-{integration}",
            reason=reason,
            held_until=passage.held_until,
            attributes=attributes,
        )
        for child, parent in (*((subject, each) for each in under), *((each, subject) for each in over)):
            self.ledger.relate(child, parent, self.now)
        return self.now

    def be_refused(self, integration: str, event_type: str, subject: ObjectRef, after: float, refusal: str) -> None:
        """Have an integration refuse a document however often it is tried. Raises LineEndedError."""
        disturbances, rng = self.ledger.disturbances, self.ledger.rng
        planned = self._planned(event_type, after, human=False)
        tries = disturbances.retries(planned, self.ledger.horizon, rng, pause=TRIED_AGAIN_EVERY)
        heard = tuple(at for at in tries if not disturbances.silent(integration, at))
        self.ledger.tried(integration, event_type, (subject,), heard, refusal)
        raise LineEndedError

    def _pass(
        self, integration: str, event_type: str, objects: tuple[ObjectRef, ...], planned: datetime, *, quiet: bool
    ) -> Passage:
        """Get through the integration, and move on to when it lets the event through."""
        passage = self.ledger.disturbances.pass_through(integration, planned, self.ledger.rng)
        if not quiet:
            self.ledger.tried(integration, event_type, objects, passage.attempts)
        if passage.at > self.ledger.horizon:
            raise LineEndedError
        self.now = passage.at
        return passage

    def _planned(self, event_type: str, after: float, *, human: bool) -> datetime:
        at = self.now + max(SHORTEST, timedelta(seconds=after))
        if human and self.facility.kind != "hospital":
            at = when_people_work(at, ZoneInfo(self.facility.time_zone), self.ledger.rng)
        pinned = self.plan.pins.get(event_type)
        return at if pinned is None else max(pinned, at)

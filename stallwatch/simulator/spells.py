"""What becomes of one promise of one object: its spells from opening to ending, and when its clock stood still.

Read from the YAML of the model as it is written, one signal after the other; never from the correlator's own reading.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from core.durations import Duration
from core.vocabulary import ObjectRef
from slo.business_time import BusinessHours, due_at

ROLES = ("start", "stop", "cancel", "pause", "resume", "reopen_on")  # in order of evaluation at one moment
Stand = tuple[datetime, datetime | None]
NOTHING = timedelta(0)


class Happening(NamedTuple):
    """What touched an object, and when; `about` says which document it happened to."""

    at: datetime
    type: str
    reason: str = ""
    about: ObjectRef | None = None


Touched = Mapping[ObjectRef, Sequence[Happening]]  # what touched each object
Beside = Mapping[ObjectRef, Iterable[ObjectRef]]  # what each object is directly linked with


class Signal(NamedTuple):
    """What a happening is to a promise; a `lasting` one ends also what starts after it."""

    at: datetime
    role: int
    lasting: bool = False


@dataclass(frozen=True)
class Spell:
    """A promise from opening to ending. Its clock counts from `clock_from`, but where it `stood`; `paused`: still."""

    opened_at: datetime
    closed_at: datetime | None
    cancelled_at: datetime | None
    clock_from: datetime
    stood: tuple[Stand, ...] = ()
    paused: bool = False


def signals(
    handoff: dict[str, Any],
    each: ObjectRef,
    touched: Touched,
    beside: Beside,
) -> list[Signal]:
    """Return what happened on an object, and on what is `beside` it, that means something to a handoff; in order."""
    when = handoff.get("when", {})
    found = [
        Signal(happening.at, number, lasting)
        for number, role in enumerate(ROLES)
        for condition in handoff.get(role, ())
        for happening, lasting in _met(condition, touched, each, beside)
        if role != "start" or _begins(happening.reason, when)
        if role != "reopen_on" or not _others_stand(happening, handoff, touched, each, beside)
    ]
    return sorted(found)


def stand(happened: Iterable[Happening], does: Collection[str], undoes: Collection[str]) -> set[ObjectRef | None]:
    """Return the documents to which the last that happened did something; at one instant it is undone."""
    last: dict[ObjectRef | None, tuple[datetime, bool]] = {}
    for each in happened:
        if each.type in {*does, *undoes}:
            last[each.about] = max(last.get(each.about, (each.at, False)), (each.at, each.type in undoes))
    return {about for about, (_, undone) in last.items() if not undone}


def _others_stand(
    reversal: Happening, handoff: dict[str, Any], touched: Touched, each: ObjectRef, beside: Beside
) -> bool:
    """Whether what a reversal undoes was done by another document too: the reversal of that is still to come."""
    kind = reversal.type.partition(".")[0]
    does, undoes = ([one for one in handoff[role] if of_kind(one, kind)] for role in ("stop", "reopen_on"))
    happened = [
        happening
        for one in (*does, *undoes)
        for happening, _ in _met(one, touched, each, beside)
        if happening.at <= reversal.at
    ]
    return bool(stand(happened, set(map(named, does)), set(map(named, undoes))))


def named(condition: str | dict[str, Any]) -> str:
    """Return the event type that a condition is about."""
    return condition if isinstance(condition, str) else str(condition["event"])


def of_kind(condition: str | dict[str, Any], kind: str) -> bool:
    """Whether a condition is about documents of a kind."""
    return named(condition).partition(".")[0] == kind


def _begins(reason: str, when: Mapping[str, Any]) -> bool:
    return reason in when.get("reason", (reason,)) and reason not in when.get("reason_not", ())


def _met(
    condition: str | dict[str, Any], touched: Touched, each: ObjectRef, beside: Beside
) -> Iterator[tuple[Happening, bool]]:
    if isinstance(condition, str):
        yield from ((happening, False) for happening in touched[each] if happening.type == condition)
        return
    match = condition.get("match", "any")
    happened = [
        [happening for happening in touched.get(other, ()) if happening.type == condition["event"]]
        for other in _looked_at(condition, each, beside)
    ]
    if match == "all":
        first = [min(each, key=_when) for each in happened if each]
        met = [max(first, key=_when)] if happened and len(first) == len(happened) else []
    elif match == "any":
        met = [happening for each in happened for happening in each]
    else:
        message = f"the simulator cannot tell the truth about {condition}: it knows match: any and all"
        raise ValueError(message)
    yield from ((happening, condition.get("earlier", False)) for happening in met)


def _when(happening: Happening) -> datetime:
    return happening.at


def _looked_at(condition: dict[str, Any], each: ObjectRef, beside: Beside) -> set[ObjectRef]:
    """Return the objects that a condition is about: beside one, or beside what is between."""
    between = [each]
    if "through" in condition:
        between = [other for other in beside.get(each, ()) if other.type == condition["through"]]
    return {other for one in between for other in beside.get(one, ()) if other.type == condition["of"]}


def spells(told: Iterable[Signal], reopen: str) -> list[Spell]:
    """Return the spells of a promise; `reopen` says where the clock of what is reopened stands."""
    replay = Replay(reopen)
    for signal in told:
        replay.hear(signal)
    return replay.all()


@dataclass
class Replay:
    """A promise while it is told of: open since `opened_at`, or not; undone by a reversal while `done_at` is known."""

    reopen: str
    found: list[Spell] = field(default_factory=list)
    opened_at: datetime | None = None
    clock_from: datetime | None = None
    stood: list[Stand] = field(default_factory=list)
    stands_since: datetime | None = None
    done_at: datetime | None = None
    over: str = ""  # by which lasting end it is over before it begins

    def hear(self, signal: Signal) -> None:
        """Take in what comes next."""
        role = ROLES[signal.role]
        if role == "start" and self.opened_at is None:
            self._begin(signal.at)
        elif role == "reopen_on":
            self.over = ""
            if self.opened_at is None and self.done_at is not None:
                self._go_on(signal.at, self.done_at)
        elif role == "pause":
            self.stands_since = self.stands_since or signal.at
        elif role == "resume":
            self._run(signal.at)
        elif role in {"stop", "cancel"}:
            self._end(signal.at, role)
            self.over = role if signal.lasting else self.over

    def all(self) -> list[Spell]:
        """Return what there is when all has been told."""
        if self.opened_at is None or self.clock_from is None:
            return self.found
        stands = self.stands_since is not None
        self._run(None)
        return [*self.found, Spell(self.opened_at, None, None, self.clock_from, tuple(self.stood), stands)]

    def _begin(self, at: datetime) -> None:
        self.clock_from, self.stood = at, []
        if self.over:
            self.done_at, self.stands_since = (at if self.over == "stop" else None), None
        else:
            self.opened_at = at

    def _go_on(self, at: datetime, done_at: datetime) -> None:
        self.opened_at = at
        if self.reopen == "reset":
            self.clock_from, self.stood = at, []
        elif self.reopen == "resume":
            self.stood.append((done_at, at))

    def _run(self, at: datetime | None) -> None:
        if self.stands_since is not None and self.opened_at is not None:
            since = max(self.stands_since, self.opened_at)
            self.stood += [(since, at)] if since != at else []
        self.stands_since = None

    def _end(self, at: datetime, role: str) -> None:
        if self.opened_at is not None and self.clock_from is not None:
            self._run(at)
            closed_at, cancelled_at = (at, None) if role == "stop" else (None, at)
            self.found.append(Spell(self.opened_at, closed_at, cancelled_at, self.clock_from, tuple(self.stood)))
            self.opened_at, self.done_at = None, at
        if role == "cancel":
            self.done_at = None


def due_of(hours: BusinessHours, target: Duration, clock_from: datetime, stood: Sequence[Stand]) -> datetime | None:
    """Return when a promise is due: each stand that begins before then moves it by what it took; None in one."""
    stands = list(stood)
    if stands and stands[0][0] == clock_from:
        until = stands.pop(0)[1]
        if until is None:
            return None
        clock_from = until
    due = due_at(hours, clock_from, target)
    for since, until in stands:
        if due is None or due <= since:
            break
        if until is None:
            return None
        due = due + (until - since) if target.unit == "clock" else _after(hours, due, _opened(hours, since, until))
    return due


def _opened(hours: BusinessHours, since: datetime, until: datetime) -> timedelta:
    """Return for how long it was open from one instant to another, to the microsecond."""
    overlaps = (min(until, _at(each.closes_at)) - max(since, _at(each.opens_at)) for each in hours.intervals)
    return sum((overlap for overlap in overlaps if overlap > NOTHING), start=NOTHING)


def _after(hours: BusinessHours, at: datetime, left: timedelta) -> datetime | None:
    """Return when it has been open for so long after an instant; None where it never was."""
    if not left:
        return at
    for each in hours.intervals:
        start, closes_at = max(at, _at(each.opens_at)), _at(each.closes_at)
        if start + left <= closes_at:
            return start + left
        left -= max(NOTHING, closes_at - start)
    return None


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

"""An independent, plain-Python reading of what journeys and handoffs are, to hold the correlator's SQL against.

Written from the definitions (docs/architecture.md), object by object and event by event, without sets or joins.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial

from support.facts import DESCRIBED, Fact, Ref
from support.reversal_oracle import Undone

from core.durations import Duration
from correlator.conditions import LinkedEvent
from correlator.model import HandoffDefinition, JourneyModel
from slo.business_time import BusinessHours, due_at, elapsed

Cycle = tuple[str, str, str, int, datetime, datetime | None, datetime | None]
Statement = tuple[datetime, bool, Ref, Ref]  # when, whether it takes back, of which two
SAME, WITHDRAWN = "object.same_as", "link.withdrawn"
Stop = tuple[datetime, datetime | None]
Telling = tuple[datetime, datetime]  # when it says that something was, and when it was received
Moment = tuple[datetime, str, datetime]  # when, by which event, and when that was received


@dataclass(frozen=True)
class Promise:
    """One handoff instance: its own pauses, and `stopped`: all of its clock, those of what it continues included.

    `told_open`: when it was first told that it had opened. `tellings` of its end: each says when, and came when.
    """

    cycle: Cycle
    first_opened_at: datetime
    pauses: tuple[Stop, ...]
    stopped: tuple[Stop, ...]
    told_open: datetime
    tellings: tuple[Telling, ...]

    @property
    def stood(self) -> tuple[Stop, ...]:
        """When its clock stood still in what it continues, or between that and it."""
        return self.stopped[: len(self.stopped) - len(self.pauses)]

    def told(self, due_at: datetime | None) -> tuple[datetime, datetime | None]:
        """When it was first told that it had opened, and that it had ended as it did: in time, if it did end in time."""
        in_time = [telling for telling in self.tellings if due_at is not None and telling[0] <= due_at]
        return self.told_open, min((came for _, came in in_time or self.tellings), default=None)


def in_own_words(model: JourneyModel, facts: Iterable[Fact]) -> list[Fact]:
    """Return facts as senders would have told them who call everything as the model does."""
    kinds = {other: kind for kind, meant in model.objects.items() for other in meant.aliases}

    def said(item: Fact) -> str:
        if item.type in model.events.aliases:
            return model.events.aliases[item.type]
        kind, *rest = item.type.split(".", 1)
        return ".".join([kinds.get(kind, kind), *rest])

    def referred(text: str) -> str:
        for other, kind in kinds.items():
            text = re.sub(rf"(?<!\w){re.escape(other)}:", f"{kind}:", text)
        return text

    return [
        replace(
            item,
            type=said(item),
            objects=tuple(dict.fromkeys((kinds.get(kind, kind), number) for kind, number in item.objects)),
            attributes=tuple((name, referred(text)) for name, text in item.attributes),
        )
        for item in facts
    ]


def memberships(model: JourneyModel, facts: Iterable[Fact]) -> set[tuple[Ref, Ref]]:
    """Return (root, member) pairs: climb from every object to the objects that have no parent."""
    facts = list(facts)
    own = names(facts)
    links = linked(model, facts)
    touched = {own.get(each, each) for item in facts for each in item.objects if each[0] in model.objects}
    objects = touched | {end for pair in links for end in pair}

    def roots(child: Ref) -> set[Ref]:
        above = {parent for below, parent in links if below == child}
        return {root for parent in above for root in roots(parent)} if above else {child}

    return {(root, member) for member in objects for root in roots(member)}


def names(facts: Iterable[Fact]) -> dict[Ref, Ref]:
    """Return each id that is said to be the same as others, and the smallest of all that it reaches."""
    said = [
        (item.occurred_at, item.type == WITHDRAWN, item.objects[0], other)
        for item in facts
        if item.type in {SAME, WITHDRAWN}
        for other in item.objects[1:]
        if other[0] == item.objects[0][0]
    ]
    neighbours = {frozenset(pair) for pair in _standing(said)}

    def reached(start: Ref) -> set[Ref]:
        found, frontier = {start}, [start]
        while frontier:
            here = frontier.pop()
            beyond = {other for pair in neighbours if here in pair for other in pair} - found
            found |= beyond
            frontier.extend(beyond)
        return found

    return {each: min(reached(each)) for pair in neighbours for each in pair}


def linked(model: JourneyModel, facts: Iterable[Fact]) -> set[tuple[Ref, Ref]]:
    """Return (child, parent) pairs whose newest statement does not take them back."""
    facts = list(facts)
    own = names(facts)
    said = [
        (item.occurred_at, item.type == WITHDRAWN, own.get(child, child), own.get(parent, parent))
        for item in facts
        if item.type != SAME
        for child, parent in _pairs(item)
        if child[0] in model.objects and parent[0] in model.objects[child[0]].attaches_via
    ]
    named = [
        (item.occurred_at, False, *(own.get(end, end) for end in ends))
        for item in facts
        if item.type not in {SAME, WITHDRAWN} and item.objects[0][0] in model.objects
        for attribute, text in item.attributes
        if (kind := model.objects[item.objects[0][0]].references.get(attribute))
        for number in (json.loads(text) if text.startswith("[") else [text])
        for named_id in [str(number).removeprefix(f"{kind}:")]
        for ends in [(item.objects[0], (kind, named_id)), ((kind, named_id), item.objects[0])]
        if ends[1][0] in model.objects[ends[0][0]].attaches_via
    ]
    return set(_standing([*said, *named]))


def _pairs(item: Fact) -> Iterator[tuple[Ref, Ref]]:
    """Yield the pairs of objects of which a fact says that they are linked, or are not."""
    count = Counter(kind for kind, _ in set(item.objects))
    for one in item.objects:
        for other in item.objects:
            if item.type in {WITHDRAWN, DESCRIBED}:
                if item.objects[0] in (one, other):
                    yield one, other
            elif count[one[0]] * count[other[0]] <= 2000:  # else who can tell which belong together?
                yield one, other


def parted(facts: Iterable[Fact], own: dict[Ref, Ref]) -> set[frozenset[Ref]]:
    """Return the pairs of objects of two types that are taken apart: events about one do not speak of the other."""
    said = [
        (item.occurred_at, item.type == WITHDRAWN, own.get(one, one), own.get(other, other))
        for item in facts
        if item.type != SAME
        for one, other in _pairs(item)
        if one[0] != other[0]
    ]
    return {pair for pair, (_, taken_back, _, _) in _newest(said).items() if taken_back}


def _standing(statements: list[Statement]) -> list[tuple[Ref, Ref]]:
    """Return the pairs whose newest statement holds."""
    return [(one, other) for _, taken_back, one, other in _newest(statements).values() if not taken_back]


def _newest(statements: list[Statement]) -> dict[frozenset[Ref], Statement]:
    """Return the newest statement of each pair; of two at one instant, the one that takes back counts."""
    return {frozenset(statement[2:]): statement for statement in sorted(statements, key=lambda each: each[:2])}


def cycles(model: JourneyModel, facts: Iterable[Fact], known: Iterable[Fact] | None = None) -> set[Cycle]:
    """Return every handoff instance by walking each object's events in order; `known` as in promises."""
    return {promise.cycle for promise in promises(model, facts, known)}


def promises(model: JourneyModel, facts: Iterable[Fact], known: Iterable[Fact] | None = None) -> Iterator[Promise]:
    """Yield every handoff instance with its clock, one event after the other.

    Objects, their links and identities are those of `known` facts, where these are more than `facts`.
    """
    facts = list({item.event_id: item for item in facts}.values())
    known = facts if known is None else list(known)
    own, links = names(known), linked(model, known)
    apart = parted(known, own)

    @cache
    def told(whom: Ref) -> list[Fact]:
        return [item for item in facts if _speaks_of(item, whom, own, apart)]

    @cache
    def beside(whom: Ref) -> set[Ref]:
        return {other for pair in links if whom in pair for other in pair} - {whom}

    @cache
    def below(whom: Ref) -> set[Ref]:
        return {child for child, parent in links if parent == whom}

    objects = {own.get(touched, touched) for item in known for touched in item.objects if touched[0] in model.objects}
    objects |= {end for pair in links for end in pair}
    for key, handoff in model.handoffs.items():
        for subject in objects:
            if subject[0] == handoff.on:
                yield from _Walk(key, subject, handoff).through(told, beside, below)


def _speaks_of(item: Fact, subject: Ref, own: dict[Ref, Ref], apart: set[frozenset[Ref]]) -> bool:
    return any(
        own.get(each, each) == subject
        and (each == item.objects[0] or frozenset((subject, own.get(item.objects[0], item.objects[0]))) not in apart)
        for each in item.objects
    )


def due(promise: Promise, hours: BusinessHours, target: Duration) -> datetime | None:
    """Return when a promise falls due, by spending its target stretch by stretch where its clock runs."""
    start, stops = promise.first_opened_at, list(promise.stopped)
    if stops and stops[0][0] == start and stops[0][1] is not None:
        start = stops.pop(0)[1]
    if target.unit == "business_days":
        return _due_in_days(hours, due_at(hours, start, target), stops)
    left = target.amount
    for since, until in stops:
        spent = elapsed(hours, start, since) if target.unit != "clock" else int((since - start).total_seconds())
        if left <= spent:
            break
        if until is None:
            return None
        left, start = left - spent, until
    return due_at(hours, start, Duration(left, target.unit))


def _due_in_days(hours: BusinessHours, end: datetime | None, stops: list[Stop]) -> datetime | None:
    for since, until in stops:
        if end is not None and since < end:
            if until is None:
                return None
            lost = elapsed(hours, since, until)
            end = due_at(hours, end, Duration(lost, "business_seconds")) if lost else end
    return end


def _reached(condition: LinkedEvent, subject: Ref, beside: Callable[[Ref], set[Ref]]) -> set[Ref]:
    """Return the objects that a condition looks at: beside the subject, or beside what is beside it."""
    from_here = {each for each in beside(subject) if each[0] == condition.through} if condition.through else {subject}
    return {other for each in from_here for other in beside(each) if other[0] == condition.of}


def _moments(
    condition: str | LinkedEvent,
    subject: Ref,
    beside: Callable[[Ref], set[Ref]],
    told_of: Callable[[Ref], list[Fact]],
    counts: Callable[[str], bool],
) -> list[Moment]:
    """Return when a condition is met, and by which event, of a reason that counts; and when that was known."""

    def counted(whom: Ref) -> list[Fact]:
        return [item for item in told_of(whom) if counts(item.reason)]

    def of(whom: Ref, event_type: str) -> list[Moment]:
        return sorted(
            (item.occurred_at, item.event_id, item.received_at or item.occurred_at)
            for item in counted(whom)
            if item.type == event_type
        )

    if isinstance(condition, str):
        return of(subject, condition)
    each_of = [of(other, condition.event) for other in _reached(condition, subject, beside)]
    everything = sorted({moment for moments in each_of for moment in moments})
    if condition.match == "all":
        if not each_of or not all(each_of):
            return []
        at, event_id, _ = max(moments[0] for moments in each_of)
        return [(at, event_id, max(_known(moments) for moments in each_of))]
    first = [(*everything[0][:2], _known(everything))] if everything else []
    return {"any": everything, "first": first, "last": everything[-1:]}[condition.match]


def _known(moments: list[Moment]) -> datetime:
    """Since when it is known that one of these was."""
    return min(received_at for _, _, received_at in moments)


class _Walk:
    """What one handoff of one object goes through, signal by signal."""

    def __init__(self, key: str, subject: Ref, handoff: HandoffDefinition) -> None:
        self.key, self.subject, self.handoff = key, subject, handoff
        self.number, self.opened, self.first, self.held = 0, None, None, None
        self.was_stopped, self.ended = False, None
        self.pauses, self.carried = [], []
        self.standing = ""  # the end that has come to stay, until a reversal
        self.role, self.opened_as, self.opened_told, self.found = "", "", None, []

    def through(
        self,
        told_of: Callable[[Ref], list[Fact]],
        beside: Callable[[Ref], set[Ref]],
        below: Callable[[Ref], set[Ref]],
    ) -> Iterator[Promise]:
        undone = Undone(self.handoff, self.subject, told_of, beside, below)
        roles = ("start", "stop", "cancel", "pause", "resume", "reopen_on")
        told = sorted(
            (at, rank, event_id, isinstance(condition, LinkedEvent) and condition.earlier, received_at)
            for rank, name in enumerate(roles)
            for condition in getattr(self.handoff, name)
            for at, event_id, received_at in _moments(
                condition, self.subject, beside, told_of, partial(self._counts, name)
            )
            if name != "reopen_on" or undone.by(condition, at)
        )
        for at, rank, _, lasts, received_at in told:
            self.role, self.at, self.received_at = roles[rank], at, received_at
            if roles[rank] == "start" and self.standing:
                self._pass_over(at)
            else:
                getattr(self, f"_{roles[rank]}")(at)
            if lasts or roles[rank] == "reopen_on":
                self.standing = roles[rank] if lasts else ""
        if self.opened is not None:
            self.found.append(self._promise(None, None))
        yield from (each for each in self.found if each is not None)

    def _counts(self, role: str, reason: str) -> bool:
        when = self.handoff.when
        if role != "start":
            return True
        return reason in when.reason if when.reason else reason not in when.reason_not

    def _pass_over(self, at: datetime) -> None:
        """What a start would promise has ended before: as if it ended as it began, but nobody is told."""
        self.first, self.carried, self.opened, self.pauses = at, [], at, []
        self._end(at, at if self.standing == "stop" else None)
        self.found.append(None)

    def _start(self, at: datetime) -> None:
        if self.opened is None:
            self.first, self.carried = at, []
            self._open(at)
        self._is_told_to_have_opened()

    def _stop(self, at: datetime) -> None:
        if self.opened is not None:
            self.found.append(self._end(at, closed_at=at))
        self._is_told_to_have_ended(5)

    def _cancel(self, at: datetime) -> None:
        if self.opened is not None:
            self.found.append(self._end(at, cancelled_at=at))
        self._is_told_to_have_ended(6)
        self.was_stopped = False  # what is given up, though it was done, nobody does again

    def _pause(self, at: datetime) -> None:
        self.held = self.held or at

    def _resume(self, at: datetime) -> None:
        self._let_go(at)

    def _reopen_on(self, at: datetime) -> None:
        if self.opened is None and self.was_stopped:
            if self.handoff.reopen == "reset":
                self.first, self.carried = at, []
            else:
                self.carried = [*self.carried, *self.pauses]
                self.carried += [(self.ended, at)] if self.handoff.reopen == "resume" else []
            self._open(at)
        if self.opened is not None:
            self._is_told_to_have_opened()

    def _open(self, at: datetime) -> None:
        self.number, self.opened, self.pauses = self.number + 1, at, []
        self.opened_as, self.opened_told = self.role, self.received_at

    def _is_told_to_have_opened(self) -> None:
        """Whoever told first, of those who told the same, made it known."""
        if self.role == self.opened_as:
            self.opened_told = min(self.opened_told, self.received_at)

    def _is_told_to_have_ended(self, place: int) -> None:
        """As with openings: of the newest promise, if its cycle ended so (`place`)."""
        last = self.found[-1] if self.found else None
        if last is not None and last.cycle[place] is not None:
            self.found[-1] = replace(last, tellings=(*last.tellings, (self.at, self.received_at)))

    def _let_go(self, at: datetime | None) -> None:
        if self.held is not None and self.opened is not None:
            since = max(self.held, self.opened)
            self.pauses += [(since, at)] if since != at else []
        self.held = None

    def _end(self, at: datetime, closed_at: datetime | None = None, cancelled_at: datetime | None = None) -> Promise:
        self._let_go(at)
        promise = self._promise(closed_at, cancelled_at)
        self.opened, self.ended, self.was_stopped = None, at, closed_at is not None
        return promise

    def _promise(self, closed_at: datetime | None, cancelled_at: datetime | None) -> Promise:
        self._let_go(None)
        cycle = (self.key, *self.subject, self.number, self.opened, closed_at, cancelled_at)
        return Promise(cycle, self.first, tuple(self.pauses), (*self.carried, *self.pauses), self.opened_told, ())

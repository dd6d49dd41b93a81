"""The oracle of causes: why one stalled instance is stalled, by the five rules, from the simulation's own records."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from core.registry import Registry
from core.vocabulary import ObjectRef
from stallwatch.simulator.membership import Parents
from stallwatch.simulator.outcomes import Instance, neighbours
from stallwatch.simulator.records import Dimensions, Event, Span
from stallwatch.simulator.spells import Beside, Happening, named, stand


@dataclass(frozen=True)
class Evidence:
    """Everything known at `as_of` that can explain a stall."""

    silent: frozenset[str]
    spans_on: dict[ObjectRef, list[Span]]
    tellers: dict[tuple[ObjectRef, datetime, str], set[str]]
    expected: dict[str, set[str]]
    undoing: dict[tuple[str, str], set[str]]
    excepted: frozenset[ObjectRef]
    touched: dict[ObjectRef, list[Happening]]
    parents: Parents
    beside: Beside
    dimensions: dict[ObjectRef, Dimensions]

    @classmethod
    def gather(
        cls,
        *,
        events: Iterable[Event],
        spans: Iterable[Span],
        registry: Registry,
        as_of: datetime,
        touched: dict[ObjectRef, list[Happening]],
        parents: Parents,
        dimensions: dict[ObjectRef, Dimensions],
        handoffs: dict[str, Any],
    ) -> Self:
        """Take the events and spans that were told by `as_of`."""
        events, spans = list(events), list(spans)
        return cls(
            silent=_silent(events, spans, registry, as_of),
            spans_on=_by_object(spans),
            tellers=_tellers(events),
            expected=_expected(handoffs),
            undoing=_undoing(handoffs),
            excepted=_excepted(events),
            touched=touched,
            parents=parents,
            beside=neighbours(parents),
            dimensions=dimensions,
        )


def cause_of(stalled: Instance, handoff: dict[str, Any], evidence: Evidence) -> str:
    """Return the first cause that holds."""
    if handoff["awaits"] in evidence.silent:
        return "silence"
    lacking, event = _lacking(stalled, handoff, evidence)
    opens = (named(one) for one in (*handoff["start"], *handoff.get("reopen_on", ())))
    ends = {handoff["awaits"]}.union(
        *(evidence.tellers.get((stalled.object, stalled.opened_at, event_type), ()) for event_type in opens)
    )
    waits = [(stalled.object, ends), *((each, evidence.expected[event]) for each in lacking)]
    if any(_failed(each, stalled.opened_at, who, evidence) for each, who in waits):
        return "integration_failure"
    if stalled.object in evidence.excepted:
        return "exception"
    return "missing_prerequisite" if lacking else "waiting_on"


def _lacking(stalled: Instance, handoff: dict[str, Any], evidence: Evidence) -> tuple[list[ObjectRef], str]:
    """List the objects on which a prerequisite does not stand, and which; none where there is none, or it stands."""
    flow = evidence.dimensions[stalled.object].flow_type
    for need in handoff.get("needs", ()):
        if flow not in need.get("flow_types", [flow]):
            continue
        near = (stalled.object, *evidence.parents.get(stalled.object, ()))
        awaited = [each for each in near if each.type == need["on"]]
        if lacking := [each for each in awaited if not _stands(need["event"], each, evidence)]:
            return lacking, need["event"]
    return [], ""


def _stands(event: str, each: ObjectRef, evidence: Evidence) -> bool:
    """Whether what is needed stands on an object: by what names it, or by what names a document linked with it."""
    kind = event.partition(".")[0]
    places = [each, *(other for other in evidence.beside.get(each, ()) if other.type == kind)]
    undone_by = {undo for place in places for undo in evidence.undoing[event, place.type]}
    happened = (happening for place in places for happening in evidence.touched.get(place, ()))
    return bool(stand(happened, {event}, undone_by))


def _failed(each: ObjectRef, since: datetime, who: set[str], evidence: Evidence) -> bool:
    """Whether the last that one of them did with a document, since then, went wrong. Nobody named: whoever it was."""
    theirs = [span for span in evidence.spans_on.get(each, ()) if not who or span.integration in who]
    newest = max(theirs, key=lambda span: span.started_at, default=None)
    return newest is not None and newest.started_at >= since and bool(newest.failure)


def _silent(events: list[Event], spans: list[Span], registry: Registry, as_of: datetime) -> frozenset[str]:
    newest: dict[str, datetime] = {}
    for integration, at in [(e.integration, e.occurred_at) for e in events] + [
        (s.integration, s.started_at) for s in spans
    ]:
        newest[integration] = max(at, newest.get(integration, at))
    return frozenset(
        key
        for key, entry in registry.integrations.items()
        if entry.heartbeat is not None and key in newest and newest[key] < as_of - entry.heartbeat
    )


def _by_object(spans: list[Span]) -> dict[ObjectRef, list[Span]]:
    found: defaultdict[ObjectRef, list[Span]] = defaultdict(list)
    for span in spans:
        for each in span.objects:
            found[each].append(span)
    return dict(found)


def _tellers(events: list[Event]) -> dict[tuple[ObjectRef, datetime, str], set[str]]:
    """Who told what of an object at an instant."""
    found: defaultdict[tuple[ObjectRef, datetime, str], set[str]] = defaultdict(set)
    for event in events:
        for each in event.objects:
            found[each, event.occurred_at, event.type].add(event.integration)
    return dict(found)


def _expected(handoffs: dict[str, Any]) -> dict[str, set[str]]:
    """Who is expected to tell each event that ends a handoff; of all others nobody in particular."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for handoff in handoffs.values():
        for condition in handoff["stop"]:
            found[named(condition)].add(handoff["awaits"])
    return found


def _undoing(handoffs: dict[str, Any]) -> dict[tuple[str, str], set[str]]:
    """Return what undoes each event on a type of object: what reopens a handoff there that it ends."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for handoff in handoffs.values():
        ends, undoes = (
            [(named(one), handoff["on"] if isinstance(one, str) else one["of"]) for one in handoff.get(role, ())]
            for role in ("stop", "reopen_on")
        )
        for event, on in ends:
            found[event, on] |= {undo for undo, where in undoes if where == on}
    return found


def _excepted(events: list[Event]) -> frozenset[ObjectRef]:
    """Objects named when an exception was raised that is still open."""
    raised: dict[ObjectRef, Event] = {}
    touches: defaultdict[ObjectRef, list[Event]] = defaultdict(list)
    for event in events:
        if event.subject.type == "exception":
            touches[event.subject].append(event)
    for trouble, history in touches.items():
        last = max(history, key=lambda event: event.occurred_at)
        if last.type == "exception.raised":
            raised[trouble] = last
    return frozenset(each for event in raised.values() for each in event.objects)

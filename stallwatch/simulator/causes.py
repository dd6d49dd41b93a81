"""The oracle of causes: why one stalled instance is stalled, by the five rules, from the simulation's own records."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from core.registry import Registry
from core.vocabulary import ObjectRef
from stallwatch.simulator.membership import Parents
from stallwatch.simulator.outcomes import Instance
from stallwatch.simulator.records import Dimensions, Event, Span
from stallwatch.simulator.spells import Happening


@dataclass(frozen=True)
class Evidence:
    """Everything known at `as_of` that can explain a stall."""

    silent: frozenset[str]
    newest_span: dict[ObjectRef, Span]
    excepted: frozenset[ObjectRef]
    touched: dict[ObjectRef, list[Happening]]
    parents: Parents
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
    ) -> Self:
        """Take the events and spans that were told by `as_of`."""
        events, spans = list(events), list(spans)
        return cls(
            _silent(events, spans, registry, as_of), _newest(spans), _excepted(events), touched, parents, dimensions
        )


def cause_of(stalled: Instance, handoff: dict[str, Any], evidence: Evidence) -> str:
    """Return the first cause that holds."""
    if handoff["awaits"] in evidence.silent:
        return "silence"
    lacking = _lacking(stalled, handoff, evidence)
    if any(_failed(each, stalled.opened_at, evidence) for each in (stalled.object, *lacking)):
        return "integration_failure"
    if stalled.object in evidence.excepted:
        return "exception"
    return "missing_prerequisite" if lacking else "waiting_on"


def _lacking(stalled: Instance, handoff: dict[str, Any], evidence: Evidence) -> list[ObjectRef]:
    """List the objects that a prerequisite is awaited on; none where there is none, or it has been met."""
    flow = evidence.dimensions[stalled.object].flow_type
    for need in handoff.get("needs", ()):
        if flow not in need.get("flow_types", [flow]):
            continue
        near = (stalled.object, *evidence.parents.get(stalled.object, ()))
        awaited = [each for each in near if each.type == need["on"]]
        if not any(happening.type == need["event"] for each in awaited for happening in evidence.touched[each]):
            return awaited
    return []


def _failed(each: ObjectRef, since: datetime, evidence: Evidence) -> bool:
    newest = evidence.newest_span.get(each)
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


def _newest(spans: list[Span]) -> dict[ObjectRef, Span]:
    newest: dict[ObjectRef, Span] = {}
    for span in sorted(spans, key=lambda each: each.started_at):
        newest.update(dict.fromkeys(span.objects, span))
    return newest


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

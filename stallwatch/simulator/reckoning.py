"""What is true at `as_of`: journeys from the scripts' relations, handoffs and causes from the oracles."""

from collections.abc import Sequence
from typing import Any

from core.registry import Registry
from stallwatch.simulator.causes import Evidence, cause_of
from stallwatch.simulator.ledger import Ledger
from stallwatch.simulator.membership import journeys_at, parents_at
from stallwatch.simulator.outcomes import Instance, Oracle, subject_dimensions, timelines
from stallwatch.simulator.promises import words
from stallwatch.simulator.records import Dimensions, Event, HandoffTruth, Span, Truth


def reckon(
    seed: int,
    ledger: Ledger,
    *,
    events: Sequence[Event],
    spans: Sequence[Span],
    network: Registry,
    handoffs: dict[str, Any],
) -> Truth:
    """Reckon the truth from everything told by `as_of`."""
    as_of = ledger.as_of
    told = list({event.event_id: event for event in events if event.delivered_at <= as_of}.values())
    traced = [span for span in spans if span.delivered_at <= as_of]
    touched, dimensions = timelines(told), subject_dimensions(told)
    parents = parents_at(ledger.relations, as_of)
    evidence = Evidence.gather(
        events=told,
        spans=traced,
        registry=network,
        as_of=as_of,
        touched=touched,
        parents=parents,
        dimensions=dimensions,
        handoffs=handoffs,
    )
    outage, silence = ledger.disturbances.of("outage"), ledger.disturbances.of("silence")
    found = Oracle(handoffs, network, as_of).instances(touched, dimensions, words(told), parents)
    return Truth(
        seed=seed,
        as_of=as_of,
        outage=outage.integration if outage else None,
        silent=silence.integration if silence else None,
        events=len(told),
        spans=len(traced),
        faults={str(fault): ledger.injected[fault] for fault in sorted(ledger.injected)},
        journeys=journeys_at(dimensions, parents),
        handoffs=tuple(
            _judge(each, handoffs[each.handoff], evidence, ledger, dimensions[each.object]) for each in found
        ),
    )


def _judge(
    instance: Instance, handoff: dict[str, Any], evidence: Evidence, ledger: Ledger, said: Dimensions
) -> HandoffTruth:
    is_open = instance.closed_at is None and instance.cancelled_at is None
    stalled = is_open and not instance.paused and instance.due_at is not None and instance.due_at < ledger.as_of
    return HandoffTruth(
        handoff=instance.handoff,
        object=str(instance.object),
        opened_at=instance.opened_at,
        closed_at=instance.closed_at,
        cancelled_at=instance.cancelled_at,
        due_at=instance.due_at,
        outcome="open" if is_open else "closed" if instance.closed_at else "cancelled",
        stalled=stalled,
        cause=cause_of(instance, handoff, evidence) if stalled else None,
        facility=said.facility,
        criticality=said.criticality,
    )

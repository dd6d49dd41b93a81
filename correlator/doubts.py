"""What of a sound model is doubtful: what can never be missed, reached or overdue, and what nobody ever sent. Pure."""

from collections.abc import Collection, Iterator
from typing import get_args

from core.problems import LooseEnd, did_you_mean, one_of
from core.vocabulary import Criticality
from correlator.model import JourneyModel


def doubtful_needs(model: JourneyModel) -> Iterator[LooseEnd]:
    """Yield the needs that are looked for where they cannot be: not on the object or above it, in flows left out."""
    for key, handoff in model.handoffs.items():
        # Where correlator/sql/stalls_hangs.sql looks: the object, its parents, and the root of its journeys.
        above = tuple(dict.fromkeys((handoff.on, *model.objects[handoff.on].attaches_via, model.anchor)))
        for index, need in enumerate(handoff.needs):
            place = ("handoffs", key, "needs", index)
            if need.on not in above:
                near = ", ".join(above)
                yield (
                    (*place, "on"),
                    f"it is not looked for on {need.on} and so always missing; write one of {near}",
                )
            if handoff.flows and need.flow_types and not {*need.flow_types} & {*handoff.flows}:
                yield (
                    (*place, "flow_types"),
                    "none of these is among the flow_types of the handoff: this is never missed",
                )


def never_reached(model: JourneyModel) -> Iterator[LooseEnd]:
    """Yield the milestones of types that are no objects of the model: they count on an object of their own type."""
    for key, milestone in model.milestones.items():
        kind = milestone.event.partition(".")[0]
        if kind not in model.objects:
            reason = f"{kind} is not among the objects, on which this counts: it is never reached"
            yield ("milestones", key, "event"), f"{reason}{one_of(kind, model.objects)}"


def never_due(model: JourneyModel) -> Iterator[LooseEnd]:
    """Yield the targets that leave out a criticality which the handoff is for, where nothing else makes it fall due."""
    for key, handoff in model.handoffs.items():
        given = {*handoff.target, *(row[2] for row in handoff.target_at.rows())}
        without = [each for each in handoff.when.criticality or get_args(Criticality) if each not in given]
        if handoff.target and without and not handoff.due_from:
            unknown = ", nor does what is of unknown criticality" if "standard" in without else ""
            yield (
                ("handoffs", key, "target"),
                f"what is {' or '.join(without)} never falls due{unknown}; give it a target, or leave it out by when",
            )


def unsent_events(model: JourneyModel, sent: Collection[str]) -> Iterator[LooseEnd]:
    """Yield the first place of each event type that the model names and nobody has ever sent."""
    told: set[str] = set()
    for place, event in model.named_events:
        if event not in sent and event not in told:
            told.add(event)
            yield place, f"nobody has ever sent {event}{did_you_mean(event, sent)}"


def unsent_names(model: JourneyModel, sent: Collection[str]) -> Iterator[LooseEnd]:
    """Yield the other names of events that nobody ever used; `sent` are event types as they were sent."""
    for name in model.events.aliases:
        if name not in sent:
            yield ("events", "aliases", name), f"nobody has ever sent {name}{did_you_mean(name, sent)}"

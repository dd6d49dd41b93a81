"""What of a sound model is doubtful: needs that can never be missing, and events that nobody ever sent. Pure."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from core.problems import LooseEnd, did_you_mean
from core.strict_yaml import Place
from correlator.conditions import EVENT_TYPE
from correlator.model import JourneyModel

WORDS_OF_OURS = {"title", "owner", "summary", "awaits", "calendar", "target", "target_at", "due_from", "grace"}


def doubtful_needs(model: JourneyModel) -> Iterator[LooseEnd]:
    """Yield the needs that are looked for where they cannot be: not on the object or above it, in flows left out."""
    for key, handoff in model.handoffs.items():
        # Where correlator/sql/stalls.sql looks: the object, its parents, and the root of its journeys.
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


def unsent_events(model: JourneyModel, sent: Collection[str]) -> Iterator[LooseEnd]:
    """Yield the first place of each event type that the model names and nobody has ever sent."""
    told: set[str] = set()
    content = model.model_dump(mode="json", include={"milestones", "handoffs"})
    for place, event in _event_types(content, ()):
        if event not in sent and event not in told:
            told.add(event)
            yield place, f"nobody has ever sent {event}{did_you_mean(event, sent)}"


def _event_types(content: Any, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(content, dict):
        for key, value in content.items():
            if key not in WORDS_OF_OURS:
                yield from _event_types(value, (*place, key))
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from _event_types(value, (*place, index))
    elif isinstance(content, str) and re.fullmatch(EVENT_TYPE, content):
        yield place, content

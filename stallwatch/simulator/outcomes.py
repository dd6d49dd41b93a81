"""The oracle of handoffs: a replay of what happened on each object and beside it, against the promises it makes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.durations import parse_duration
from core.registry import Registry
from core.vocabulary import ObjectRef
from slo.business_time import BusinessHours, business_hours
from stallwatch.simulator.membership import Parents
from stallwatch.simulator.promises import Word, promised
from stallwatch.simulator.records import Dimensions, Event
from stallwatch.simulator.spells import Happening, Spell, due_of, signals, spells

# How far around the events calendars are worked out: well beyond any target and any holiday season.
MARGIN = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Instance:
    """One handoff instance at `as_of`."""

    handoff: str
    object: ObjectRef
    opened_at: datetime
    closed_at: datetime | None
    cancelled_at: datetime | None
    due_at: datetime | None
    paused: bool = False


def timelines(events: Iterable[Event]) -> dict[ObjectRef, list[Happening]]:
    """Return what touched each object and when, in order of time."""
    touched: dict[ObjectRef, list[Happening]] = defaultdict(list)
    for event in events:
        for each in event.objects:
            touched[each].append(Happening(event.occurred_at, event.type, event.reason, event.subject))
    return {each: sorted(happenings) for each, happenings in touched.items()}


def subject_dimensions(events: Iterable[Event]) -> dict[ObjectRef, Dimensions]:
    """Return what each object says about itself; the scripts say the same in each of its events."""
    return {event.subject: event.dimensions for event in events}


class Oracle:
    """Replays objects against the handoffs of the model YAML."""

    def __init__(self, handoffs: dict[str, Any], registry: Registry, as_of: datetime) -> None:
        """Take the `handoffs` section of the model as it is written."""
        self._handoffs, self._registry, self._as_of = handoffs, registry, as_of
        self._begins = as_of
        self._hours: dict[str, BusinessHours] = {}

    def instances(
        self,
        touched: dict[ObjectRef, list[Happening]],
        dimensions: dict[ObjectRef, Dimensions],
        said: Mapping[ObjectRef, Sequence[Word]] | None = None,
        parents: Parents | None = None,
    ) -> Iterator[Instance]:
        """Yield every instance, object by object; objects that no event is about make no promise.

        `said` is what the events of an object say beyond its dimensions, the newest first.
        """
        words, beside = said or {}, neighbours(parents or {})
        self._begins = min((happenings[0].at for happenings in touched.values()), default=self._as_of)
        for each in sorted(dimensions):
            for name, handoff in self._handoffs.items():
                own = dimensions[each]
                if handoff["on"] != each.type or own.flow_type not in handoff.get("flow_types", [own.flow_type]):
                    continue
                for spell in spells(signals(handoff, each, touched, beside), handoff.get("reopen", "first")):
                    due = self._due(handoff, own, spell, words.get(each, ()))
                    yield Instance(name, each, spell.opened_at, spell.closed_at, spell.cancelled_at, due, spell.paused)

    def _due(self, handoff: dict[str, Any], said: Dimensions, spell: Spell, words: Sequence[Word]) -> datetime | None:
        zone = ZoneInfo(self._registry.facilities[said.facility].time_zone)
        ended_at = spell.closed_at or spell.cancelled_at
        promise = promised(words, handoff.get("due_from", ""), zone, spell.clock_from, ended_at)
        target = parse_duration(handoff["target"][said.criticality])
        return promise or due_of(self._hours_of(said.facility), target, spell.clock_from, spell.stood)

    def _hours_of(self, facility: str) -> BusinessHours:
        if facility not in self._hours:
            place = self._registry.facilities[facility]
            first, last = (self._begins - MARGIN).date(), (self._as_of + MARGIN).date()
            key = f"{place.calendar}@{place.time_zone}"
            self._hours[facility] = business_hours(self._registry, key, first=first, last=last)
        return self._hours[facility]


def neighbours(parents: Parents) -> dict[ObjectRef, list[ObjectRef]]:
    """Return what each object is directly linked with, above it and below."""
    found: defaultdict[ObjectRef, list[ObjectRef]] = defaultdict(list)
    for child, above in parents.items():
        for parent in above:
            found[child].append(parent)
            found[parent].append(child)
    return found

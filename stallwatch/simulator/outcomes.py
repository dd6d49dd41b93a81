"""The oracle of handoffs: a replay of each object's own events, one object at a time, against the promises it makes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.durations import parse_duration
from core.registry import Registry
from core.vocabulary import ObjectRef
from slo.business_time import BusinessHours, business_hours, due_at
from stallwatch.simulator.promises import Word, promised
from stallwatch.simulator.records import Dimensions, Event

Happening = tuple[datetime, str]
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
    due_at: datetime


def timelines(events: Iterable[Event]) -> dict[ObjectRef, list[Happening]]:
    """Return what touched each object and when, in order of time."""
    touched: dict[ObjectRef, list[Happening]] = defaultdict(list)
    for event in events:
        for each in event.objects:
            touched[each].append((event.occurred_at, event.type))
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
    ) -> Iterator[Instance]:
        """Yield every instance, object by object; objects that no event is about make no promise.

        `said` is what the events of an object say beyond its dimensions, the newest first.
        """
        words = said or {}
        self._begins = min((happenings[0][0] for happenings in touched.values()), default=self._as_of)
        for each in sorted(dimensions):
            for name, handoff in self._handoffs.items():
                own = dimensions[each]
                if handoff["on"] != each.type or own.flow_type not in handoff.get("flow_types", [own.flow_type]):
                    continue
                for opened, closed, cancelled in _cycles(touched[each], handoff):
                    zone = ZoneInfo(self._registry.facilities[own.facility].time_zone)
                    promise = promised(
                        words.get(each, ()), handoff.get("due_from", ""), zone, opened, closed or cancelled
                    )
                    due = promise or self._due(own, handoff["target"][own.criticality], opened)
                    yield Instance(name, each, opened, closed, cancelled, due)

    def _due(self, said: Dimensions, target: str, opened_at: datetime) -> datetime:
        due = due_at(self._hours_of(said.facility), opened_at, parse_duration(target))
        if due is None:
            message = f"the calendar of {said.facility} has no hours after {opened_at}"
            raise ValueError(message)
        return due

    def _hours_of(self, facility: str) -> BusinessHours:
        if facility not in self._hours:
            place = self._registry.facilities[facility]
            first, last = (self._begins - MARGIN).date(), (self._as_of + MARGIN).date()
            key = f"{place.calendar}@{place.time_zone}"
            self._hours[facility] = business_hours(self._registry, key, first=first, last=last)
        return self._hours[facility]


def _cycles(
    happenings: list[Happening], handoff: dict[str, Any]
) -> Iterator[tuple[datetime, datetime | None, datetime | None]]:
    """Pair each start with the first stop or cancel after it; a start while one is open says nothing new."""
    opened: datetime | None = None
    for at, event_type in happenings:
        if opened is None and event_type in handoff["start"]:
            opened = at
        elif opened is not None and event_type in handoff["stop"]:
            yield opened, at, None
            opened = None
        elif opened is not None and event_type in handoff.get("cancel", ()):
            yield opened, None, at
            opened = None
    if opened is not None:
        yield opened, None, None

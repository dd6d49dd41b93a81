"""An independent, plain-Python reading of when a promise falls due by its place and its calendar, and what was promised."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from support.correlation_oracle import Promise, parted
from support.facts import DESCRIBED, Fact, Ref

from core.durations import Duration, parse_duration
from core.registry import Facility, Registry
from correlator.model import HandoffDefinition
from slo.business_time import BusinessHours, business_hours

NOWHERE = Facility(name="nowhere")  # what is not registered: no region, UTC, never closed
SPAN = (date(2026, 1, 1), date(2026, 7, 1))
DAYS_FROM, DAYS_UNTIL = date(2000, 1, 1), date(2032, 1, 1)  # as calendars are published on the clock of the tests


def target_of(handoff: HandoffDefinition, registry: Registry, facility: str, criticality: str) -> Duration | None:
    """Return the target: the facility's own, else its region's, else its kind's, else that of all."""
    rank = criticality if criticality in {"clinical-critical", "low"} else "standard"
    at = handoff.target_at
    ladder = [at.facilities.get(facility, {})]
    if facility in registry.facilities:
        place = registry.facilities[facility]
        ladder += [at.regions.get(place.region, {}), at.kinds.get(place.kind, {})]
    for targets in (*ladder, handoff.target):
        if rank in targets:
            return parse_duration(targets[rank])
    return None


def zone_of(handoff: HandoffDefinition, registry: Registry, facility: str) -> str:
    """Return the zone in which a promise is kept: that of its calendar if it names one, else the facility's."""
    if handoff.calendar and "@" in handoff.calendar:
        return handoff.calendar.split("@")[1]
    return registry.facilities.get(facility, NOWHERE).time_zone


def hours_of(handoff: HandoffDefinition, registry: Registry, facility: str) -> BusinessHours:
    """Return the openings that count for a promise."""
    name = handoff.calendar.split("@")[0] if handoff.calendar else registry.facilities.get(facility, NOWHERE).calendar
    return _hours(registry.model_dump_json(), f"{name}@{zone_of(handoff, registry, facility)}")


@cache
def _hours(registry: str, key: str) -> BusinessHours:
    return business_hours(Registry.model_validate_json(registry), key, first=SPAN[0], last=SPAN[1])


def promised_to(
    promise: Promise, handoff: HandoffDefinition, facts: Iterable[Fact], own: dict[Ref, Ref], zone: str
) -> datetime | None:
    """Return what was promised for one handoff instance: the object's own word first, then the newest that counts."""
    _, kind, identifier, _, _, closed_at, cancelled_at = promise.cycle
    ended, best = closed_at or cancelled_at, None
    apart = parted(facts, own)
    for item in facts:
        named = item.objects[:1] if item.type == DESCRIBED else item.objects
        for each in named:
            if own.get(each, each) != (kind, identifier) or handoff.on != kind:
                continue
            about = own.get(item.objects[0], item.objects[0])
            if each != item.objects[0] and frozenset(((kind, identifier), about)) in apart:
                continue
            at = read(dict(item.attributes).get(handoff.due_from or "", ""), ZoneInfo(zone))
            if at is None or at < promise.first_opened_at or (ended is not None and item.occurred_at > ended):
                continue
            rank = (each == item.objects[0], item.occurred_at, item.event_id)
            best = max(best or (rank, at), (rank, at))
    return best[1] if best else None


def read(text: str, zone: ZoneInfo) -> datetime | None:
    """Return the instant that a text names: a date until it is over in the zone, else UTC where it names no offset."""
    text = text.strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            day = date.fromisoformat(text)
            end = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)
            return end if DAYS_FROM <= day < DAYS_UNTIL else None
        if not re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", text):
            return None
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)

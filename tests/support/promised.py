"""An independent, plain-Python reading of when a promise falls due by its place and its calendar, and what was promised."""

from datetime import date
from functools import cache

from core.durations import Duration, parse_duration
from core.registry import Facility, Registry
from correlator.model import HandoffDefinition
from slo.business_time import BusinessHours, business_hours

NOWHERE = Facility(name="nowhere")  # what is not registered: no region, UTC, never closed
SPAN = (date(2026, 1, 1), date(2026, 7, 1))


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

"""Calendars that tests share: an office, a split day, a night shift."""

from core.registry import Calendar, Facility, Registry

WEEK = ("mon", "tue", "wed", "thu", "fri")
ALL_DAYS = (*WEEK, "sat", "sun")


def calendar(*shifts: str, days: tuple[str, ...] = WEEK, **further: object) -> Calendar:
    """The same shifts on each of `days`."""
    return Calendar.model_validate({"shifts": dict.fromkeys(days, shifts), **further})


def registry(*zones: str, **calendars: Calendar) -> Registry:
    """A registry with a facility for each of the calendars, and the one that never closes, in each zone and in UTC."""
    facilities = {
        f"{name}@{zone}": Facility(name=zone, time_zone=zone, calendar=name)
        for zone in (*zones, "UTC")
        for name in ("always", *calendars)
    }
    return Registry(calendars=calendars, facilities=facilities)

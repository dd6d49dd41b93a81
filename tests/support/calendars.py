"""Calendars that tests share: an office, a split day, a night shift."""

from core.registry import Calendar, Facility, Registry

WEEK = ("mon", "tue", "wed", "thu", "fri")
ALL_DAYS = (*WEEK, "sat", "sun")


def calendar(*shifts: str, days: tuple[str, ...] = WEEK, **further: object) -> Calendar:
    """The same shifts on each of `days`."""
    return Calendar.model_validate({"shifts": dict.fromkeys(days, shifts), **further})


def registry(*zones: str, **calendars: Calendar) -> Registry:
    """A registry with the calendars, and one facility in each zone so that every calendar is published there."""
    facilities = {zone: Facility(name=zone, time_zone=zone) for zone in zones}
    return Registry(calendars=calendars, facilities=facilities)

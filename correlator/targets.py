"""How long a promise may take, as a model says it: by criticality and by place, and on whose calendar it counts."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.durations import parse_duration
from core.registry import FacilityKind
from core.vocabulary import Criticality

FACILITY, REGION, KIND = 1, 2, 3  # the more narrowly a place is named, the earlier its target holds


def _readable_duration(text: str) -> str:
    parse_duration(text)
    return text


def name_and_zone(calendar: str) -> tuple[str, str]:
    """Return the name of a calendar and the zone that is named with it, "" where none is: bank, bank@Europe/Berlin."""
    name, _, zone = calendar.partition("@")
    return name, zone


def _readable_calendar(text: str) -> str:
    name, zone = name_and_zone(text)
    if "@" not in text:
        return text
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        message = f"{zone!r} is not an IANA time zone: write bank, or bank@America/New_York"
        raise ValueError(message) from None
    if not name:
        message = f"{text!r} names no calendar: write bank, or bank@America/New_York"
        raise ValueError(message)
    return text


DurationText = Annotated[str, AfterValidator(_readable_duration)]
CalendarText = Annotated[str, Field(min_length=1), AfterValidator(_readable_calendar)]
Targets = dict[Criticality, DurationText]


class PlaceTargets(BaseModel):
    """Targets of certain places: a facility's hold before those of its region, and those before those of its kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    facilities: dict[str, Targets] = Field(default_factory=dict)
    regions: dict[str, Targets] = Field(default_factory=dict)
    kinds: dict[FacilityKind, Targets] = Field(default_factory=dict)

    def rows(self) -> list[tuple[int, str, str, str, int]]:
        """Return every target as (rank of the place, its name, criticality, unit, amount)."""
        named: list[tuple[int, str, Targets]] = [
            *((FACILITY, name, targets) for name, targets in self.facilities.items()),
            *((REGION, name, targets) for name, targets in self.regions.items()),
            *((KIND, name, targets) for name, targets in self.kinds.items()),
        ]
        return [(rank, name, *row) for rank, name, targets in named for row in rows_of(targets)]


def grace_of(text: str | None) -> tuple[str, int]:
    """Return how long after a promised time it is due, as (unit, amount); nothing is no clock time."""
    duration = parse_duration(text or "0s", allow_zero=True)
    return duration.unit, duration.amount


def rows_of(targets: Targets) -> list[tuple[str, str, int]]:
    """Return targets as (criticality, unit, amount)."""
    return [
        (criticality, duration.unit, duration.amount)
        for criticality, text in targets.items()
        for duration in (parse_duration(text),)
    ]

"""The registry of facilities and integrations: what is expected to exist, so that absence can be seen.

One YAML file: `calendars`, `facilities`, `integrations`. Strict: an unknown key or a duplicate is refused by name.
"""

from datetime import timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from core.clickhouse import Database
from core.clock import Clock
from core.definitions import read_definition
from core.durations import parse_duration
from core.vocabulary import Criticality

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Calendar(_Strict):
    """When a kind of place works: shifts a weekday in local time, and which public holidays close it.

    A shift is "HH:MM-HH:MM"; one that ends at or before its start runs into the next day ("22:00-06:00").
    """

    shifts: dict[Weekday, tuple[str, ...]]
    holidays: str | None = Field(None, description="Country or country-subdivision for `holidays`: US, US-CA.")
    closed: tuple[str, ...] = Field((), description="Further closed days, ISO dates.")
    open: tuple[str, ...] = Field((), description="Exceptional working days, ISO dates; they use Monday's shifts.")


class Facility(_Strict):
    """A hospital, clinic or warehouse."""

    name: str
    kind: Literal["hospital", "clinic", "warehouse", "office"] = "hospital"
    region: str = ""
    time_zone: str = "UTC"
    calendar: str = "always"
    aliases: tuple[str, ...] = ()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            message = f"{value!r} is not an IANA time zone"
            raise ValueError(message) from None
        return value


class Integration(_Strict):
    """A system or interface that sends telemetry. `heartbeat` is the longest silence that is normal."""

    name: str
    owner: str = ""
    tier: Criticality = "standard"
    heartbeat: timedelta | None = Field(None, description="Clock time: 30m, 4h, 2d.")

    @field_validator("heartbeat", mode="before")
    @classmethod
    def _clock_time(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        duration = parse_duration(value)
        if duration.unit != "clock":
            message = f"{value!r}: a heartbeat is clock time, since systems send at night too: write 30m, 4h or 2d"
            raise ValueError(message)
        return timedelta(seconds=duration.amount)


class Registry(_Strict):
    """Everything that is expected to exist, keyed as telemetry names it."""

    calendars: dict[str, Calendar] = Field(default_factory=dict)
    facilities: dict[str, Facility] = Field(default_factory=dict)
    integrations: dict[str, Integration] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _calendars_exist(self) -> "Registry":
        for key, facility in self.facilities.items():
            if facility.calendar != "always" and facility.calendar not in self.calendars:
                message = f"facility {key!r} uses the calendar {facility.calendar!r}, which is not defined"
                raise ValueError(message)
        return self


def load_registry(file: Path | None) -> Registry:
    """Read the registry file; without one, nothing in particular is expected. Raises DefinitionError."""
    return Registry() if file is None else read_definition(Registry, file)


def publish_registry(database: Database, registry: Registry, clock: Clock) -> None:
    """Make the registry known to queries. Safe to repeat; an entry that left the file stays for its history."""
    at = clock.now()
    database.insert(
        "facilities",
        ("facility", "name", "kind", "region", "time_zone", "calendar", "aliases", "published_at"),
        [
            (key, f.name, f.kind, f.region, f.time_zone, f"{f.calendar}@{f.time_zone}", list(f.aliases), at)
            for key, f in registry.facilities.items()
        ],
    )
    database.insert(
        "integrations",
        ("integration", "name", "owner", "tier", "heartbeat_seconds", "published_at"),
        [
            (key, i.name, i.owner, i.tier, int(i.heartbeat.total_seconds()) if i.heartbeat else 0, at)
            for key, i in registry.integrations.items()
        ],
    )

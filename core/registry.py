"""The registry of facilities and integrations: what is expected to exist, so that absence can be seen.

One YAML file: `calendars`, `facilities`, `integrations`. Strict: an unknown key or a duplicate is refused by name.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    field_validator,
    model_validator,
)

from core.clickhouse import Database
from core.clock import Clock
from core.definitions import read_definition
from core.durations import parse_duration
from core.problems import LooseEnd, all_at_once, one_of
from core.rates import Rate, parse_rate
from core.sql import sql
from core.vocabulary import Criticality

FacilityKind = Literal["hospital", "clinic", "warehouse", "office"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
LONGEST_HEARTBEAT = timedelta(days=366)  # whoever is silent for longer is not there
EVENT_TYPE = re.compile(r"[^*\s]+(?:\.\*)?")
MOST_ENTRIES, LONGEST_TEXT = 1000, 200
Word = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
Words = Annotated[tuple[Word, ...], Field(max_length=MOST_ENTRIES)]


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


def _name(value: str) -> str:
    if not value.isprintable() or value != value.strip() or not value:
        message = f"{value!r} is no name: write one without blanks or control characters around it"
        raise ValueError(message)
    return value


class Facility(_Strict):
    """A hospital, clinic or warehouse."""

    name: str
    kind: FacilityKind = "hospital"
    region: str = ""
    time_zone: str = "UTC"
    calendar: str = "always"
    aliases: tuple[Annotated[str, AfterValidator(_name)], ...] = ()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            message = f"{value!r} is not an IANA time zone"
            raise ValueError(message) from None
        return value


class RedactionOverride(_Strict):
    """What one integration's redaction does otherwise: further keys to deny, or (mode allow) the only ones to keep."""

    mode: Literal["deny", "allow"] = "deny"
    deny: Words = Field((), description="Attribute keys whose values are private.")
    allow: Words = Field((), description="Attribute keys whose values may be kept.")


class Integration(_Strict):
    """A system or interface that sends telemetry. `heartbeat` is the longest silence that is normal."""

    name: Word
    owner: str = Field("", max_length=LONGEST_TEXT)
    tier: Criticality = "standard"
    heartbeat: timedelta | None = Field(None, gt=timedelta(0), le=LONGEST_HEARTBEAT, description="30m, 4h, 2d.")
    rate_limit: str | None = Field(None, description="Most requests of its keys, for each collector: 500/s, 30/m, 9/h.")
    allowed_event_types: Words = Field((), description="invoice.received, or invoice.* for all of a kind; empty: any.")
    redaction: RedactionOverride | None = Field(None, description="What its redaction does otherwise.")

    @property
    def rate(self) -> Rate | None:
        """The rate limit, None where there is none."""
        return None if self.rate_limit is None else parse_rate(self.rate_limit)

    @field_validator("rate_limit")
    @classmethod
    def _a_rate(cls, value: str | None) -> str | None:
        if value is not None:
            parse_rate(value)
        return value and value.strip()

    @field_validator("allowed_event_types")
    @classmethod
    def _event_types(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            if EVENT_TYPE.fullmatch(each) is None:
                message = f"{each!r}: write a type (invoice.received), or all of a kind (invoice.*)"
                raise ValueError(message)
        return value

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


class Known(Protocol):
    """What is expected to exist, as those who only look things up see it: a Registry, or one that follows changes."""

    @property
    def facilities(self) -> Mapping[str, Facility]:
        """Facilities by key."""
        ...

    @property
    def integrations(self) -> Mapping[str, Integration]:
        """Integrations by key."""
        ...


def facility_key(known: Known, asked: str) -> str:
    """Return the key of the facility that the registry knows under this name, else the name itself."""
    facilities = known.facilities
    return asked if asked in facilities else next((key for key, f in facilities.items() if asked in f.aliases), asked)


class Registry(_Strict):
    """Everything that is expected to exist, keyed as telemetry names it."""

    calendars: dict[str, Calendar] = Field(default_factory=dict)
    facilities: dict[str, Facility] = Field(default_factory=dict)
    integrations: dict[str, Integration] = Field(default_factory=dict)

    @model_validator(mode="wrap")
    @classmethod
    def _calendars_exist(cls, content: Any, read: ModelWrapValidatorHandler[Self]) -> Self:
        return all_at_once(cls, content, read, _loose_ends)


def _loose_ends(content: Any) -> Iterator[LooseEnd]:
    yield from _unknown_calendars(content)
    yield from _names_of_two(content)


def _unknown_calendars(content: Any) -> Iterator[LooseEnd]:
    registry = content if isinstance(content, Mapping) else {}
    calendars, facilities = registry.get("calendars") or {}, registry.get("facilities") or {}
    if not (isinstance(calendars, Mapping) and isinstance(facilities, Mapping)):
        return
    for key, facility in facilities.items():
        used = facility.get("calendar", "always") if isinstance(facility, Mapping) else "always"
        if isinstance(used, str) and used not in {"always", *calendars}:
            reason = f"{used!r} is not among the calendars{one_of(used, ['always', *calendars])}"
            yield ("facilities", key, "calendar"), reason


def _names_of_two(content: Any) -> Iterator[LooseEnd]:
    facilities = content.get("facilities") if isinstance(content, Mapping) else None
    known = facilities if isinstance(facilities, Mapping) else {}
    meant: dict[Any, str] = {}
    for key, facility in known.items():
        aliases = facility.get("aliases") if isinstance(facility, Mapping) else None
        given: set[str] = set()
        for index, alias in enumerate(aliases) if isinstance(aliases, list | tuple) else ():
            if not isinstance(alias, str):
                continue
            place = ("facilities", key, "aliases", index)
            other = alias if alias in known else meant.setdefault(alias, key)
            if other != key:
                yield place, f"{alias!r} names the facility {other!r} too; keep one"
            elif alias == key or alias in given:
                yield place, f"{alias!r} is {'the facility itself' if alias == key else 'given twice'}; remove it"
            given.add(alias)


def load_registry(file: Path | None) -> Registry:
    """Read the registry file; without one, nothing in particular is expected. Raises DefinitionError."""
    return Registry() if file is None else read_definition(Registry, file)


def publish_registry(database: Database, registry: Registry, clock: Clock) -> None:
    """Make the registry known to queries. Safe to repeat.

    An integration that left the file is retired: it stays for its history, and is expected no more. An empty registry,
    as where no file is given, says nothing and retires nobody.
    """
    at = clock.now()
    database.insert(
        "facilities",
        ("facility", "name", "kind", "region", "time_zone", "calendar", "aliases", "published_at"),
        [
            (key, f.name, f.kind, f.region, f.time_zone, f"{f.calendar}@{f.time_zone}", list(f.aliases), at)
            for key, f in registry.facilities.items()
        ],
    )
    rows = [(key, *row_of(integration).values(), at) for key, integration in registry.integrations.items()]
    database.insert("integrations", ("integration", *ROW, "published_at"), rows)
    if registry != Registry():
        database.execute(sql("core", "retire_integrations"), kept=list(registry.integrations), at=at)


def row_of(integration: Integration) -> dict[str, Any]:
    """Return an integration as the columns of ROW."""
    redaction = integration.redaction
    return {
        "name": integration.name,
        "owner": integration.owner,
        "tier": integration.tier,
        "heartbeat_seconds": int(integration.heartbeat.total_seconds()) if integration.heartbeat else 0,
        "rate_limit": integration.rate_limit or "",
        "allowed_event_types": list(integration.allowed_event_types),
        "redaction_mode": redaction.mode if redaction else "",
        "redaction_deny": list(redaction.deny) if redaction else [],
        "redaction_allow": list(redaction.allow) if redaction else [],
    }


NOBODY = Integration.model_validate({"name": "-"})
ROW = tuple(row_of(NOBODY))


def integration_of(row: Mapping[str, Any]) -> Integration:
    """Return the integration of a row with the columns of ROW; the inverse of `row_of`."""
    redaction = RedactionOverride(
        mode=row["redaction_mode"] or "deny", deny=row["redaction_deny"], allow=row["redaction_allow"]
    )
    return Integration(
        name=row["name"],
        owner=row["owner"],
        tier=row["tier"],
        heartbeat=timedelta(seconds=row["heartbeat_seconds"]) or None,
        rate_limit=row["rate_limit"] or None,
        allowed_event_types=row["allowed_event_types"],
        redaction=redaction if row["redaction_mode"] else None,
    )

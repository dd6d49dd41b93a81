"""Publish business hours: the registry's calendars become intervals that SQL can join."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from core.clickhouse import Database
from core.clock import Clock
from core.errors import DefinitionError
from core.registry import Registry
from core.sql import sql
from slo.business_time import FIRST_DAY, business_hours
from slo.day_ends import publish_day_ends
from slo.hours import Interval

YEARS_AHEAD = 5
UNKNOWN_FACILITY = "always@UTC"  # the calendar of what names no facility, or one that is not registered


def publish_calendars(
    database: Database, registry: Registry, clock: Clock, named: Iterable[str] = ()
) -> tuple[str, ...]:
    """Fill `business_hours` for every calendar and zone that a facility has, and those `named`.

    Returns the keys that changed, and those of their zones whose days did (slo/day_ends.py). Covers 2000-01-01 to the
    end of the fifth year ahead. Safe to repeat: only what changed is written, and the newest publication of a
    calendar holds whole. A calendar that left the registry stays for its facilities' history.
    Raises DefinitionError for a calendar that cannot be read.
    """
    rows = database.rows(sql("slo", "published_calendars"))
    published = {row["calendar"]: row["digest"] for row in rows}
    # Always later than what stands, or a clock that stood still would leave two publications in force.
    at = max([clock.now(), *(row["published_at"] + timedelta(microseconds=1) for row in rows)])
    last = date(clock.now().year + YEARS_AHEAD + 1, 1, 1)
    keys = _keys(registry, named)
    computed = {key: business_hours(registry, key, first=FIRST_DAY, last=last).intervals for key in keys}
    changed = {key: found for key, found in computed.items() if published.get(key) != _digest(found)}
    if changed:
        write_hours(database, changed, at)
    zones = {key.rpartition("@")[2] for key in keys}
    return (*changed, *publish_day_ends(database, zones, clock, last))


def publications(database: Database) -> list[str]:
    """Return what is published, calendar by calendar, as text that changes whenever an opening does."""
    hours = (f"{row['calendar']}={row['digest']}" for row in database.rows(sql("slo", "published_calendars")))
    days = (f"{row['zone']}={row['digest']}" for row in database.rows(sql("slo", "published_day_ends")))
    return sorted([*hours, *days])


def _keys(registry: Registry, named: Iterable[str]) -> list[str]:
    if "always" in registry.calendars:
        message = "the calendar name 'always' is taken: it never closes"
        raise DefinitionError(message)
    used = {f"{facility.calendar}@{facility.time_zone}" for facility in registry.facilities.values()}
    return sorted({*used, *named, UNKNOWN_FACILITY})


def write_hours(database: Database, hours: Mapping[str, Sequence[Interval]], published_at: datetime) -> None:
    """Let these openings, by calendar key, replace what was published for their calendars before `published_at`.

    Inserts first and deletes after: a reader of the newest publication never meets a calendar without hours.
    """
    rows = [_row(key, interval, published_at) for key, intervals in hours.items() for interval in intervals]
    columns = ("calendar", "opens_at", "closes_at", "worked_before", "day_index", "published_at")
    database.insert("business_hours", columns, rows)
    database.execute(sql("slo", "delete_stale_hours"), calendars=list(hours), published_at=published_at)


def _row(key: str, interval: Interval, at: datetime) -> tuple[object, ...]:
    opens, closes = (datetime.fromtimestamp(second, UTC) for second in (interval.opens_at, interval.closes_at))
    return key, opens, closes, interval.worked_before, interval.day_index, at


def _digest(intervals: Sequence[Interval]) -> str | None:
    if not intervals:
        return None
    texts = sorted(f"{i.opens_at}-{i.closes_at}/{i.worked_before}/{i.day_index}" for i in intervals)
    return hashlib.md5(" ".join(texts).encode(), usedforsecurity=False).hexdigest()

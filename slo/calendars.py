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
    rows = [
        _row(key, opening, day, published_at)
        for key, intervals in hours.items()
        for opening, day in _with_days(intervals)
    ]
    columns = ("opens_at", "closes_at", "worked_before", "day_index", "day_opens_at", "day_closes_at")
    database.insert("business_hours", ("calendar", *columns, "published_at"), rows)
    database.execute(sql("slo", "delete_stale_hours"), calendars=list(hours), published_at=published_at)


def _row(key: str, opening: Interval, day: tuple[int, int], at: datetime) -> tuple[object, ...]:
    seconds = (opening.opens_at, opening.closes_at, *day)
    opens, closes, day_opens, day_closes = (datetime.fromtimestamp(second, UTC) for second in seconds)
    return key, opens, closes, opening.worked_before, opening.day_index, day_opens, day_closes, at


def _with_days(openings: Sequence[Interval]) -> list[tuple[Interval, tuple[int, int]]]:
    """Return each opening with the first opening and the last closing of its working day."""
    days: dict[int, tuple[int, int]] = {}
    for one in openings:
        first, last = days.get(one.day_index, (one.opens_at, one.closes_at))
        days[one.day_index] = min(first, one.opens_at), max(last, one.closes_at)
    return [(one, days[one.day_index]) for one in openings]


def _digest(intervals: Sequence[Interval]) -> str | None:
    if not intervals:
        return None
    texts = sorted(
        f"{i.opens_at}-{i.closes_at}/{i.worked_before}/{i.day_index}/{day[0]}-{day[1]}"
        for i, day in _with_days(intervals)
    )
    return hashlib.md5(" ".join(texts).encode(), usedforsecurity=False).hexdigest()

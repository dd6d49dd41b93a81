"""When the days of a zone end: an event that names a date means it to the end of that day, where the facility is."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from core.clickhouse import Database
from core.clock import Clock
from core.sql import sql
from slo.business_time import FIRST_DAY

DAY = timedelta(days=1)
Stretch = tuple[date, int]  # from this date on, days end so many seconds after the midnight UTC of their date


def day_ends(zone: ZoneInfo, first: date, last: date) -> list[Stretch]:
    """Return the stretches of local dates from `first` up to but not including `last`, in order.

    A day ends when the next begins: of two midnights the first, and in a gap by the offset before it (RFC 5545 3.3.5).
    """
    days = (first + number * DAY for number in range((last - first).days))
    by_length = groupby(((day, _ends_after(day, zone)) for day in days), key=lambda each: each[1])
    return [next(stretch) for _, stretch in by_length]


def _ends_after(day: date, zone: ZoneInfo) -> int:
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    return int((datetime.combine(day + DAY, time(), tzinfo=zone).astimezone(UTC) - midnight).total_seconds())


def publish_day_ends(database: Database, zones: Iterable[str], clock: Clock, last: date) -> tuple[str, ...]:
    """Fill `day_ends` for these zones, from 2000-01-01 up to `last`; return the zones that changed. Safe to repeat."""
    rows = database.rows(sql("slo", "published_day_ends"))
    published = {row["zone"]: (list(zip(row["since"], row["ends_after"], strict=True)), row["until"]) for row in rows}
    # Always later than what stands, or a clock that stood still would leave the older one in force.
    at = max([clock.now(), *(row["published_at"] + timedelta(microseconds=1) for row in rows)])
    computed = {zone: (day_ends(ZoneInfo(zone), FIRST_DAY, last), last) for zone in sorted(set(zones))}
    changed = {zone: found for zone, found in computed.items() if published.get(zone) != found}
    database.insert(
        "day_ends",
        ("zone", "since", "ends_after", "until", "published_at"),
        [
            (zone, [since for since, _ in stretches], [after for _, after in stretches], until, at)
            for zone, (stretches, until) in changed.items()
        ],
    )
    return tuple(changed)

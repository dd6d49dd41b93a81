"""Business time: when a promise made at an instant falls due, and how much business time lies between two instants.

Pure, and exact to the microsecond: all arithmetic is on integers in UTC, so no daylight-saving rule can bend it.
`core/sql/due_at.sql` is the same arithmetic in SQL; a property test holds the two together. `elapsed` is the inverse of
`due_at`: the tests prove each by the other, and objectives in business time stand on it.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.durations import Duration
from core.errors import DefinitionError
from core.registry import Calendar, Registry
from slo.hours import ALWAYS, Interval, hours

MICROS = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2050, 1, 1)  # where no clock says how far ahead to look


@dataclass(frozen=True)
class BusinessHours:
    """The openings of one calendar in one zone, in order."""

    intervals: tuple[Interval, ...]

    @cached_property
    def closes(self) -> list[int]:
        """Closings, in UTC microseconds."""
        return [interval.closes_at * MICROS for interval in self.intervals]

    @cached_property
    def worked(self) -> list[int]:
        """Open microseconds before each interval."""
        return [interval.worked_before * MICROS for interval in self.intervals]

    @cached_property
    def days(self) -> list[int]:
        """Working-day number of each interval."""
        return [interval.day_index for interval in self.intervals]


def calendar_named(registry: Registry, calendar_key: str) -> tuple[Calendar, ZoneInfo]:
    """Return the calendar and zone of a key "<calendar>@<zone>". Raises DefinitionError for what is not defined."""
    name, _, zone = calendar_key.rpartition("@")
    calendar = ALWAYS if name == "always" else registry.calendars.get(name)
    if calendar is None:
        message = f"{calendar_key!r}: there is no calendar {name!r}"
        raise DefinitionError(message)
    try:
        return calendar, ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        message = f"{calendar_key!r}: {zone!r} is not an IANA time zone"
        raise DefinitionError(message) from None


def business_hours(
    registry: Registry, calendar_key: str, *, first: date = FIRST_DAY, last: date = LAST_DAY
) -> BusinessHours:
    """Return the openings of "<calendar>@<zone>" from `first` up to `last`, local dates. Raises DefinitionError.

    The calendar "always" never closes. Build once and keep: fifty years are some 13,000 openings.
    """
    return BusinessHours(hours(*calendar_named(registry, calendar_key), first, last))


def due_at(hours: BusinessHours, opened_at: datetime, duration: Duration) -> datetime | None:
    """Return the instant (UTC) when a promise made at `opened_at` falls due; None where the calendar has no such time.

    Outside hours it starts at the next opening; a target that ends exactly on a closing is due at that closing.
    """
    at = _micros(opened_at)
    if duration.unit == "clock":
        return _datetime(at + duration.amount * MICROS)
    index = bisect_right(hours.closes, at)
    if index == len(hours.intervals):
        return None
    start = max(at, hours.intervals[index].opens_at * MICROS)
    if duration.unit == "business_days":
        return _after_days(hours, hours.days[index], start, duration.amount)
    return _after_work(hours, index, start, duration.amount * MICROS)


def elapsed(hours: BusinessHours, since: datetime, until: datetime) -> int:
    """Return the whole seconds of business time from `since` to `until`; 0 where `until` is not later."""
    return max(0, _worked_until(hours, _micros(until)) - _worked_until(hours, _micros(since))) // MICROS


def _after_work(hours: BusinessHours, index: int, start: int, amount: int) -> datetime | None:
    target = hours.worked[index] + start - hours.intervals[index].opens_at * MICROS + amount
    last = bisect_left(hours.worked, target) - 1
    due = hours.intervals[last].opens_at * MICROS + target - hours.worked[last]
    return _datetime(due) if due <= hours.closes[last] else None


def _after_days(hours: BusinessHours, day: int, start: int, amount: int) -> datetime | None:
    first, target = bisect_left(hours.days, day), bisect_left(hours.days, day + amount)
    if target == len(hours.days):
        return None
    into_day = start - hours.intervals[first].opens_at * MICROS
    closing = hours.closes[bisect_right(hours.days, day + amount) - 1]
    return _datetime(min(hours.intervals[target].opens_at * MICROS + into_day, closing))


def _worked_until(hours: BusinessHours, at: int) -> int:
    index = bisect_right(hours.closes, at)
    if index == len(hours.intervals):
        return hours.worked[-1] + hours.closes[-1] - hours.intervals[-1].opens_at * MICROS if hours.intervals else 0
    return hours.worked[index] + max(0, at - hours.intervals[index].opens_at * MICROS)


def _micros(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def _datetime(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)

"""When an objective counts: the period of its window at an instant, and the slices of it that are over.

Pure. Calendar periods are local: a month in Chicago begins at midnight in Chicago, and may have an hour more or less
than its days. What an answer as of an instant counts is decided from `starts_at` up to that instant, both included.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from slo.objectives import CalendarUnit, CalendarWindow, RollingWindow, Window

DAYS: dict[CalendarUnit, int] = {"day": 1, "week": 7}
MONTHS: dict[CalendarUnit, int] = {"month": 1, "quarter": 3, "year": 12}
# What burn windows of a calendar window are scaled by, whichever month it is: a month as the SRE workbook has it.
NOMINAL_DAYS: dict[CalendarUnit, int] = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Period:
    """One period of a window, in UTC; a rolling one ends at the instant that was asked for."""

    starts_at: datetime
    ends_at: datetime

    @property
    def length(self) -> timedelta:
        """How long it lasts, to the second: a local day of 23 hours is 23 hours."""
        return self.ends_at - self.starts_at


@dataclass(frozen=True)
class Slices:
    """Slices of a period that follow one another: `count` of them from `starts_at`, each `length` long; then `running`.

    Slice n is from `starts_at + n * length` up to but not including the next. The one that runs is not over and counts
    nothing yet.
    """

    starts_at: datetime
    length: timedelta
    count: int

    @property
    def running(self) -> datetime:
        """When the slice began that is not over; all that count end here."""
        return self.starts_at + self.count * self.length


def period_at(window: Window, as_of: datetime) -> Period:
    """Return the period that holds `as_of`. Calendar periods go on before `starts` as they do after it."""
    if isinstance(window, RollingWindow):
        return Period(as_of - window.length, as_of)
    number = _guess(window, as_of)
    while _start(window, number) > as_of:
        number -= 1
    while _start(window, number + 1) <= as_of:
        number += 1
    return Period(_start(window, number), _start(window, number + 1))


def slices_at(window: Window, length: timedelta, as_of: datetime) -> Slices:
    """Return the slices of the window that are over by `as_of`.

    Those of a calendar window are counted from its period's start, those of a rolling one from 1970-01-01: a slice is
    the same whenever it is asked for, and what of a slice is before the window counts in none.
    """
    period = period_at(window, as_of)
    if isinstance(window, RollingWindow):
        first = EPOCH + -((EPOCH - period.starts_at) // length) * length
    else:
        first = period.starts_at
    return Slices(first, length, max((as_of - first) // length, 0))


def nominal_length(window: Window) -> timedelta:
    """Return how long a window is taken to be where every period of it must be alike: a month has 30 days."""
    if isinstance(window, RollingWindow):
        return window.length
    return timedelta(days=window.count * NOMINAL_DAYS[window.unit])


def _guess(window: CalendarWindow, as_of: datetime) -> int:
    local = as_of.astimezone(ZoneInfo(window.zone)).replace(tzinfo=None)
    if window.unit in DAYS:
        return (local - window.starts).days // (window.count * DAYS[window.unit])
    return (_month(local) - _month(window.starts)) // (window.count * MONTHS[window.unit])


def _start(window: CalendarWindow, number: int) -> datetime:
    """Return when the nth period begins, in UTC: of a local time that comes twice the first, of none the one after."""
    if window.unit in DAYS:
        local = window.starts + timedelta(days=number * window.count * DAYS[window.unit])
    else:
        local = _months_later(window.starts, number * window.count * MONTHS[window.unit])
    return local.replace(tzinfo=ZoneInfo(window.zone)).astimezone(UTC)


def _months_later(start: datetime, months: int) -> datetime:
    """Return the same day and time some months on; a month that has no such day gives its last."""
    year, month = divmod(_month(start) + months, MONTHS_A_YEAR)
    return start.replace(year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1]))


def _month(at: datetime) -> int:
    return at.year * MONTHS_A_YEAR + at.month - 1

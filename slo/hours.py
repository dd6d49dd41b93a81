"""When a calendar is open in a zone: shifts in local time become intervals of UTC seconds."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import NamedTuple, get_args
from zoneinfo import ZoneInfo

import holidays

from core.errors import DefinitionError
from core.registry import Calendar, Weekday
from core.strict_yaml import Place

WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
SHIFT = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")
ALWAYS = Calendar(shifts=dict.fromkeys(WEEKDAYS, ("00:00-24:00",)), holidays=None, closed=(), open=())
Stretch = tuple[int, int, int]  # opens, closes (UTC seconds), the day it belongs to


class Shift(NamedTuple):
    """One shift in local time; it closes `days` (0 or 1) days after it opens."""

    opens: time
    closes: time
    days: int


@dataclass(frozen=True)
class Interval:
    """One stretch of opening: UTC seconds since 1970, half-open; open seconds and working days before it."""

    opens_at: int
    closes_at: int
    worked_before: int
    day_index: int


def hours(calendar: Calendar, zone: ZoneInfo, first: date, last: date) -> tuple[Interval, ...]:
    """Return the intervals whose shift starts on a local date from `first` up to but not including `last`.

    Ordered and disjoint. A stretch covered by several days' shifts is cut where the later day opens, so that every
    working day starts an interval; `day_index` counts local dates on which a shift starts. Raises DefinitionError.
    """
    stretches: list[Stretch] = []
    for shift in sorted(_worked_shifts(calendar, zone, first, last)):
        _append(stretches, *shift)
    return tuple(_counted(stretch for stretch in stretches if stretch[1] > stretch[0]))


def calendar_problems(calendar: Calendar) -> Iterator[tuple[Place, str]]:
    """Yield each place of a calendar that `hours` would refuse, and how to mend it."""
    for weekday, shifts in calendar.shifts.items():
        for index, text in enumerate(shifts):
            yield from _refused(("shifts", weekday, index), partial(_shift, text))
        yield from ((("shifts", weekday, index), reason) for index, reason in _adding_nothing(shifts))
    for name, days in (("closed", calendar.closed), ("open", calendar.open)):
        for index, text in enumerate(days):
            yield from _refused((name, index), partial(_dates, (text,)))
    for index, text in enumerate(calendar.open):
        if text in calendar.closed:
            yield ("open", index), f"{text} is given as closed and as open; take one out"
    if calendar.holidays is not None:
        yield from _refused(("holidays",), partial(_public, calendar.holidays, range(2000, 2001)))


def _adding_nothing(shifts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield each shift of a day that lies within another, by its index, and how to mend it.

    Shifts that overlap at their ends are no mistake: one hands over to the next (07:00-15:30, 15:00-23:30).
    """
    spans = {index: _minutes(text) for index, text in enumerate(shifts) if SHIFT.fullmatch(text)}
    for index, (opens, closes) in spans.items():
        for other, (earliest, latest) in spans.items():
            is_same_and_first = (opens, closes) == (earliest, latest) and index < other
            if other != index and earliest <= opens and closes <= latest and not is_same_and_first:
                mend = f"{shifts[other]!r} has all of it: take it out, or split that one around a break"
                yield index, f"{shifts[index]!r} adds nothing, {mend}"
                break


def _minutes(text: str) -> tuple[int, int]:
    """Return when a shift opens and closes, in minutes from the beginning of its day."""
    opens, closes, days = _shift(text)
    return opens.hour * 60 + opens.minute, (days * 24 + closes.hour) * 60 + closes.minute


def _refused(place: Place, read: Callable[[], object]) -> Iterator[tuple[Place, str]]:
    try:
        read()
    except DefinitionError as error:
        yield place, str(error)


def _append(stretches: list[Stretch], opens: int, closes: int, day: int) -> None:
    """Add a shift that opens no earlier than any before it, keeping the stretches disjoint."""
    if stretches and opens <= stretches[-1][1]:
        last_opens, last_closes, last_day = stretches[-1]
        closes = max(last_closes, closes)
        if last_day == day:
            stretches[-1] = (last_opens, closes, day)
            return
        stretches[-1] = (last_opens, opens, last_day)
    stretches.append((opens, closes, day))


def _counted(stretches: Iterable[Stretch]) -> Iterator[Interval]:
    worked, indexes = 0, dict[int, int]()
    for opens, closes, day in stretches:
        yield Interval(opens, closes, worked, indexes.setdefault(day, len(indexes)))
        worked += closes - opens


def _worked_shifts(calendar: Calendar, zone: ZoneInfo, first: date, last: date) -> Iterator[Stretch]:
    by_weekday = [[_shift(text) for text in calendar.shifts.get(weekday, ())] for weekday in WEEKDAYS]
    closed, opened = _closed_days(calendar, first, last), _dates(calendar.open)
    for number in range((last - first).days):
        day = first + timedelta(days=number)
        if day in closed and day not in opened:
            continue
        for shift in by_weekday[0 if day in opened else day.weekday()]:
            opens = _instant(day, shift.opens, zone)
            closes = _instant(day + timedelta(days=shift.days), shift.closes, zone)
            if closes > opens:
                yield opens, closes, number


def _instant(day: date, at: time, zone: ZoneInfo) -> int:
    """Return the UTC second of a local time: of two the first; in a gap, by the offset before it (RFC 5545 3.3.5)."""
    return int(datetime.combine(day, at, tzinfo=zone).astimezone(UTC).timestamp())


def _shift(text: str) -> Shift:
    written = SHIFT.fullmatch(text)
    if written is None:
        message = f"{text!r} is not a shift: write HH:MM-HH:MM, as in 08:00-17:00 or 22:00-06:00"
        raise DefinitionError(message)
    opens = time(int(written[1]), int(written[2]))
    closes = time(int(written[3] or 0), int(written[4] or 0))
    return Shift(opens, closes, int(closes <= opens))


def _closed_days(calendar: Calendar, first: date, last: date) -> set[date]:
    closed = _dates(calendar.closed)
    if both := closed & _dates(calendar.open):
        message = f"{min(both)} is given as closed and as open"
        raise DefinitionError(message)
    if calendar.holidays is None:
        return closed
    return closed | _public(calendar.holidays, range(first.year, last.year + 2))


def _public(where: str, years: Iterable[int]) -> set[date]:
    country, _, subdivision = where.partition("-")
    try:
        return set(holidays.country_holidays(country, subdiv=subdivision or None, years=years))
    except NotImplementedError:
        message = f"no public holidays are known for {where!r}: write a country or country-subdivision, US-CA"
        raise DefinitionError(message) from None


def _dates(texts: tuple[str, ...]) -> set[date]:
    try:
        return {date.fromisoformat(text) for text in texts}
    except ValueError as error:
        message = f"a closed or open day must be an ISO date, as in 2026-12-24: {error}"
        raise DefinitionError(message) from None

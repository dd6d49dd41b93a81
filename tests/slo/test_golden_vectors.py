"""Due times and business time worked by hand, each by the calendar on the wall; those with a source name it.

Local times in the zone of the calendar. March 2026 begins on a Sunday; in New York clocks go forward on 8 March and back on
1 November, in Berlin on 29 March and 25 October, and on Lord Howe Island by half an hour, back on 5 April.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from support.calendars import ALL_DAYS, calendar
from support.due_at_query import DUE_AT
from support.elapsed_query import ELAPSED

from core.clickhouse import Database
from core.durations import parse_duration
from core.registry import Calendar
from slo.business_time import BusinessHours, due_at, elapsed
from slo.calendars import write_hours
from slo.hours import ALWAYS, hours

CALENDARS = {
    "9-17": calendar("09:00-17:00"),
    "8-17": calendar("08:00-17:00"),
    "8-16": calendar("08:00-16:00"),
    "split": calendar("08:00-12:00", "13:00-17:00"),
    "night": calendar("22:00-06:00"),
    "all week": calendar("09:00-17:00", days=ALL_DAYS),
    "always": ALWAYS,
    "short friday": Calendar(
        shifts={**dict.fromkeys(("mon", "tue", "wed", "thu"), ("08:00-17:00",)), "fri": ("08:00-12:00",)}
    ),
    "US": calendar("09:00-17:00", holidays="US"),
    "Saturday for Monday": calendar("09:00-17:00", closed=("2026-03-09",), open=("2026-03-07",)),
    "never": Calendar(shifts={}),
}
# calendar, zone, promised at, for how long, due at
DUE = (
    ("8-16", "UTC", "2026-03-04 20:30", "1bh", "2026-03-05 09:00"),  # the fact sheet: rolls to next day 08:00
    ("9-17", "UTC", "2026-03-04 14:00", "3bh", "2026-03-04 17:00"),
    ("9-17", "UTC", "2026-03-04 14:00", "19h", "2026-03-05 09:00"),
    ("9-17", "UTC", "2026-03-04 14:00:01", "3bh", "2026-03-05 09:00:01"),
    ("9-17", "UTC", "2026-03-04 03:00", "8bh", "2026-03-04 17:00"),
    ("9-17", "UTC", "2026-03-04 03:00", "9bh", "2026-03-05 10:00"),
    ("9-17", "UTC", "2026-03-04 10:00", "24bh", "2026-03-09 10:00"),  # three days of eight hours, a weekend between
    ("9-17", "UTC", "2026-03-04 10:00", "1d", "2026-03-05 10:00"),  # a day of the clock, not of business
    ("9-17", "UTC", "2026-03-04 10:00", "3bd", "2026-03-09 10:00"),
    ("9-17", "UTC", "2026-03-06 17:00", "1bd", "2026-03-10 09:00"),  # on the closing: Monday's opening, then a day
    ("9-17", "UTC", "2026-03-08 12:00", "30bm", "2026-03-09 09:30"),  # a Sunday
    ("9-17", "UTC", "2026-03-02 09:00", "40bh", "2026-03-06 17:00"),  # a whole week, to its closing
    ("9-17", "UTC", "2026-03-02 09:00", "5bd", "2026-03-09 09:00"),
    ("8-17", "UTC", "2026-03-06 21:00", "90bm", "2026-03-09 09:30"),  # the fact sheet's Friday, the other way
    ("split", "UTC", "2026-03-04 11:30", "1bh", "2026-03-04 13:30"),
    ("split", "UTC", "2026-03-04 12:00", "4bh", "2026-03-04 17:00"),
    ("split", "UTC", "2026-03-04 11:00", "1bh", "2026-03-04 12:00"),  # worked off on the closing before lunch
    ("split", "UTC", "2026-03-04 16:00", "6bh", "2026-03-05 14:00"),
    ("night", "UTC", "2026-03-04 23:00", "7bh", "2026-03-05 06:00"),
    ("night", "UTC", "2026-03-04 23:00", "8bh", "2026-03-05 23:00"),
    ("night", "UTC", "2026-03-07 05:00", "2bh", "2026-03-09 23:00"),  # Friday's shift ends on Saturday
    ("night", "UTC", "2026-03-07 05:00", "1bd", "2026-03-10 05:00"),  # Monday's shift ends on Tuesday
    ("night", "UTC", "2026-03-07 12:00", "1bd", "2026-03-10 22:00"),
    ("all week", "UTC", "2026-03-06 16:00", "2bh", "2026-03-07 10:00"),
    ("always", "UTC", "2026-03-06 23:00", "2bh", "2026-03-07 01:00"),
    ("short friday", "UTC", "2026-03-05 16:00", "2bh", "2026-03-06 09:00"),
    ("short friday", "UTC", "2026-03-05 16:00", "6bh", "2026-03-09 09:00"),
    ("short friday", "UTC", "2026-03-05 16:00", "1bd", "2026-03-06 12:00"),  # no later than Friday closes
    ("short friday", "UTC", "2026-03-05 16:00", "2bd", "2026-03-09 16:00"),
    ("US", "UTC", "2026-07-02 16:00", "2bh", "2026-07-06 10:00"),  # 4 July is a Saturday, kept on the Friday
    ("US", "UTC", "2026-01-16 16:00", "1bd", "2026-01-20 16:00"),  # Martin Luther King's day is the third Monday
    ("US", "UTC", "2026-09-07 10:00", "1bh", "2026-09-08 10:00"),  # Labor Day, the first Monday
    ("Saturday for Monday", "UTC", "2026-03-06 16:00", "2bh", "2026-03-07 10:00"),
    ("Saturday for Monday", "UTC", "2026-03-07 16:00", "2bh", "2026-03-10 10:00"),
    ("Saturday for Monday", "UTC", "2026-03-06 16:00", "2bd", "2026-03-10 16:00"),
    ("9-17", "America/New_York", "2026-03-06 16:00", "2bh", "2026-03-09 10:00"),  # the clock changes in between
    ("9-17", "America/New_York", "2026-03-06 10:00", "1bd", "2026-03-09 10:00"),
    ("9-17", "America/New_York", "2026-03-07 12:00", "24h", "2026-03-08 13:00"),  # 24 hours of a day of 23
    (
        "always",
        "America/New_York",
        "2026-03-07 12:00",
        "1bd",
        "2026-03-08 13:00",
    ),  # as far into the day: 12 hours, one skipped
    ("always", "America/New_York", "2026-10-31 12:00", "24h", "2026-11-01 11:00"),
    ("night", "Europe/Berlin", "2026-03-27 23:00", "8bh", "2026-03-30 23:00"),
    ("8-17", "Australia/Lord_Howe", "2026-04-03 16:00", "2bh", "2026-04-06 09:00"),
    ("never", "UTC", "2026-03-04 10:00", "1bh", None),
    ("never", "UTC", "2026-03-04 10:00", "1bd", None),
)
# calendar, zone, since, until, hours of business between
BETWEEN = (
    ("9-17", "UTC", "2026-03-04 14:00", "2026-03-05 09:00", 3.0),  # the fact sheet: 19 on the wall
    ("always", "UTC", "2026-03-04 14:00", "2026-03-05 09:00", 19.0),
    ("8-17", "UTC", "2026-03-06 21:00", "2026-03-09 09:30", 1.5),  # the fact sheet: 60.5 on the wall
    ("always", "UTC", "2026-03-06 21:00", "2026-03-09 09:30", 60.5),
    ("8-16", "UTC", "2026-03-04 20:30", "2026-03-05 08:00", 0.0),
    ("9-17", "UTC", "2026-03-07 00:00", "2026-03-09 00:00", 0.0),
    ("9-17", "UTC", "2026-03-02 00:00", "2026-03-09 00:00", 40.0),
    ("9-17", "UTC", "2026-03-04 17:00", "2026-03-05 09:00", 0.0),
    ("9-17", "UTC", "2026-03-05 09:00", "2026-03-04 17:00", 0.0),
    ("split", "UTC", "2026-03-04 11:45", "2026-03-04 13:15", 0.5),
    ("split", "UTC", "2026-03-04 12:15", "2026-03-04 12:45", 0.0),
    ("night", "UTC", "2026-03-06 22:00", "2026-03-09 23:00", 9.0),  # Friday's night, and an hour of Monday's
    ("short friday", "UTC", "2026-03-06 08:00", "2026-03-07 08:00", 4.0),
    ("US", "UTC", "2026-07-02 09:00", "2026-07-07 09:00", 16.0),  # Thursday and Monday
    ("Saturday for Monday", "UTC", "2026-03-06 17:00", "2026-03-10 09:00", 8.0),
    ("always", "America/New_York", "2026-03-08 00:00", "2026-03-09 00:00", 23.0),
    ("always", "America/New_York", "2026-11-01 00:00", "2026-11-02 00:00", 25.0),
    ("always", "Australia/Lord_Howe", "2026-04-05 00:00", "2026-04-06 00:00", 24.5),
    ("9-17", "America/New_York", "2026-03-06 16:00", "2026-03-09 10:00", 2.0),
    ("never", "UTC", "2026-03-04 10:00", "2026-03-06 10:00", 0.0),
)


def key(calendar: str, zone: str) -> str:
    return f"{calendar}@{zone}"


OPENINGS = {
    key(name, zone): BusinessHours(hours(CALENDARS[name], ZoneInfo(zone), date(2025, 12, 1), date(2027, 1, 1)))
    for name, zone in {each[:2] for each in (*DUE, *BETWEEN)}
}


def instant(local: str, zone: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize("vector", DUE, ids=lambda each: " ".join(map(str, each)))
def test_a_promise_falls_due_as_worked_by_hand(vector: tuple[str, str, str, str, str | None]) -> None:
    name, zone, promised, duration, expected = vector

    found = due_at(OPENINGS[key(name, zone)], instant(promised, zone), parse_duration(duration))

    assert found == (instant(expected, zone) if expected else None)


@pytest.mark.parametrize("vector", BETWEEN)
def test_business_time_between_two_instants_is_as_worked_by_hand(vector: tuple[str, str, str, str, float]) -> None:
    name, zone, since, until, expected = vector

    found = elapsed(OPENINGS[key(name, zone)], instant(since, zone), instant(until, zone))

    assert found == expected * 3600


@pytest.mark.database
def test_the_store_reckons_both_as_worked_by_hand(database: Database) -> None:
    published = {name: opened.intervals for name, opened in OPENINGS.items()}
    write_hours(database, published, datetime(2026, 1, 1, tzinfo=UTC))
    durations = [parse_duration(each[3]) for each in DUE]

    due = database.rows(
        DUE_AT,
        calendars=[key(*each[:2]) for each in DUE],
        opened_at=[instant(each[2], each[1]) for each in DUE],
        units=[each.unit for each in durations],
        amounts=[each.amount for each in durations],
    )
    between = database.rows(
        ELAPSED,
        calendars=[key(*each[:2]) for each in BETWEEN],
        since=[instant(each[2], each[1]) for each in BETWEEN],
        until=[instant(each[3], each[1]) for each in BETWEEN],
    )

    assert [row["due_at"] for row in due] == [instant(each[4], each[1]) if each[4] else None for each in DUE]
    assert [row["business_seconds"] for row in between] == [each[4] * 3600 for each in BETWEEN]

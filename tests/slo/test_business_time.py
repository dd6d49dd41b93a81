from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.calendars import ALL_DAYS, calendar, registry

from core.durations import Duration, parse_duration
from core.errors import DefinitionError
from core.registry import Calendar
from slo.business_time import BusinessHours, business_hours, due_at, elapsed
from slo.hours import hours

NEW_YORK = ZoneInfo("America/New_York")


def opened(calendar: Calendar, zone: str = "UTC") -> BusinessHours:
    return BusinessHours(hours(calendar, ZoneInfo(zone), date(2025, 12, 1), date(2027, 1, 1)))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(hours: BusinessHours, opened_at: str, duration: str) -> datetime | None:
    return due_at(hours, at(opened_at), parse_duration(duration))


NINE_TO_FIVE = opened(calendar("09:00-17:00"))
EIGHT_TO_FIVE = opened(calendar("08:00-17:00"))
SPLIT = opened(calendar("08:00-12:00", "13:00-17:00"))
NIGHT = opened(calendar("22:00-06:00"))
ALWAYS = business_hours(registry(), "always@UTC")


def test_from_two_in_the_afternoon_to_nine_the_next_weekday_is_three_business_hours() -> None:
    # ServiceNow's example: 19 hours on the wall, 3 on a nine-to-five calendar. 2026-03-04 is a Wednesday.
    assert elapsed(NINE_TO_FIVE, at("2026-03-04 14:00"), at("2026-03-05 09:00")) == 3 * 3600
    assert elapsed(ALWAYS, at("2026-03-04 14:00"), at("2026-03-05 09:00")) == 19 * 3600


def test_a_weekend_counts_only_the_monday_morning_hours() -> None:
    # Friday 21:00 to Monday 09:30 on 08:00-17:00: 1.5 business hours, 60.5 on the wall.
    assert elapsed(EIGHT_TO_FIVE, at("2026-03-06 21:00"), at("2026-03-09 09:30")) == 5_400
    assert elapsed(ALWAYS, at("2026-03-06 21:00"), at("2026-03-09 09:30")) == 217_800


def test_a_promise_made_in_the_evening_starts_when_the_next_day_opens() -> None:
    # 20:30 on 08:00-16:00 rolls to 08:00 of the next day.
    calendar_8_to_16 = opened(calendar("08:00-16:00"))

    assert due(calendar_8_to_16, "2026-03-04 20:30", "1bh") == at("2026-03-05 09:00")
    assert due(calendar_8_to_16, "2026-03-04 20:30", "1s") == at("2026-03-04 20:30:01")
    assert elapsed(calendar_8_to_16, at("2026-03-04 20:30"), at("2026-03-05 08:00")) == 0


@pytest.mark.parametrize(
    ("opened_at", "duration", "expected"),
    [
        ("2026-03-04 10:00", "4h", "2026-03-04 14:00"),  # clock time knows no hours
        ("2026-03-06 16:00", "2bh", "2026-03-09 10:00"),  # across the weekend
        ("2026-03-04 09:00", "8bh", "2026-03-04 17:00"),  # exactly the day: due at its closing
        ("2026-03-04 12:00", "5bh", "2026-03-04 17:00"),
        ("2026-03-04 17:00", "8bh", "2026-03-05 17:00"),  # starts on the closing
        ("2026-03-07 12:00", "1bh", "2026-03-09 10:00"),  # on a Saturday
        ("2026-03-04 16:59:59.250000", "90bm", "2026-03-05 10:29:59.250000"),
        ("2026-03-04 10:15", "1bd", "2026-03-05 10:15"),
        ("2026-03-06 10:15", "1bd", "2026-03-09 10:15"),
        ("2026-03-06 10:15", "5bd", "2026-03-13 10:15"),
        ("2026-03-04 18:00", "1bd", "2026-03-06 09:00"),  # rolls to Thursday's opening, then one working day
        ("2026-03-07 12:00", "2bd", "2026-03-11 09:00"),
        ("2026-03-04 17:00", "1bd", "2026-03-06 09:00"),  # the closing itself is outside hours
    ],
)
def test_a_promise_on_a_nine_to_five_calendar_is_due(opened_at: str, duration: str, expected: str) -> None:
    assert due(NINE_TO_FIVE, opened_at, duration) == at(expected)


def test_business_hours_stop_for_lunch_and_business_days_do_not() -> None:
    assert due(SPLIT, "2026-03-04 11:00", "2bh") == at("2026-03-04 14:00")
    assert due(SPLIT, "2026-03-04 12:30", "1bd") == at("2026-03-05 13:00")
    assert due(SPLIT, "2026-03-04 11:00", "4bh") == at("2026-03-04 16:00")


def test_a_night_shift_is_one_working_day_across_midnight() -> None:
    # Wednesday's shift runs to Thursday 06:00; the next starts on Thursday 22:00.
    assert due(NIGHT, "2026-03-05 05:00", "2bh") == at("2026-03-05 23:00")
    assert due(NIGHT, "2026-03-05 05:00", "1bd") == at("2026-03-06 05:00")


def test_a_business_day_ends_no_later_than_the_last_closing_of_a_shorter_day() -> None:
    half_friday = opened(Calendar(shifts={"thu": ("08:00-17:00",), "fri": ("08:00-12:00",)}))

    assert due(half_friday, "2026-03-05 16:00", "1bd") == at("2026-03-06 12:00")


def test_a_holiday_is_stepped_over_and_a_promise_made_on_it_waits() -> None:
    us = opened(calendar("09:00-17:00", holidays="US"))  # Thursday 2026-11-26 is Thanksgiving

    assert due(us, "2026-11-25 16:00", "2bh") == at("2026-11-27 10:00")
    assert due(us, "2026-11-25 16:00", "1bd") == at("2026-11-27 16:00")
    assert due(us, "2026-11-26 12:00", "1bh") == at("2026-11-27 10:00")


def test_a_night_across_the_spring_gap_has_seven_hours_of_work() -> None:
    night = opened(calendar("22:00-06:00", days=("sat",)), "America/New_York")
    start, end = (datetime(2026, 3, day, hour, tzinfo=NEW_YORK) for day, hour in ((7, 22), (8, 6)))

    assert elapsed(night, start, end) == 7 * 3600
    assert due_at(night, start, parse_duration("7bh")) == end


def test_a_night_across_the_autumn_fold_has_nine_hours_of_work() -> None:
    night = opened(calendar("22:00-06:00", days=("sat",)), "America/New_York")
    start, end = datetime(2026, 10, 31, 22, tzinfo=NEW_YORK), datetime(2026, 11, 1, 6, tzinfo=NEW_YORK)

    assert elapsed(night, start, end) == 9 * 3600
    assert due_at(night, start, parse_duration("9bh")) == end


def test_the_two_instants_of_a_repeated_hour_are_told_apart() -> None:
    night = opened(calendar("22:00-06:00", days=("sat",)), "America/New_York")
    first = datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK)

    assert elapsed(night, first, first.replace(fold=1)) == 3600


def test_always_never_closes_and_a_business_day_is_a_calendar_day() -> None:
    assert due(ALWAYS, "2026-03-07 23:30", "2bh") == at("2026-03-08 01:30")
    assert due(ALWAYS, "2026-03-07 23:30", "2bd") == at("2026-03-09 23:30")


def test_a_calendar_without_hours_gives_no_due_time_and_no_business_time() -> None:
    never = opened(Calendar(shifts={}))

    assert due(never, "2026-03-04 10:00", "1bh") is None
    assert due(never, "2026-03-04 10:00", "1bd") is None
    assert due(never, "2026-03-04 10:00", "1h") == at("2026-03-04 11:00")
    assert elapsed(never, at("2026-03-04 10:00"), at("2026-03-05 10:00")) == 0


def test_a_promise_beyond_the_calendar_has_no_due_time() -> None:
    assert due(NINE_TO_FIVE, "2026-12-30 10:00", "5bd") is None
    assert due(NINE_TO_FIVE, "2026-12-30 10:00", "50bh") is None
    assert due(NINE_TO_FIVE, "2027-06-01 10:00", "1bh") is None


def test_business_time_does_not_run_backwards() -> None:
    assert elapsed(NINE_TO_FIVE, at("2026-03-05 12:00"), at("2026-03-04 12:00")) == 0


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("shop@UTC", "no calendar 'shop'"),
        ("always@Mars/Base", "'Mars/Base' is not an IANA time zone"),
        ("always", "no calendar ''"),
    ],
)
def test_a_key_that_names_nothing_is_refused(key: str, said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        business_hours(registry(), key)


CALENDARS = st.sampled_from(
    [NINE_TO_FIVE, SPLIT, NIGHT, opened(calendar("20:00-09:00", "08:00-12:00", days=ALL_DAYS), "Europe/Berlin")]
)
INSTANTS = st.datetimes(datetime(2025, 12, 1), datetime(2026, 11, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given a zone
SECONDS = st.integers(1, 200 * 3600)


@given(CALENDARS, INSTANTS, SECONDS)
def test_the_business_time_until_a_due_time_is_the_promised_time(
    hours: BusinessHours, start: datetime, seconds: int
) -> None:
    found = due_at(hours, start, Duration(seconds, "business_seconds"))

    assert found is not None
    assert elapsed(hours, start, found) == seconds


@given(CALENDARS, INSTANTS, SECONDS)
def test_a_due_time_is_the_earliest_with_that_much_business_time(
    hours: BusinessHours, start: datetime, seconds: int
) -> None:
    found = due_at(hours, start, Duration(seconds, "business_seconds"))

    assert found is not None
    assert elapsed(hours, start, found - timedelta(microseconds=1)) == seconds - 1


@given(
    CALENDARS, INSTANTS, INSTANTS, st.sampled_from(["business_seconds", "business_days", "clock"]), st.integers(1, 30)
)
def test_a_later_start_is_never_due_earlier(
    hours: BusinessHours, a: datetime, b: datetime, unit: str, amount: int
) -> None:
    earlier, later = (due_at(hours, start, Duration(amount, unit)) for start in sorted((a, b)))  # type: ignore[arg-type]  # a drawn unit is text

    assert earlier is not None
    assert later is not None
    assert earlier <= later


@given(
    st.dates(date(2026, 1, 1), date(2026, 10, 1)),
    st.integers(1, 40),
    st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 1)), max_size=20),
)
def test_business_days_count_as_numpy_counts_them(day: date, amount: int, closed: set[date]) -> None:
    office = opened(calendar("09:00-17:00", closed=tuple(d.isoformat() for d in closed)))

    found = due_at(
        office, datetime(day.year, day.month, day.day, 10, 30, tzinfo=UTC), Duration(amount, "business_days")
    )

    expected = np.busday_offset(day, amount, roll="forward", holidays=sorted(closed))
    assert found is not None
    assert np.datetime64(found.date()) == expected


@given(st.dates(date(2026, 1, 1), date(2026, 6, 1)), st.dates(date(2026, 6, 1), date(2026, 12, 1)))
def test_whole_business_days_between_dates_add_up_as_numpy_counts_them(first: date, last: date) -> None:
    start, end = (datetime(d.year, d.month, d.day, tzinfo=UTC) for d in (first, last))

    assert elapsed(NINE_TO_FIVE, start, end) == int(np.busday_count(first, last)) * 8 * 3600


WEEK_MINUTES = 7 * 24 * 60
SHIFTS = st.tuples(st.integers(0, 95), st.integers(0, 95)).map(
    lambda s: f"{s[0] // 4:02}:{s[0] % 4 * 15:02}-{s[1] // 4:02}:{s[1] % 4 * 15:02}"
)
RANDOM_WEEKS = st.dictionaries(st.sampled_from(ALL_DAYS), st.lists(SHIFTS, max_size=3).map(tuple), max_size=7)


@given(RANDOM_WEEKS, st.integers(0, WEEK_MINUTES), st.integers(0, WEEK_MINUTES))
def test_business_time_is_the_count_of_minutes_covered_by_any_shift(
    shifts: dict[str, tuple[str, ...]], a: int, b: int
) -> None:
    found = opened(Calendar.model_validate({"shifts": shifts}))
    monday = at("2026-03-02 00:00")
    since, until = sorted((a, b))

    counted = elapsed(found, monday + timedelta(minutes=since), monday + timedelta(minutes=until))

    assert counted == sum(60 for minute in range(since, until) if covers(shifts, minute))


def covers(shifts: dict[str, tuple[str, ...]], minute: int) -> bool:
    """Whether a minute of the week lies in a shift that starts on its day or on the day before: by brute force."""
    day, within = divmod(minute, 1440)
    for back in (0, 1):
        for shift in shifts.get(ALL_DAYS[(day - back) % 7], ()):
            opens, closes = (int(part[:2]) * 60 + int(part[3:]) for part in shift.split("-"))
            if opens <= within + back * 1440 < (closes if closes > opens else closes + 1440):
                return True
    return False

"""Periods of windows: by hand where clocks and months are odd, by pandas everywhere else."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.objectives import CalendarUnit, CalendarWindow, RollingWindow, Window
from slo.periods import Period, nominal_length, period_at, slices_at

ZONES = (
    "UTC",
    "America/Chicago",
    "America/Havana",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Berlin",
)
OF_1980, OF_2060 = datetime(1980, 1, 1), datetime(2060, 1, 1)  # noqa: DTZ001 - made UTC below
instants = st.datetimes(OF_1980, OF_2060).map(lambda at: at.replace(tzinfo=UTC))
lengths = st.integers(60, 90 * 86_400).map(lambda seconds: timedelta(seconds=seconds))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def calendar(unit: CalendarUnit, starts: str, zone: str = "America/Chicago", count: int = 1) -> CalendarWindow:
    return CalendarWindow(unit, count, datetime.fromisoformat(starts), zone)


def test_a_rolling_window_ends_at_the_instant_that_is_asked_for() -> None:
    period = period_at(RollingWindow(timedelta(days=30)), at("2026-03-31T12:00"))

    assert period == Period(at("2026-03-01T12:00"), at("2026-03-31T12:00"))


# Chicago is UTC-6, and UTC-5 from 8 March 2026 02:00 to 1 November 2026 02:00 local time; Havana falls back at 01:00 to
# midnight on 1 November 2026; in Beirut midnight of 29 March 2026 is followed by 01:00 (IANA time zone database).
@pytest.mark.parametrize(
    ("window", "as_of", "starts", "ends"),
    [
        (calendar("month", "2026-01-01"), "2026-03-01T05:59", "2026-02-01T06:00", "2026-03-01T06:00"),
        (calendar("month", "2026-01-01"), "2026-03-01T06:00", "2026-03-01T06:00", "2026-04-01T05:00"),
        (calendar("month", "2026-01-01"), "2025-12-15T00:00", "2025-12-01T06:00", "2026-01-01T06:00"),
        (calendar("day", "2026-01-01"), "2026-03-08T12:00", "2026-03-08T06:00", "2026-03-09T05:00"),  # 23 hours
        (calendar("day", "2026-01-01"), "2026-11-01T12:00", "2026-11-01T05:00", "2026-11-02T06:00"),  # 25 hours
        (calendar("day", "2026-01-01T02:30"), "2026-03-08T12:00", "2026-03-08T08:30", "2026-03-09T07:30"),  # in the gap
        (calendar("day", "2026-01-01", "America/Havana"), "2026-11-01T04:30", "2026-11-01T04:00", "2026-11-02T05:00"),
        (calendar("day", "2026-01-01", "Asia/Beirut"), "2026-03-29T12:00", "2026-03-28T22:00", "2026-03-29T21:00"),
        (calendar("week", "2026-01-05", "UTC", 2), "2026-01-20T00:00", "2026-01-19T00:00", "2026-02-02T00:00"),
        (calendar("quarter", "2026-02-01", "UTC"), "2026-01-31T23:59", "2025-11-01T00:00", "2026-02-01T00:00"),
        (calendar("year", "2026-07-01", "UTC"), "2026-06-30T00:00", "2025-07-01T00:00", "2026-07-01T00:00"),
        (calendar("month", "2026-01-31", "UTC"), "2026-02-28T00:00", "2026-02-28T00:00", "2026-03-31T00:00"),
        (calendar("month", "2026-01-31", "UTC"), "2026-04-30T00:00", "2026-04-30T00:00", "2026-05-31T00:00"),
        (calendar("month", "2024-01-31", "UTC"), "2024-03-30T00:00", "2024-02-29T00:00", "2024-03-31T00:00"),
        (calendar("year", "2024-02-29", "UTC"), "2025-03-01T00:00", "2025-02-28T00:00", "2026-02-28T00:00"),
        (calendar("year", "2024-02-29", "UTC"), "2028-02-29T00:00", "2028-02-29T00:00", "2029-02-28T00:00"),
        (calendar("month", "2026-01-01", "UTC", 2), "2026-04-15T00:00", "2026-03-01T00:00", "2026-05-01T00:00"),
    ],
)
def test_a_calendar_window_has_local_periods(window: CalendarWindow, as_of: str, starts: str, ends: str) -> None:
    assert period_at(window, at(as_of)) == Period(at(starts), at(ends))


# The anchors of pandas: a Monday, and the first of a month, a quarter and a year.
FREQUENCIES: dict[CalendarUnit, tuple[str, str]] = {
    "day": ("D", "2024-01-01"),
    "week": ("W-SUN", "2024-01-01"),
    "month": ("M", "2024-01-01"),
    "quarter": ("Q", "2024-01-01"),
    "year": ("Y", "2024-01-01"),
}


@given(instants, st.sampled_from(ZONES), st.sampled_from(list(FREQUENCIES)))
def test_periods_are_those_of_pandas(as_of: datetime, zone: str, unit: CalendarUnit) -> None:
    frequency, starts = FREQUENCIES[unit]
    local = pd.Timestamp(as_of).tz_convert(zone).tz_localize(None).to_period(frequency)

    found = period_at(calendar(unit, starts, zone), as_of)

    expected = [
        each.start_time.tz_localize(zone, nonexistent="shift_forward", ambiguous=True).tz_convert("UTC").to_pydatetime()
        for each in (local, local + 1)
    ]
    # Where clocks fall back over midnight, the hour after the second midnight has two days' names.
    if expected[0] <= as_of < expected[1]:
        assert [found.starts_at, found.ends_at] == expected
    else:
        assert found.starts_at == expected[1]


windows: st.SearchStrategy[Window] = st.one_of(
    lengths.map(RollingWindow),
    st.builds(
        CalendarWindow,
        st.sampled_from(list(FREQUENCIES)),
        st.integers(1, 5),
        st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001 - local times
        st.sampled_from(ZONES),
    ),
)


@given(windows, instants)
def test_an_instant_is_in_its_period_and_periods_follow_one_another(window: Window, as_of: datetime) -> None:
    period = period_at(window, as_of)

    assert period.starts_at <= as_of <= period.ends_at
    if isinstance(window, CalendarWindow):
        assert as_of < period.ends_at
        assert period_at(window, period.ends_at).starts_at == period.ends_at
        assert period_at(window, period.starts_at) == period
        assert period_at(window, period.starts_at - timedelta(microseconds=1)).ends_at == period.starts_at


@given(windows, instants, lengths)
def test_slices_fill_their_window_up_to_the_one_that_runs(window: Window, as_of: datetime, length: timedelta) -> None:
    period, slices = period_at(window, as_of), slices_at(window, length, as_of)

    assert slices.length == length
    assert period.starts_at <= slices.starts_at < period.starts_at + length
    assert slices.count == 0 or slices.running <= as_of
    assert slices.running > as_of - length
    if isinstance(window, CalendarWindow):
        assert slices.starts_at == period.starts_at
    else:
        assert (slices.starts_at - datetime(1970, 1, 1, tzinfo=UTC)) % length == timedelta()


def test_slices_of_a_rolling_window_are_the_same_whenever_they_are_asked_for() -> None:
    window, hour = RollingWindow(timedelta(hours=3)), timedelta(hours=1)

    early, late = (slices_at(window, hour, at(text)) for text in ("2026-03-04T12:20", "2026-03-04T12:59"))

    assert early == late
    assert (early.starts_at, early.count, early.running) == (at("2026-03-04T10:00"), 2, at("2026-03-04T12:00"))


def test_a_slice_that_ends_now_is_over() -> None:
    slices = slices_at(RollingWindow(timedelta(hours=3)), timedelta(hours=1), at("2026-03-04T12:00"))

    assert (slices.starts_at, slices.count) == (at("2026-03-04T09:00"), 3)


def test_a_local_day_of_23_hours_has_23_slices_of_an_hour() -> None:
    window = calendar("day", "2026-01-01")

    assert slices_at(window, timedelta(hours=1), at("2026-03-09T04:59:59")).count == 22
    assert period_at(window, at("2026-03-08T12:00")).length == timedelta(hours=23)


@pytest.mark.parametrize(
    ("window", "days"),
    [
        (RollingWindow(timedelta(days=28)), 28),
        (calendar("day", "2026-01-01"), 1),
        (calendar("week", "2026-01-01", count=4), 28),
        (calendar("month", "2026-01-01"), 30),
        (calendar("quarter", "2026-01-01"), 91),
        (calendar("year", "2026-01-01"), 365),
    ],
)
def test_every_period_of_a_window_is_taken_to_be_alike_where_paces_are_compared(window: Window, days: int) -> None:
    assert nominal_length(window) == timedelta(days=days)

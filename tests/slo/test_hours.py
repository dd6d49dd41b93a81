from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from support.calendars import ALL_DAYS, calendar

from core.errors import DefinitionError
from core.registry import Calendar
from slo.hours import ALWAYS, hours

UTC_ZONE = ZoneInfo("UTC")
NEW_YORK = ZoneInfo("America/New_York")


def spans(calendar: Calendar, zone: ZoneInfo, first: str, last: str) -> list[tuple[str, str, int]]:
    """Each interval as ("opens", "closes", day_index), UTC, to the minute."""
    found = hours(calendar, zone, date.fromisoformat(first), date.fromisoformat(last))
    texts = [[datetime.fromtimestamp(s, UTC).strftime("%m-%d %H:%M") for s in (i.opens_at, i.closes_at)] for i in found]
    return [(opens, closes, i.day_index) for (opens, closes), i in zip(texts, found, strict=True)]


def test_a_weekday_calendar_skips_the_weekend_and_counts_working_days() -> None:
    # 2026-03-06 is a Friday.
    assert spans(calendar("08:00-17:00"), UTC_ZONE, "2026-03-06", "2026-03-10") == [
        ("03-06 08:00", "03-06 17:00", 0),
        ("03-09 08:00", "03-09 17:00", 1),
    ]


def test_worked_before_adds_up_the_seconds_of_earlier_openings() -> None:
    found = hours(calendar("08:00-12:00", "13:00-17:00"), UTC_ZONE, date(2026, 3, 9), date(2026, 3, 11))

    assert [interval.worked_before for interval in found] == [0, 14_400, 28_800, 43_200]


def test_a_split_shift_is_one_working_day() -> None:
    assert spans(calendar("13:00-17:00", "08:00-12:00"), UTC_ZONE, "2026-03-09", "2026-03-10") == [
        ("03-09 08:00", "03-09 12:00", 0),
        ("03-09 13:00", "03-09 17:00", 0),
    ]


def test_overlapping_and_touching_shifts_of_a_day_are_merged() -> None:
    assert spans(calendar("08:00-12:00", "11:00-15:00", "15:00-16:00"), UTC_ZONE, "2026-03-09", "2026-03-10") == [
        ("03-09 08:00", "03-09 16:00", 0)
    ]


def test_a_night_shift_runs_into_the_next_day_and_belongs_to_the_day_it_starts() -> None:
    assert spans(calendar("22:00-06:00", days=("fri",)), UTC_ZONE, "2026-03-06", "2026-03-09") == [
        ("03-06 22:00", "03-07 06:00", 0)
    ]


def test_a_night_shift_that_overlaps_the_next_morning_is_cut_where_that_day_opens() -> None:
    assert spans(calendar("05:00-13:00", "22:00-06:00", days=("mon", "tue")), UTC_ZONE, "2026-03-09", "2026-03-11") == [
        ("03-09 05:00", "03-09 13:00", 0),
        ("03-09 22:00", "03-10 05:00", 0),
        ("03-10 05:00", "03-10 13:00", 1),
        ("03-10 22:00", "03-11 06:00", 1),
    ]


def test_always_is_open_without_a_gap_and_each_local_date_is_a_working_day() -> None:
    assert spans(ALWAYS, NEW_YORK, "2026-03-07", "2026-03-10") == [
        ("03-07 05:00", "03-08 05:00", 0),
        ("03-08 05:00", "03-09 04:00", 1),  # 23 hours: clocks go forward
        ("03-09 04:00", "03-10 04:00", 2),
    ]


def test_a_public_holiday_closes_the_country_and_a_regional_one_only_its_region() -> None:
    # Thanksgiving 2026 is Thursday 26 November; California also keeps the Friday.
    country = spans(calendar("08:00-17:00", holidays="US"), UTC_ZONE, "2026-11-25", "2026-11-28")
    region = spans(calendar("08:00-17:00", holidays="US-CA"), UTC_ZONE, "2026-11-25", "2026-11-28")

    assert [opens[:5] for opens, _, _ in country] == ["11-25", "11-27"]
    assert [opens[:5] for opens, _, _ in region] == ["11-25"]


def test_a_holiday_on_a_saturday_is_observed_on_the_friday_before() -> None:
    # 4 July 2026 is a Saturday; the federal holiday is observed on Friday 3 July.
    assert [s[0] for s in spans(calendar("08:00-17:00", holidays="US"), UTC_ZONE, "2026-07-02", "2026-07-07")] == [
        "07-02 08:00",
        "07-06 08:00",
    ]


def test_a_holiday_of_the_following_year_that_is_observed_in_this_one_is_closed() -> None:
    # New Year's Day 2022 was a Saturday, observed on Friday 31 December 2021.
    assert spans(calendar("08:00-17:00", holidays="US"), UTC_ZONE, "2021-12-31", "2022-01-01") == []


def test_a_closed_day_named_twice_and_on_a_weekend_changes_nothing_else() -> None:
    closed = calendar("08:00-17:00", closed=("2026-03-09", "2026-03-09", "2026-03-07"))

    assert spans(closed, UTC_ZONE, "2026-03-06", "2026-03-11") == [
        ("03-06 08:00", "03-06 17:00", 0),
        ("03-10 08:00", "03-10 17:00", 1),
    ]


def test_an_exceptional_working_day_uses_mondays_shifts_even_on_a_holiday_or_weekend() -> None:
    opened = Calendar(
        shifts={"mon": ("07:00-11:00",), "fri": ("08:00-17:00",)}, holidays="US", open=("2026-07-03", "2026-07-04")
    )

    assert spans(opened, UTC_ZONE, "2026-07-03", "2026-07-05") == [
        ("07-03 07:00", "07-03 11:00", 0),
        ("07-04 07:00", "07-04 11:00", 1),
    ]


def test_a_night_shift_across_the_spring_gap_is_an_hour_shorter() -> None:
    # US clocks go from 02:00 to 03:00 on 8 March 2026.
    assert spans(calendar("22:00-06:00", days=("sat",)), NEW_YORK, "2026-03-07", "2026-03-08") == [
        ("03-08 03:00", "03-08 10:00", 0)
    ]


def test_a_night_shift_across_the_autumn_fold_is_an_hour_longer() -> None:
    # US clocks go from 02:00 back to 01:00 on 1 November 2026.
    assert spans(calendar("22:00-06:00", days=("sat",)), NEW_YORK, "2026-10-31", "2026-11-01") == [
        ("11-01 02:00", "11-01 11:00", 0)
    ]


def test_an_opening_in_the_gap_counts_from_the_offset_before_it() -> None:
    assert spans(calendar("02:30-06:00", days=("sun",)), NEW_YORK, "2026-03-08", "2026-03-09") == [
        ("03-08 07:30", "03-08 10:00", 0)
    ]


def test_an_opening_in_the_fold_is_the_first_of_the_two() -> None:
    assert spans(calendar("01:30-06:00", days=("sun",)), NEW_YORK, "2026-11-01", "2026-11-02") == [
        ("11-01 05:30", "11-01 11:00", 0)
    ]


def test_a_shift_swallowed_by_the_gap_is_no_opening() -> None:
    assert spans(calendar("02:15-03:10", days=("sun",)), NEW_YORK, "2026-03-08", "2026-03-09") == []


def test_a_date_that_a_zone_skipped_is_no_working_day() -> None:
    # Samoa had no 30 December 2011.
    found = hours(
        calendar("08:00-16:00", days=ALL_DAYS), ZoneInfo("Pacific/Apia"), date(2011, 12, 29), date(2012, 1, 1)
    )

    assert [interval.day_index for interval in found] == [0, 1]


def test_a_calendar_without_shifts_has_no_hours() -> None:
    assert hours(Calendar(shifts={}), UTC_ZONE, date(2000, 1, 1), date(2030, 1, 1)) == ()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"shifts": {"mon": ("8-17",)}}, "'8-17' is not a shift"),
        ({"shifts": {"mon": ("08:00-25:00",)}}, "is not a shift"),
        ({"shifts": {}, "holidays": "Atlantis"}, "no public holidays are known for 'Atlantis'"),
        ({"shifts": {}, "holidays": "US-XX"}, "no public holidays are known for 'US-XX'"),
        ({"shifts": {}, "closed": ("25.12.2026",)}, "must be an ISO date"),
        (
            {"shifts": {}, "closed": ("2026-12-24",), "open": ("2026-12-24",)},
            "2026-12-24 is given as closed and as open",
        ),
    ],
)
def test_a_wrong_calendar_is_refused_with_the_reason(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        hours(Calendar.model_validate(wrong), UTC_ZONE, date(2026, 1, 1), date(2026, 2, 1))

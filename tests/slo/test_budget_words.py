from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.budget_words import in_words, percent, plain, spent_in, told_when
from slo.burn_windows import alerts_of, load_windows
from slo.objectives import CalendarUnit, CalendarWindow, RollingWindow

MONTH = CalendarWindow("month", 1, datetime(2026, 1, 1), "UTC")  # noqa: DTZ001 - local
H = timedelta(hours=1)


@pytest.mark.parametrize(
    ("share", "beside", "text"),
    [
        ("0.4", (), "40 %"),
        ("0.9421", (), "94.2 %"),
        ("0.99951", (), "99.95 %"),  # not 100 %
        ("0.9999999", (), "99.99999 %"),
        ("0.0004", (), "0.04 %"),  # not 0 %
        ("1", (), "100 %"),
        ("0", (), "0 %"),
        ("0.9496", ("0.95",), "94.96 %"),  # not 95 %
        ("0.95", ("0.95",), "95 %"),
        ("-0.0251", (), "-2.5 %"),
        ("0.00000000001", (), "0 %"),  # finer than anything is counted
        ("-0.0000000000469", (), "0 %"),
    ],
)
def test_a_share_is_not_rounded_to_what_it_is_not(share: str, beside: tuple[str, ...], text: str) -> None:
    assert percent(Fraction(share), *map(Fraction, beside)) == text


@given(st.integers(0, 1000), st.integers(1, 1000), st.integers(1, 9999))
def test_what_misses_its_target_does_not_read_as_reaching_it(good: int, more: int, target: int) -> None:
    share, wanted = Fraction(good, good + more), Fraction(target, 10_000)

    assert (percent(share, wanted) == percent(wanted, share)) == (share == wanted)
    assert percent(share) != "100 %"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("14.4", "14.4"),
        ("6", "6"),
        ("100/7", "14.286"),
        ("1/3", "0.333333"),
        ("1234567", "1,234,567"),
        ("-0.5", "-0.5"),
    ],
)
def test_a_number_reads_as_one_writes_it(value: str, text: str) -> None:
    assert plain(Fraction(value)) == text


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (6 * H, "6 h"),
        (84 * H, "3 d 12 h"),
        (timedelta(minutes=30), "30 min"),
        (timedelta(days=1, minutes=5), "1 d 5 min"),
        (timedelta(seconds=25), "25 s"),
        (timedelta(), "0 s"),
    ],
)
def test_a_length_of_time_reads_in_its_two_largest_units(length: timedelta, text: str) -> None:
    assert in_words(length) == text


def test_a_burn_rate_says_what_of_whose_budget_was_spent_and_in_which_time() -> None:
    # 48 times the even pace for 6 of 720 hours: 48 * 6 / 720 = 0.4.
    assert spent_in(Fraction(48), 6 * H, MONTH) == "spent 40 % of the month's budget in 6 h"
    assert spent_in(Fraction(0), 6 * H, MONTH) == "spent 0 % of the month's budget in 6 h"


@pytest.mark.parametrize(
    ("unit", "count", "text"),
    [
        ("day", 1, "spent 25 % of the day's budget in 6 h"),
        ("week", 1, "spent 3.6 % of the week's budget in 6 h"),
        ("month", 2, "spent 0.4 % of the 2 months' budget in 6 h"),
        ("quarter", 1, "spent 0.3 % of the quarter's budget in 6 h"),
    ],
)
def test_the_budget_is_named_by_its_window(unit: CalendarUnit, count: int, text: str) -> None:
    window = CalendarWindow(unit, count, MONTH.starts, "UTC")

    assert spent_in(Fraction(1), 6 * H, window) == text


def test_each_alert_of_the_workbook_says_which_part_of_the_budget_it_is_about() -> None:
    window = RollingWindow(timedelta(days=30))
    alerts = alerts_of(load_windows(), window.length, Fraction("0.999")).alerts

    assert [told_when(each, window) for each in alerts] == [
        "at a pace that spends 2 % of the budget of 30 d in 1 h",
        "at a pace that spends 5 % of the budget of 30 d in 6 h",
        "at a pace that spends 10 % of the budget of 30 d in 1 d",
        "at a pace that spends 10 % of the budget of 30 d in 3 d",
    ]

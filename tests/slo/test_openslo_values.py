"""The values of OpenSLO, as they are written."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from slo.openslo_values import (
    above_zero,
    percent_below_hundred,
    read_delay,
    read_number,
    read_shorthand,
    read_slice,
    read_start,
    read_zone,
    share_below_one,
    share_of_slice,
)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("5m", timedelta(minutes=5)),
        ("12h", timedelta(hours=12)),
        ("365d", timedelta(days=365)),
        ("4w", timedelta(weeks=4)),
        ("1M", timedelta(days=30)),
        ("2Q", timedelta(days=182)),
        ("1Y", timedelta(days=365)),
        ("10Y", timedelta(days=3650)),
    ],
)
def test_a_duration_tells_minutes_from_months_by_its_case(text: str, length: timedelta) -> None:
    found = read_shorthand(text)

    assert (found.length, str(found)) == (length, text)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "m",
        "0m",
        "05m",
        "1.5h",
        "-1d",
        "+1d",
        "1 d",
        "1d ",
        "1D",
        "1s",
        "1bd",
        "1d2h",
        "11Y",
        "100000d",
        5,
        True,
        None,
        ["1d"],
    ],
)
def test_what_is_no_duration_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"is not a duration|longer than ten years"):
        read_shorthand(value)


def test_a_delay_may_be_nothing_and_a_slice_may_be_a_number_of_minutes() -> None:
    assert read_delay("0m") == timedelta()
    assert read_delay("5m") == read_slice("5m") == read_slice(5) == timedelta(minutes=5)


@pytest.mark.parametrize("value", [0, -5, 2.5, True, "0m", "5"])
def test_a_slice_has_a_length(value: Any) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        read_slice(value)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0.95, Fraction(19, 20)),
        (0.1, Fraction(1, 10)),
        (3, Fraction(3)),
        (1e-7, Fraction(1, 10**7)),
        (99.951, Fraction(99951, 1000)),
    ],
)
def test_a_number_is_exactly_what_is_written(value: float, number: Fraction) -> None:
    assert read_number(value) == number


@pytest.mark.parametrize("value", [True, "0.95", None, [], {}])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="where a number is expected"):
        read_number(value)


def test_a_share_and_a_percentage_say_the_same() -> None:
    assert share_below_one(0.9995) == percent_below_hundred(99.95) == Fraction(9995, 10_000)
    assert share_below_one(0) == percent_below_hundred(0) == 0


@pytest.mark.parametrize(
    ("read", "value", "reason"),
    [
        (share_below_one, 1, "leaves no budget"),
        (share_below_one, 99.5, r"did you mean targetPercent: 99\.5\?"),
        (share_below_one, -0.1, "is no share"),
        (share_below_one, 100, "is no share: it is from 0.0 up to but not 1.0$"),
        (percent_below_hundred, 100.0, "leaves no budget"),
        (percent_below_hundred, 100.1, "is no percentage"),
        (share_of_slice, 0, "is no share of a slice"),
        (share_of_slice, 1.01, "is no share of a slice"),
        (above_zero, 0, "must be above 0"),
        (above_zero, -2, "must be above 0"),
    ],
)
def test_a_number_out_of_its_range_is_refused(read: Any, value: float, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read(value)


def test_all_of_a_slice_may_have_to_be_good() -> None:
    assert share_of_slice(1) == 1


@pytest.mark.parametrize("text", ["2026-01-31 06:30:00", "2026-01-31T06:30:00", "2026-01-31 06:30"])
def test_a_start_is_a_local_time(text: str) -> None:
    assert read_start(text) == datetime(2026, 1, 31, 6, 30)  # noqa: DTZ001 - local


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-31",
        "06:30",
        "2026-01-31 06:30:00Z",
        "2026-01-31 06:30:00+01:00",
        "2026-02-29 00:00:00",
        "1969-01-01 00:00",
        "9999-01-01 00:00",
        2026,
        None,
    ],
)
def test_what_is_no_start_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="is no start"):
        read_start(value)


@pytest.mark.parametrize("zone", ["UTC", "America/Chicago", "Asia/Kathmandu"])
def test_a_zone_is_one_of_the_iana_database(zone: str) -> None:
    assert read_zone(zone) == zone


@pytest.mark.parametrize(
    "value", ["", "Chicago", "America", "../etc/passwd", "/etc/localtime", "Mars/Olympus", "a\0b", 5, None]
)
def test_what_is_no_zone_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="is not an IANA time zone"):
        read_zone(value)

from datetime import UTC, datetime, timedelta

import pytest

from core.clock import ManualClock
from core.errors import MisuseError
from core.instants import instant_asked, parse_instant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-03-04T12:00:00Z", datetime(2026, 3, 4, 12, tzinfo=UTC)),
        ("2026-03-04T12:00:00+02:00", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("2026-03-04T23:30-05:00", datetime(2026, 3, 5, 4, 30, tzinfo=UTC)),
        ("2026-03-04T12:00", datetime(2026, 3, 4, 12, tzinfo=UTC)),
        (" 2026-03-04 ", datetime(2026, 3, 4, tzinfo=UTC)),
        ("1970-01-01", datetime(1970, 1, 1, tzinfo=UTC)),
        ("2199-12-31T23:59:59.999999", datetime(2199, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_in_utc_whatever_its_offset(text: str, meant: datetime) -> None:
    found = parse_instant(text)

    assert found == meant
    assert found.tzinfo is UTC


@pytest.mark.parametrize("text", ["", "noon", "04.03.2026", "2026-13-01", "2026-03-04T25:00", "1772625600"])
def test_what_is_no_instant_is_misuse_and_shows_how_to_write_one(text: str) -> None:
    with pytest.raises(MisuseError, match="is not an instant: write ISO 8601, as in 2026-03-04T12:00:00Z"):
        parse_instant(text)


@pytest.mark.parametrize(
    "text", ["0001-01-01", "1969-12-31T23:59:59Z", "2200-01-01", "9999-12-31T23:59:59Z", "1970-01-01T00:00+01:00"]
)
def test_an_instant_that_the_store_could_not_reckon_with_is_misuse(text: str) -> None:
    with pytest.raises(MisuseError, match="1970 to 2199"):
        parse_instant(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00+02:00", "9999-12-31T23:59-02:00"])
def test_an_instant_that_no_clock_can_hold_in_utc_is_misuse(text: str) -> None:
    with pytest.raises(MisuseError):
        parse_instant(text)


NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize("ahead", [timedelta(minutes=1), timedelta(0), timedelta(days=-1)])
def test_what_was_and_is_can_be_asked_for_by_a_clock_that_is_a_minute_ahead_too(ahead: timedelta) -> None:
    assert instant_asked((NOON + ahead).isoformat(), ManualClock(NOON)) == NOON + ahead


@pytest.mark.parametrize("text", ["", "  "])
def test_where_no_instant_is_named_the_present_is_asked_for(text: str) -> None:
    assert instant_asked(text, ManualClock(NOON)) == NOON


@pytest.mark.parametrize("text", ["2026-03-04T12:01:00.000001Z", "2026-03-04T12:02+00:00", "2027-01-01"])
def test_what_is_yet_to_come_is_misuse_and_the_present_is_told(text: str) -> None:
    with pytest.raises(MisuseError, match=r"is yet to come: answers are as of now \(2026-03-04T12:00:00Z\) or earlier"):
        instant_asked(text, ManualClock(NOON))

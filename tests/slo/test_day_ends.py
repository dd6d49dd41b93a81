"""When the days of a zone end: at the midnight that follows, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.clickhouse import Database
from core.clock import ManualClock
from core.registry import Registry
from slo.calendars import publications, publish_calendars
from slo.day_ends import day_ends

MIDNIGHT = 86_400
# By the tz database: the instant at which that local day is over.
ENDS = {
    ("UTC", date(2026, 3, 5)): datetime(2026, 3, 6, tzinfo=UTC),
    ("America/New_York", date(2026, 3, 7)): datetime(2026, 3, 8, 5, tzinfo=UTC),
    ("America/New_York", date(2026, 3, 8)): datetime(2026, 3, 9, 4, tzinfo=UTC),  # 23 hours long
    ("America/New_York", date(2026, 11, 1)): datetime(2026, 11, 2, 5, tzinfo=UTC),  # 25 hours long
    ("Australia/Lord_Howe", date(2026, 4, 5)): datetime(2026, 4, 5, 13, 30, tzinfo=UTC),
    ("America/Santiago", date(2026, 9, 5)): datetime(2026, 9, 6, 4, tzinfo=UTC),  # no midnight follows: clocks go on
    ("Pacific/Apia", date(2011, 12, 29)): datetime(2011, 12, 30, 10, tzinfo=UTC),  # no 30 December follows
}


@pytest.mark.parametrize(("zone", "day"), ENDS)
def test_a_day_ends_when_the_next_begins(zone: str, day: date) -> None:
    stretches = day_ends(ZoneInfo(zone), date(2010, 1, 1), date(2027, 1, 1))

    (after,) = [after for since, after in stretches if since <= day][-1:]

    assert datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=after) == ENDS[zone, day]


def test_days_of_one_length_of_offset_are_one_stretch() -> None:
    assert day_ends(ZoneInfo("UTC"), date(2000, 1, 1), date(2030, 1, 1)) == [(date(2000, 1, 1), MIDNIGHT)]
    assert len(day_ends(ZoneInfo("America/New_York"), date(2026, 1, 1), date(2027, 1, 1))) == 3


@pytest.mark.database
def test_days_are_published_once_and_tell_when_they_change(database: Database, clock: ManualClock) -> None:
    publish_calendars(database, Registry(), clock)
    before = publications(database)

    again = publish_calendars(database, Registry(), clock)
    unchanged = publications(database)
    clock.advance(timedelta(days=365))
    later = publish_calendars(database, Registry(), clock)

    assert again == ()
    assert unchanged == before
    assert later == ("always@UTC", "UTC")
    assert publications(database) != before

from datetime import UTC, datetime

import pytest
from support.calendars import calendar, registry

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import DefinitionError
from core.registry import Calendar
from slo.calendars import publish_calendars

pytestmark = pytest.mark.database


def intervals(database: Database, key: str) -> list[tuple[datetime, datetime]]:
    rows = database.rows(
        "SELECT opens_at, closes_at FROM business_hours WHERE calendar = {key:String} ORDER BY opens_at", key=key
    )
    return [(row["opens_at"], row["closes_at"]) for row in rows]


def test_the_calendars_that_facilities_have_are_published_with_always_beside_them(
    database: Database, clock: ManualClock
) -> None:
    written = publish_calendars(database, registry("America/Chicago", office=calendar("08:00-17:00")), clock)

    calendars = {"always@UTC", "always@America/Chicago", "office@UTC", "office@America/Chicago"}
    assert set(written) == {*calendars, "UTC", "America/Chicago"}


def test_hours_reach_from_the_year_2000_to_five_years_ahead(database: Database, clock: ManualClock) -> None:
    publish_calendars(database, registry(), clock)

    found = intervals(database, "always@UTC")

    assert found[0][0] == datetime(2000, 1, 1, tzinfo=UTC)
    assert found[-1][1] == datetime(2032, 1, 1, tzinfo=UTC)


def test_publishing_the_same_registry_again_writes_nothing(database: Database, clock: ManualClock) -> None:
    office = registry(office=calendar("08:00-17:00"))
    publish_calendars(database, office, clock)
    before = database.rows("SELECT count() AS rows, max(published_at) AS newest FROM business_hours")

    assert publish_calendars(database, office, clock) == ()
    assert database.rows("SELECT count() AS rows, max(published_at) AS newest FROM business_hours") == before


def test_a_changed_calendar_leaves_no_opening_of_its_past_behind(database: Database, clock: ManualClock) -> None:
    publish_calendars(database, registry(office=calendar("08:00-17:00")), clock)

    written = publish_calendars(database, registry(office=calendar("09:30-16:00")), clock)

    assert written == ("office@UTC",)
    assert {opens.strftime("%H:%M") for opens, _ in intervals(database, "office@UTC")} == {"09:30"}


def test_a_calendar_that_lost_all_its_shifts_has_no_opening_left(database: Database, clock: ManualClock) -> None:
    publish_calendars(database, registry(office=calendar("08:00-17:00")), clock)

    publish_calendars(database, registry(office=Calendar(shifts={})), clock)

    assert intervals(database, "office@UTC") == []


def test_the_name_always_cannot_be_given_to_another_calendar(database: Database, clock: ManualClock) -> None:
    with pytest.raises(DefinitionError, match="'always' is taken"):
        publish_calendars(database, registry(always=calendar("08:00-17:00")), clock)

"""The arithmetic in SQL equals the arithmetic in Python."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.calendars import ALL_DAYS, calendar, registry
from support.due_at_query import DUE_AT
from support.elapsed_query import ELAPSED

from core.clickhouse import Database
from core.clock import ManualClock
from core.durations import Duration
from core.registry import Calendar
from slo.business_time import BusinessHours, business_hours, due_at, elapsed
from slo.calendars import publish_calendars, write_hours
from slo.hours import hours

Instance = tuple[str, datetime, Duration]
ZONES = ("UTC", "America/New_York", "Australia/Lord_Howe")
TIMES = st.tuples(st.integers(0, 23), st.sampled_from([0, 15, 30])).map(lambda t: f"{t[0]:02}:{t[1]:02}")
SHIFTS = st.tuples(TIMES, TIMES).map("-".join)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31)).map(date.isoformat)
CALENDARS = st.builds(
    Calendar,
    shifts=st.dictionaries(st.sampled_from(ALL_DAYS), st.lists(SHIFTS, max_size=3).map(tuple)),
    holidays=st.sampled_from([None, "US", "DE-BY"]),
    closed=st.lists(DAYS, max_size=3).map(tuple),
    open=st.just(()),
)
INSTANTS = st.datetimes(datetime(2025, 12, 1), datetime(2027, 2, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given a zone
DURATIONS = st.one_of(
    st.builds(Duration, st.integers(1, 10**6), st.sampled_from(["clock", "business_seconds"])),
    st.builds(Duration, st.integers(1, 3), st.just("business_seconds")).map(
        lambda d: Duration(d.amount * 14_400, d.unit)
    ),
    st.builds(Duration, st.integers(1, 60), st.just("business_days")),
)


def in_sql(database: Database, instances: list[Instance]) -> list[datetime | None]:
    rows = database.rows(
        DUE_AT,
        calendars=[key for key, _, _ in instances],
        opened_at=[at for _, at, _ in instances],
        units=[duration.unit for _, _, duration in instances],
        amounts=[duration.amount for _, _, duration in instances],
    )
    return [row["due_at"] for row in rows]


def elapsed_in_sql(database: Database, stretches: list[tuple[str, datetime, datetime]]) -> list[int]:
    calendars, since, until = (list(each) for each in zip(*stretches, strict=True))
    rows = database.rows(ELAPSED, calendars=calendars, since=since, until=until)
    return [row["business_seconds"] for row in rows]


@pytest.mark.database
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.data())
def test_sql_and_python_agree_on_any_calendar_instant_and_duration(database: Database, data: st.DataObject) -> None:
    calendars = data.draw(st.lists(CALENDARS, min_size=1, max_size=3))
    openings = {
        f"{number}@{zone}": BusinessHours(hours(calendar, ZoneInfo(zone), date(2026, 1, 1), date(2027, 1, 1)))
        for number, calendar in enumerate(calendars)
        for zone in ZONES
    }
    edges = [edge for found in openings.values() for i in found.intervals[:20] for edge in (i.opens_at, i.closes_at)]
    on_an_edge = st.sampled_from(edges or [0]).map(lambda second: datetime.fromtimestamp(second, UTC))
    instances = data.draw(
        st.lists(
            st.tuples(st.sampled_from(sorted(openings)), INSTANTS | on_an_edge, DURATIONS), min_size=20, max_size=60
        )
    )
    database.execute("TRUNCATE TABLE business_hours")
    write_hours(database, {key: found.intervals for key, found in openings.items()}, datetime(2026, 1, 1, tzinfo=UTC))

    assert in_sql(database, instances) == [due_at(openings[key], at, duration) for key, at, duration in instances]
    stretches = [(key, at, until) for (key, at, _), (_, until, _) in pairwise(instances)]
    assert elapsed_in_sql(database, stretches) == [elapsed(openings[key], at, until) for key, at, until in stretches]


@pytest.mark.database
def test_published_calendars_give_in_sql_what_the_registry_gives_in_python(
    database: Database, clock: ManualClock
) -> None:
    office = registry("America/Chicago", office=calendar("08:00-12:00", "13:00-17:00", holidays="US"))
    keys = ("office@America/Chicago", "always@America/Chicago", "always@UTC")
    start = datetime(2026, 3, 1, 5, 30, 0, 250_000, tzinfo=UTC)
    durations = [Duration(7200, "clock"), Duration(28_800, "business_seconds"), Duration(3, "business_days")]
    instances = [(key, start + timedelta(hours=7 * n), d) for key in keys for n in range(60) for d in durations]
    publish_calendars(database, office, clock)

    found = in_sql(database, instances)

    openings = {key: business_hours(office, key) for key in keys}
    assert found == [due_at(openings[key], at, duration) for key, at, duration in instances]


@pytest.mark.database
def test_a_calendar_that_nobody_published_gives_no_due_time_but_clock_time_still_runs(database: Database) -> None:
    at = datetime(2026, 3, 4, 12, tzinfo=UTC)

    found = in_sql(
        database, [("shop@UTC", at, Duration(60, "business_seconds")), ("shop@UTC", at, Duration(60, "clock"))]
    )

    assert found == [None, at + timedelta(minutes=1)]

"""Suspicions told from many events: exchanged days and months, and wrong time zones; and what must not look like them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from support.facts import Fact, fact, store

from core.clickhouse import Database
from core.filters import Filters
from correlator.findings import Finding, Findings, trials_against
from correlator.loading import load_models

pytestmark = pytest.mark.database
MODELS = load_models(["procure-to-pay"])
NEW_YEAR = datetime(2025, 1, 1, 10, tzinfo=UTC)
ARRIVED = datetime(2026, 1, 10, 12, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
FIGURES = {
    "weekend_now": 100.0, "weekend_then": 10.0, "weekend_z": 4.0, "weekend_share": 0.3,
    "fixed": 500.0, "fixed_weekend_share": 0.02,
    "order_now": 0.0, "order_then": 0.0, "order_z": 0.0, "arrival_now": 0.0, "arrival_then": 0.0, "arrival_z": 0.0,
}  # fmt: skip


def suspected(database: Database, facts: Iterable[Fact], kind: str, as_of: datetime = ARRIVED + DAY) -> list[Finding]:
    store(database, facts)
    return Findings(database, MODELS).all(Filters(as_of=as_of), "365d", kinds=[kind])


def exchanged(at: datetime) -> datetime:
    return at.replace(day=at.month, month=at.day) if at.day <= 12 else at


def archive(days: Iterable[datetime], **fields: object) -> list[Fact]:
    """Return an event for each day, all arrived at once long after."""
    return [
        fact(f"e{place}", "invoice.received", day, f"invoice:I{place}", received_at=ARRIVED, **fields)
        for place, day in enumerate(days)
    ]


def year_of(*weekdays: int) -> list[datetime]:
    return [day for place in range(365) if (day := NEW_YEAR + place * DAY).weekday() in weekdays]


def test_a_working_week_is_no_sign_and_its_days_and_months_exchanged_are(database: Database) -> None:
    week = [day for day in year_of(0, 1, 2, 3, 4) for _ in range(2)]
    sound = suspected(database, archive(week, integration="erp"), "day_month_swap")

    (finding,) = suspected(database, archive(map(exchanged, week), integration="file"), "day_month_swap")

    assert sound == []
    assert finding.integration == "file"
    assert finding.summary.endswith("fall on a weekend as told and would not if exchanged, 0 the other way")


def test_who_works_on_weekends_only_is_told_from_the_days_above_twelve(database: Database) -> None:
    assert suspected(database, archive(year_of(5, 6)), "day_month_swap") == []


def test_who_works_every_day_is_no_sign(database: Database) -> None:
    assert suspected(database, archive(year_of(*range(7))), "day_month_swap") == []


def test_thousands_of_events_on_one_weekend_are_one_piece_of_evidence(database: Database) -> None:
    saturday = datetime(2025, 3, 1, 10, tzinfo=UTC)  # the 3rd of January 2025 was a Friday
    batch = archive([saturday + place * timedelta(seconds=1) for place in range(3000)])

    assert suspected(database, batch, "day_month_swap") == []


def test_a_live_feed_betrays_itself_by_its_arrival_before_it_has_a_week(database: Database) -> None:
    happened = [datetime(2025, month, day, 10, tzinfo=UTC) for month in (11, 12) for day in range(1, 10)]
    feed = [
        fact(f"e{n}-{at}", "invoice.received", exchanged(at), f"invoice:{n}", received_at=at + HOUR)
        for at in happened
        for n in range(3)
    ]

    (finding,) = suspected(database, feed, "day_month_swap")

    assert "are weeks off their arrival as told" in finding.summary
    assert finding.examples[0].note.startswith("else 2025-1")


@pytest.mark.parametrize(
    ("changes", "speaking"),
    [
        ({}, ["weekend"]),
        ({"weekend_z": 2.9}, []),
        ({"weekend_then": 67.0}, []),
        ({"weekend_now": 19.0}, []),
        ({"fixed_weekend_share": 0.25}, []),
        ({"fixed_weekend_share": 0.25, "fixed": 29.0}, ["weekend"]),
    ],
)
def test_a_trial_speaks_from_three_errors_half_as_many_again_and_thirty_events_on(
    changes: dict[str, float], speaking: list[str]
) -> None:
    assert trials_against(FIGURES | changes) == speaking


def arriving(lag: timedelta, events: int = 60, spread: timedelta = HOUR) -> list[Fact]:
    return [
        fact(f"e{n}", "invoice.received", ARRIVED - n * spread, f"invoice:I{n}", received_at=ARRIVED - n * spread + lag)
        for n in range(events)
    ]


@pytest.mark.parametrize(
    ("lag", "words"),
    [
        (6 * HOUR + 3 * MINUTE, "60 of 60 events stand 6 h before their arrival"),
        (-5 * HOUR + 3 * MINUTE, "60 of 60 events stand 5 h after their arrival"),
    ],
)
def test_events_whole_hours_off_their_arrival_are_of_another_zone(
    database: Database, lag: timedelta, words: str
) -> None:
    (finding,) = suspected(database, arriving(lag), "time_zone")

    assert finding.summary == words
    assert finding.suspected
    assert sum(finding.hours) == finding.checked


@pytest.mark.parametrize(
    ("lag", "events", "spread"),
    [(3 * MINUTE, 60, HOUR), (6 * HOUR + 40 * MINUTE, 60, HOUR), (6 * HOUR, 49, HOUR), (6 * HOUR, 60, MINUTE)],
    ids=["prompt", "late by no whole hour", "too few", "one batch"],
)
def test_what_is_prompt_late_or_little_is_of_no_other_zone(
    database: Database, lag: timedelta, events: int, spread: timedelta
) -> None:
    assert suspected(database, arriving(lag, events, spread), "time_zone") == []


def test_steps_whole_hours_off_the_step_before_at_another_integration_are_of_another_zone(database: Database) -> None:
    steps = [
        fact(f"{kind}{n}", f"purchase_order.{kind}", ARRIVED - 90 * DAY + n * 5 * HOUR + lag, f"purchase_order:{n}",
             integration=sender, received_at=ARRIVED)
        for n in range(60)
        for kind, sender, lag in (("created", "procurement", 0 * HOUR), ("synced", "erp", MINUTE - 6 * HOUR))
    ]  # fmt: skip

    found = suspected(database, steps, "time_zone")

    assert [(each.integration, each.summary) for each in found] == [
        ("erp", "60 of 60 events stand 6 h before the step before")
    ]

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from support.handoff_rows import HandoffRow, store_handoffs

from core.clickhouse import Database
from core.errors import MisuseError
from core.filters import Filters
from correlator.loading import load_models
from slo.forecast import ENOUGH_CLOSED, ENOUGH_LONGER, PRIOR, Chance, Expected, Forecasts

pytestmark = pytest.mark.database

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MODELS = load_models(["procure-to-pay"])  # their calendars are not published here: targets count by the clock


def past(
    hours: np.ndarray, ended: np.ndarray, *, allowed: float = 50, name: str = "past", **fields: str
) -> list[HandoffRow]:
    """Instances that ended so many hours after they opened, of `allowed` ones: 1 closed, 2 cancelled."""
    begin = NOW - 60 * DAY
    return [
        HandoffRow(
            f"{name}-{number}",
            opened_at=begin,
            closed_at=begin + lasted * HOUR if how == 1 else None,
            cancelled_at=begin + lasted * HOUR if how == 2 else None,
            due_at=begin + allowed * HOUR,
            **fields,
        )
        for number, (lasted, how) in enumerate(zip(hours.tolist(), ended.tolist(), strict=True))
    ]


def running(name: str, age: float, due_in: float, **fields: str) -> HandoffRow:
    return HandoffRow(name, opened_at=NOW - age * HOUR, due_at=NOW + due_in * HOUR, **fields)


def chances(database: Database, as_of: datetime = NOW, days: int = 14, **filters: tuple[str, ...]) -> dict[str, Chance]:
    page = Forecasts(database, MODELS).page(Filters(as_of=as_of, **filters), days, limit=500)
    return {each.object.id: each for each in page.items}


@pytest.mark.parametrize("seed", range(3))
def test_a_chance_is_the_conditional_survival_of_everything_that_ends(database: Database, seed: int) -> None:
    random = np.random.default_rng(seed)
    hours, ended = random.integers(1, 100, 300), random.choice([1, 2], 300, p=(0.85, 0.15))  # many ties
    asked = [(age, allowed) for age in (0, 7, 30, 62) for allowed in (63, 80, 100)]
    open_now = [running(f"{age} of {allowed}", age, allowed - age) for age, allowed in asked]
    store_handoffs(database, *past(hours, ended, allowed=80), *open_now)

    found = chances(database)

    lasted = np.concatenate([hours / 80, [age / allowed for age, allowed in asked]])
    fitted = KaplanMeierFitter().fit(lasted, np.concatenate([ended > 0, np.zeros(len(asked), dtype=bool)]))
    for age, allowed in asked:
        expected = fitted.predict(1) / fitted.predict(age / allowed)
        assert found[f"{age} of {allowed}"].late == pytest.approx(expected, abs=1e-9)


def test_without_open_ones_the_shares_are_those_counted_by_hand(database: Database) -> None:
    # Of 100: 50 closed after 10 h, 10 were cancelled after 15 h, 20 closed after 20 h, 20 after 40 h.
    hours = np.repeat([10, 15, 20, 40], [50, 10, 20, 20])
    ended = np.repeat([1, 2, 1, 1], [50, 10, 20, 20])
    # Of the 51 that run at 12 h (it among them), 10 are cancelled at 15 h; at 20 h half of the 40 left close.
    store_handoffs(database, *past(hours, ended, allowed=30), running("at 12 h, due at 30 h", 12, 18))

    (found,) = chances(database).values()

    assert (found.late, found.in_time, found.cancelled) == pytest.approx((0.4, 0.4, 0.2), abs=1e-12)
    assert (found.segment, found.closed_like_it, found.withheld) == ("facility", 90, "")


def test_being_due_exactly_when_others_close_is_no_breach(database: Database) -> None:
    store_handoffs(
        database, *past(np.repeat([10, 20], [30, 30]), np.ones(60, dtype=int), allowed=10), running("a", 5, 5)
    )

    assert chances(database)["a"].late == pytest.approx(0.5, abs=1e-12)


def test_the_chance_only_rises_while_it_runs_and_closes_nothing(database: Database) -> None:
    random = np.random.default_rng(3)
    hours = random.integers(1, 90, 200)
    opened = NOW - 80 * HOUR
    store_handoffs(
        database,
        *past(hours, random.choice([1, 2], 200, p=(0.9, 0.1)), allowed=70),
        HandoffRow("waits", opened_at=opened, due_at=opened + 70 * HOUR),
    )

    seen = [chances(database, opened + hour * HOUR)["waits"].late for hour in range(0, 71, 5)]

    assert seen == sorted(seen)
    assert seen[0] < 0.4
    assert seen[-1] == pytest.approx(1.0)


def test_a_segment_is_weighed_against_the_wider_one_by_how_many_of_it_went_on(database: Database) -> None:
    quick, slow = np.full(ENOUGH_CLOSED, 10), np.full(ENOUGH_CLOSED - 1, 30)
    store_handoffs(
        database,
        *past(quick, np.ones(len(quick), dtype=int), allowed=20, name="east", facility="east"),
        *past(slow, np.ones(len(slow), dtype=int), allowed=20, name="west", facility="west"),
        *past(slow, np.ones(len(slow), dtype=int), allowed=20, name="low", facility="west", criticality="low"),
        running("east", 1, 19, facility="east"),
        running("west", 1, 19, facility="west"),
        running("low", 1, 19, facility="west", criticality="low"),
    )

    found = chances(database)

    # Late of all: 39 + 39 of 118. Of the standard ones everywhere 39 of 79; of those at the east none of 40.
    everywhere = (39 + PRIOR * 78 / 118) / (79 + PRIOR)
    assert (found["east"].segment, found["east"].closed_like_it) == ("facility", ENOUGH_CLOSED)
    assert found["east"].late == pytest.approx(PRIOR * everywhere / (40 + PRIOR), abs=1e-9)
    assert (found["west"].segment, found["west"].closed_like_it) == ("everywhere", 2 * ENOUGH_CLOSED - 1)
    assert found["west"].late == pytest.approx(everywhere, abs=1e-9)
    assert (found["low"].withheld, found["low"].late, found["low"].segment) == ("few", None, "")


def test_nothing_is_said_where_hardly_any_went_on_as_long(database: Database) -> None:
    store_handoffs(
        database,
        *past(np.repeat([10, 40, 60], [100, 1, ENOUGH_LONGER - 1]), np.ones(100 + ENOUGH_LONGER, dtype=int)),
        running("like eleven others", 30, 20),
        running("like nine others", 45, 5),
    )

    found = chances(database)

    # Eleven ran on from 30 h: one that closes at 40, the other that is still open at 45, and nine that are late.
    assert found["like eleven others"].late == pytest.approx(10 / 11, abs=1e-9)
    assert (found["like nine others"].withheld, found["like nine others"].late) == ("few", None)


def test_what_none_of_its_kind_was_watched_through_is_withheld(database: Database) -> None:
    store_handoffs(
        database,
        *past(np.arange(1, 61), np.ones(60, dtype=int), allowed=100),
        *(running(f"open for longest {number}", 90, 10) for number in range(5)),
    )

    found = chances(database)

    assert {(each.withheld, each.late) for each in found.values()} == {("beyond", None)}


def test_what_stands_still_is_not_forecast_even_where_it_is_known_when_it_went_on(database: Database) -> None:
    stood = ((NOW - HOUR, NOW + 2 * HOUR),)
    store_handoffs(
        database,
        *past(np.arange(1, 61), np.ones(60, dtype=int)),
        HandoffRow("stands still", opened_at=NOW - 5 * HOUR, due_at=NOW + 9 * HOUR, pauses=stood),
        HandoffRow("stood still", opened_at=NOW - 5 * HOUR, due_at=NOW + 9 * HOUR, pauses=((stood[0][0], NOW),)),
    )

    assert set(chances(database)) == {"stood still"}


def test_the_time_for_which_it_stood_still_counts_for_nothing(database: Database) -> None:
    # Of 100, 60 close after 20 h of the 50 that they may take, 40 too late. It has run for 10 h and stood still for 30.
    stood = ((NOW - 35 * HOUR, NOW - 5 * HOUR),)
    store_handoffs(
        database,
        *past(np.repeat([20, 80], [60, 40]), np.ones(100, dtype=int)),
        HandoffRow("stood still", opened_at=NOW - 40 * HOUR, due_at=NOW + 40 * HOUR, pauses=stood),
        running("ran on", 40, 40),
    )

    found = chances(database)

    # At 20 h there are 101, with the one that ran on.
    assert found["stood still"].late == pytest.approx(41 / 101, abs=1e-9)
    assert found["ran on"].late == pytest.approx(1, abs=1e-9)


def test_nor_does_the_time_for_which_it_was_closed_where_its_clock_goes_on(database: Database) -> None:
    # As above, of 100 others. Two were closed after 5 h for 30: one closed again an hour later, the other runs for 5 h since.
    def reopened(name: str, opened: datetime, closed_again: datetime | None = None) -> tuple[HandoffRow, HandoffRow]:
        stood = (opened + 5 * HOUR, opened + 35 * HOUR)
        first = HandoffRow(name, opened_at=opened, closed_at=stood[0], due_at=opened + 50 * HOUR)
        clock = {"first_opened_at": opened, "stood": (stood,), "due_at": opened + 80 * HOUR}
        return first, HandoffRow(name, cycle=2, opened_at=stood[1], closed_at=closed_again, **clock)

    store_handoffs(
        database,
        *past(np.repeat([20, 80], [60, 40]), np.ones(100, dtype=int)),
        *reopened("was quick", NOW - 90 * HOUR, NOW - 54 * HOUR),
        *reopened("runs", NOW - 40 * HOUR),
    )

    # After 10 h, "was quick" had closed: of 100 that ran on, 40 were late.
    assert chances(database)["runs"].late == pytest.approx(40 / 100, abs=1e-9)


def test_only_what_is_open_now_and_due_in_time_to_come_is_forecast(database: Database) -> None:
    store_handoffs(
        database,
        *past(np.arange(1, 61), np.ones(60, dtype=int)),
        running("due soon", 1, 5),
        running("due much later", 1, 24 * 20),
        running("overdue", 9, -1),
        HandoffRow("paused, so not due", opened_at=NOW - HOUR),
        HandoffRow("closes later", opened_at=NOW - HOUR, due_at=NOW + HOUR, closed_at=NOW + 2 * HOUR),
        HandoffRow("closed", opened_at=NOW - 2 * HOUR, due_at=NOW + HOUR, closed_at=NOW - HOUR),
        HandoffRow("cancelled", opened_at=NOW - 2 * HOUR, due_at=NOW + HOUR, cancelled_at=NOW - HOUR),
    )

    assert set(chances(database, days=7)) == {"due soon", "closes later"}


def test_filters_choose_whose_are_forecast_and_not_what_that_is_learned_from(database: Database) -> None:
    store_handoffs(
        database,
        *past(np.arange(1, 61), np.ones(60, dtype=int), supplier="V-1"),
        running("of V-2", 1, 5, supplier="V-2"),
        running("of V-3", 1, 5, supplier="V-3"),
    )

    found = chances(database, supplier=("V-2",))

    assert set(found) == {"of V-2"}
    assert found["of V-2"].closed_like_it == 60


def test_a_facility_expects_the_sum_of_its_chances_day_by_day(database: Database) -> None:
    open_now = [running(f"a{number}", 10, 12) for number in range(8)] + [running(f"b{n}", 10, 30) for n in range(8)]
    store_handoffs(
        database,
        *past(np.arange(1, 91), np.ones(90, dtype=int)),
        *open_now,
        running("unlike any", 1, 30, criticality="low"),
    )

    first, second, third = Forecasts(database, MODELS).expected(Filters(as_of=NOW), days=3)

    each = chances(database, days=3)
    assert first.late == pytest.approx(8 * each["a0"].late)
    assert second.late == pytest.approx(8 * each["a0"].late + 8 * each["b0"].late)
    assert (first.forecast, second.forecast, second.too_few, second.undecided) == (8, 16, 1, 17)
    assert (third.late, third.until) == (second.late, NOW + 3 * DAY)
    assert 0 <= first.low <= first.late <= first.high <= 8
    assert first.keys == {"facility": "mercy-west"}


def test_expectations_are_told_by_any_group(database: Database) -> None:
    store_handoffs(database, running("1", 1, 5, supplier="V-1"), running("2", 1, 5, supplier="V-2"))

    found: list[Expected] = Forecasts(database, MODELS).expected(
        Filters(as_of=NOW), 1, group_by=("supplier", "handoff")
    )

    assert [(each.keys["supplier"], each.forecast, each.too_few, each.high) for each in found] == [
        ("V-1", 0, 1, 0), ("V-2", 0, 1, 0),
    ]  # fmt: skip


def test_an_outlook_is_what_facilities_expect_and_the_first_of_the_page(database: Database) -> None:
    store_handoffs(
        database,
        *past(np.arange(1, 91), np.ones(90, dtype=int)),
        *(running(f"{age} h", age, 50 - age, facility="east" if age < 20 else "west") for age in (10, 15, 30, 40)),
        running("unlike any", 1, 30, criticality="low"),
    )
    filters, forecasts = Filters(as_of=NOW), Forecasts(database, MODELS)

    found = forecasts.outlook(filters, 2, likeliest=3)

    assert [each.object.id for each in found.likeliest] == ["40 h", "30 h", "15 h"]
    assert found.likeliest == forecasts.page(filters, 2, limit=3).items
    assert list(found.expected) == forecasts.expected(filters, 2)
    assert [each.object.id for each in forecasts.outlook(filters, 2).likeliest] == ["40 h", "30 h", "15 h", "10 h"]


@pytest.mark.parametrize("days", [0, 61])
def test_days_out_of_range_are_refused(database: Database, days: int) -> None:
    with pytest.raises(MisuseError, match="1 to 60 days ahead"):
        Forecasts(database, MODELS).expected(Filters(as_of=NOW), days)

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from support.handoff_rows import HandoffRow, store_handoffs

from core.clickhouse import Database
from core.errors import MisuseError
from core.filters import Filters
from slo.forecast import ENOUGH_CLOSED, Chance, Expected, Forecasts

pytestmark = pytest.mark.database

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def past(hours: np.ndarray, ended: np.ndarray, *, name: str = "past", **fields: str) -> list[HandoffRow]:
    """Instances that ended so many hours after they opened: 1 closed, 2 cancelled."""
    begin = NOW - 60 * DAY
    return [
        HandoffRow(
            f"{name}-{number}",
            opened_at=begin,
            closed_at=begin + lasted * HOUR if how == 1 else None,
            cancelled_at=begin + lasted * HOUR if how == 2 else None,
            **fields,
        )
        for number, (lasted, how) in enumerate(zip(hours.tolist(), ended.tolist(), strict=True))
    ]


def running(name: str, age: float, due_in: float, **fields: str) -> HandoffRow:
    return HandoffRow(name, opened_at=NOW - age * HOUR, due_at=NOW + due_in * HOUR, **fields)


def chances(database: Database, as_of: datetime = NOW, days: int = 14, **filters: tuple[str, ...]) -> dict[str, Chance]:
    page = Forecasts(database).page(Filters(as_of=as_of, **filters), days, limit=500)
    return {each.object.id: each for each in page.items}


@pytest.mark.parametrize("seed", range(3))
def test_a_chance_is_the_conditional_survival_of_everything_that_ends(database: Database, seed: int) -> None:
    random = np.random.default_rng(seed)
    hours, ended = random.integers(1, 100, 300), random.choice([1, 2], 300, p=(0.85, 0.15))  # many ties
    asked = [(age, due) for age in (0, 7, 30, 62) for due in (1, 12, 30)]
    open_now = [running(f"{age}+{due}", age, due) for age, due in asked]
    store_handoffs(database, *past(hours, ended), *open_now)

    found = chances(database)

    lasted = np.concatenate([hours, [age for age, _ in asked]])
    fitted = KaplanMeierFitter().fit(lasted, np.concatenate([ended > 0, np.zeros(len(asked), dtype=bool)]))
    for age, due in asked:
        expected = fitted.predict(age + due) / fitted.predict(age)
        assert found[f"{age}+{due}"].late == pytest.approx(expected, abs=1e-9)


def test_without_open_ones_the_shares_are_those_counted_by_hand(database: Database) -> None:
    # Of 100: 50 closed after 10 h, 10 were cancelled after 15 h, 20 closed after 20 h, 20 after 40 h.
    hours = np.repeat([10, 15, 20, 40], [50, 10, 20, 20])
    ended = np.repeat([1, 2, 1, 1], [50, 10, 20, 20])
    # Of the 51 that run at 12 h (it among them), 10 are cancelled at 15 h; at 20 h half of the 40 left close.
    store_handoffs(database, *past(hours, ended), running("at 12 h, due at 30 h", 12, 18))

    (found,) = chances(database).values()

    assert (found.late, found.in_time, found.cancelled) == pytest.approx((0.4, 0.4, 0.2), abs=1e-12)
    assert (found.segment, found.closed_like_it, found.withheld) == ("facility", 90, "")


def test_being_due_exactly_when_others_close_is_no_breach(database: Database) -> None:
    store_handoffs(database, *past(np.repeat([10, 20], [30, 30]), np.ones(60, dtype=int)), running("a", 5, 5))

    assert chances(database)["a"].late == pytest.approx(0.5, abs=1e-12)


def test_the_chance_only_rises_while_it_runs_and_closes_nothing(database: Database) -> None:
    random = np.random.default_rng(3)
    hours = random.integers(1, 90, 200)
    opened = NOW - 80 * HOUR
    store_handoffs(
        database,
        *past(hours, random.choice([1, 2], 200, p=(0.9, 0.1))),
        HandoffRow("waits", opened_at=opened, due_at=opened + 85 * HOUR),
    )

    seen = [chances(database, opened + hour * HOUR)["waits"].late for hour in range(0, 86, 5)]

    assert seen == sorted(seen)
    assert seen[0] < 0.3
    assert seen[-1] == pytest.approx(1.0)


def test_a_segment_is_its_facility_where_enough_have_closed_there_else_everywhere_else_none(database: Database) -> None:
    quick, slow = np.full(ENOUGH_CLOSED, 10), np.full(ENOUGH_CLOSED - 1, 30)
    store_handoffs(
        database,
        *past(quick, np.ones(len(quick), dtype=int), name="east", facility="east"),
        *past(slow, np.ones(len(slow), dtype=int), name="west", facility="west"),
        *past(slow, np.ones(len(slow), dtype=int), name="low", facility="west", criticality="low"),
        running("east", 1, 20, facility="east"),
        running("west", 1, 20, facility="west"),
        running("low", 1, 20, facility="west", criticality="low"),
    )

    found = chances(database)

    assert (found["east"].segment, found["east"].late) == ("facility", pytest.approx(0, abs=1e-12))
    assert (found["west"].segment, found["west"].closed_like_it) == ("everywhere", 2 * ENOUGH_CLOSED - 1)
    assert found["west"].late == pytest.approx((ENOUGH_CLOSED - 1) / (2 * ENOUGH_CLOSED - 1), abs=1e-9)
    assert (found["low"].withheld, found["low"].late, found["low"].segment) == ("few", None, "")


def test_what_falls_due_later_than_any_was_watched_is_withheld(database: Database) -> None:
    store_handoffs(
        database,
        *past(np.arange(1, 61), np.ones(60, dtype=int)),
        running("open for longest", 65, 1000),
        running("watched", 10, 40),
        running("due beyond", 10, 60),
    )

    found = chances(database)

    assert found["watched"].withheld == ""
    assert (found["due beyond"].withheld, found["due beyond"].late) == ("beyond", None)


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

    first, second, third = Forecasts(database).expected(Filters(as_of=NOW), days=3)

    each = chances(database, days=3)
    assert first.late == pytest.approx(8 * each["a0"].late)
    assert second.late == pytest.approx(8 * each["a0"].late + 8 * each["b0"].late)
    assert (first.forecast, second.forecast, second.too_few, second.undecided) == (8, 16, 1, 17)
    assert (third.late, third.until) == (second.late, NOW + 3 * DAY)
    assert 0 <= first.low <= first.late <= first.high <= 8
    assert first.keys == {"facility": "mercy-west"}


def test_expectations_are_told_by_any_group(database: Database) -> None:
    store_handoffs(database, running("1", 1, 5, supplier="V-1"), running("2", 1, 5, supplier="V-2"))

    found: list[Expected] = Forecasts(database).expected(Filters(as_of=NOW), 1, group_by=("supplier", "handoff"))

    assert [(each.keys["supplier"], each.forecast, each.too_few, each.high) for each in found] == [
        ("V-1", 0, 1, 0), ("V-2", 0, 1, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("days", [0, 61])
def test_days_out_of_range_are_refused(database: Database, days: int) -> None:
    with pytest.raises(MisuseError, match="1 to 60 days ahead"):
        Forecasts(database).expected(Filters(as_of=NOW), days)

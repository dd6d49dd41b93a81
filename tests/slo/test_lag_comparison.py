import warnings
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from lifelines.statistics import logrank_test
from scipy.stats import false_discovery_control
from support.handoff_rows import HandoffRow, store_handoffs

from core.clickhouse import Database
from core.errors import MisuseError
from core.filters import Filters
from slo.lag_comparison import LagComparisons, LogRank, verdicts_of
from slo.opened import Comparison, Opened, last_against_before

AS_OF = datetime(2026, 3, 31, tzinfo=UTC)
DAY = timedelta(days=1)
FOUR_WEEKS = last_against_before(AS_OF, 28 * DAY)
database_test = pytest.mark.database


def drawn(seed: int, opened: Opened, mean_hours: float, *, cancelling: float = 0.0, count: int = 200):
    """Return rows opened in a window, with what lifelines needs: hours followed, whether closed, hours at risk."""
    random = np.random.default_rng(seed)
    start = random.integers(0, int((opened.until - opened.since).total_seconds() / 3600), count)
    lasting = np.maximum(1, random.exponential(mean_hours, count).astype(int))  # whole hours: many ties
    cancelled = random.random(count) < cancelling
    rows = [
        HandoffRow(
            f"{seed}-{opened.since:%m%d}-{number}",
            opened_at=(at := opened.since + timedelta(hours=int(begin))),
            closed_at=None if gone else at + timedelta(hours=int(lasted)),
            cancelled_at=at + timedelta(hours=int(lasted)) if gone else None,
        )
        for number, (begin, lasted, gone) in enumerate(zip(start, lasting, cancelled, strict=True))
    ]
    return rows, start, lasting, cancelled


def at_risk(opened: Opened, seen_at: datetime, start, lasting, cancelled):
    """Return each instance's time at risk and whether it closed, seen at an instant: what was cancelled stays at risk."""
    followed = (seen_at - opened.since).total_seconds() / 3600 - start
    closed = (lasting <= followed) & ~cancelled
    return np.where(closed, lasting, followed), closed


@database_test
@pytest.mark.parametrize(("seed", "later_hours", "cancelling"), [(1, 200, 0), (2, 320, 0), (3, 320, 0.3), (4, 90, 0.2)])
def test_the_test_is_the_log_rank_test_with_the_cancelled_at_risk_while_they_could_be_followed(
    database: Database, seed: int, later_hours: float, cancelling: float
) -> None:
    windows = ((FOUR_WEEKS.earlier, FOUR_WEEKS.earlier_as_of, 200), (FOUR_WEEKS.later, AS_OF, later_hours))
    sides = []
    for place, (opened, seen_at, mean) in enumerate(windows):
        rows, *figures = drawn(10 * seed + place, opened, mean, cancelling=cancelling)
        store_handoffs(database, *rows)
        sides.append(at_risk(opened, seen_at, *figures))

    (row,) = LagComparisons(database).compare(Filters(as_of=AS_OF), FOUR_WEEKS)

    (earlier, earlier_closed), (later, later_closed) = sides
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lifelines and newer pandas
        expected = logrank_test(earlier, later, earlier_closed, later_closed)
    assert row.chi_square == pytest.approx(expected.test_statistic, abs=1e-9)
    assert row.p_value == pytest.approx(expected.p_value, abs=1e-9)


@database_test
def test_slower_is_told_where_it_is_slower_and_faster_where_it_is_faster(database: Database) -> None:
    for seed, facility, mean in ((1, "slowed", 400), (2, "sped-up", 60), (3, "same", 200)):
        earlier, *_ = drawn(seed, FOUR_WEEKS.earlier, 200)
        later, *_ = drawn(seed, FOUR_WEEKS.later, mean)
        store_handoffs(database, *[HandoffRow(**vars(row) | {"facility": facility}) for row in (*earlier, *later)])

    rows = LagComparisons(database).compare(Filters(as_of=AS_OF), FOUR_WEEKS, ["facility"])

    assert {row.keys["facility"]: row.verdict for row in rows} == {
        "slowed": "slower", "sped-up": "faster", "same": "alike",
    }  # fmt: skip


@database_test
def test_the_earlier_window_is_seen_at_the_age_that_the_later_one_has(database: Database) -> None:
    early, late = FOUR_WEEKS.earlier.until - 2 * DAY, AS_OF - 2 * DAY
    store_handoffs(
        database,
        HandoffRow("early, closed since", opened_at=early, closed_at=early + 5 * DAY),
        HandoffRow("late", opened_at=late),
    )

    (row,) = LagComparisons(database).compare(Filters(as_of=AS_OF), FOUR_WEEKS)

    assert FOUR_WEEKS.earlier_as_of == AS_OF - 28 * DAY
    assert (row.earlier.open, row.later.open) == (1, 1)
    assert (row.earlier.at(50).at_least, row.later.at(50).at_least) == (2 * 86_400, 2 * 86_400)
    assert (row.chi_square, row.p_value, row.verdict) == (None, None, "unknown")


@database_test
def test_what_was_reopened_by_then_is_the_promise_that_it_was_in_each_window(database: Database) -> None:
    opened = FOUR_WEEKS.earlier.since
    store_handoffs(
        database,
        HandoffRow("a", opened_at=opened, closed_at=opened + DAY),
        HandoffRow("a", cycle=2, opened_at=opened + 40 * DAY, first_opened_at=opened, closed_at=opened + 41 * DAY),
    )

    (seen_then,) = LagComparisons(database).compare(Filters(as_of=AS_OF), FOUR_WEEKS)
    long_since = Comparison(FOUR_WEEKS.earlier, Opened(FOUR_WEEKS.later.since, AS_OF), AS_OF + 20 * DAY)
    (seen_since,) = LagComparisons(database).compare(Filters(as_of=AS_OF), long_since)

    assert (seen_then.earlier.closed, seen_then.earlier.at(50).closed_only) == (1, 86_400)
    assert (seen_since.earlier.closed, seen_since.earlier.at(50).closed_only) == (1, 41 * 86_400)
    assert seen_then.later is None


def test_of_many_groups_those_are_told_that_keep_false_discoveries_rare() -> None:
    random = np.random.default_rng(5)
    gaps = np.concatenate([random.normal(0, 1, 60), random.normal(3.2, 1, 12)])
    tests = [LogRank(50 + gap, 50, 1) for gap in gaps]

    told = [verdict != "alike" for verdict in verdicts_of(tests)]

    assert told == list(false_discovery_control([test.p_value for test in tests]) <= 0.05)
    assert 0 < sum(told) < 40


def test_where_nothing_can_be_compared_nothing_is_said() -> None:
    assert verdicts_of([LogRank(0, 0, 0), LogRank(9, 1, 1)]) == ["unknown", "faster"]
    assert verdicts_of([]) == []


@pytest.mark.parametrize(
    ("earlier", "later", "words"),
    [
        ((AS_OF - 9 * DAY, AS_OF - 8 * DAY), (AS_OF, AS_OF + DAY), "must have ended by"),
        ((AS_OF - 2 * DAY, AS_OF), (AS_OF - 9 * DAY, AS_OF - 8 * DAY), "no later than"),
        ((AS_OF, AS_OF), (AS_OF - DAY, AS_OF), "must begin before it ends"),
    ],
)
def test_windows_that_cannot_be_compared_are_refused(earlier, later, words) -> None:
    with pytest.raises(MisuseError, match=words):
        Comparison(Opened(*earlier), Opened(*later), AS_OF)

import warnings
from datetime import datetime, timedelta

import numpy as np
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from support.handoff_rows import OPENED, HandoffRow, store_handoffs
from support.lasting import AS_OF, rows_of

from core.clickhouse import Database
from core.errors import MisuseError
from core.filters import Filters
from slo.lag import Lag, LagRow

pytestmark = pytest.mark.database

DAY = timedelta(days=1)


def days(number: float) -> datetime:
    return OPENED + timedelta(days=number)


def only(rows: list[LagRow]) -> LagRow:
    assert len(rows) == 1
    return rows[0]


def test_instances_are_counted_by_their_state_as_of_the_instant_asked_for(database: Database) -> None:
    store_handoffs(
        database,
        HandoffRow("closed", closed_at=days(1)),
        HandoffRow("closed later", closed_at=days(9)),
        HandoffRow("cancelled", cancelled_at=days(2)),
        HandoffRow("cancelled later", cancelled_at=days(9)),
        HandoffRow("open"),
        HandoffRow("opened later", opened_at=days(6)),
        HandoffRow("gone", is_gone=1),
    )

    row = only(Lag(database).by_facility(Filters(as_of=days(5))))

    assert row.keys == {"facility": "mercy-west", "handoff": "invoice_to_match"}
    assert (row.open, row.closed, row.cancelled) == (3, 1, 1)


def test_an_outcome_is_decided_when_it_closes_or_falls_due(database: Database) -> None:
    store_handoffs(
        database,
        HandoffRow("in time", closed_at=days(1), due_at=days(2)),
        HandoffRow("on the dot", closed_at=days(2), due_at=days(2)),
        HandoffRow("late", closed_at=days(3), due_at=days(2)),
        HandoffRow("open and overdue", due_at=days(4)),
        HandoffRow("due exactly now", due_at=days(5)),
        HandoffRow("closes after now, overdue now", closed_at=days(8), due_at=days(4)),
        HandoffRow("cancelled in time", cancelled_at=days(1), due_at=days(2)),
        HandoffRow("cancelled after it was overdue", cancelled_at=days(3), due_at=days(2)),
        HandoffRow("no target", closed_at=days(1)),
    )

    row = only(Lag(database).by_facility(Filters(as_of=days(5))))

    assert (row.decided_good, row.decided_bad) == (2, 4)


@pytest.mark.parametrize(("asked", "open_then", "closed", "lasted"), [(2, 0, 1, 1), (4, 1, 0, None), (9, 0, 1, 5)])
def test_what_a_reversal_reopened_is_the_promise_that_it_was(
    database: Database, asked: int, open_then: int, closed: int, lasted: int | None
) -> None:
    store_handoffs(
        database,
        HandoffRow("a", closed_at=days(1), due_at=days(2)),
        HandoffRow("a", cycle=2, opened_at=days(3), first_opened_at=OPENED, closed_at=days(5), due_at=days(2)),
    )

    row = only(Lag(database).by_facility(Filters(as_of=days(asked))))

    assert (row.open, row.closed, row.decided_good, row.decided_bad) == (
        open_then, closed, int(asked == 2), int(asked != 2)
    )  # fmt: skip
    assert row.at(50).closed_only == (lasted and lasted * 86_400)


def test_what_was_reopened_with_a_new_clock_is_a_promise_of_its_own(database: Database) -> None:
    store_handoffs(
        database,
        HandoffRow("a", closed_at=days(1)),
        HandoffRow("a", cycle=2, opened_at=days(3), closed_at=days(6)),
    )

    row = only(Lag(database).by_facility(Filters(as_of=days(9))))

    assert (row.closed, row.at(50).closed_only, row.at(90).closed_only) == (2, 86_400, 3 * 86_400)


def test_with_everything_closed_both_percentiles_are_the_plain_ones(database: Database) -> None:
    store_handoffs(database, *[HandoffRow(f"{n}", closed_at=days(n)) for n in range(1, 11)])

    row = only(Lag(database).by_facility(Filters(as_of=AS_OF)))

    lasted = [n * 86_400 for n in range(1, 11)]
    p50, p90 = np.quantile(lasted, [0.5, 0.9], method="inverted_cdf")
    assert (row.at(50).closed_only, row.at(90).closed_only) == (p50, p90)
    assert (row.at(50).censor_aware, row.at(90).censor_aware) == (p50, p90)
    assert (row.at(50).at_least, row.at(90).at_least) == (None, None)


def test_open_items_push_the_percentile_out_and_an_unknown_one_says_at_least(database: Database) -> None:
    # By hand: closed on day 1 and 2, three open since 10 days. S = 4/5 · 3/4 = 0.6: half has not closed yet.
    store_handoffs(
        database,
        HandoffRow("a", closed_at=days(1)),
        HandoffRow("b", closed_at=days(2)),
        *[HandoffRow(name) for name in "cde"],
    )

    row = only(Lag(database).by_facility(Filters(as_of=days(10))))

    assert row.at(50).closed_only == DAY.total_seconds()
    assert row.at(50).censor_aware is None
    assert row.at(50).at_least == 10 * DAY.total_seconds()


def test_where_nothing_closed_there_is_no_closed_only_figure(database: Database) -> None:
    store_handoffs(database, HandoffRow("open"))

    row = only(Lag(database).by_facility(Filters(as_of=days(3))))

    assert (row.at(50).closed_only, row.at(50).censor_aware, row.at(50).at_least) == (
        None,
        None,
        3 * DAY.total_seconds(),
    )


def test_groups_and_filters_choose_which_instances_count(database: Database) -> None:
    store_handoffs(
        database,
        HandoffRow("1", facility="east", criticality="low"),
        HandoffRow("2", facility="west", criticality="low"),
        HandoffRow("3", facility="west", handoff="order_to_receipt"),
    )
    lag = Lag(database)

    assert [r.keys for r in lag.by_facility(Filters(as_of=AS_OF, facility=("west",)))] == [
        {"facility": "west", "handoff": "invoice_to_match"},
        {"facility": "west", "handoff": "order_to_receipt"},
    ]
    assert [(r.keys, r.open) for r in lag.by_facility(Filters(as_of=AS_OF), group_by=["criticality"])] == [
        ({"criticality": "low"}, 2),
        ({"criticality": "standard"}, 1),
    ]
    assert only(lag.by_facility(Filters(as_of=AS_OF, handoff=("order_to_receipt",)), group_by=())).open == 1


def test_a_group_that_does_not_exist_is_refused(database: Database) -> None:
    with pytest.raises(MisuseError, match="cannot be grouped by planet"):
        Lag(database).by_facility(Filters(as_of=AS_OF), group_by=["planet"])


@pytest.mark.parametrize("seed", range(4))
def test_without_cancellations_the_percentiles_are_those_of_kaplan_and_meier(database: Database, seed: int) -> None:
    random = np.random.default_rng(seed)
    hours, closed = random.integers(1, 60, 400), random.random(400) < (0.4, 0.6, 0.8, 0.95)[seed]  # many ties
    store_handoffs(database, *rows_of(hours * 3600 * 10**6, np.where(closed, 1, 0)))

    row = only(Lag(database).by_facility(Filters(as_of=AS_OF)))

    survival = KaplanMeierFitter().fit(hours, closed).survival_function_["KM_estimate"]
    closed_share = {hour * 3600.0: 1 - left for hour, left in survival.items()}
    assert (row.at(50).censor_aware, row.at(90).censor_aware) == tuple(
        first(closed_share, share) for share in (0.5, 0.9)
    )
    for found, at_least in (
        (row.at(50).censor_aware, row.at(50).at_least),
        (row.at(90).censor_aware, row.at(90).at_least),
    ):
        assert at_least == (max(hours) * 3600 if found is None else None)
    assert row.at(90).closed_only == np.quantile(hours[closed], 0.9, method="inverted_cdf") * 3600


@pytest.mark.parametrize(("seed", "shares"), [*enumerate([(0.3, 0.5, 0.2), (0.1, 0.8, 0.1), (0.02, 0.95, 0.03)])])
def test_cancellations_are_a_competing_risk_as_aalen_and_johansen_have_it(
    database: Database, seed: int, shares: tuple[float, ...]
) -> None:
    random = np.random.default_rng(seed)
    micros = random.permutation(np.arange(1, 301) * 7_654_321) + random.integers(0, 10**6, 300)  # no ties
    ended = random.choice([0, 1, 2], 300, p=shares)
    store_handoffs(database, *rows_of(micros, ended))

    row = only(Lag(database).by_facility(Filters(as_of=AS_OF)))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lifelines and newer pandas
        fitted = AalenJohansenFitter(calculate_variance=False).fit(micros, ended, event_of_interest=1)
    closed_share = {at / 1e6: share for at, share in fitted.cumulative_density_.iloc[:, 0].items() if at > 0}
    assert (row.at(50).censor_aware, row.at(90).censor_aware) == tuple(
        first(closed_share, share) for share in (0.5, 0.9)
    )


def first(closed_share: dict[float, float], share: float) -> float | None:
    """The least duration by which that share has closed, if one is."""
    return next((lasted for lasted, reached in sorted(closed_share.items()) if reached >= share - 1e-9), None)

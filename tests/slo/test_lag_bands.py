"""The bands of lag against those of lifelines: another library, another language, the same data."""

import warnings
from datetime import timedelta
from math import inf

import numpy as np
import pandas as pd
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.utils import qth_survival_time
from support.handoff_rows import OPENED, HandoffRow, store_handoffs
from support.lasting import AS_OF, rows_of

from core.clickhouse import Database
from core.filters import Filters
from core.sql import expanded
from slo.lag import QUANTILE, Lag, LagRow, group_values
from slo.opened import EVER

pytestmark = pytest.mark.database

HOUR = 3600.0
# What slo/sql/lag.sql finds percentiles in: the share that had closed after each closing, and its band.
CURVE = expanded("""
WITH
-- include: slo/lag_instances
    ,
-- include: slo/lag_curves
SELECT arrayJoin(arrayZip(lasted_us, shares, lower_shares, upper_shares)) AS point FROM curves
""")


def curve(database: Database) -> list[tuple[float, ...]]:
    """Return the seconds by which any closed, rising, each with the share that had closed by then and its band."""
    values = Filters(as_of=AS_OF).parameters() | group_values(()) | vars(EVER)
    points = [row["point"] for row in database.rows(CURVE, **values, quantile=QUANTILE)]
    # Of what closed after the same time the last has what holds from then on.
    return list({lasted_us: (lasted_us / 1e6, *point) for lasted_us, *point in points}.values())


def only(rows: list[LagRow]) -> LagRow:
    assert len(rows) == 1
    return rows[0]


@pytest.mark.parametrize(("seed", "share"), [*enumerate([0.3, 0.6, 0.9, 0.99])])
def test_without_cancellations_the_curve_and_its_band_are_those_of_kaplan_and_meier(
    database: Database, seed: int, share: float
) -> None:
    random = np.random.default_rng(seed)
    hours, closed = random.integers(1, 90, 500), random.random(500) < share  # many ties
    hours[0], closed[0] = 95, False  # somebody is still open at the end
    store_handoffs(database, *rows_of(hours * 3600 * 10**6, np.where(closed, 1, 0)))

    found = curve(database)

    fitted = KaplanMeierFitter().fit(hours * HOUR, closed)
    bands = fitted.confidence_interval_cumulative_density_
    expected = pd.concat([fitted.cumulative_density_, bands], axis=1).loc[sorted(set(hours[closed] * HOUR))]
    assert [seconds for seconds, *_ in found] == list(expected.index)
    np.testing.assert_allclose([point[1:] for point in found], expected.to_numpy(), rtol=0, atol=1e-9)


@pytest.mark.parametrize(("seed", "share"), [*enumerate([0.3, 0.6, 0.9, 0.99])])
def test_without_cancellations_the_bands_of_percentiles_are_where_those_of_kaplan_and_meier_cross(
    database: Database, seed: int, share: float
) -> None:
    random = np.random.default_rng(seed + 10)
    hours, closed = random.integers(1, 90, 300), random.random(300) < share
    hours[0], closed[0] = 95, False
    store_handoffs(database, *rows_of(hours * 3600 * 10**6, np.where(closed, 1, 0)))

    row = only(Lag(database).by_facility(Filters(as_of=AS_OF)))

    bands = KaplanMeierFitter().fit(hours * HOUR, closed).confidence_interval_survival_function_
    for percentile in (50, 75, 90, 95):
        lower, upper = (qth_survival_time(1 - percentile / 100, bands[column]) for column in bands)
        found = row.at(percentile)
        assert (found.lower or inf, found.upper or inf) == (lower, upper)


@pytest.mark.parametrize(("seed", "shares"), [*enumerate([(0.3, 0.5, 0.2), (0.1, 0.6, 0.3), (0.02, 0.95, 0.03)])])
def test_with_cancellations_the_band_rests_on_the_variance_of_aalen_and_johansen(
    database: Database, seed: int, shares: tuple[float, ...]
) -> None:
    random = np.random.default_rng(seed)
    # Many ties, but none between what closed and what was cancelled, which lifelines would jitter.
    ended = random.choice([0, 1, 2], 300, p=shares)
    seconds = random.integers(1, 80, 300) * 3600 + ended * 600
    seconds[0], ended[0] = 90 * 3600, 0
    store_handoffs(database, *rows_of(seconds * 10**6, ended))

    found = curve(database)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lifelines and newer pandas
        fitted = AalenJohansenFitter().fit(seconds.astype(float), ended, event_of_interest=1)
    at = sorted(set(seconds[ended == 1].astype(float)))
    share = fitted.cumulative_density_.iloc[:, 0].loc[at].to_numpy()
    error = np.sqrt(fitted.variance_.loc[at].to_numpy()) / ((1 - share) * np.abs(np.log(1 - share)))
    expected = [share, *(1 - (1 - share) ** np.exp(sign * QUANTILE * error) for sign in (-1, 1))]
    assert [seconds for seconds, *_ in found] == at
    np.testing.assert_allclose([point[1:] for point in found], np.transpose(expected), rtol=0, atol=1e-9)


def test_what_closed_and_what_was_cancelled_after_the_same_time_count_together(database: Database) -> None:
    # By hand, of 4 at risk after a day: 1 closed, 1 cancelled; of the 2 left, 1 closed on day 2. F = 1/4, then + 1/2 · 1/2.
    store_handoffs(
        database,
        HandoffRow("a", closed_at=OPENED + timedelta(days=1)),
        HandoffRow("b", cancelled_at=OPENED + timedelta(days=1)),
        HandoffRow("c", closed_at=OPENED + timedelta(days=2)),
        HandoffRow("d"),
    )

    first, second = curve(database)

    assert [(seconds / 86_400, share) for seconds, share, *_ in (first, second)] == [(1, 0.25), (2, pytest.approx(0.5))]
    # The variance of Gaynor and others at day 2, by hand: the square of F(2) - F(1) by 2/(4 · 2), plus 1 · 1 · 3/4^3, less
    # 2 (F(2) - F(1)) · 1/16, plus of the step itself (1/2)^2 · 1 · 1/2^3: 1/64 + 3/64 - 2/64 + 2/64.
    error = np.sqrt(4 / 64) / (0.5 * np.log(2))
    assert second[2] == pytest.approx(1 - 0.5 ** np.exp(-QUANTILE * error), abs=1e-12)


def test_a_percentile_that_nothing_bounds_from_above_has_no_upper_end(database: Database) -> None:
    days = [OPENED + timedelta(days=number) for number in range(1, 4)]
    store_handoffs(database, *[HandoffRow(f"{at}", closed_at=at) for at in days], *[HandoffRow(name) for name in "xy"])

    row = only(Lag(database).by_facility(Filters(as_of=AS_OF)))

    assert row.at(50).censor_aware == 3 * 86_400
    assert (row.at(50).lower, row.at(50).upper) == (86_400, None)


def test_where_everything_has_closed_the_last_closing_bounds_nothing(database: Database) -> None:
    store_handoffs(database, HandoffRow("a", closed_at=OPENED + timedelta(days=1)))

    row, ((_, share, *band),) = only(Lag(database).by_facility(Filters(as_of=AS_OF))), curve(database)

    assert (row.at(50).censor_aware, row.at(50).lower, row.at(50).upper) == (86_400, None, None)
    assert share == 1
    assert np.isnan(band).all()

from datetime import UTC, datetime, timedelta

import pytest
from lifelines import KaplanMeierFitter
from support.handoff_rows import HandoffRow, store_handoffs

from core.clickhouse import Database
from core.errors import MisuseError
from core.filters import Filters
from slo.lag import Lag
from slo.opened import Opened

pytestmark = pytest.mark.database

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def test_each_week_of_opening_is_a_row_from_its_monday_as_of_the_instant_asked_for(database: Database) -> None:
    store_handoffs(
        database,
        HandoffRow("sunday", opened_at=MONDAY - DAY / 24, closed_at=MONDAY + DAY),
        HandoffRow("monday", opened_at=MONDAY, closed_at=MONDAY + 2 * DAY),
        HandoffRow("next sunday", opened_at=MONDAY + 6.5 * DAY),
        HandoffRow("closes later", opened_at=MONDAY + DAY, closed_at=MONDAY + 30 * DAY),
    )

    rows = Lag(database).trend(Filters(as_of=MONDAY + 9 * DAY))

    assert [(row.keys["week"], row.open, row.closed) for row in rows] == [("2026-02-23", 0, 1), ("2026-03-02", 2, 1)]


def test_a_week_has_the_percentiles_and_band_of_kaplan_and_meier_over_what_it_opened(database: Database) -> None:
    hours = [3, 5, 9, 14, 20, 31, 44, 60, 80, 110]
    as_of = MONDAY + 3 * DAY
    store_handoffs(
        database,
        *[HandoffRow(f"{n}", opened_at=MONDAY, closed_at=MONDAY + timedelta(hours=n)) for n in hours],
        HandoffRow("another week", opened_at=MONDAY - DAY, closed_at=MONDAY + timedelta(minutes=1)),
    )

    (row,) = Lag(database).trend(Filters(as_of=as_of), opened=Opened(MONDAY, MONDAY + 7 * DAY))

    fitted = KaplanMeierFitter().fit([min(n, 72) for n in hours], [n <= 72 for n in hours])
    assert row.at(50).censor_aware == fitted.median_survival_time_ * 3600
    assert (row.at(90).censor_aware, row.at(90).at_least) == (None, 72 * 3600)
    bands = fitted.confidence_interval_survival_function_
    assert row.at(50).lower == bands.index[(bands.iloc[:, 0] <= 0.5).argmax()] * 3600


def test_days_and_months_of_opening_can_be_told_apart_by_group(database: Database) -> None:
    store_handoffs(
        database,
        HandoffRow("1", opened_at=MONDAY, facility="west"),
        HandoffRow("2", opened_at=MONDAY + DAY, facility="east"),
    )
    lag, now = Lag(database), Filters(as_of=MONDAY + 9 * DAY)

    assert [row.keys for row in lag.trend(now, "month", group_by=["facility"])] == [
        {"month": "2026-03-01", "facility": "east"},
        {"month": "2026-03-01", "facility": "west"},
    ]
    assert [row.keys["day"] for row in lag.trend(now, "day")] == ["2026-03-02", "2026-03-03"]


def test_a_window_of_opening_includes_its_start_and_not_its_end(database: Database) -> None:
    store_handoffs(
        database,
        HandoffRow("start", opened_at=MONDAY),
        HandoffRow("end", opened_at=MONDAY + DAY),
        HandoffRow("reopened", cycle=1, opened_at=MONDAY + 2 * DAY, first_opened_at=MONDAY + DAY / 2),
    )

    (row,) = Lag(database).by_facility(Filters(as_of=MONDAY + 9 * DAY), opened=Opened(MONDAY, MONDAY + DAY))

    assert row.open == 2


@pytest.mark.parametrize(("step", "groups"), [("year", ()), ("week", ("planet",)), ("week", ("facility", "facility"))])
def test_a_step_or_group_that_there_is_not_is_refused(database: Database, step: str, groups: tuple[str, ...]) -> None:
    with pytest.raises(MisuseError, match="lag"):
        Lag(database).trend(Filters(as_of=MONDAY), step, group_by=groups)

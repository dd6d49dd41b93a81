"""An office that is open from 09:00 to 17:00, Monday to Friday: nights and weekends are no time there."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter
from support.calendars import calendar
from support.handoff_rows import HandoffRow, store_handoffs

from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from core.registry import Facility, Registry, publish_registry
from correlator.model import JourneyModel
from correlator.registered import calendar_keys
from slo.calendars import publish_calendars
from slo.forecast import Chance, Forecasts

pytestmark = pytest.mark.database

MONDAY = datetime(2026, 2, 9, 9, tzinfo=UTC)
FRIDAY = datetime(2026, 2, 27, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)
EAST = Facility(name="East", region="lakes", kind="clinic", time_zone="UTC", calendar="office")
REGISTRY = Registry(calendars={"office": calendar("09:00-17:00")}, facilities={"east": EAST})
ALIKE = {"model": "tested", "handoff": "given", "facility": "east"}


def promised(database: Database, clock: ManualClock, **said: Any) -> JourneyModel:
    """The model of a handoff of which this is said, its calendars published."""
    handoff = {"title": "Match", "on": "invoice", "start": ["invoice.received"], "stop": ["invoice.matched"], **said}
    model = JourneyModel.model_validate(
        {
            "model": "tested",
            "version": 1,
            "title": "Tested",
            "anchor": "invoice",
            "objects": {"invoice": {}},
            "handoffs": {"given": handoff},
        }
    )
    publish_registry(database, REGISTRY, clock)
    publish_calendars(database, REGISTRY, clock, calendar_keys([model], REGISTRY))
    return model


def chances(database: Database, model: JourneyModel, as_of: datetime) -> dict[str, Chance]:
    found = Forecasts(database, (model,)).page(Filters(as_of=as_of), 14, limit=500).items
    return {each.object.id: each for each in found}


def closed_within_one_four_and_twelve_hours(afterwards: timedelta) -> list[HandoffRow]:
    """Forty of each, received on a Monday at 09:00, due at 17:00; the twelve hours end `afterwards`."""
    ends = (MONDAY + HOUR, MONDAY + 4 * HOUR, MONDAY + afterwards)
    return [
        HandoffRow(f"{ended} {number}", opened_at=MONDAY, closed_at=ended, due_at=MONDAY + 8 * HOUR, **ALIKE)
        for ended in ends
        for number in range(40)
    ]


@pytest.mark.parametrize(
    ("seen", "behind_it", "late"),
    [
        (FRIDAY + HOUR / 2, "half an hour", 1 / 3),  # all three in three ran on from there, one of them too long
        (datetime(2026, 2, 28, 12, tzinfo=UTC), "an hour", 1 / 2),
        (datetime(2026, 3, 1, 12, tzinfo=UTC), "an hour", 1 / 2),
        (datetime(2026, 3, 2, 9, 30, tzinfo=UTC), "an hour and a half", 1 / 2),
        (datetime(2026, 3, 2, 13, tzinfo=UTC), "five hours", 1),
    ],
)
def test_what_waited_over_a_weekend_has_hardly_waited(
    database: Database, clock: ManualClock, seen: datetime, behind_it: str, late: float
) -> None:
    model = promised(database, clock, target={"standard": "8bh"})
    waits = HandoffRow("waits", opened_at=FRIDAY, due_at=datetime(2026, 3, 2, 16, tzinfo=UTC), **ALIKE)
    store_handoffs(database, *closed_within_one_four_and_twelve_hours(timedelta(hours=28)), waits)

    assert chances(database, model, seen)["waits"].late == pytest.approx(late, abs=1e-9), behind_it


@pytest.mark.parametrize("seed", range(2))
def test_a_chance_is_the_conditional_survival_in_business_hours(
    database: Database, clock: ManualClock, seed: int
) -> None:
    random, now = np.random.default_rng(seed), pd.Timestamp("2026-03-04 12:00")
    model = promised(database, clock, target={"standard": "16bh"})
    begun = [pd.Timestamp("2026-01-05 09:00") + after(int(hours)) for hours in random.integers(0, 200, 200)]
    hours, ended = random.integers(1, 30, 200), random.choice([1, 2], 200, p=(0.85, 0.15))
    past = [
        HandoffRow(
            f"past-{number}",
            opened_at=at(opened),
            closed_at=at(opened + after(lasted)) if how == 1 else None,
            cancelled_at=at(opened + after(lasted)) if how == 2 else None,
            due_at=at(opened + after(16)),
            **ALIKE,
        )
        for number, (opened, lasted, how) in enumerate(zip(begun, hours.tolist(), ended, strict=True))
    ]
    ages = (0, 2, 5, 11, 15)
    store_handoffs(
        database,
        *past,
        *(
            HandoffRow(f"{age}", opened_at=at(now - after(age)), due_at=at(now - after(age) + after(16)), **ALIKE)
            for age in ages
        ),
    )

    found = chances(database, model, at(now))

    ends = np.concatenate([ended > 0, np.zeros(len(ages), dtype=bool)])
    fitted = KaplanMeierFitter().fit(np.concatenate([hours, ages]), ends)
    for age in ages:
        assert found[f"{age}"].late == pytest.approx(fitted.predict(16) / fitted.predict(age), abs=1e-9)


def after(hours: int) -> pd.offsets.BusinessHour | pd.Timedelta:
    """So many hours of the office, as pandas counts them."""
    return pd.offsets.BusinessHour(hours, start="09:00", end="17:00") if hours else pd.Timedelta(0)


def at(instant: pd.Timestamp) -> datetime:
    return instant.to_pydatetime().replace(tzinfo=UTC)


# Received on a Friday at 16:00, due eight hours later, seen at 18:00: by the clock a quarter of its time has run, and
# of those that ran on from there half were late; of the office's hours all that it may take has.
BY_THE_CLOCK, IN_OFFICE_HOURS = 0.5, 1.0


@pytest.mark.parametrize(
    ("said", "late"),
    [
        ({"target": {"standard": "8h"}}, BY_THE_CLOCK),
        ({"target": {"standard": "8bh"}}, IN_OFFICE_HOURS),
        ({"target": {"standard": "1bd"}}, IN_OFFICE_HOURS),
        ({"target": {"standard": "8bh"}, "calendar": "always"}, BY_THE_CLOCK),
        ({"target": {"standard": "8bh"}, "calendar": "office@UTC"}, IN_OFFICE_HOURS),
        ({"target": {"standard": "8bh"}, "target_at": {"facilities": {"east": {"standard": "8h"}}}}, BY_THE_CLOCK),
        ({"target": {"standard": "8bh"}, "target_at": {"regions": {"lakes": {"standard": "8h"}}}}, BY_THE_CLOCK),
        ({"target": {"standard": "8bh"}, "target_at": {"kinds": {"clinic": {"standard": "8h"}}}}, BY_THE_CLOCK),
        ({"target": {"standard": "8h"}, "target_at": {"kinds": {"clinic": {"standard": "8bh"}}}}, IN_OFFICE_HOURS),
        ({"target": {"standard": "8bh"}, "target_at": {"kinds": {"warehouse": {"standard": "8h"}}}}, IN_OFFICE_HOURS),
        ({"target": {"standard": "8bh"}, "target_at": {"kinds": {"clinic": {"low": "8h"}}}}, IN_OFFICE_HOURS),
        (
            {
                "target": {"standard": "8bh"},
                "target_at": {
                    "kinds": {"clinic": {"standard": "8bh"}},
                    "facilities": {"east": {"standard": "8h"}},
                },
            },
            BY_THE_CLOCK,
        ),
    ],
)
def test_time_is_what_the_target_is_in(
    database: Database, clock: ManualClock, said: dict[str, Any], late: float
) -> None:
    model = promised(database, clock, **said)
    waits = HandoffRow("waits", opened_at=FRIDAY, due_at=FRIDAY + 8 * HOUR, **ALIKE)
    store_handoffs(database, *closed_within_one_four_and_twelve_hours(timedelta(hours=12)), waits)

    assert chances(database, model, FRIDAY + 2 * HOUR)["waits"].late == pytest.approx(late, abs=1e-9)


def test_what_has_no_office_hours_left_is_late_as_often_as_those_that_came_as_far(
    database: Database, clock: ManualClock
) -> None:
    # Promised by 21:00. Of 100 that were open when the office closed at 17:00, 25 closed at 19:00.
    model = promised(database, clock, target={"standard": "8bh"})
    came = [
        HandoffRow(
            f"{ended} {number}",
            opened_at=MONDAY,
            closed_at=MONDAY + ended * HOUR,
            due_at=MONDAY + 12 * HOUR,
            **ALIKE,
        )
        for ended, count in ((3, 60), (10, 25), (30, 75))
        for number in range(count)
    ]
    begun = FRIDAY.replace(hour=9)
    store_handoffs(database, *came, HandoffRow("waits", opened_at=begun, due_at=begun + 12 * HOUR, **ALIKE))

    found = chances(database, model, begun + 9 * HOUR)["waits"]

    assert (found.late, found.in_time) == pytest.approx((0.75, 0.25), abs=1e-9)

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.calendars import calendar, registry

from core.clickhouse import Database
from core.clock import ManualClock
from core.registry import publish_registry
from core.sql import sql
from correlator.loading import load_models
from correlator.running import Lasted, lasted
from slo.calendars import publish_calendars

pytestmark = pytest.mark.database

(P2P,) = load_models(["procure-to-pay"])
OFFICE = registry("America/New_York", office=calendar("09:00-17:00"), bank=calendar("16:30-17:00"))
FACILITY = "office@America/New_York"
FRIDAY = datetime(2026, 3, 6, 21, tzinfo=UTC)  # 16:00 in New York, whose clocks go forward on Sunday
MONDAY = datetime(2026, 3, 9, 14, tzinfo=UTC)  # 10:00 there
HOUR = timedelta(hours=1)


def row(since: datetime = FRIDAY, **changes: Any) -> dict[str, Any]:
    known = {"model": "procure-to-pay", "handoff": "invoice_to_match", "facility": FACILITY, "first_opened_at": since}
    return known | {"closed_at": None, "cancelled_at": None, "stood": [], "pauses": []} | changes


@pytest.fixture
def took(database: Database, clock: ManualClock) -> Any:
    publish_registry(database, OFFICE, clock)
    publish_calendars(database, OFFICE, clock)

    def ask(*rows: dict[str, Any], as_of: datetime = MONDAY, models: Any = None) -> list[Lasted]:
        known = models or {"procure-to-pay": P2P}
        return lasted(rows, as_of, known, lambda name, **bound: database.rows(sql("correlator", name), **bound))

    return ask


def test_an_instance_counts_the_hours_of_its_facility_and_those_on_the_wall(took: Any) -> None:
    # An hour of Friday and one of Monday; on the wall 65, one less than the clocks there say.
    assert took(row()) == [Lasted(65 * 3600, 2 * 3600)]


def test_what_ended_counts_until_then_and_what_ends_later_until_the_instant_asked_for(took: Any) -> None:
    ends = [FRIDAY + HOUR / 2, MONDAY + HOUR]

    closed = took(*(row(closed_at=end) for end in ends))
    cancelled = took(*(row(cancelled_at=end) for end in ends))

    assert closed == cancelled == [Lasted(1800, 1800), Lasted(65 * 3600, 2 * 3600)]


def test_pauses_stop_the_business_clock_and_not_the_wall(took: Any) -> None:
    paused = [
        {"since": MONDAY - HOUR / 2, "until": None},  # still
        {"since": FRIDAY, "until": FRIDAY + HOUR / 4},  # from the first moment
        {"since": FRIDAY + HOUR / 2, "until": FRIDAY + HOUR},
    ]

    assert took(row(pauses=paused)) == [Lasted(65 * 3600, 900 + 1800)]


def test_nor_does_time_count_for_which_the_clock_stood_in_what_it_continues(took: Any) -> None:
    paused = {"since": FRIDAY, "until": FRIDAY + HOUR / 4}
    closed = {"since": FRIDAY + HOUR / 2, "until": MONDAY - HOUR / 2}
    again = {"since": MONDAY - HOUR / 4, "until": None}

    assert took(row(stood=[paused, closed], pauses=[again])) == [Lasted(65 * 3600, 900 + 900)]
    assert took(row(stood=[paused, closed]), as_of=MONDAY - HOUR) == [Lasted(64 * 3600, 900)]


def test_a_pause_after_the_end_is_none(took: Any) -> None:
    paused = [{"since": MONDAY, "until": None}]

    assert took(row(pauses=paused, closed_at=FRIDAY + HOUR)) == [Lasted(3600, 3600)]


def test_what_names_no_known_facility_never_closes(took: Any) -> None:
    assert took(row(facility="elsewhere"), row(facility="")) == [Lasted(65 * 3600, 65 * 3600)] * 2


def test_the_calendar_that_a_handoff_names_goes_before_that_of_the_facility(took: Any) -> None:
    handoff = P2P.handoffs["invoice_to_match"]

    def named(text: str) -> Any:
        changed = P2P.handoffs | {"invoice_to_match": handoff.model_copy(update={"calendar": text})}
        return {"procure-to-pay": P2P.model_copy(update={"handoffs": changed})}

    assert took(row(), models=named("bank")) == [Lasted(65 * 3600, 1800)]  # in the zone of the facility: Friday's
    assert took(row(), models=named("bank@UTC")) == [Lasted(65 * 3600, 0)]  # closed when it opened, not open since


def test_nothing_is_asked_for_nothing(took: Any) -> None:
    assert took() == []
    assert took(row(MONDAY)) == [Lasted(0, 0)]

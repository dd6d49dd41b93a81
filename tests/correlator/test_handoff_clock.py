"""A handoff's clock stands still while it is paused, and what a reversal undoes is open again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.calendars import calendar, registry
from support.facts import Fact, fact, store

from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from core.registry import publish_registry
from correlator.journeys import Journeys
from correlator.loading import load_models
from correlator.model import HandoffDefinition, JourneyModel
from correlator.stalls import Stalls
from correlator.tick import Correlator
from slo.calendars import publish_calendars

OFFICE = registry("America/New_York", office=calendar("08:00-12:00", "13:00-17:00"))
PLACE = "office@America/New_York"
MONDAY = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)  # 09:00 in New York, an hour after the office opens
HOUR = timedelta(hours=1)


def model(target: str = "8bh", **handoff: Any) -> JourneyModel:
    return JourneyModel.model_validate(
        {
            "model": "tested",
            "version": 1,
            "title": "Tested",
            "anchor": "invoice",
            "objects": {"invoice": {}},
            "handoffs": {"match": promise(target, **handoff)},
        }
    )


def promise(target: str = "8bh", **handoff: Any) -> dict[str, Any]:
    return {
        "title": "Invoice → match",
        "on": "invoice",
        "start": ["invoice.received"],
        "stop": ["invoice.matched"],
        "cancel": ["invoice.voided"],
        "pause": ["invoice.held"],
        "resume": ["invoice.freed"],
        "reopen_on": ["invoice.unmatched"],
        "target": {"standard": target},
    } | handoff


def told(*events: tuple[str, float], invoice: int = 1) -> list[Fact]:
    """Events of an invoice, each so many hours after Monday 09:00 in New York."""
    return [
        fact(f"{invoice}-{number}", f"invoice.{name}", MONDAY + after * HOUR, f"invoice:{invoice}", facility=PLACE)
        for number, (name, after) in enumerate(events)
    ]


def published(database: Database, clock: ManualClock) -> None:
    publish_registry(database, OFFICE, clock)
    publish_calendars(database, OFFICE, clock)


def derived(database: Database, clock: ManualClock, given: JourneyModel, facts: list[Fact]) -> list[dict[str, Any]]:
    published(database, clock)
    store(database, facts)
    Correlator(database, given, clock, overlap=timedelta(0)).tick()
    return database.rows("SELECT * FROM handoffs FINAL ORDER BY cycle")


def hours(at: datetime | None) -> float | None:
    return None if at is None else (at - MONDAY) / HOUR


CASES: tuple[tuple[str, tuple[tuple[str, float], ...], float | None, float | None], ...] = (
    ("4h", (("received", 0), ("held", 1), ("freed", 3)), 6, None),
    ("4h", (("received", 0), ("held", 1)), None, 1),
    ("4h", (("received", 0), ("held", 0), ("freed", 2)), 6, None),  # starts paused
    ("4h", (("received", 0), ("held", 0)), None, 0),
    ("4h", (("held", -5), ("received", 0), ("freed", 2)), 6, None),  # held before it was received, and still
    ("4h", (("held", -5), ("freed", -4), ("received", 0)), 4, None),
    ("4h", (("received", 0), ("freed", 1), ("held", 2)), None, 2),  # nothing to resume yet
    ("4h", (("received", 0), ("held", 1), ("held", 2), ("freed", 3), ("freed", 5)), 6, None),
    ("4h", (("received", 0), ("held", 5), ("freed", 9)), 4, None),  # broken before it was held
    ("4h", (("received", 0), ("held", 5)), 4, 5),
    ("4h", (("received", 0), ("held", 4), ("freed", 9)), 4, None),  # due exactly when it was held
    ("4h", (("received", 0), ("held", 1), ("freed", 2), ("held", 4.5), ("freed", 6)), 6.5, None),
    ("4h", (("received", 0), ("held", 1), ("matched", 3)), 6, None),  # closed while it was held: in time
    # From 09:00: 8 business hours are done on Tuesday at 09:00; held from 11:00 to 14:00 costs two of them.
    ("8bh", (("received", 0), ("held", 2), ("freed", 5)), 26, None),
    ("8bh", (("received", 0), ("held", 9), ("freed", 20)), 24, None),  # held overnight costs nothing
    ("1bd", (("received", 0), ("held", 2), ("freed", 5)), 26, None),
    ("1bd", (("received", 0), ("held", 0), ("freed", 24)), 48, None),
)


@pytest.mark.database
def test_a_pause_moves_the_due_time_by_the_business_time_it_took(database: Database, clock: ManualClock) -> None:
    targets = ("4h", "8bh", "1bd")
    handoffs = {f"within_{target}": HandoffDefinition.model_validate(promise(target)) for target in targets}
    facts = [item for number, case in enumerate(CASES) for item in told(*case[1], invoice=number)]

    rows = derived(database, clock, model().model_copy(update={"handoffs": handoffs}), facts)

    found = {(row["handoff"], row["object_id"]): (hours(row["due_at"]), hours(row["paused_since"])) for row in rows}
    for number, (target, events, due_after, paused_since) in enumerate(CASES):
        assert found[f"within_{target}", str(number)] == (due_after, paused_since), events


@pytest.mark.database
def test_what_was_paused_is_told_with_the_handoff(database: Database, clock: ManualClock) -> None:
    (row,) = derived(database, clock, model(), told(("received", 0), ("held", 1), ("freed", 3), ("held", 4)))

    assert row["paused_seconds"] == 7200
    assert [(hours(pause["since"]), hours(pause["until"])) for pause in row["pauses"]] == [(1, 3), (4, None)]


@pytest.mark.database
def test_a_reversal_reopens_what_was_closed(database: Database, clock: ManualClock) -> None:
    modes = {
        mode: HandoffDefinition.model_validate(promise("4h", reopen=mode)) for mode in ("first", "resume", "reset")
    }
    events = told(("received", 0), ("matched", 2), ("unmatched", 102))

    rows = derived(database, clock, model().model_copy(update={"handoffs": modes}), events)

    columns = ("opened_at", "closed_at", "first_opened_at", "due_at")
    assert {(row["handoff"], *(hours(row[column]) for column in columns)) for row in rows} == {
        *((mode, 0, 2, 0, 4) for mode in modes),
        ("first", 102, None, 0, 4),
        ("resume", 102, None, 0, 104),
        ("reset", 102, None, 102, 106),
    }


# Each cycle's business hours as of so many hours after Monday 09:00. Open until 12:00 and from 13:00 to 17:00: in 3 to 4, 8 to 23
# and 27 to 28 there is nothing to count, and so on. Paused from 1 to 2 and from 25 to 26; closed from 5 to 24 and from 29 to 48.
OVER_CYCLES: tuple[tuple[float, dict[str, list[float]]], ...] = (
    (1.5, {"first": [1], "resume": [1], "reset": [1]}),
    (10, {"first": [3], "resume": [3], "reset": [3]}),
    (25.5, {"first": [3, 8], "resume": [3, 4], "reset": [3, 1]}),
    (26.5, {"first": [3, 8.5], "resume": [3, 4.5], "reset": [3, 1.5]}),
    (40, {"first": [3, 10], "resume": [3, 6], "reset": [3, 3]}),
    (49, {"first": [3, 10, 15], "resume": [3, 6, 7], "reset": [3, 3, 1]}),
)


@pytest.mark.database
def test_business_time_of_a_clock_that_goes_on_over_cycles_counts_while_it_ran(
    database: Database, clock: ManualClock
) -> None:
    modes = {
        mode: HandoffDefinition.model_validate(promise("4h", reopen=mode)) for mode in ("first", "resume", "reset")
    }
    given = model().model_copy(update={"handoffs": modes})
    begun, again = (("received", 0), ("held", 1), ("freed", 2)), (("unmatched", 24), ("held", 25), ("freed", 26))
    derived(database, clock, given, told(*begun, ("matched", 5), *again, ("matched", 29), ("unmatched", 48)))

    for after, expected in OVER_CYCLES:
        found = Journeys(database, [given]).handoffs(Filters(as_of=MONDAY + after * HOUR)).items
        lasted = {(each.handoff, each.cycle): each.business_seconds / 3600 for each in found}
        assert lasted == {
            (mode, cycle): ran for mode, cycles in expected.items() for cycle, ran in enumerate(cycles, start=1)
        }, after


@pytest.mark.database
def test_an_invoice_that_was_matched_again_took_the_hours_of_both_its_cycles(
    database: Database, clock: ManualClock
) -> None:
    shipped, clinic = load_models(["procure-to-pay"]), registry(clinic=calendar("08:00-17:00"))
    publish_registry(database, clinic, clock)
    publish_calendars(database, clinic, clock)
    told_on = {  # in March: Monday the 2nd, Tuesday, Wednesday
        "invoice.received": datetime(2026, 3, 2, 8, tzinfo=UTC),
        "invoice.matched": datetime(2026, 3, 2, 13, tzinfo=UTC),
        "invoice.unmatched": datetime(2026, 3, 3, 13, tzinfo=UTC),
    }
    matched_again = datetime(2026, 3, 4, 13, tzinfo=UTC)
    said: dict[str, Any] = {"facility": "clinic@UTC", "flow_type": "two_way"}
    events = [*told_on.items(), ("invoice.matched", matched_again)]
    store(database, [fact(f"e{number}", *event, "invoice:1", **said) for number, event in enumerate(events)])
    Correlator(database, shipped[0], clock).tick()

    page = Journeys(database, shipped).handoffs(Filters(as_of=matched_again, handoff=("invoice_to_match",)))

    # Five hours of Monday; then four of Tuesday and five of Wednesday.
    assert {each.cycle: each.business_seconds for each in page.items} == {1: 5 * 3600, 2: 14 * 3600}
    assert {each.cycle: each.elapsed_seconds for each in page.items} == {1: 5 * 3600, 2: 53 * 3600}


@pytest.mark.database
def test_what_is_overdue_is_no_stall_while_it_is_paused(database: Database, clock: ManualClock) -> None:
    given_model = model("4h")
    derived(database, clock, given_model, told(("received", 0), ("held", 6), ("freed", 8), ("held", 20)))

    instants = {after: MONDAY + after * HOUR for after in (4, 5, 7, 9, 21)}

    stalls, journeys = Stalls(database, [given_model]), Journeys(database, [given_model])
    by_stalls = {after for after, at in instants.items() if stalls.summary(Filters(as_of=at)).stalls}
    by_journey = {
        after for after, at in instants.items() for one in journeys.handoffs(Filters(as_of=at)).items if one.stalled
    }
    assert by_stalls == by_journey == {5, 9}
    since = {after: journeys.handoffs(Filters(as_of=at)).items[0].paused_since for after, at in instants.items()}
    assert {after: hours(at) for after, at in since.items() if at} == {7: 6, 21: 20}


@pytest.mark.database
def test_what_was_cancelled_is_not_reopened_by_a_reversal(database: Database, clock: ManualClock) -> None:
    rows = derived(
        database,
        clock,
        model(),
        told(("received", 0), ("voided", 1), ("unmatched", 2), ("matched", 3), ("unmatched", 4)),
    )

    assert [hours(row["cancelled_at"]) for row in rows] == [1]


@pytest.mark.database
def test_nor_is_what_was_cancelled_after_it_was_done(database: Database, clock: ManualClock) -> None:
    events = [
        ("received", 0),
        ("matched", 1),
        ("voided", 2),
        ("unmatched", 3),
        ("received", 4),
        ("matched", 5),
        ("unmatched", 6),
    ]
    rows = derived(database, clock, model(), told(*events))

    assert [(hours(row["opened_at"]), hours(row["closed_at"])) for row in rows] == [(0, 1), (4, 5), (6, None)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"resume": []}, "pause without resume: name the events that start the clock again"),
        ({"pause": []}, "resume without pause"),
        ({"reopen_on": [], "reopen": "reset"}, "reopen without reopen_on"),
        ({"reopen_on": ["invoice.voided"]}, "invoice.voided may have one role only"),
    ],
)
def test_a_clock_that_could_not_go_on_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        model(**change)

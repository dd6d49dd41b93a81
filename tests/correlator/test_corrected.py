"""What a late event amends, by hand: what was known when a promise fell due, and what is known of it now."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.facts import Fact, fact, store

from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from core.vocabulary import ObjectRef
from correlator.corrected import corrected_at
from correlator.journeys import HandoffInstance, Journeys
from correlator.model import JourneyModel
from correlator.tick import Correlator

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = MONDAY + 9 * DAY
CLOCK = {
    "title": "Match",
    "on": "invoice",
    "start": ["invoice.received"],
    "stop": ["invoice.matched"],
    "cancel": ["invoice.voided"],
    "target": {"clinical-critical": "4h", "standard": "4h", "low": "4h"},
}
REOPENED = CLOCK | {"reopen_on": ["invoice.unmatched"], "reopen": "reset"}
ON_RECEIPTS = CLOCK | {"stop": [{"event": "goods_receipt.posted", "of": "goods_receipt", "match": "all"}]}
ON_FIRST = CLOCK | {"stop": [{"event": "goods_receipt.posted", "of": "goods_receipt", "match": "first"}]}


def hours(number: float) -> datetime:
    return MONDAY + number * HOUR


def told(name: str, what: str, at: float, received: float | None = None, *objects: str) -> Fact:
    """An event that happened so many hours after Monday, and was received then or later."""
    return fact(
        name, what, hours(at), *(objects or ("invoice:1",)), received_at=hours(at if received is None else received)
    )


def row(**changes: Any) -> dict[str, Any]:
    """A handoff that opened at 0 h, is due at 4 h, ended at 3 h, and of which that was told at 6 h."""
    known = {"opened_received_at": hours(0), "due_at": hours(4), "closed_at": hours(3), "cancelled_at": None}
    return known | {"ended_received_at": hours(6)} | changes


def test_an_end_in_time_that_is_told_after_the_due_time_corrects_the_outcome() -> None:
    cancelled = row(closed_at=None, cancelled_at=hours(4))

    assert corrected_at(row(), hours(9)) == hours(6)
    assert corrected_at(cancelled, hours(9)) == hours(6)


@pytest.mark.parametrize(
    "changes",
    [
        {"ended_received_at": hours(4)},  # told just when it fell due: nobody had it for broken
        {"closed_at": hours(4.5)},  # too late, whenever it is told: broken before and since
        {"closed_at": None, "ended_received_at": None},
        {"due_at": None},
        {"opened_received_at": hours(4.5)},  # nobody knew of it when it fell due: no outcome stood
        {"ended_received_at": None},  # derived by a version that did not note it
    ],
)
def test_an_outcome_that_nothing_amended_is_not_corrected(changes: dict[str, Any]) -> None:
    assert corrected_at(row(**changes), hours(9)) is None


def test_before_it_was_told_nothing_is_corrected() -> None:
    assert [corrected_at(row(), hours(at)) for at in (2, 3, 5, 6, 7)] == [None, None, None, hours(6), hours(6)]


# What was told of an invoice (what, when, received when), and of each of its cycles when the opening and the end were told.
STORIES = {
    "as it happens": ([("received", 0, 0), ("matched", 3, 3)], [(0, 3)]),
    "an end that is late": ([("received", 0, 0), ("matched", 3, 6)], [(0, 6)]),
    "open": ([("received", 0, 1)], [(1, None)]),
    # Another system had told an end in time: nobody had it for broken, though what ended it came later.
    "an end that is told by two": ([("received", 0, 0), ("matched", 2, 9), ("matched", 3, 3)], [(0, 3)]),
    # What was told at 5 h was that it had ended too late, and so it stood when it fell due, at 4 h, and since.
    "a late end that is told first": ([("received", 0, 0), ("matched", 5, 5), ("matched", 3, 8)], [(0, 8)]),
    "a late end between two": (
        [("received", 0, 0), ("matched", 5, 5), ("matched", 3, 8), ("matched", 4, 7)], [(0, 7)]),
    "ends that are all too late": ([("received", 0, 0), ("matched", 6, 6), ("matched", 5, 9)], [(0, 6)]),
    "a late end of another kind": ([("received", 0, 0), ("voided", 3.5, 5), ("matched", 3, 8), ("matched", 6, 6)], [(0, 8)]),
    "an opening that is told by two": ([("received", 0, 9), ("received", 1, 2), ("matched", 3, 5)], [(2, 5)]),
    # Who had heard of the cancellation took it for neither kept nor broken; that it was kept was told at 9 h.
    "an end of another kind": ([("received", 0, 0), ("matched", 2, 9), ("voided", 3, 3)], [(0, 9)]),
    "a cancellation": ([("received", 0, 0), ("voided", 3, 7)], [(0, 7)]),
    # What ends the next cycle says nothing of this one.
    "two cycles": ([("received", 0, 0), ("matched", 1, 8), ("received", 2, 2), ("matched", 3, 3)], [(0, 8), (2, 3)]),
    "an end before all": ([("matched", -1, -1), ("received", 0, 0), ("matched", 3, 6)], [(0, 6)]),
}  # fmt: skip


@pytest.mark.database
@pytest.mark.parametrize("definition", [CLOCK, REOPENED])
@pytest.mark.parametrize("story", STORIES)
def test_the_first_reception_of_what_opened_and_of_what_ended_a_cycle_is_kept(
    database: Database, clock: ManualClock, definition: dict[str, Any], story: str
) -> None:
    events, expected = STORIES[story]
    facts = [told(f"e{number}", f"invoice.{what}", *when) for number, (what, *when) in enumerate(events)]
    again = [Fact(**{**vars(each), "received_at": each.received_at + DAY}) for each in facts if each.received_at]
    reversal = (
        [told("r", "invoice.unmatched", -2)] if definition is REOPENED else []
    )  # nothing stood: it undoes nothing

    store(database, [*again, *reversal])
    ticking = Correlator(database, model(definition), clock)
    ticking.tick()
    store(database, facts)
    ticking.tick()

    assert receptions(database) == [tuple(at if at is None else hours(at) for at in pair) for pair in expected]


@pytest.mark.database
def test_a_reversal_opens_again_when_it_is_told(database: Database, clock: ManualClock) -> None:
    happened = (("received", 0, 0), ("matched", 1, 1), ("unmatched", 2, 5), ("matched", 3, 6))
    store(database, [told(what, f"invoice.{what}", at, then) for what, at, then in happened[:3]])
    store(database, [told("again", "invoice.matched", 3, 6)])

    Correlator(database, model(REOPENED), clock).tick()

    assert receptions(database) == [(hours(0), hours(1)), (hours(5), hours(6))]


@pytest.mark.database
@pytest.mark.parametrize(
    ("definition", "expected"),
    # All are posted once both are: the second at 2 h, and the first of them is told at 7 h. That one is posted: at 3 h.
    [(ON_RECEIPTS, [(0, 2, 7)]), (ON_FIRST, [(0, 1, 3)])],
)
def test_an_end_on_linked_documents_is_told_when_all_it_rests_on_is(
    database: Database, clock: ManualClock, definition: dict[str, Any], expected: list[tuple[float, ...]]
) -> None:
    store(
        database,
        [
            told("a", "invoice.received", 0),
            told("b", "goods_receipt.posted", 1, 7, "goods_receipt:1", "invoice:1"),
            told("c", "goods_receipt.posted", 2, 3, "goods_receipt:2", "invoice:1"),
        ],
    )

    Correlator(database, model(definition), clock).tick()

    rows = database.rows("SELECT opened_received_at, closed_at, ended_received_at FROM handoffs FINAL")
    assert [tuple(each.values()) for each in rows] == [tuple(map(hours, each)) for each in expected]


@pytest.mark.database
def test_a_handoff_says_when_it_was_corrected_and_not_before_that(database: Database, clock: ManualClock) -> None:
    store(database, [told("a", "invoice.received", 0), told("b", "invoice.matched", 3, 6)])
    Correlator(database, model(CLOCK), clock).tick()
    journeys = Journeys(database, [model(CLOCK)])

    def listed(at: float) -> HandoffInstance:
        return journeys.handoffs(Filters(as_of=hours(at))).items[0]

    assert [(listed(at).state, listed(at).corrected_at) for at in (2, 5, 6)] == [
        ("open", None),
        ("closed", None),  # by what is known now: a past instant knows all that happened by then
        ("closed", hours(6)),
    ]
    assert journeys.journey(ObjectRef("invoice", "1"), NOW).handoffs[0].corrected_at == hours(6)


@pytest.mark.database
@pytest.mark.parametrize("definition", [CLOCK, REOPENED])
def test_an_end_that_was_told_too_late_is_corrected_when_one_in_time_is_told(
    database: Database, clock: ManualClock, definition: dict[str, Any]
) -> None:
    correlator = Correlator(database, model(definition), clock)
    journeys = Journeys(database, [model(definition)])
    reversal = told("r", "invoice.unmatched", -2)
    store(database, [reversal, told("a", "invoice.received", 0), told("late", "invoice.matched", 5)])
    correlator.tick()

    def corrected(at: float) -> datetime | None:
        return journeys.handoffs(Filters(as_of=hours(at))).items[0].corrected_at

    assert corrected(9) is None
    store(database, [told("in time", "invoice.matched", 3, 8)])
    correlator.tick()
    assert [corrected(at) for at in (6, 7.5, 8, 9)] == [None, None, hours(8), hours(8)]


@pytest.mark.database
def test_ids_that_are_one_object_keep_the_first_reception(database: Database, clock: ManualClock) -> None:
    same = told("s", "object.same_as", 0, 0, "invoice:1", "invoice:2")
    end = told("b", "invoice.matched", 3, 3, "invoice:2")
    correlator = Correlator(database, model(CLOCK), clock)

    store(database, [told("a", "invoice.received", 0), same, end])
    correlator.tick()
    store(database, [Fact(**{**vars(end), "received_at": hours(9)})])
    correlator.tick()
    ticked = receptions(database)
    correlator.rebuild()

    assert ticked == receptions(database) == [(hours(0), hours(3))]


def model(definition: dict[str, Any]) -> JourneyModel:
    return JourneyModel.model_validate(
        {
            "model": "invoices",
            "version": 1,
            "title": "Invoices",
            "anchor": "invoice",
            "objects": {
                "invoice": {"title": "Invoice"},
                "goods_receipt": {"title": "Receipt", "attaches_via": ["invoice"]},
            },
            "handoffs": {"match": definition},
        }
    )


def receptions(database: Database) -> list[tuple[datetime, datetime | None]]:
    rows = database.rows("SELECT opened_received_at, ended_received_at FROM handoffs FINAL ORDER BY cycle")
    return [tuple(each.values()) for each in rows]

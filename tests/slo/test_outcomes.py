from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.calendars import calendar, registry
from support.handoff_rows import OPENED, HandoffRow, store_handoffs
from support.objective_values import make_selection
from support.outcome_oracle import counted, decisions

from core.clickhouse import Database
from core.clock import ManualClock
from core.durations import Duration
from core.filters import Filters
from core.registry import publish_registry
from correlator.loading import load_models
from slo.calendars import publish_calendars
from slo.objectives import Selection
from slo.outcomes import PLAIN, Cell, Grid, Outcomes, Terms

pytestmark = pytest.mark.database
MODELS = load_models(["procure-to-pay"])
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NAMES = ("good", "late", "overdue", "cancelled", "undecided", "corrected")


def days(number: float) -> datetime:
    return OPENED + timedelta(days=number)


def told(
    database: Database,
    as_of: datetime,
    *selections: Selection,
    since: datetime = OPENED,
    terms: Terms = PLAIN,
    **filters: tuple[str, ...],
) -> list[dict[str, int]]:
    """What was decided from `since` on, one dictionary a selection, without what is none."""
    cells = Outcomes(database, MODELS).cells(
        selections or [make_selection()], [since], Filters(as_of, **filters), terms
    )
    return [summed(cells, place) for place in range(len(selections) or 1)]


def summed(cells: Iterable[Cell], place: int = 0) -> dict[str, int]:
    mine = [cell for cell in cells if cell.place == place]
    sums = {name: sum(getattr(cell, name) for cell in mine) for name in NAMES}
    return {name: count for name, count in sums.items() if count}


STORY = (
    HandoffRow("in time", closed_at=days(1), due_at=days(2)),
    HandoffRow("on the dot", closed_at=days(2), due_at=days(2)),
    HandoffRow("late", closed_at=days(3), due_at=days(2)),
    HandoffRow("open and overdue", due_at=days(4)),
    HandoffRow("due exactly now", due_at=days(5)),
    HandoffRow("closes after now, overdue now", closed_at=days(8), due_at=days(4)),
    HandoffRow("cancelled in time", cancelled_at=days(1), due_at=days(2)),
    HandoffRow("cancelled on the dot", cancelled_at=days(2), due_at=days(2)),
    HandoffRow("cancelled after it was overdue", cancelled_at=days(3), due_at=days(2)),
    HandoffRow("no target", closed_at=days(1)),
    HandoffRow("no target, open"),
    HandoffRow("its clock stands still", paused_since=days(1)),
    HandoffRow("opened later", opened_at=days(6), due_at=days(7)),
    HandoffRow("gone", due_at=days(1), is_gone=1),
)


def test_a_promise_is_good_bad_cancelled_or_undecided_and_nothing_without_a_target(database: Database) -> None:
    store_handoffs(database, *STORY)

    assert told(database, days(5)) == [{"good": 2, "late": 2, "overdue": 2, "cancelled": 2, "undecided": 2}]


def test_an_instant_of_the_past_knows_nothing_of_what_came_after(database: Database) -> None:
    store_handoffs(database, *STORY)

    assert told(database, days(1.5)) == [{"good": 1, "cancelled": 1, "undecided": 8}]


def test_a_promise_counts_where_it_was_decided_not_where_it_ended(database: Database) -> None:
    store_handoffs(
        database,
        HandoffRow("good", closed_at=days(1), due_at=days(9)),
        HandoffRow("late", closed_at=days(6), due_at=days(3)),
        HandoffRow("cancelled", cancelled_at=days(4), due_at=days(9)),
        HandoffRow("open", due_at=days(9)),
    )
    cuts = [days(number) for number in range(8)]

    cells = Outcomes(database, MODELS).cells([make_selection()], cuts, Filters(days(7)))

    assert {cell.since: summed([cell]) for cell in cells} == {
        days(1): {"good": 1},
        days(3): {"late": 1},
        days(4): {"cancelled": 1},
        days(7): {"undecided": 1},
    }


def test_a_stretch_has_what_was_decided_at_its_start_and_not_what_was_at_its_end(database: Database) -> None:
    store_handoffs(database, HandoffRow("a", closed_at=days(2), due_at=days(9)))
    ask = Outcomes(database, MODELS).cells

    assert [cell.since for cell in ask([make_selection()], [days(1), days(2), days(3)], Filters(days(5)))] == [days(2)]
    assert ask([make_selection()], [days(2) + timedelta(microseconds=1)], Filters(days(5))) == []


CORRECTED = (
    HandoffRow("told as it ended", closed_at=days(1), due_at=days(2)),
    HandoffRow("told just when it fell due", closed_at=days(1), due_at=days(2), ended_received_at=days(2)),
    HandoffRow("told late", closed_at=days(1), due_at=days(2), ended_received_at=days(4)),
    HandoffRow("given up, told late", cancelled_at=days(2), due_at=days(2), ended_received_at=days(5)),
    HandoffRow("late, and told later", closed_at=days(3), due_at=days(2), ended_received_at=days(4)),
    HandoffRow(
        "of an archive", closed_at=days(1), due_at=days(2), opened_received_at=days(4), ended_received_at=days(4)
    ),
    HandoffRow("open", due_at=days(2)),
)


def test_what_was_told_only_after_it_fell_due_was_corrected_from_then_on(database: Database) -> None:
    store_handoffs(database, *CORRECTED)

    assert {at: told(database, days(at))[0] for at in (3.5, 4, 5)} == {
        3.5: {"good": 4, "late": 1, "overdue": 1, "cancelled": 1},
        4: {"good": 4, "late": 1, "overdue": 1, "cancelled": 1, "corrected": 1},
        5: {"good": 4, "late": 1, "overdue": 1, "cancelled": 1, "corrected": 2},
    }


def test_a_limit_of_its_own_says_what_was_corrected(database: Database) -> None:
    store_handoffs(database, HandoffRow("a", closed_at=days(1), due_at=days(9), ended_received_at=days(4)))

    found = [told(database, days(5), terms=Terms(Duration(limit * 86400, "clock")))[0] for limit in (1, 3, 4)]

    assert found == [{"good": 1, "corrected": 1}, {"good": 1, "corrected": 1}, {"good": 1}]
    assert told(database, days(5)) == [{"good": 1}]


def test_what_was_corrected_counts_where_it_ended(database: Database) -> None:
    store_handoffs(database, *CORRECTED)
    cuts = [days(number) for number in range(6)]

    cells = Outcomes(database, MODELS).cells([make_selection()], cuts, Filters(days(5)))

    assert {cell.since: summed([cell]) for cell in cells} == {
        days(1): {"good": 4, "corrected": 1},
        days(2): {"late": 1, "overdue": 1, "cancelled": 1, "corrected": 1},
    }


@pytest.mark.parametrize(
    ("mode", "first_opened", "due", "expected"),
    [
        # As though never closed: by the time it is reopened the first due time has passed, and it was broken then.
        ("first", OPENED, days(2), {2.5: {"good": 1}, 3.5: {"overdue": 1}, 9: {"late": 1}}),
        # The clock goes on without the two days it was closed: one day is left.
        ("resume", OPENED, days(4), {2.5: {"good": 1}, 3.5: {"undecided": 1}, 9: {"late": 1}}),
        # Anew: a promise of its own, and the one before stays kept.
        ("reset", days(3), days(5), {2.5: {"good": 1}, 3.5: {"good": 1, "undecided": 1}, 9: {"good": 1, "late": 1}}),
    ],
)
def test_what_a_reversal_reopened_is_the_promise_that_it_was_by_how_its_clock_goes_on(
    database: Database, mode: str, first_opened: datetime, due: datetime, expected: dict[float, dict[str, int]]
) -> None:
    handoff = {"first": "order_to_receipt", "resume": "invoice_to_match", "reset": "posting_to_release"}[mode]
    about = {"handoff": handoff, "object_type": MODELS[0].handoffs[handoff].on}
    store_handoffs(
        database,
        HandoffRow("a", closed_at=days(1), due_at=days(2), **about),
        HandoffRow("a", cycle=2, opened_at=days(3), first_opened_at=first_opened, closed_at=days(6), due_at=due, **about),
    )  # fmt: skip

    assert MODELS[0].handoffs[handoff].reopen == mode
    assert {at: told(database, days(at), make_selection(handoff))[0] for at in expected} == expected


def test_what_was_reopened_as_though_never_closed_is_broken_when_it_first_fell_due(database: Database) -> None:
    about = {"handoff": "order_to_receipt", "object_type": "purchase_order", "due_at": days(2)}
    store_handoffs(
        database,
        HandoffRow("a", closed_at=days(1), **about),
        HandoffRow("a", cycle=2, opened_at=days(3), first_opened_at=OPENED, **about),
    )

    cells = Outcomes(database, MODELS).cells(
        [make_selection("order_to_receipt")], [OPENED, days(2), days(3)], Filters(days(9))
    )

    assert [(cell.since, summed([cell])) for cell in cells] == [(days(2), {"overdue": 1})]


def test_each_selection_counts_what_it_names_and_a_promise_counts_for_all_that_have_it(database: Database) -> None:
    ended = {"closed_at": days(1), "due_at": days(2)}
    store_handoffs(
        database,
        HandoffRow("1", criticality="clinical-critical", facility="east", supplier="s", **ended),
        HandoffRow("2", criticality="", department="surgery", spend_category="implants", **ended),
        HandoffRow("3", criticality="unheard-of", facility="east", **ended),
        HandoffRow("4", criticality="low", handoff="invoice_to_posting", **ended),
        HandoffRow("5", model="another", **ended),
    )
    asked = {
        make_selection(): 3,
        make_selection(criticality=("clinical-critical",)): 1,
        make_selection(criticality=("standard",)): 2,
        make_selection(criticality=("low", "standard")): 2,
        make_selection(facility=("east",)): 2,
        make_selection(facility=("east",), supplier=("s", "t")): 1,
        make_selection(department=("surgery",), spend_category=("implants",)): 1,
        make_selection(["invoice_to_match", "invoice_to_posting"]): 4,
        make_selection("invoice_to_posting", criticality=("low",)): 1,
        make_selection(facility=("nowhere",)): 0,
    }

    found = told(database, days(3), *asked)

    assert [each.get("good", 0) for each in found] == list(asked.values())


def test_filters_narrow_down_what_is_counted(database: Database) -> None:
    ended = {"closed_at": days(1), "due_at": days(2)}
    store_handoffs(database, HandoffRow("1", facility="east", **ended), HandoffRow("2", facility="west", **ended))

    assert told(database, days(3), facility=("west",)) == [{"good": 1}]
    assert told(database, days(3), handoff=("order_to_receipt",)) == [{}]
    assert told(database, days(3), criticality=("low",)) == [{}]


def test_a_handoff_that_no_model_has_any_more_counts_nothing(database: Database) -> None:
    store_handoffs(database, HandoffRow("1", handoff="given_up", closed_at=days(1), due_at=days(2)))

    assert told(database, days(3), make_selection("given_up")) == [{}]


@pytest.mark.parametrize(
    ("strictly", "expected"), [(False, {"good": 2, "late": 1, "overdue": 1, "undecided": 1}), (True, {"good": 1, "late": 2, "overdue": 1, "undecided": 1})]
)  # fmt: skip
def test_a_promise_can_be_decided_so_long_after_its_clock_began_whatever_its_own_due_time(
    database: Database, *, strictly: bool, expected: dict[str, int]
) -> None:
    store_handoffs(
        database,
        HandoffRow("in time", closed_at=days(1), due_at=days(0.5)),
        HandoffRow("on the dot, without a target", closed_at=days(2)),
        HandoffRow("late", closed_at=days(2.5), due_at=days(9)),
        HandoffRow("open", due_at=days(9)),
        HandoffRow("opened lately", opened_at=days(2)),
        HandoffRow("cancelled and taken up again", cancelled_at=days(1), is_gone=1),
    )

    assert told(database, days(3), terms=Terms(Duration(2 * 86_400, "clock"), strictly)) == [expected]


def test_business_time_after_its_clock_began_is_that_of_the_facilitys_calendar(
    database: Database, clock: ManualClock
) -> None:
    # Monday 8:00 UTC is 2:00 in Chicago: eight business hours from 9:00 on end at 17:00 there, 23:00 UTC.
    known = registry("America/Chicago", office=calendar("09:00-17:00"))
    publish_registry(database, known, clock)
    publish_calendars(database, known, clock)
    due = datetime(2026, 1, 5, 23, tzinfo=UTC)
    store_handoffs(
        database,
        HandoffRow("in time", closed_at=due, facility="office@America/Chicago"),
        HandoffRow("late", closed_at=due + timedelta(seconds=1), facility="office@America/Chicago"),
        HandoffRow("elsewhere the clock never stops", closed_at=OPENED + 8 * HOUR + timedelta(seconds=1), facility="x"),
    )

    assert told(database, days(3), terms=Terms(Duration(8 * 3600, "business_seconds"))) == [{"good": 1, "late": 2}]


def test_cells_are_cut_where_slices_begin_from_their_anchor_on(database: Database) -> None:
    store_handoffs(
        database, *[HandoffRow(f"{n}", closed_at=OPENED + n * HOUR, due_at=days(9)) for n in (1, 2, 3, 5, 7)]
    )
    grid = Grid(OPENED + HOUR / 2, 2 * HOUR)

    cells = Outcomes(database, MODELS).cells([make_selection()], [OPENED], Filters(days(1)), Terms(grid=grid))

    starts = [(cell.since - OPENED) / HOUR for cell in cells]
    assert dict(zip(starts, [cell.good for cell in cells], strict=True)) == {0.5: 2, 2.5: 1, 4.5: 1, 6.5: 1}


WORLDS = count()  # each example has rows of its own
SECONDS = st.integers(0, 40).map(lambda number: timedelta(seconds=number * 21_600))
ENDINGS = st.sampled_from(["open", "closed", "cancelled"])
PROMISE = st.tuples(SECONDS, SECONDS, ENDINGS, st.one_of(st.none(), SECONDS), st.sampled_from(["", "first", "resume", "reset"]), SECONDS)  # fmt: skip


def rows_of(number: int, facility: str, promise: tuple) -> Sequence[HandoffRow]:
    """A promise, and where a reversal reopened it its next cycle."""
    opens, lasts, ending, allowed, reopens, again = promise
    opened, ended = OPENED + opens, OPENED + opens + lasts
    due = None if allowed is None else opened + allowed
    about = {"facility": facility, "opened_at": opened, "due_at": due}
    ends = {"closed": {"closed_at": ended}, "cancelled": {"cancelled_at": ended}, "open": {}}[ending]
    row = HandoffRow(f"{facility}-{number}", **about, **ends)
    if ending != "closed" or not reopens or again == timedelta():
        return [row]
    reopened = ended + again
    first = {"first_opened_at": opened} if reopens != "reset" else {}
    delay = {"first": timedelta(), "resume": again, "reset": reopened - opened}[reopens]
    next_due = None if due is None else due + delay
    return [row, HandoffRow(row.object_id, cycle=2, facility=facility, opened_at=reopened, due_at=next_due, **first)]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(PROMISE, min_size=1, max_size=12), st.lists(SECONDS, min_size=1, max_size=4), SECONDS)
def test_outcomes_are_those_that_an_oracle_finds_row_by_row(
    database: Database, promises: list[tuple], cuts: list[timedelta], asked: timedelta
) -> None:
    world = f"world-{next(WORLDS)}"
    rows = [row for number, promise in enumerate(promises) for row in rows_of(number, world, promise)]
    store_handoffs(database, *rows)
    as_of, bounds = OPENED + asked, sorted({OPENED + cut for cut in cuts})

    cells = Outcomes(database, MODELS).cells([make_selection(facility=(world,))], bounds, Filters(as_of))

    found = [each for each in decisions(rows, as_of) if each.at >= bounds[0]]
    for since, until in zip(bounds, [*bounds[1:], as_of + 99 * DAY], strict=True):
        expected = counted(found, since, until - timedelta(microseconds=1))
        sums = summed(cell for cell in cells if since <= cell.since < until)
        told_of = {"good": sums.get("good", 0), "bad": sums.get("late", 0) + sums.get("overdue", 0), "cancelled": sums.get("cancelled", 0)}  # fmt: skip
        assert told_of == {name: expected[name] for name in told_of}
    assert summed(cells).get("undecided", 0) == sum(each.what == "undecided" for each in decisions(rows, as_of)) * (
        as_of >= bounds[0]
    )

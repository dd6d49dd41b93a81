from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.handoff_rows import HandoffRow, store_handoffs
from support.objective_values import FAST, make_objective, make_part
from support.outcome_oracle import counted, decisions, left_of_budget

from core.clickhouse import Database
from core.errors import NotFoundError
from core.filters import Filters
from correlator.loading import load_models
from slo.evaluation import Evaluation, points_of
from slo.evaluations import Evaluations
from slo.objectives import CalendarWindow, Objective, RollingWindow

pytestmark = pytest.mark.database
MODELS = load_models(["procure-to-pay"])
AS_OF = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AWAITED = MODELS[0].handoffs["invoice_to_match"].awaits


def ago(days: float) -> datetime:
    return AS_OF - timedelta(days=days)


def promise(name: str, *, due: datetime, closed: datetime | None = None, **changes: object) -> HandoffRow:
    return HandoffRow(name, opened_at=min(due, closed or due) - 5 * DAY, due_at=due, closed_at=closed, **changes)


def kept(count: int, at: datetime, **changes: object) -> list[HandoffRow]:
    return [promise(f"kept {at} {n} {changes}", due=at + HOUR, closed=at, **changes) for n in range(count)]


def broken(count: int, at: datetime, **changes: object) -> list[HandoffRow]:
    return [promise(f"broken {at} {n} {changes}", due=at, closed=at + HOUR, **changes) for n in range(count)]


def evaluate(
    database: Database, objective: Objective, as_of: datetime = AS_OF, **filters: tuple[str, ...]
) -> Evaluation:
    return Evaluations(database, MODELS, (objective,)).one(objective.name, Filters(as_of, **filters))


def hear(
    database: Database, integration: str, at: datetime, *, heartbeat: timedelta = 2 * HOUR, beside: str = "another"
) -> None:
    """`beside`: who else was heard then. An insert that says the same as one before is taken for a repetition."""
    database.insert(
        "integrations",
        ("integration", "name", "owner", "tier", "heartbeat_seconds", "published_at"),
        [(integration, "AP automation", "", "", int(heartbeat.total_seconds()), at)],
    )
    heard = [(who, at.replace(second=0), at) for who in (integration, beside)]
    database.insert("heard", ("integration", "minute", "newest"), heard)


def test_a_budget_is_what_the_target_allows_of_what_was_decided_in_the_window(database: Database) -> None:
    # By hand: 36 of 40 are kept where 90 % have to be: 4 may be broken, and 4 are.
    store_handoffs(database, *kept(36, ago(3)), *broken(4, ago(2)), *broken(9, ago(31)), promise("open", due=ago(-1)))

    found = evaluate(database, make_objective())

    assert (found.counts.good, found.counts.bad, found.counts.undecided) == (36, 4, 1)
    assert found.reading.budget.share == Fraction(9, 10)
    assert (found.reading.budget.remaining, found.reading.budget.left_items) == (0, 0)
    assert found.state == "kept"
    assert not found.is_stale


def test_a_burn_is_told_over_both_windows_and_as_a_part_of_the_windows_budget(database: Database) -> None:
    # By hand: 3 of 4 broken in 6 h burn 7.5 times the 10 % allowed; six hours are a 120th of 30 days: 6.25 % of it.
    store_handoffs(database, *kept(1, AS_OF - 2 * HOUR), *broken(2, AS_OF - 3 * HOUR), *broken(1, AS_OF - HOUR / 4))

    (burn,) = evaluate(database, make_objective()).burns

    assert (burn.long, burn.short, burn.spent) == (Fraction(15, 2), 10, Fraction(1, 16))
    assert burn.outcome == "matched"


def test_a_burn_that_is_over_is_healthy_and_one_that_nothing_tells_of_is_frozen(database: Database) -> None:
    store_handoffs(database, *broken(3, AS_OF - 3 * HOUR), *kept(3, AS_OF - HOUR / 4))
    over = evaluate(database, make_objective())
    later = evaluate(database, make_objective(), AS_OF + 2 * HOUR)

    assert (over.burns[0].short, over.burns[0].outcome) == (0, "healthy")
    assert (later.burns[0].short, later.burns[0].outcome) == (None, "healthy")  # 5 of 10 is below six times the pace
    assert evaluate(database, make_objective(), AS_OF + 9 * HOUR).burns[0].outcome == "frozen"


def test_nothing_decided_is_frozen_and_not_healthy(database: Database) -> None:
    store_handoffs(database, promise("open", due=ago(-1)))

    found = evaluate(database, make_objective())

    assert (found.state, found.reading.budget.remaining, found.burns[0].outcome) == ("frozen", None, "frozen")
    assert found.counts.undecided == 1


def test_what_fell_due_after_its_integration_fell_silent_is_stale_and_what_fell_due_before_is_bad(
    database: Database,
) -> None:
    heard = AS_OF - 5 * HOUR
    hear(database, AWAITED, heard)
    store_handoffs(
        database,
        promise("before", due=heard - HOUR),
        promise("just then", due=heard),
        promise("after", due=heard + timedelta(microseconds=1)),
        promise("long after", due=AS_OF - HOUR),
        promise("told by another", due=AS_OF - HOUR, closed=AS_OF - HOUR / 2),
        *kept(7, ago(1)),
    )

    found = evaluate(database, make_objective())

    assert (found.counts.good, found.counts.bad, found.counts.stale) == (7, 3, 2)
    assert (found.coverage.heard, found.coverage.silent_since) == (0, heard)
    assert found.is_stale
    assert found.state == "frozen"
    assert found.burns[0].outcome == "frozen"


def test_a_silence_within_the_heartbeat_excuses_nothing(database: Database) -> None:
    hear(database, AWAITED, AS_OF - 5 * HOUR, heartbeat=5 * HOUR)
    store_handoffs(database, promise("late", due=AS_OF - HOUR), *kept(9, ago(1)))

    found = evaluate(database, make_objective())

    assert (found.counts.bad, found.counts.stale, found.is_stale, found.state) == (1, 0, False, "kept")


def test_an_integration_that_was_never_heard_leaves_what_it_should_tell_stale(database: Database) -> None:
    hear(database, AWAITED, AS_OF + DAY)
    store_handoffs(database, promise("late", due=ago(9)))

    found = evaluate(database, make_objective())

    assert (found.counts.bad, found.counts.stale) == (0, 1)
    assert [each.hearing for each in found.coverage.awaited] == ["never_seen"]
    assert found.state == "frozen"


def test_a_part_whose_integration_is_heard_goes_on_where_another_is_silent(database: Database) -> None:
    hear(database, AWAITED, AS_OF - 5 * HOUR)
    hear(database, "erp", AS_OF)
    both = make_part(["invoice_to_match", "order_to_erp"])
    order = {"handoff": "order_to_erp", "object_type": "purchase_order"}
    store_handoffs(
        database, *kept(8, ago(1)), *broken(1, ago(1), **order), promise("a", due=AS_OF - HOUR), promise("b", due=AS_OF - HOUR, **order)
    )  # fmt: skip

    found = evaluate(database, make_objective(both))

    assert MODELS[0].handoffs["order_to_erp"].awaits == "erp"
    assert (found.counts.good, found.counts.bad, found.counts.stale) == (8, 2, 1)
    assert (found.coverage.heard, len(found.coverage.awaited)) == (1, 2)
    assert (found.state, found.is_stale) == ("missed", True)


def test_slices_without_a_decision_are_gaps_and_the_running_one_counts_nothing_yet(database: Database) -> None:
    # Six-hour slices of two days before 12:00: eight are over. One good at half, one bad, six gaps.
    store_handoffs(
        database, *kept(1, ago(1)), *broken(1, ago(1)), *kept(1, ago(0.5)), *broken(2, ago(0.5)), *kept(1, AS_OF)
    )
    window = RollingWindow(2 * DAY)
    sliced = {"window": window, "slice": 6 * HOUR, "alerts": ()}
    strict = make_objective(method="Timeslices", slice_target=Fraction(1, 2), **sliced)
    mean = make_objective(method="RatioTimeslices", **sliced)

    first, second = evaluate(database, strict), evaluate(database, mean)

    assert (first.reading.budget.share, first.reading.budget.decided, first.gaps) == (Fraction(1, 2), 2, 6)
    assert (second.reading.budget.share, second.gaps) == ((Fraction(1, 2) + Fraction(1, 3)) / 2, 6)
    assert first.counts.good == 3  # instances stay what they are


def test_a_composite_is_the_weighted_mean_of_its_parts_and_says_which_has_nothing(database: Database) -> None:
    post = {"handoff": "invoice_to_posting"}
    store_handoffs(database, *kept(3, ago(1)), *broken(1, ago(1)), *kept(1, ago(1), **post), *broken(1, ago(1), **post))
    parts = (make_part(), make_part("invoice_to_posting", weight=3), make_part("order_to_receipt", Fraction(1, 2)))

    found = evaluate(database, make_objective(*parts))

    assert [each.share for each in found.reading.parts] == [Fraction(3, 4), Fraction(1, 2), None]
    assert found.reading.budget.share == (Fraction(3, 4) + 3 * Fraction(1, 2)) / 4
    assert found.reading.left_out == ("order_to_receipt",)
    assert found.reading.budget.target == Fraction(9, 10)


def test_a_calendar_window_begins_where_its_zone_says_and_its_history_has_its_midnights(database: Database) -> None:
    # Midnight of 1 March in Chicago is 06:00 UTC.
    begins = datetime(2026, 3, 1, 6, tzinfo=UTC)
    month = CalendarWindow("month", 1, datetime(2026, 1, 1), "America/Chicago")  # noqa: DTZ001 - local, by its zone
    store_handoffs(
        database, *kept(4, begins), *broken(1, begins - timedelta(seconds=1)), *broken(1, begins + 30 * HOUR)
    )

    found = evaluate(database, make_objective(window=month))

    assert (found.counts.good, found.counts.bad) == (4, 1)
    assert [each.at for each in found.history] == [begins + n * DAY for n in (1, 2, 3)] + [AS_OF]
    assert [each.remaining for each in found.history] == [1, -1, -1, -1]


def test_filters_narrow_an_objective_down_and_leave_out_those_that_cannot_have_them(database: Database) -> None:
    low, any_ = make_objective(make_part(selecting={"criticality": ("low",)}), name="low"), make_objective()
    store_handoffs(database, *kept(2, ago(1), facility="east"), *kept(3, ago(1), facility="west", criticality="low"))
    ask = Evaluations(database, MODELS, (any_, low)).all

    def found(**filters: tuple[str, ...]) -> dict[str, int]:
        return {each.objective.name: each.counts.good for each in ask(Filters(AS_OF, **filters))}

    assert found() == {any_.name: 5, "low": 3}
    assert found(facility=("east",)) == {any_.name: 2, "low": 0}
    assert found(criticality=("standard",)) == {any_.name: 2}
    assert found(handoff=("order_to_erp",)) == {}


def test_one_that_does_not_exist_is_named_with_what_was_meant(database: Database) -> None:
    with pytest.raises(NotFoundError, match=r"there is no objective 'invoices-match'.*invoices-matched"):
        Evaluations(database, MODELS, (make_objective(),)).one("invoices-match", Filters(AS_OF))


def test_all_at_once_say_what_each_says_alone(database: Database) -> None:
    windows = (RollingWindow(DAY), RollingWindow(30 * DAY), CalendarWindow("week", 1, datetime(2026, 1, 5), "UTC"))  # noqa: DTZ001 - local, by its zone
    several = tuple(
        make_objective(make_part(handoff), name=f"{handoff}-{number}", window=window)
        for number, window in enumerate(windows)
        for handoff in ("invoice_to_match", "invoice_to_posting")
    )
    for days in (0.4, 1.5, 12):
        store_handoffs(database, *kept(3, ago(days)), *broken(2, ago(days), handoff="invoice_to_posting"))
    asked = Evaluations(database, MODELS, several)

    together, with_past = asked.all(Filters(AS_OF)), asked.all(Filters(AS_OF), history=True)

    alone = [asked.one(each.name, Filters(AS_OF)) for each in several]
    assert [(each.reading, each.burns) for each in together] == [(each.reading, each.burns) for each in alone]
    assert with_past == alone
    assert not any(each.history for each in together)


WORLDS = count()  # each example has rows of its own
HOURS = st.integers(-24 * 8, 24).map(lambda hours: AS_OF + hours * HOUR)
LATE = st.sampled_from([timedelta(), timedelta(hours=5), 3 * DAY])  # after it was, an opening or an end is told
PROMISE = st.tuples(HOURS, st.one_of(st.none(), HOURS), st.booleans(), st.sampled_from(["invoice_to_match", "order_to_erp"]), LATE, LATE)  # fmt: skip


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(PROMISE, min_size=1, max_size=15), HOURS, st.one_of(st.none(), HOURS))
def test_counts_budget_and_past_are_those_that_an_oracle_finds_row_by_row(
    database: Database, promises: list[tuple], as_of: datetime, silent_since: datetime | None
) -> None:
    key = f"world-{next(WORLDS)}"
    types = {"invoice_to_match": "invoice", "order_to_erp": "purchase_order"}
    rows = [
        HandoffRow(f"{key}-{n}", opened_at=AS_OF - 9 * DAY, due_at=due, handoff=handoff, object_type=types[handoff],
            facility=key, opened_received_at=AS_OF - 9 * DAY + opening,
            **({} if end is None else {"cancelled_at" if is_cancelled else "closed_at": end, "ended_received_at": end + ending}))
        for n, (due, end, is_cancelled, handoff, opening, ending) in enumerate(promises)
    ]  # fmt: skip
    store_handoffs(database, *rows)
    database.execute("TRUNCATE TABLE heard")
    database.execute("TRUNCATE TABLE integrations")
    if silent_since:
        hear(database, AWAITED, silent_since, heartbeat=3 * HOUR, beside=key)
    part = make_part(list(types), selecting={"facility": (key,)})
    objective = make_objective(part, window=RollingWindow(3 * DAY))

    found = evaluate(database, objective, as_of)

    is_lost = silent_since is not None and (as_of - silent_since > 3 * HOUR or silent_since > as_of)
    lost = {"invoice_to_match": silent_since if silent_since and silent_since <= as_of else None} if is_lost else {}
    story = decisions(rows, as_of, lost)
    assert vars(found.counts) == counted(story, as_of - 3 * DAY, as_of)
    after = as_of + timedelta(microseconds=1)
    assert found.reading.budget.remaining == left_of_budget(story, as_of - 3 * DAY, after, part.target)
    assert [each.remaining for each in found.history] == [
        left_of_budget(story, at - 3 * DAY, after if at == as_of else at, part.target)
        for at in points_of(objective.window, as_of)
    ]
    (burn,) = found.burns
    (long, short) = (left_of_budget(story, as_of - each, after, part.target) for each in (FAST.long, FAST.short))
    assert (burn.long, burn.short) == (None if long is None else 1 - long, None if short is None else 1 - short)

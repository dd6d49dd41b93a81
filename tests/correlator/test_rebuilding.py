"""A rebuild that is asked for while everything runs: noted at once, done later, one at a time."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from support.facts import MONDAY, fact, store

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import NotFoundError, StoreUnavailableError
from correlator.loading import load_models
from correlator.rebuilding import Rebuilds
from correlator.tick import Correlator, RunReport

MINUTE = timedelta(minutes=1)


def done_by(clock: ManualClock, model: str, order: list[str]) -> Callable[[], RunReport]:
    def rebuild() -> RunReport:
        order.append(model)
        clock.advance(MINUTE)
        return RunReport(model, 1, clock.now(), 7, worked=True)

    return rebuild


def test_what_was_asked_for_is_done_in_its_order_and_says_how_it_went() -> None:
    clock, order = ManualClock(MONDAY), list[str]()
    rebuilds = Rebuilds(lambda: {name: done_by(clock, name, order) for name in ("first", "second")}, clock)
    rebuilds.ask("second", "key:ops")
    clock.advance(MINUTE)
    rebuilds.ask("first", "key:ops")

    worked = [rebuilds.run_next() for _ in range(3)]

    assert (worked, order) == ([True, True, False], ["second", "first"])
    second = rebuilds.of("second")
    assert second is not None
    assert (second.state, second.by, second.roots) == ("done", "key:ops", 7)
    assert (second.asked_at, second.began_at, second.ended_at) == (MONDAY, MONDAY + MINUTE, MONDAY + 2 * MINUTE)


def test_one_that_waits_is_not_asked_for_twice_and_one_that_ended_can_be_again() -> None:
    clock, order = ManualClock(MONDAY), list[str]()
    rebuilds = Rebuilds(lambda: {"only": done_by(clock, "only", order)}, clock)

    asked = [rebuilds.ask("only", "key:a"), rebuilds.ask("only", "key:b")]
    rebuilds.run_next()
    again = rebuilds.ask("only", "key:b")

    assert asked[0] == asked[1]
    assert (again.state, again.by, order) == ("asked", "key:b", ["only"])


def test_one_that_fails_says_why() -> None:
    def fails() -> RunReport:
        message = "the store is away"
        raise StoreUnavailableError(message)

    rebuilds = Rebuilds(lambda: {"only": fails}, ManualClock(MONDAY))
    rebuilds.ask("only", "key:a")

    with pytest.raises(StoreUnavailableError):
        rebuilds.run_next()

    failed = rebuilds.of("only")
    assert failed is not None
    assert (failed.state, failed.problem) == ("failed", "the store is away")


def test_a_model_that_is_not_configured_is_not_rebuilt() -> None:
    rebuilds = Rebuilds(dict, ManualClock(MONDAY))

    with pytest.raises(NotFoundError, match="no model 'leases' to rebuild"):
        rebuilds.ask("leases", "key:a")

    assert rebuilds.of("leases") is None


@pytest.mark.database
def test_it_derives_every_journey_anew(database: Database, clock: ManualClock) -> None:
    (model,) = load_models(["procure-to-pay"])
    correlator = Correlator(database, model, clock)
    store(database, [fact("a", "purchase_order.created", MONDAY, "purchase_order:1")])
    rebuilds = Rebuilds(lambda: {model.model: correlator.rebuild}, clock)
    rebuilds.ask(model.model, "key:ops")

    rebuilds.run_next()

    found = rebuilds.of(model.model)
    assert found is not None
    assert (found.state, found.roots) == ("done", 1)

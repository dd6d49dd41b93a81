"""What a tick follows of the inserts it finds."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from support.derived import snapshot, stored_memberships
from support.facts import MONDAY, fact, store
from support.otlp import event, logs

from collector.landing import Landing
from collector.otlp import stamped
from collector.receipts import Submission
from collector.signals import LOGS
from collector.stamps import Stamps
from core.clickhouse import Database
from core.clock import ManualClock, SystemClock
from core.errors import StoreError
from correlator.loading import load_models
from correlator.tick import Correlator
from correlator.touches import MOST_NAMED, OVER_AFTER, Touches, before, look, named

SECOND = timedelta(seconds=1)
(P2P,) = load_models(["procure-to-pay"])
ORDER = fact("a", "purchase_order.created", MONDAY, "purchase_order:1")
RUNS = "SELECT query_id FROM system.processes WHERE query LIKE '%sleepEachRow%' AND query NOT LIKE '%system.processes%'"


def found(seconds: float, running: tuple[str, ...] | None, **counts: int) -> Touches:
    """Inserts by the second they began at; the query of each is called as it is."""
    seen = [(MONDAY + int(name[1:]) * SECOND, count, [name]) for name, count in counts.items()]
    return Touches.found(seen, MONDAY + seconds * SECOND, running)


def follow(*states: Touches) -> list[tuple[float, ...]]:
    """What each run follows after those before it, by the seconds at which it began."""
    followed, runs = Touches(), []
    for state in states:
        runs.append(tuple((at - MONDAY) / SECOND for at in state.beyond(followed)))
        followed = state
    return runs


def test_an_insert_that_is_over_when_it_is_seen_is_followed_once() -> None:
    over = OVER_AFTER / SECOND

    runs = follow(found(1, (), s0=3), found(2, (), s0=3), found(over + 1, (), s0=3))

    assert runs == [(0,), (), ()]


def test_an_insert_is_followed_while_it_runs_when_more_of_it_is_seen_and_when_it_is_over() -> None:
    runs = follow(
        found(1, ("s0",), s0=3),
        found(2, ("s0",), s0=3),
        found(3, ("s0",), s0=5),
        found(4, ("other",), s0=5),
        found(5, (), s0=5),
    )

    assert runs == [(0,), (), (0,), (0,), ()]


@pytest.mark.parametrize("running", [None, ()])
def test_where_nobody_says_which_queries_run_an_insert_is_over_when_it_must_have_been_given_up(
    running: tuple[str, ...] | None,
) -> None:
    """The engine does not tell, or the insert did not say which query it is."""
    over = OVER_AFTER / SECOND
    times = [1, 2, over - 1, over, over + 1]
    seen = [(MONDAY, 3, ["" if running is not None else "s0"])]

    runs = follow(*[Touches.found(seen, MONDAY + at * SECOND, running) for at in times])

    assert runs == [(0,), (), (), (0,), ()]


def test_what_began_after_the_engine_was_asked_is_left_to_the_next_run() -> None:
    assert found(0, (), s0=1, s1=1).beyond(Touches()) == (MONDAY,)


def test_the_inserts_to_follow_are_in_order_and_too_many_to_name_stand_for_all() -> None:
    inserts = found(9, (), s3=1, s1=1).beyond(Touches())
    many = [MONDAY] * (MOST_NAMED + 1)

    assert named(inserts) == [MONDAY + SECOND, MONDAY + 3 * SECOND]
    assert before(inserts) == MONDAY + SECOND - timedelta(microseconds=1)
    assert named(many) == []


def submission(*numbers: int) -> Submission:
    events = [event(subject=f"purchase_order:{n}", objects=[f"invoice:{n}"]) for n in numbers]
    name = f"of {numbers}"
    return Submission(LOGS, name, stamped(logs(*events), Stamps(name, 1_772_625_600_000_000)), len(events))


@pytest.mark.database
def test_an_insert_that_has_ended_is_over_at_once(database: Database) -> None:
    before_it = SystemClock().now() - SECOND
    Landing(database).write([submission(1)])

    [(count, is_over)] = look(database, before_it).inserts.values()

    assert (count, is_over) == (2, not database.cluster)


@contextmanager
def running_query(database: Database) -> Iterator[str]:
    """A query that runs until this ends; its id."""
    asked = "SELECT count() FROM numbers(600) WHERE sleepEachRow(0.1) = 0"
    asking = threading.Thread(target=lambda: _until_killed(database, asked))
    asking.start()
    try:
        while not (rows := database.rows(RUNS)) and asking.is_alive():
            pass
        yield rows[0]["query_id"]
    finally:
        for row in database.rows(RUNS):
            database.execute("KILL QUERY WHERE query_id = {id:String} SYNC", id=row["query_id"])
        asking.join()


def _until_killed(database: Database, asked: str) -> None:
    with pytest.raises(StoreError):
        database.rows(asked, {"max_block_size": 1})


@pytest.mark.database
def test_what_becomes_visible_later_than_its_touches_is_followed_when_the_insert_is_over(
    database: Database, clock: ManualClock
) -> None:
    if database.cluster:
        pytest.skip("no engine says of all of a cluster what runs: it is followed once more when it must be over")
    live = Correlator(database, P2P, clock)
    live.tick()
    now = SystemClock().now()
    with running_query(database) as query:
        touched = ("stored_at", "object_type", "object_id", "query_id")
        database.insert("touched_objects", touched, [[now, "purchase_order", "1", query]])
        seen = live.tick()
        store(database, [ORDER], stored_at=now, touches=False)
        still = live.tick()
    ended = live.tick()
    after = live.tick()

    assert [report.worked for report in (seen, still, ended, after)] == [True, False, True, False]
    assert stored_memberships(database) == {(("purchase_order", "1"), ("purchase_order", "1"))}
    [journey] = database.rows("SELECT first_event_at FROM journeys FINAL")
    assert journey == {"first_event_at": MONDAY}


@pytest.mark.database
def test_an_insert_that_failed_half_way_and_is_repeated_is_followed(database: Database, clock: ManualClock) -> None:
    live, landing = Correlator(database, P2P, clock), Landing(database)
    live.tick()
    for node in database.nodes:
        node.execute("ALTER TABLE event_objects ADD CONSTRAINT none CHECK object_id != '1'")
    with pytest.raises(StoreError, match="none"):
        landing.write([submission(1)])
    live.tick()
    for node in database.nodes:
        node.execute("ALTER TABLE event_objects DROP CONSTRAINT none")
    landing.write([submission(1)])

    live.tick()

    ticked = snapshot(database)
    live.rebuild()
    assert len(ticked["journeys"]) == 1
    assert ticked == snapshot(database)

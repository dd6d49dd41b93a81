"""A rebuild while live: readers see what was in force, whole, and then what it derived, whole."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.facts import MONDAY, fact, store
from support.rebuild_process import BY_ORDER, BY_QUOTATION, MOVED, P2P, TOGETHER, Interrupted, store_orders

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import StoreError, StoreUnavailableError
from correlator import tick
from correlator.model import JourneyModel
from correlator.switch_over import DERIVED, Rebuilt, SwitchOver, tables_beside
from correlator.tick import Correlator, RunReport
from correlator.whole_reads import WholeReads, only

ROOT = Path(__file__).parents[2]


def correlator(database: Database, clock: ManualClock, model: JourneyModel = P2P) -> Correlator:
    return Correlator(database, model, clock)


def interrupted(database: Database, text: str, act: Callable[[], None]) -> Interrupted:
    opened = Interrupted.open(database.dsn, database=database.name)
    assert isinstance(opened, Interrupted)
    return opened.interrupt(text, act)


def die() -> None:
    raise InterruptedError


def derived(database: Database) -> dict[str, list[dict[str, Any]]]:
    return {table: database.rows(f"SELECT * FROM {table} FINAL ORDER BY ALL") for table in DERIVED}


def beside(database: Database) -> list[str]:
    rows = database.rows(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE '%\\_next%' ORDER BY name"
    )
    return [row["name"] for row in rows]


def patient(database: Database) -> Database:
    """Readers who would not wait."""

    def give_up(_: float) -> None:
        message = "a switch-over is under way"
        raise AssertionError(message)

    return database.guarded(WholeReads(database, wait=give_up))


def rebuilt_up_to(database: Database, clock: ManualClock, model: JourneyModel, text: str) -> None:
    """Rebuild, and die right before the first statement that holds a text."""
    with pytest.raises(InterruptedError):
        correlator(interrupted(database, text, die), clock, model).rebuild()


@pytest.mark.database
def test_a_reader_beside_rebuilds_sees_one_derivation_whole(database: Database, clock: ManualClock) -> None:
    store_orders(database)
    correlator(database, clock).rebuild()
    reading, ended = database.guarded(WholeReads(database)), threading.Event()

    def read() -> list[dict[str, Any]]:
        seen = []
        while not ended.is_set():
            seen += reading.rows(TOGETHER)
        return seen

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        try:
            for model in (MOVED, P2P, MOVED):
                correlator(database, clock, model).rebuild()
        finally:
            ended.set()
        seen = [row for reader in readers for row in reader.result()]

    assert BY_ORDER in seen
    assert [row for row in seen if row not in (BY_ORDER, BY_QUOTATION)] == []
    assert reading.rows(TOGETHER) == [BY_QUOTATION]


@pytest.mark.database
def test_a_rebuild_that_dies_leaves_the_old_derivation_in_force_and_the_next_run_starts_anew(
    database: Database, clock: ManualClock
) -> None:
    store_orders(database)
    correlator(database, clock).rebuild()
    before = derived(database)
    rebuilt_up_to(database, clock, MOVED, "INSERT INTO {handoffs:Identifier}")
    after = derived(database)

    correlator(database, clock, MOVED).tick()

    assert after == before
    assert database.rows(TOGETHER) == [BY_QUOTATION]
    assert beside(database) == []


@pytest.mark.database
def test_a_switch_over_that_was_cut_short_keeps_readers_waiting_until_the_next_run_finishes_it(
    database: Database, clock: ManualClock
) -> None:
    store_orders(database)
    correlator(database, clock).rebuild()
    rebuilt_up_to(database, clock, MOVED, "FROM journeys_next")
    waited: list[float] = []
    reading = database.guarded(WholeReads(database, wait=waited.append))
    with pytest.raises(StoreUnavailableError, match="the correlator finishes it"):
        reading.rows(TOGETHER)

    correlator(database, clock, MOVED).tick()

    assert waited
    assert reading.rows(TOGETHER) == [BY_QUOTATION]
    assert beside(database) == []


@pytest.mark.database
@pytest.mark.parametrize(
    "late_at", ["FROM link_statements_next", "FROM journeys_next", "INSERT INTO correlator_runs", "DROP TABLE"]
)
def test_whoever_is_late_to_finish_a_switch_over_leaves_what_another_has_finished(
    database: Database, clock: ManualClock, late_at: str
) -> None:
    store_orders(database)
    correlator(database, clock).rebuild()
    rebuilt_up_to(database, clock, MOVED, "FROM journeys_next")
    first = correlator(database, clock, MOVED)

    def finish_and_go_on() -> None:
        first.tick()
        store(database, [fact("new", "invoice.received", MONDAY, "invoice:new", "purchase_order:1")])
        first.tick()

    late = correlator(interrupted(database, late_at, finish_and_go_on), clock, MOVED)
    late.tick()
    late.tick()

    assert patient(database).rows(TOGETHER) == [
        BY_QUOTATION | {"links": BY_QUOTATION["links"] + 1, "members": BY_QUOTATION["members"] + 1}
    ]
    assert beside(database) == []


@pytest.mark.database
@pytest.mark.parametrize(
    ("meets", "winner"),
    [
        ("INTO {run_contexts", BY_ORDER),  # the other is done when this one begins to switch over
        ("FROM journeys_next", BY_QUOTATION),  # the other finishes this one, and then takes its place
        ("DROP TABLE", BY_QUOTATION),
    ],
)
def test_of_two_rebuilds_at_once_the_one_that_began_its_switch_over_last_wins_as_a_whole(
    database: Database, clock: ManualClock, meets: str, winner: dict[str, Any]
) -> None:
    store_orders(database)
    correlator(database, clock).rebuild()

    def meet() -> None:
        correlator(database, clock, MOVED).rebuild()

    correlator(interrupted(database, meets, meet), clock).rebuild()

    assert patient(database).rows(TOGETHER) == [winner]
    assert beside(database) == []


@pytest.mark.database
@pytest.mark.parametrize("ends", [True, False])
@pytest.mark.parametrize("is_newer", [True, False])
def test_of_two_switch_overs_under_way_the_newer_wins_whoever_finishes_it(
    database: Database, clock: ManualClock, *, is_newer: bool, ends: bool
) -> None:
    store_orders(database)
    correlator(database, clock).rebuild()
    rebuilt_up_to(database, clock, MOVED, "INSERT INTO switch_overs")  # its tables are complete
    number = int(beside(database)[0].rsplit("_", 1)[1])
    other = SwitchOver(database, P2P.model, clock)
    revision = 2 * number if is_newer else number - 1000

    def begin() -> None:
        other.begin(Rebuilt(revision, MONDAY, f"{tick.EDITION}:by:quotation", 200, number))
        if ends:
            other.finish(lambda one: correlator(database, clock)._record("rebuild", one.revision, MONDAY, "", 0))

    correlator(interrupted(database, "FROM journeys_next", begin), clock).rebuild()
    correlator(database, clock)._make_up()
    other.drop(tables_beside(number))

    assert patient(database).rows(TOGETHER) == [BY_QUOTATION if is_newer else BY_ORDER]


@pytest.mark.database
def test_a_switch_over_whose_tables_are_gone_is_begun_anew(database: Database, clock: ManualClock) -> None:
    store_orders(database)
    correlator(database, clock, MOVED).rebuild()
    rebuilt_up_to(database, clock, MOVED, "FROM journeys_next")
    for table in beside(database):
        database.execute(f"DROP TABLE {table} SYNC")

    correlator(database, clock, MOVED).tick()

    assert patient(database).rows(TOGETHER) == [BY_QUOTATION]


@pytest.mark.database
def test_a_switch_over_that_an_earlier_version_began_is_begun_anew(
    database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_orders(database)
    correlator(database, clock).rebuild()
    with monkeypatch.context() as earlier:
        earlier.setattr(tick, "EDITION", tick.EDITION - 1)
        rebuilt_up_to(database, clock, MOVED, "FROM journeys_next")
    (handoffs,) = [table for table in beside(database) if table.startswith("handoffs")]
    database.execute(f"DROP TABLE {handoffs} SYNC")
    engine = (
        "ReplacingMergeTree(revision, is_gone) PARTITION BY model ORDER BY (model, handoff, object_type, object_id)"
    )
    database.execute(f"CREATE TABLE {handoffs} AS handoffs ENGINE = {engine}")

    correlator(database, clock, MOVED).tick()

    assert patient(database).rows(TOGETHER) == [BY_QUOTATION]
    assert beside(database) == []


@pytest.mark.database
def test_tables_of_rebuilds_that_died_go_once_nobody_writes_to_them(database: Database, clock: ManualClock) -> None:
    store_orders(database)
    rebuilt_up_to(database, clock, P2P, "INSERT INTO switch_overs")
    died = beside(database)
    rebuilt_up_to(database, clock, P2P, "FROM journeys_next")
    begun = sorted(set(beside(database)) - set(died))

    SwitchOver(database, P2P.model, clock).drop_abandoned()
    assert beside(database) == sorted([*died, *begun])
    SwitchOver(database, "another", clock, silence=timedelta(0)).drop_abandoned()
    assert beside(database) == begun
    correlator(database, clock).tick()

    assert beside(database) == []


@pytest.mark.database
def test_a_rebuild_that_cannot_make_all_its_tables_leaves_none(database: Database, clock: ManualClock) -> None:
    for node in database.nodes:
        node.execute("RENAME TABLE handoffs TO elsewhere")
    try:
        with pytest.raises(StoreError, match="handoffs"):
            correlator(database, clock).rebuild()
    finally:
        for node in database.nodes:
            node.execute("RENAME TABLE elsewhere TO handoffs")

    assert [beside(each) for each in (database, *database.nodes)] == [[], *([] for _ in database.nodes)]


@pytest.mark.database
def test_what_arrives_during_a_rebuild_is_followed_by_the_next_tick(database: Database, clock: ManualClock) -> None:
    store_orders(database)
    late = fact("late", "invoice.received", MONDAY, "invoice:late", "purchase_order:1")
    live = correlator(interrupted(database, "INTO {run_contexts", lambda: store(database, [late])), clock)

    live.rebuild()
    live.tick()

    assert {"object_id": "late"} in database.rows(
        "SELECT object_id FROM journey_members FINAL WHERE root_id = '1' AND object_type = 'invoice'"
    )


@pytest.mark.database
def test_while_it_rebuilds_another_thread_is_not_kept_waiting_with_a_tick(
    database: Database, clock: ManualClock
) -> None:
    store_orders(database)
    meanwhile: list[RunReport | None] = []

    def tick_elsewhere() -> None:
        thread = threading.Thread(target=lambda: meanwhile.append(live.tick_unless_busy()))
        thread.start()
        thread.join()

    live = correlator(interrupted(database, "INTO {run_contexts", tick_elsewhere), clock)
    live.rebuild()

    assert meanwhile == [None]
    assert live.tick_unless_busy() is not None


def test_killed_while_it_rebuilds_the_old_is_in_force_and_while_it_switches_over_the_new(tmp_path: Path) -> None:
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))

    def rebuild(*interruption: str) -> tuple[int, list[dict[str, Any]]]:
        script = str(ROOT / "tests" / "support" / "rebuild_process.py")
        ended = subprocess.run(
            [sys.executable, script, str(tmp_path / "db"), *interruption],
            env={**os.environ, "PYTHONPATH": path},  # noqa: TID251 - the process needs what this one has
            stdout=subprocess.PIPE,
            check=False,
        )
        return ended.returncode, [json.loads(line) for line in ended.stdout.splitlines()]

    assert rebuild("INSERT INTO {handoffs:Identifier}") == (-signal.SIGKILL, [BY_ORDER])
    assert rebuild("FROM journeys_next") == (-signal.SIGKILL, [BY_ORDER])
    assert rebuild()[1][1] == BY_QUOTATION


@pytest.mark.database
def test_one_models_rebuild_leaves_anothers_rows_alone(database: Database, clock: ManualClock) -> None:
    store_orders(database)
    other = P2P.model_copy(update={"model": "another"})
    correlator(database, clock, other).rebuild()
    before = database.rows("SELECT * FROM journey_members FINAL WHERE model = 'another' ORDER BY ALL")

    correlator(database, clock).rebuild()

    assert database.rows("SELECT * FROM journey_members FINAL WHERE model = 'another' ORDER BY ALL") == before != []


@pytest.mark.database
def test_a_model_that_is_configured_no_longer_is_neither_seen_nor_waited_for(
    database: Database, clock: ManualClock
) -> None:
    store_orders(database)
    correlator(database, clock).rebuild()
    removed = P2P.model_copy(update={"model": "removed"})
    rebuilt_up_to(database, clock, removed, "FROM journeys_next")
    models = [P2P.model]

    def give_up(_: float) -> None:
        message = "a model that is not read is waited for"
        raise AssertionError(message)

    reading = database.guarded(WholeReads(database, models, wait=give_up), only(models))
    tables = [f"SELECT DISTINCT model FROM {table}" for table in ("correlator_runs", "handoffs", "current_links")]

    assert reading.rows(TOGETHER) == [BY_ORDER]
    assert [reading.rows(f"{table} WHERE model != 'procure-to-pay'") for table in tables] == [[], [], []]
    assert {"model": "removed"} in database.rows("SELECT DISTINCT model FROM links")
    correlator(database, clock, removed).tick()  # leaves nothing behind
    assert beside(database) == []


@pytest.mark.database
def test_a_version_that_does_not_hold_reaches_quarantine_once_whenever_the_run_that_noticed_it_died(
    database: Database, clock: ManualClock
) -> None:
    other = P2P.model_copy(update={"model": "another"})
    for version, order in ((1, "A"), (2, "B")):
        store(
            database, [fact("e", "invoice.received", MONDAY, "invoice:1", f"purchase_order:{order}", version=version)]
        )
    with pytest.raises(InterruptedError):
        correlator(interrupted(database, "INSERT INTO quarantine", die), clock).tick()
    for model in (P2P, other, P2P):
        correlator(database, clock, model).tick()
        correlator(database, clock, model).rebuild()

    assert database.rows("SELECT reason, detail FROM quarantine") == [{"reason": "conflicting_event", "detail": "e"}]


@pytest.mark.database
def test_a_conflict_noticed_by_one_model_is_followed_by_every_model(database: Database, clock: ManualClock) -> None:
    live = [correlator(database, clock), correlator(database, clock, P2P.model_copy(update={"model": "another"}))]
    store(database, [fact("e", "invoice.received", MONDAY, "invoice:1", "purchase_order:A", version=1)])
    for each in live:
        each.tick()
    store(database, [fact("e", "invoice.received", MONDAY, "invoice:1", "purchase_order:B", version=2)])
    for each in live:
        each.tick()

    assert database.rows("SELECT DISTINCT model, parent_id FROM links FINAL ORDER BY model") == [
        {"model": "another", "parent_id": "A"},
        {"model": "procure-to-pay", "parent_id": "A"},
    ]

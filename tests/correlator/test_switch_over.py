"""A rebuild while live: readers see what was in force, whole, and then what it derived, whole."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from support.facts import MONDAY, fact, store
from support.rebuild_process import BY_ORDER, BY_QUOTATION, MOVED, P2P, TOGETHER, Interrupted, store_orders

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import StoreError, StoreUnavailableError
from correlator.model import JourneyModel
from correlator.switch_over import DERIVED, NEXT, WholeReads
from correlator.tick import Correlator

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


@pytest.mark.database
def test_each_derived_table_has_one_beside_it_of_equal_structure(database: Database) -> None:
    columns = "SELECT name, type, default_expression FROM system.columns WHERE database = currentDatabase() AND table = {t:String}"

    for table, beside in NEXT.items():
        assert database.rows(columns, t=table) == database.rows(columns, t=beside) != []


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
    database.execute("RENAME TABLE handoffs_next TO elsewhere")
    with pytest.raises(StoreError, match="handoffs_next"):
        correlator(database, clock, MOVED).rebuild()
    after = derived(database)
    database.execute("RENAME TABLE elsewhere TO handoffs_next")

    correlator(database, clock, MOVED).tick()

    assert after == before
    assert database.rows(TOGETHER) == [BY_QUOTATION]


@pytest.mark.database
def test_a_switch_over_that_was_cut_short_keeps_readers_waiting_until_the_next_run_finishes_it(
    database: Database, clock: ManualClock
) -> None:
    store_orders(database)
    correlator(database, clock).rebuild()
    dying = interrupted(database, "ALTER TABLE journeys REPLACE", die)
    with pytest.raises(InterruptedError):
        correlator(dying, clock, MOVED).rebuild()
    waited: list[float] = []
    reading = database.guarded(WholeReads(database, waited.append))
    with pytest.raises(StoreUnavailableError, match="the correlator finishes it"):
        reading.rows(TOGETHER)

    correlator(database, clock, MOVED).tick()

    assert waited
    assert reading.rows(TOGETHER) == [BY_QUOTATION]
    assert {beside: database.rows(f"SELECT count() AS n FROM {beside}")[0]["n"] for beside in NEXT.values()} == (
        dict.fromkeys(NEXT.values(), 0)
    )


@pytest.mark.database
def test_what_arrives_during_a_rebuild_is_followed_by_the_next_tick(database: Database, clock: ManualClock) -> None:
    store_orders(database)
    late = fact("late", "invoice.received", MONDAY, "invoice:late", "purchase_order:1")
    live = correlator(interrupted(database, "INTO run_contexts", lambda: store(database, [late])), clock)

    live.rebuild()
    live.tick()

    assert {"object_id": "late"} in database.rows(
        "SELECT object_id FROM journey_members FINAL WHERE root_id = '1' AND object_type = 'invoice'"
    )


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
    assert rebuild("ALTER TABLE journeys REPLACE") == (-signal.SIGKILL, [BY_ORDER])
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

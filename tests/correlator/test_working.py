"""Where a run has its working rows, and what becomes of a run that loses them."""

from datetime import timedelta

import pytest
from support.correlation_oracle import memberships
from support.derived import snapshot, stored_memberships
from support.facts import MONDAY, fact, store
from support.rebuild_process import Interrupted

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import StoreUnavailableError
from correlator.loading import load_models
from correlator.tick import Correlator
from correlator.working import PROMISES, RUN_TABLES, SIGNALS

pytestmark = pytest.mark.database

(P2P,) = load_models(["procure-to-pay"])
TABLES = (*RUN_TABLES, *SIGNALS, *PROMISES)
HOUR = timedelta(hours=1)
ORDERS = [fact(f"o{n}", "purchase_order.created", MONDAY, f"purchase_order:{n}") for n in range(4)]
BILLED = fact("b", "invoice.received", MONDAY, "invoice:1", *(f"purchase_order:{n}" for n in range(4)))


def columns(database: Database, table: str) -> list[dict[str, str]]:
    asked = "SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String}"
    return database.rows(f"{asked} ORDER BY position", table=table)


@pytest.mark.parametrize("table", TABLES)
def test_working_rows_have_the_same_columns_in_memory_and_on_disk(database: Database, table: str) -> None:
    assert columns(database, table.replace("run_", "tick_"))
    assert columns(database, table.replace("run_", "tick_")) == columns(database, table)


@pytest.mark.parametrize("in_memory", [0, 2, 6, 30_000])
def test_a_tick_derives_the_same_in_memory_and_on_disk_and_leaves_no_working_rows(
    database: Database, clock: ManualClock, in_memory: int
) -> None:
    """With 2 what is touched fits, and what it leads to does not."""
    live = Correlator(database, P2P, clock, objects_in_memory=in_memory)
    for facts in (ORDERS[:2], [BILLED], ORDERS[2:], [fact("c", "invoice.matched", MONDAY, "invoice:1")]):
        store(database, facts)
        live.tick()
    ticked = snapshot(database)

    rows = {
        name: database.rows(f"SELECT count() AS n FROM {name}")[0]["n"] for table in TABLES for name in names(table)
    }
    live.rebuild()

    assert stored_memberships(database) == memberships(P2P, [*ORDERS, BILLED])
    assert snapshot(database) == ticked
    assert not any(rows.values())


def test_rows_in_memory_of_a_process_that_was_killed_go_after_an_hour(database: Database, clock: ManualClock) -> None:
    if database.cluster:
        pytest.skip("on a cluster all working rows are on disk")
    live = Correlator(database, P2P, clock)
    live.tick()
    killed, under_way = (int((clock.now() - ago).timestamp() * 1_000_000) for ago in (HOUR * 1.5, HOUR / 2))
    for revision in (killed, under_way):
        database.insert("tick_runs", ("revision",), [(revision,)])
        database.insert("tick_objects", ("revision", "object_type", "object_id"), [(revision, "invoice", "1")])
    store(database, ORDERS)

    live.tick()

    left = {table: database.rows(f"SELECT revision FROM {table}") for table in ("tick_runs", "tick_objects")}
    for table in left:
        database.execute(f"TRUNCATE TABLE {table}")
    assert list(left.values()) == [[{"revision": under_way}]] * 2


def test_a_tick_whose_journeys_hold_more_than_is_kept_in_memory_has_its_rows_on_disk(
    database: Database, clock: ManualClock
) -> None:
    bills = [fact(f"b{n}", "invoice.received", MONDAY, f"invoice:{n}", "purchase_order:0") for n in range(5)]
    store(database, [*ORDERS[:1], *bills])
    Correlator(database, P2P, clock).tick()
    store(database, [fact("s", "purchase_order.synced", MONDAY, "purchase_order:0")])
    opened = Interrupted.open(database.dsn, database=database.name)
    assert isinstance(opened, Interrupted)
    rows: list[dict[str, int]] = []

    def look() -> None:
        asked = "SELECT (SELECT count() FROM tick_objects) AS in_memory, (SELECT count() FROM run_members) AS on_disk"
        rows.extend(database.rows(asked))

    live = Correlator(opened.interrupt("{run_events:Identifier}\n", look), P2P, clock, objects_in_memory=1)
    live.tick()

    assert rows == [{"in_memory": 0, "on_disk": 6}]
    assert stored_memberships(database) == memberships(P2P, [*ORDERS[:1], *bills])


def names(table: str) -> tuple[str, str]:
    return table, table.replace("run_", "tick_")


@pytest.mark.parametrize(
    "statement", ["{run_roots:Identifier} (", "{run_contexts:Identifier}\n", "handoffs:Identifier}\n"]
)
def test_a_run_whose_store_starts_again_is_begun_anew(database: Database, clock: ManualClock, statement: str) -> None:
    if database.cluster:
        pytest.skip("on a cluster all working rows are on disk")
    Correlator(database, P2P, clock).tick()
    store(database, [*ORDERS, BILLED])
    opened = Interrupted.open(database.dsn, database=database.name)
    assert isinstance(opened, Interrupted)

    def forget() -> None:
        """What is in memory goes when the engine starts."""
        for table in (*(name.replace("run_", "tick_") for name in TABLES), "tick_runs"):
            database.execute(f"TRUNCATE TABLE {table}")

    with pytest.raises(StoreUnavailableError, match="begun anew"):
        Correlator(opened.interrupt(statement, forget), P2P, clock).tick()
    Correlator(database, P2P, clock).tick()

    assert stored_memberships(database) == memberships(P2P, [*ORDERS, BILLED])

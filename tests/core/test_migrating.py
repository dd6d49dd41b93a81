"""Several processes that migrate one database: one does so at a time, and the next goes on where one was killed."""

from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from support.rebuild_process import Interrupted

from core.clickhouse import Database
from core.clock import ManualClock
from core.migrating import LOOKS, MARKED, alone
from core.migrations import Migration, migrate
from core.sql import sql

pytestmark = pytest.mark.database

FACTS = Migration(
    1,
    "0001_facts",
    "CREATE TABLE IF NOT EXISTS facts (id UInt8) ENGINE = MergeTree ORDER BY id;\nINSERT INTO facts VALUES (1);\n",
)
ANEW = Migration(
    2,
    "0002_anew",
    "CREATE OR REPLACE TABLE facts_fine AS facts;\nINSERT INTO facts_fine SELECT * FROM facts;\n"
    "EXCHANGE TABLES facts AND facts_fine;\nDROP TABLE IF EXISTS facts_fine SYNC;\n",
)


def another(database: Database) -> Interrupted:
    opened = Interrupted.open(database.dsn, database=database.name)
    assert isinstance(opened, Interrupted)
    return opened


@pytest.mark.parametrize("meets", ["INSERT INTO facts_fine", "EXCHANGE TABLES", "DROP TABLE IF EXISTS facts_fine"])
def test_who_migrates_is_waited_for_and_nothing_is_lost(
    empty_database: Database, clock: ManualClock, meets: str
) -> None:
    migrate(empty_database, clock, [FACTS])
    others: list[Future[list[Migration]]] = []

    def meet() -> None:
        others.append(pool.submit(migrate, another(empty_database), clock, [FACTS, ANEW]))
        with pytest.raises(TimeoutError):
            others[0].result(timeout=1)

    with ThreadPoolExecutor(1) as pool:
        applied = migrate(another(empty_database).interrupt(meets, meet), clock, [FACTS, ANEW])

    assert (applied, others[0].result()) == ([ANEW], [])
    assert empty_database.rows("SELECT id FROM facts") == [{"id": 1}]


def test_one_that_was_killed_is_taken_over_once_nothing_of_it_runs(empty_database: Database) -> None:
    empty_database.execute(sql("core", "begin_migrating"))
    looks: list[float] = []
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(another(empty_database).rows, "SELECT sleep(1)", MARKED)
        while not empty_database.rows(sql("core", "who_migrates"), mark=MARKED["log_comment"])[0]["running"]:
            pass

        with alone(empty_database, wait=looks.append):
            assert running.done()

    assert len(looks) >= LOOKS
    with alone(empty_database, wait=looks.clear):
        assert looks


def test_a_migration_that_fails_keeps_nobody_waiting(empty_database: Database) -> None:
    waits: list[float] = []

    with pytest.raises(InterruptedError), alone(empty_database, wait=waits.append):
        raise InterruptedError
    with alone(empty_database, wait=waits.append):
        pass

    assert waits == []

import re
from dataclasses import replace

import pytest

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import StallwatchError, StoreError
from core.migrations import Migration, migrate, migrations, pending

# What comes out the same however often it is done, without saying so: settings and queries are replaced, and a minimum or a
# maximum that is told twice stays what it is.
# A table that is made anew from itself as `<name>_by_model` or `<name>_fine` starts from an empty one each time, whether or not
# the two had been exchanged already: it is filled from the one in force, and dropped only after the exchange.
ANEW = "_(?:by_model|fine)"
REPEATABLE = tuple(
    re.compile(pattern)
    for pattern in (
        "IF (NOT )?EXISTS",
        "MODIFY SETTING",
        "MODIFY QUERY",
        "MATERIALIZE INDEX",
        "^KILL MUTATION",
        "^INSERT INTO (trace_index_by_week|runs_begun|open_handoffs|open_handoffs_since)\\b",
        rf"^CREATE OR REPLACE TABLE (\w+){ANEW} AS \1\n",
        rf"^INSERT INTO (\w+){ANEW}( \([^)]+\))? SELECT [^;]+? FROM \1\b",
        rf"^EXCHANGE TABLES (\w+) AND \1{ANEW}$",
    )
)
# Working tables of one run, like the tables that a rebuild once wrote beside (`_next`), keep nothing.
WORKING = ("run_", "schema_migrations")
# What a migration does that could lose rows; one that only makes tables or columns has none to lose.
MOVES = re.compile("INSERT INTO|EXCHANGE|RENAME|REPLACE|DROP|DELETE")
# What is not random: nothing says of itself that it is gone, and no hospital has hundreds of models (a partition each).
CHOSEN = {"is_gone": "0", "model": "['one', 'two', 'three'][rowNumberInAllBlocks() % 3 + 1]"}


def tables(database: Database) -> set[str]:
    return {row["name"] for row in database.rows("SELECT name FROM system.tables WHERE database = currentDatabase()")}


def stored(database: Database) -> list[str]:
    """The tables that hold what must be kept, by name: those that forget are not among them."""
    rows = database.rows(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'"
        " AND engine_full NOT LIKE '% TTL %' ORDER BY name"
    )
    return [row["name"] for row in rows if not row["name"].startswith(WORKING) and not row["name"].endswith("_next")]


def sorting_keys(database: Database) -> dict[str, str]:
    rows = database.rows("SELECT name, sorting_key FROM system.tables WHERE database = currentDatabase()")
    return {row["name"]: row["sorting_key"] for row in rows}


def populate(database: Database, table: str) -> None:
    """Three random rows. States of aggregates come by views alone."""
    columns = database.rows(
        "SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String}"
        " AND default_kind NOT IN ('ALIAS', 'MATERIALIZED') ORDER BY position",
        table=table,
    )
    if any(column["type"].startswith("AggregateFunction") for column in columns):
        return
    structure = ", ".join(f"`{column['name']}` {column['type']}" for column in columns)
    names = ", ".join(f"`{column['name']}`" for column in columns)
    values = ", ".join(CHOSEN.get(column["name"], f"`{column['name']}`") for column in columns)
    database.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM generateRandom({{structure:String}}) LIMIT 3",
        structure=structure,
    )


def distinct(database: Database, table: str, key: str) -> int:
    """How many keys: random ones may be equal, and tables that replace fold rows of one key whenever they like."""
    return int(database.rows(f"SELECT uniqExact({key}) AS n FROM {table}")[0]["n"])


def test_no_two_shipped_migrations_have_the_same_number() -> None:
    assert len({step.number for step in migrations()}) == len(migrations())


def test_a_comment_is_no_statement_whatever_it_ends_with() -> None:
    step = Migration(1, "0001_x", "-- one;\n\nSELECT 1;\n  -- two;\nSELECT ';', 2\n;\n-- three;\n")

    assert step.statements == ("SELECT 1", "SELECT ';', 2")


@pytest.mark.parametrize("step", migrations(), ids=lambda step: step.name)
def test_every_shipped_statement_is_safe_to_repeat(step: Migration) -> None:
    unsafe = [text for text in step.statements if not any(pattern.search(text) for pattern in REPEATABLE)]

    assert unsafe == []


@pytest.mark.database
def test_migrating_twice_applies_everything_once(empty_database: Database, clock: ManualClock) -> None:
    first = migrate(empty_database, clock)
    second = migrate(empty_database, clock)

    assert first == migrations()
    assert second == []
    assert pending(empty_database) == []


@pytest.mark.database
def test_listing_what_is_pending_changes_nothing(empty_database: Database) -> None:
    listed = pending(empty_database)

    assert listed == migrations()
    assert tables(empty_database) == set()


@pytest.mark.database
def test_when_and_what_was_applied_is_kept_in_the_store(empty_database: Database, clock: ManualClock) -> None:
    step = Migration(1, "0001_first", "CREATE TABLE IF NOT EXISTS first (id UInt8) ENGINE = Memory;\n")

    migrate(empty_database, clock, [step])

    assert empty_database.rows("SELECT number, name, applied_at FROM schema_migrations") == [
        {"number": 1, "name": "0001_first", "applied_at": clock.now()}
    ]


@pytest.mark.database
def test_a_migration_changed_after_it_was_applied_is_refused(database: Database, clock: ManualClock) -> None:
    shipped = migrations()
    changed = [replace(shipped[0], text=shipped[0].text + "-- changed\n"), *shipped[1:]]

    with pytest.raises(StallwatchError, match=r"^migration 0001_facts was applied with another text"):
        migrate(database, clock, changed)


@pytest.mark.database
def test_a_database_newer_than_this_version_is_refused(database: Database) -> None:
    with pytest.raises(StallwatchError, match=rf"^the database has migration {migrations()[-1].number}, .*; upgrade$"):
        pending(database, migrations()[:-1])


@pytest.mark.database
def test_a_migration_that_failed_half_way_can_be_finished(empty_database: Database, clock: ManualClock) -> None:
    good = "CREATE TABLE IF NOT EXISTS first (id UInt8) ENGINE = Memory;\n"
    last = "CREATE TABLE IF NOT EXISTS last (id UInt8) ENGINE = Memory;\n"
    broken = Migration(1, "0001_x", good + "CREATE TABLE IF NOT EXISTS broken (id Nonsense) ENGINE = Memory;\n" + last)
    mended = replace(broken, text=good + last)

    with pytest.raises(StoreError):
        migrate(empty_database, clock, [broken])
    half_way = tables(empty_database)
    applied = migrate(empty_database, clock, [mended])

    assert half_way == {"schema_migrations", "first"}
    assert applied == [mended]
    assert tables(empty_database) == {"schema_migrations", "first", "last"}


@pytest.mark.database
def test_each_migration_keeps_what_was_stored_under_every_version_before_it(
    empty_database: Database, clock: ManualClock
) -> None:
    for done, step in enumerate(migrations()):
        populated = stored(empty_database) if MOVES.search(step.text) else []
        keys = sorting_keys(empty_database)
        for table in populated:
            populate(empty_database, table)
        held = {table: distinct(empty_database, table, keys[table]) for table in populated}

        applied = migrate(empty_database, clock, migrations()[: done + 1])

        assert applied == [step]
        assert {table: distinct(empty_database, table, keys[table]) for table in populated} == held, step.name
    assert pending(empty_database) == []

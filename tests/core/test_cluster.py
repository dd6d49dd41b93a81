"""Four nodes are one cluster, and a database on it is migrated, written and read as one on a single node is."""

import secrets
from collections.abc import Iterator

import pytest
from support.clickhouse_cluster import ClickHouseCluster

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import StallwatchError, StoreUnavailableError
from core.migrations import Migration, migrate, pending

pytestmark = [pytest.mark.enable_socket, pytest.mark.process]

# Facts land in a table that stores nothing; one view stores them, another one follows what was stored.
LANDING = Migration(
    1,
    "0001_landing",
    """
CREATE TABLE IF NOT EXISTS landing (id UInt32, name String) ENGINE = Null;
CREATE TABLE IF NOT EXISTS facts (id UInt32, name String) ENGINE = ReplacingMergeTree ORDER BY (id, name)
SETTINGS non_replicated_deduplication_window = 100;
CREATE TABLE IF NOT EXISTS by_name (name String, id UInt32) ENGINE = ReplacingMergeTree ORDER BY (name, id)
SETTINGS non_replicated_deduplication_window = 100;
CREATE TABLE IF NOT EXISTS touched (stored_at DateTime64(6), id UInt32) ENGINE = MergeTree ORDER BY stored_at
SETTINGS non_replicated_deduplication_window = 100;
CREATE MATERIALIZED VIEW IF NOT EXISTS touched_mv TO touched AS SELECT now64(6) AS stored_at, id FROM landing;
CREATE MATERIALIZED VIEW IF NOT EXISTS facts_mv TO facts AS SELECT id, upper(name) AS name FROM landing;
CREATE MATERIALIZED VIEW IF NOT EXISTS by_name_mv TO by_name AS SELECT name, id FROM facts;
CREATE VIEW IF NOT EXISTS named AS SELECT id FROM facts FINAL WHERE name != '';
""",
)
COLUMN = Migration(2, "0002_column", "ALTER TABLE facts ADD COLUMN IF NOT EXISTS weight UInt8 DEFAULT 7;")


@pytest.fixture
def database(cluster: ClickHouseCluster) -> Iterator[Database]:
    """A database on the cluster, without any table."""
    database = Database.open(cluster.dsn, database=f"t_{secrets.token_hex(6)}")
    yield database
    for node in database.nodes:
        for name in (database.name, node.name):
            node.execute(f"DROP DATABASE IF EXISTS {name} SYNC")
    database.close()


@pytest.fixture
def facts(database: Database, clock: ManualClock) -> Database:
    """A database that was migrated."""
    migrate(database, clock, [LANDING])
    return database


def insert(database: Database, *ids: int, token: str | None = None) -> None:
    database.insert("landing", ("id", "name"), [(number, f"n{number}") for number in ids], token=token)


def ids(database: Database, table: str) -> list[int]:
    return [row["id"] for row in database.rows(f"SELECT id FROM {table} ORDER BY id")]


def test_each_row_stands_on_both_replicas_of_one_shard(facts: Database) -> None:
    insert(facts, *range(20))

    first, its_copy, second, its_copy_too = (ids(node, "facts") for node in facts.nodes)

    assert (its_copy, its_copy_too) == (first, second)
    assert sorted(first + second) == list(range(20))
    assert first
    assert second


def test_the_same_rows_in_another_order_stand_on_the_same_shard(facts: Database) -> None:
    insert(facts, *range(20))

    assert [ids(node, "by_name") for node in facts.nodes] == [ids(node, "facts") for node in facts.nodes]
    assert ids(facts, "by_name") == list(range(20))


def test_a_row_told_twice_is_one_wherever_it_came_in(facts: Database, cluster: ClickHouseCluster) -> None:
    hosts = [f"127.0.0.1:{node.http_port}" for node in cluster.nodes]
    elsewhere = Database.open(cluster.dsn.replace(",".join(hosts), ",".join(reversed(hosts))), database=facts.name)

    insert(facts, *range(20))
    insert(elsewhere, *range(20))

    assert ids(facts, "named") == ids(elsewhere, "named") == list(range(20))
    elsewhere.close()


def test_an_insert_repeated_under_its_token_stores_nothing(facts: Database) -> None:
    for node in facts.nodes:
        node.execute("SYSTEM STOP MERGES")
    insert(facts, *range(10), token="batch-1")
    insert(facts, *range(10), token="batch-1")
    insert(facts, *range(10), token="batch-2")
    stored = [ids(facts, table) for table in ("facts", "by_name", "touched")]
    for node in facts.nodes:
        node.execute("SYSTEM START MERGES")

    assert stored == [sorted([*range(10), *range(10)])] * 3


def test_what_changes_stored_rows_reaches_every_node(facts: Database) -> None:
    insert(facts, *range(20))

    facts.execute("DELETE FROM facts WHERE id < {below:UInt32}", below=18)
    some = [ids(facts, "facts"), sorted(number for node in facts.nodes for number in ids(node, "facts"))]
    facts.execute("-- all of it\nTRUNCATE TABLE facts")

    assert some == [[18, 19], [18, 18, 19, 19]]
    assert ids(facts, "facts") == []


def test_a_subquery_knows_the_rows_of_all_shards(facts: Database) -> None:
    insert(facts, *range(20))

    rows = facts.rows("SELECT id FROM named WHERE id + 1 IN (SELECT id FROM by_name WHERE id < 5) ORDER BY id")
    joined = facts.rows("SELECT count() AS n FROM facts AS one JOIN by_name AS other ON one.id = 19 - other.id")

    assert [row["id"] for row in rows] == [0, 1, 2, 3]
    assert joined == [{"n": 20}]


def test_migrating_again_changes_what_is_spread_and_keeps_the_rows(facts: Database, clock: ManualClock) -> None:
    insert(facts, *range(20))

    repeated = migrate(facts, clock, [LANDING])
    listed = pending(facts, [LANDING, COLUMN])
    applied = migrate(facts, clock, [LANDING, COLUMN])

    assert repeated == []
    assert listed == applied == [COLUMN]
    assert facts.rows("SELECT count() AS n, sum(weight) AS weight FROM facts") == [{"n": 20, "weight": 140}]
    assert pending(facts, [LANDING, COLUMN]) == []


def test_a_node_that_was_migrated_alone_is_joined_by_the_others(database: Database, clock: ManualClock) -> None:
    migrate(database.nodes[1], clock, [LANDING])

    applied = migrate(database, clock, [LANDING])
    insert(database, 1)

    assert applied == [LANDING]
    assert ids(database, "named") == [1]


def test_a_database_with_rows_of_its_own_is_not_taken_over(
    cluster: ClickHouseCluster, database: Database, clock: ManualClock
) -> None:
    alone = Database.open(cluster.nodes[2].dsn, database=database.name)
    alone.execute("CREATE TABLE mine (id UInt32) ENGINE = MergeTree ORDER BY id")

    with pytest.raises(StallwatchError, match=r"holds rows in mine: it was made without \?cluster="):
        migrate(database, clock, [LANDING])

    assert [row["name"] for row in alone.rows("SHOW TABLES")] == ["mine"]
    alone.close()


def test_a_lost_replica_leaves_reads_whole_and_refuses_writes_until_it_is_back(
    facts: Database, cluster: ClickHouseCluster
) -> None:
    insert(facts, *range(10), token="batch-1")
    lost = cluster.nodes[3]

    lost.kill()
    read = ids(facts, "named")
    with pytest.raises(StoreUnavailableError) as refused:
        insert(facts, *range(10, 20), token="batch-2")
    lost.start()
    insert(facts, *range(10, 20), token="batch-2")

    assert read == list(range(10))
    assert refused.value.retryable
    assert ids(facts, "named") == list(range(20))
    assert ids(facts.nodes[3], "facts") == ids(facts.nodes[2], "facts")


def test_a_lost_first_node_is_stood_in_for_by_the_next(facts: Database, cluster: ClickHouseCluster) -> None:
    insert(facts, *range(10))

    cluster.nodes[0].kill()
    standing_in = Database.open(cluster.dsn, database=facts.name)
    read = ids(standing_in, "named")
    standing_in.close()
    cluster.nodes[0].start()

    assert read == list(range(10))

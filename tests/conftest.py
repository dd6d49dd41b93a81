"""What every test may use: a clock that stands still, and for `database` tests a database of its own."""

import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import structlog

from core.clickhouse import Database
from core.clock import ManualClock
from core.migrations import migrate

if TYPE_CHECKING:
    from support.clickhouse_cluster import ClickHouseCluster

NOT_EMPTY = """
SELECT name FROM system.tables
WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND total_rows > 0 AND name != 'schema_migrations'
"""
# A rebuild whose process ended while it made its tables leaves them: the product drops them a quarter of an hour later.
LEFT_BEHIND = "SELECT name FROM system.tables WHERE database = {database:String} AND name LIKE '%\\_next\\_%'"
LEAST_SECONDS = 900  # of what is scaled: a watchdog, no measurement
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--store",
        choices=("embedded", "listening", "cluster"),
        default="embedded",
        help="the engine behind `database` tests",
    )
    parser.addoption("--rounds", type=int, default=1, help="rounds of each chaos test (`make soak` plays 100)")
    parser.addoption(
        "--fuzz-inputs", type=int, default=1200, help="inputs of each fuzzing test (`make soak` sends 60,000)"
    )
    parser.addoption("--truth-seeds", type=int, default=5, help="simulated months held against their truth")
    parser.addoption("--truth-journeys", type=int, default=250, help="journeys of each of them")
    parser.addoption(
        "--worlds", type=int, default=300, help="worlds told to the correlator in any order (`make nightly`: 2,500)"
    )
    parser.addoption("--chaos-seed", type=int, default=8, help="what chaos and fuzzing draw their chances from")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let `database` tests reach loopback where the engine listens; everything else stays without sockets.

    A test whose length an option sets has as much time as that asks for, and never less than any other.
    """
    for item in items:
        if scaled := item.get_closest_marker("scaled_timeout"):
            option, seconds_each = scaled.args
            item.add_marker(pytest.mark.timeout(max(LEAST_SECONDS, config.getoption(option) * seconds_each)))
    if config.getoption("--store") != "embedded":
        for item in items:
            if item.get_closest_marker("database") is not None:
                item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """A test that configures logs would leave the next ones a stream that is closed by then."""
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()])
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def in_ci() -> bool:
    """Whether this is CI, where a tool that is missing fails its tests instead of skipping them."""
    return bool(os.environ.get("CI"))  # noqa: TID251 - only the environment says so


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture(scope="session")
def store_dsn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The DSN of one engine for the whole session: embedded, a real one that listens, or four of them as a cluster."""
    directory = tmp_path_factory.mktemp("store")
    if request.config.getoption("--store") == "embedded":
        engine = Database.open(f"chdb://{directory}/db")  # held open: the engine would else restart for every test
        yield engine.dsn
        engine.close()
        return
    if request.config.getoption("--store") == "cluster":
        yield request.getfixturevalue("cluster").dsn
        return
    from support.clickhouse_node import ClickHouseNode  # noqa: PLC0415 - needed by one of the engines only

    with ClickHouseNode(directory) as node:
        yield node.dsn


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[ClickHouseCluster]":
    """Four engines that listen, as two shards with two replicas each."""
    from support.clickhouse_cluster import ClickHouseCluster  # noqa: PLC0415 - needed by one of the engines only

    with ClickHouseCluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture
def empty_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of its own, without any table."""
    if request.node.get_closest_marker("database") is None:
        pytest.fail("a test that touches the database must be marked @pytest.mark.database")
    database = Database.open(request.getfixturevalue("store_dsn"), database=f"t_{secrets.token_hex(6)}")
    yield database
    drop(database)


@pytest.fixture(scope="session")
def migrated_database(store_dsn: str) -> Iterator[Database]:
    """One migrated database for the session: migrating costs more than most tests."""
    database = Database.open(store_dsn, database=f"t_{secrets.token_hex(6)}")
    migrate(database, ManualClock(NOON))
    yield database
    drop(database)


def drop(database: Database) -> None:
    for node in database.nodes:
        for name in dict.fromkeys((database.name, node.name)):
            node.execute(f"DROP DATABASE IF EXISTS {name} SYNC")
    database.close()


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated database with nothing in it; what the test leaves is removed after it."""
    if request.node.get_closest_marker("database") is None:
        pytest.fail("a test that touches the database must be marked @pytest.mark.database")
    database: Database = request.getfixturevalue("migrated_database")
    yield database
    for node in database.nodes:
        for name in dict.fromkeys((database.name, node.name)):
            for row in node.rows(LEFT_BEHIND, database=name):
                node.execute(f"DROP TABLE {name}.{row['name']} SYNC")
        for row in node.rows(NOT_EMPTY):
            node.execute(f"TRUNCATE TABLE {row['name']} SYNC")

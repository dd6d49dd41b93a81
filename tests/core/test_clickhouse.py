import gc
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.clickhouse_node import ClickHouseNode

from core.clickhouse import Database, Steps
from core.errors import SettingsError, StoreError, StoreUnavailableError

ROOT = Path(__file__).parents[2]
OPEN = "import sys; from core.clickhouse import Database; print(Database.open(sys.argv[1]).rows('SELECT 1 AS one'))"
OPEN_WITHOUT_ENGINE = "import sys; sys.modules['chdb'] = None; " + OPEN
FOLLOWED = """
CREATE TABLE facts (id UInt32) ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 100;
CREATE TABLE copies (id UInt32) ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 100;
CREATE MATERIALIZED VIEW facts_to_copies TO copies AS SELECT id FROM facts
"""


@pytest.fixture
def facts(empty_database: Database) -> Database:
    """A table and a copy of it that a view fills."""
    for statement in FOLLOWED.split(";"):
        empty_database.execute(statement)
    return empty_database


def counts(database: Database) -> tuple[int, int]:
    [row] = database.rows("SELECT (SELECT count() FROM facts) AS facts, (SELECT count() FROM copies) AS copies")
    return row["facts"], row["copies"]


@pytest.mark.database
def test_values_are_bound_and_times_come_back_aware(empty_database: Database) -> None:
    at = datetime(2026, 3, 4, 12, 0, 0, 123456, tzinfo=UTC)

    rows = empty_database.rows(
        "SELECT {at:DateTime64(6, 'UTC')} AS at, {text:String} AS text, {many:Array(String)} AS many",
        at=at,
        text="'; DROP TABLE facts; --",
        many=["Łódź", "{text:String}"],
    )

    assert rows == [{"at": at, "text": "'; DROP TABLE facts; --", "many": ["Łódź", "{text:String}"]}]


@pytest.mark.database
def test_a_repeated_token_stores_nothing_twice_views_included(facts: Database) -> None:
    for _ in range(3):
        facts.insert("facts", ("id",), [(1,), (2,)], token="batch-1")
        facts.insert_block("facts", b"3\n4\n", "TSV", token="batch-2")

    assert counts(facts) == (4, 4)


@pytest.mark.database
def test_equal_rows_under_different_tokens_are_both_stored(facts: Database) -> None:
    facts.insert("facts", ("id",), [(1,)], token="batch-1")
    facts.insert("facts", ("id",), [(1,)], token="batch-2")

    assert counts(facts) == (2, 2)


@pytest.mark.database
def test_inserting_no_rows_does_nothing(facts: Database) -> None:
    facts.insert("facts", ("id",), [])

    assert counts(facts) == (0, 0)


@pytest.mark.database
def test_a_result_can_be_exported_in_a_format_of_clickhouse(empty_database: Database) -> None:
    exported = empty_database.export("SELECT {name:String} AS name, 7 AS n", "CSVWithNames", name="a,b")

    assert exported == b'"name","n"\n"a,b",7\n'


@pytest.mark.database
def test_many_threads_share_one_database(facts: Database) -> None:
    def insert_and_count(number: int) -> int:
        facts.insert("facts", ("id",), [(number,)], token=f"batch-{number}")
        return int(facts.rows("SELECT count() AS n FROM facts WHERE id = {id:UInt32}", id=number)[0]["n"])

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(insert_and_count, range(64)))

    assert found == [1] * 64
    assert counts(facts) == (64, 64)


@pytest.mark.database
def test_threads_that_end_leave_no_client_behind(facts: Database) -> None:
    facts.rows("SELECT 1")

    for number in range(8):
        thread = threading.Thread(target=facts.rows, args=("SELECT {n:UInt8}",), kwargs={"n": number})
        thread.start()
        thread.join()
    gc.collect()

    assert len(facts._clients) <= 2


@pytest.mark.database
def test_a_closed_database_opens_again_when_it_is_used(facts: Database) -> None:
    facts.insert("facts", ("id",), [(1,)])

    facts.close()

    assert counts(facts) == (1, 1)


@pytest.mark.database
def test_a_statement_the_engine_refuses_is_one_line_that_names_the_reason(empty_database: Database) -> None:
    with pytest.raises(StoreError, match="UNKNOWN_TABLE") as refused:
        empty_database.rows("SELECT * FROM nowhere")

    assert "\n" not in str(refused.value)
    assert not refused.value.retryable


@pytest.mark.database
def test_too_little_memory_is_worth_another_try(empty_database: Database) -> None:
    with pytest.raises(StoreUnavailableError, match="MEMORY_LIMIT_EXCEEDED") as refused:
        empty_database.rows(
            "SELECT groupArray(toString(number)) AS all FROM numbers(1000000)", settings={"max_memory_usage": 1_000_000}
        )

    assert refused.value.retryable
    assert refused.value.status == 503


@pytest.mark.database
def test_a_settings_override_holds_for_one_statement_only(empty_database: Database) -> None:
    query = "SELECT toUInt64(getSetting('max_block_size')) AS size"

    overridden = empty_database.rows(query, settings={"max_block_size": 77})

    assert overridden == [{"size": 77}]
    assert empty_database.rows(query) != overridden


@pytest.mark.database
def test_a_database_shows_itself_without_its_password(empty_database: Database) -> None:
    shown = Database("clickhouse://u:hunter2@h/d", "d", {"password": "hunter2"}, empty_database._anchor)

    assert repr(shown) == "Database('clickhouse://u:***@h/d', 'd')"


def run(program: str, dsn: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program, dsn], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.process
def test_a_data_directory_belongs_to_one_process_until_it_ends(tmp_path: Path) -> None:
    dsn = f"chdb://{tmp_path}/db"
    holder = subprocess.Popen(
        [sys.executable, "-c", f"{OPEN}; sys.stdout.flush(); sys.stdin.read()", dsn],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "[{'one': 1}]\n"

    second = run(OPEN, dsn)
    holder.communicate("")
    third = run(OPEN, dsn)

    assert second.stderr.splitlines()[-1] == (
        "core.data_directory.DirectoryInUseError: the data directory "
        f"{tmp_path}/db is in use by another Stallwatch process; stop it or choose --data-dir"
    )
    assert third.stdout == "[{'one': 1}]\n"


@pytest.mark.process
def test_without_the_embedded_engine_the_message_says_what_to_install(tmp_path: Path) -> None:
    answer = run(OPEN_WITHOUT_ENGINE, f"chdb://{tmp_path}/db")

    assert answer.stderr.splitlines()[-1].startswith("core.errors.SettingsError: the embedded engine is not installed")


def test_a_data_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreUnavailableError, match=r"^cannot use the data directory .*/file/db: Not a directory$"):
        Database.open(f"chdb://{tmp_path}/file/db")


def test_a_dsn_of_another_kind_is_refused() -> None:
    with pytest.raises(SettingsError, match="the store must be"):
        Database.open("postgres://u:hunter2@h/d")


@pytest.mark.enable_socket
@pytest.mark.process
def test_an_unreachable_store_is_one_line_with_the_reason_and_without_the_password() -> None:
    with pytest.raises(StoreUnavailableError) as refused:
        Database.open("clickhouse://u:hunter2@127.0.0.1:1/d")

    assert str(refused.value) == (
        "the store clickhouse://u:***@127.0.0.1:1/d does not answer: "
        "Failed to establish a new connection: [Errno 111] Connection refused"
    )


@pytest.mark.enable_socket
@pytest.mark.process
def test_a_listening_store_can_be_lost_and_found_again(tmp_path: Path) -> None:
    with ClickHouseNode(tmp_path) as node:
        database = Database.open(node.dsn)
        for statement in FOLLOWED.split(";"):
            database.execute(statement)
        database.insert("facts", ("id",), [(1,)], token="batch-1")

        node.kill()
        with pytest.raises(StoreUnavailableError, match="does not answer") as lost:
            database.insert("facts", ("id",), [(2,)], token="batch-2")
        node.start()
        database.insert("facts", ("id",), [(2,)], token="batch-2")

        assert lost.value.retryable
        assert counts(database) == (2, 2)
        database.close()


@pytest.mark.enable_socket
@pytest.mark.process
def test_a_query_asked_again_while_it_still_runs_is_worth_another_try(tmp_path: Path) -> None:
    with ClickHouseNode(tmp_path) as node, ThreadPoolExecutor(1) as elsewhere:
        database = Database.open(node.dsn)
        first = elsewhere.submit(database.rows, "SELECT sleep(2)", {"query_id": "the-same"})
        while not database.rows("SELECT 1 FROM system.processes WHERE query_id = 'the-same'"):
            assert not first.done()

        with pytest.raises(StoreUnavailableError, match="already running"):
            database.rows("SELECT 1", {"query_id": "the-same"})

        first.result()
        database.close()


@pytest.mark.enable_socket
@pytest.mark.process
def test_a_refused_password_is_not_shown(tmp_path: Path) -> None:
    with ClickHouseNode(tmp_path) as node:
        with pytest.raises(StoreError, match="Authentication failed") as refused:
            Database.open(node.dsn.replace("default@", "default:hunter2@"))

        assert "hunter2" not in str(refused.value)
        assert not refused.value.retryable


@pytest.mark.database
@pytest.mark.parametrize("values", [{}, {"more": 1}])
def test_the_settings_of_an_insert_from_a_query_hold(empty_database: Database, values: dict[str, int]) -> None:
    empty_database.execute(
        "CREATE TABLE newest (id UInt8, version UInt8) ENGINE = ReplacingMergeTree(version) ORDER BY id"
    )
    one = "{more:UInt8}" if values else "1"

    empty_database.execute(
        f"INSERT INTO newest\n    (id,\n     version)\nWITH\n    {one} AS one\nSELECT one, number FROM numbers(3)",
        {"optimize_on_insert": 0},
        **values,
    )

    assert empty_database.rows("SELECT count() AS versions FROM newest") == [{"versions": 3}]


def numbers(steps: Steps, count: int) -> list[int]:
    steps.create("found", "CREATE OR REPLACE TEMPORARY TABLE found (n UInt32) ENGINE = Memory")
    steps.execute("INSERT INTO found SELECT number FROM numbers({count:UInt32})", count=count)
    return [row["n"] for row in steps.rows("SELECT n FROM found ORDER BY n")]


@pytest.mark.database
def test_what_steps_found_is_gone_afterwards_and_where_they_failed(database: Database) -> None:
    with database.in_steps() as steps:
        assert numbers(steps, 3) == [0, 1, 2]
    with pytest.raises(StoreError, match="nowhere"), database.in_steps() as steps:
        steps.rows("SELECT * FROM nowhere WHERE {numbers:UInt8} = 3", numbers=len(numbers(steps, 3)))

    with pytest.raises(StoreError, match="found"):
        database.rows("SELECT * FROM found")


@pytest.mark.database
def test_steps_of_two_askers_do_not_meet(database: Database) -> None:
    both = threading.Barrier(2, timeout=60)

    def ask(count: int) -> list[int]:
        with database.in_steps() as steps:
            numbers(steps, count)
            both.wait()
            found = [row["n"] for row in steps.rows("SELECT n FROM found ORDER BY n")]
            both.wait()
            return found

    with ThreadPoolExecutor(2) as at_once:
        assert list(at_once.map(ask, (2, 3))) == [[0, 1], [0, 1, 2]]

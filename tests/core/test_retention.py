"""Retention is set where it differs, counts from the receipt, drops whole parts, and can be changed later."""

import time
from collections.abc import Callable, Iterator

import pytest

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import SettingsError
from core.migrations import migrate
from core.retention import KEPT_TABLES, apply_retention, kept
from core.settings import Settings, load_settings

pytestmark = pytest.mark.database

PATIENCE_SECONDS = 60  # the engine looks for expired parts at times of its own
# Two spans and two events a week of receipt, which happened {lateness} weeks before that.
SPANS = """
INSERT INTO decoded_spans (trace_id, span_id, integration, started_at, received_at, objects)
SELECT unhex(hex(sipHash128(number, {weeks:UInt32}))), unhex(hex(sipHash64(number, {weeks:UInt32}))), 'erp',
    now64(9) - toIntervalWeek({weeks:UInt32} + {lateness:UInt32}), now64(6) - toIntervalWeek({weeks:UInt32}), [('invoice', '1')]
FROM numbers(2)
"""
EVENTS = """
INSERT INTO decoded_events (event_id, integration, type, occurred_at, received_at, stored_at, objects)
SELECT concat({weeks:String}, '-', toString(number)), 'erp', 'invoice.received',
    now64(6) - toIntervalWeek({weeks:UInt32} + {lateness:UInt32}), now64(6) - toIntervalWeek({weeks:UInt32}), now64(6),
    [('invoice', '1')]
FROM numbers(2)
"""
ALIASED = """
INSERT INTO aliased_event_objects (object_type, object_id, event_id, alias_id, integration, occurred_at, received_at)
SELECT 'invoice', '0', concat({weeks:String}, '-', toString(number)), '1', 'erp',
    now64(6) - toIntervalWeek({weeks:UInt32} + {lateness:UInt32}), now64(6) - toIntervalWeek({weeks:UInt32})
FROM numbers(2)
"""
QUARANTINE = """
INSERT INTO quarantine (quarantined_at, integration, signal, reason, record)
SELECT now64(6) - toIntervalWeek({weeks:UInt32}), 'erp', 'logs', 'no_event_type', '{}'
"""
CHANGES = """
INSERT INTO quarantine_changes (record_id, quarantined_at, status, changed_at)
SELECT 'r-1', now64(6) - toIntervalWeek({weeks:UInt32}), 'dismissed', now64(6)
"""
WEEKS = "SELECT DISTINCT dateDiff('week', {}, now64(6)) AS weeks FROM {} ORDER BY weeks"


@pytest.fixture
def database(database: Database) -> Iterator[Database]:
    """The tests of others keep their old facts."""
    yield database
    apply_retention(database, keeping())


def keeping(spans: int = 0, events: int = 0, quarantine: int = 0) -> Settings:
    days = {"retention_spans_days": spans, "retention_events_days": events, "retention_quarantine_days": quarantine}
    return Settings.model_validate(days)


def store(database: Database, weeks: int, lateness: int = 0) -> None:
    """Store facts received some weeks ago, about what happened `lateness` weeks before."""
    for statement in (SPANS, EVENTS, ALIASED, QUARANTINE, CHANGES):
        database.execute(statement, {"max_partitions_per_insert_block": 0}, weeks=weeks, lateness=lateness)


def weeks_of(database: Database, name: str) -> set[int]:
    """How many weeks ago the rows of a table were received."""
    received = {table.name: table.received for table in KEPT_TABLES}[name]
    return {row["weeks"] for row in database.rows(WEEKS.format(received, name))}


def becomes_true(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_a_fresh_database_keeps_everything_until_retention_is_applied(
    empty_database: Database, clock: ManualClock
) -> None:
    migrate(empty_database, clock)

    before = [table.retention_days for table in kept(empty_database)]
    changed = apply_retention(empty_database, Settings())

    assert before == [0] * len(KEPT_TABLES)
    assert {table.table: table.retention_days for table in kept(empty_database)} == {
        "spans": 30, "span_objects": 30, "trace_index": 30, "events": 0, "event_objects": 0,
        "aliased_event_objects": 0, "quarantine": 90, "quarantine_changes": 90,
    }  # fmt: skip
    assert changed == ["spans", "span_objects", "trace_index", "quarantine", "quarantine_changes"]


def test_only_what_differs_is_changed(database: Database) -> None:
    first = apply_retention(database, keeping(events=750))
    second = apply_retention(database, keeping(events=750))
    third = apply_retention(database, keeping(events=751))
    lifted = apply_retention(database, keeping())

    assert first == third == lifted == ["events", "event_objects", "aliased_event_objects"]
    assert second == []
    assert [table.retention_days for table in kept(database)] == [0] * len(KEPT_TABLES)


def test_what_is_past_its_retention_goes_and_the_rest_stays_however_old_what_it_tells_of(database: Database) -> None:
    for weeks in (0, 3, 9):
        store(database, weeks)
    store(database, 1, lateness=500)

    apply_retention(database, keeping(spans=50, events=50, quarantine=50))

    assert becomes_true(lambda: all(weeks_of(database, table.name) == {0, 1, 3} for table in KEPT_TABLES))


def test_a_shorter_retention_takes_effect_on_what_is_stored_and_a_longer_one_on_what_is_left(
    database: Database,
) -> None:
    for weeks in (0, 3, 9):
        store(database, weeks)

    apply_retention(database, keeping(spans=50, events=50))
    assert becomes_true(lambda: weeks_of(database, "spans") == weeks_of(database, "events") == {0, 3})
    apply_retention(database, keeping(spans=7, events=50))
    assert becomes_true(lambda: weeks_of(database, "spans") == {0})
    apply_retention(database, keeping(spans=7, events=0))
    store(database, 9)

    assert becomes_true(lambda: weeks_of(database, "span_objects") == weeks_of(database, "spans") == {0})
    assert weeks_of(database, "events") == weeks_of(database, "event_objects") == {0, 3, 9}


def test_a_retention_lifted_before_parts_learnt_of_it_holds_up_nothing_later(database: Database) -> None:
    for weeks in (0, 9):
        store(database, weeks)
    database.execute("SYSTEM STOP MERGES spans")  # what changes parts in the background waits, as on a busy store

    apply_retention(database, keeping(spans=50))
    apply_retention(database, keeping())
    database.execute("SYSTEM START MERGES spans")
    owed = database.rows("SELECT command FROM system.mutations WHERE database = currentDatabase() AND NOT is_done")
    apply_retention(database, keeping(spans=50))

    assert owed == []
    assert becomes_true(lambda: weeks_of(database, "spans") == {0})


def test_a_part_is_dropped_whole_and_never_rewritten(database: Database) -> None:
    store(database, 9)
    store(database, 0)
    parts = (
        "SELECT name FROM system.parts WHERE active AND rows > 0 AND database = currentDatabase() AND table = 'spans'"
    )
    settings = "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine_full LIKE '%ttl_only_drop_parts = 1%'"

    apply_retention(database, keeping(spans=50))

    assert becomes_true(lambda: len(database.rows(parts)) == 1)
    assert {row["name"] for row in database.rows(settings)} >= {
        table.name for table in KEPT_TABLES if table.signal != "quarantine"
    }


def test_what_is_kept_is_counted(database: Database) -> None:
    store(database, 10)  # of another month: parts of two partitions are never merged
    store(database, 0)

    found = {table.table: table for table in kept(database)}
    oldest = database.rows("SELECT min(received_at) AS at FROM events")[0]["at"]

    assert (found["events"].rows, found["events"].parts, found["events"].oldest) == (4, 2, oldest)
    assert found["event_objects"].rows == 4
    assert found["quarantine"].rows == 2
    assert all(table.bytes_on_disk > 0 for table in found.values())


def test_empty_tables_have_no_oldest_row(database: Database) -> None:
    assert {(table.rows, table.parts, table.bytes_on_disk, table.oldest) for table in kept(database)} == {
        (0, 0, 0, None)
    }


@pytest.mark.parametrize("days", [-1, 36_501, "for ever"])
def test_days_that_cannot_be_are_refused(days: object) -> None:
    with pytest.raises(SettingsError, match="STALLWATCH_RETENTION_SPANS_DAYS"):
        load_settings({"retention_spans_days": days}, environment={})

"""A database of an earlier version, with facts in it, becomes one of this version: nothing is lost, ingest goes on."""

from typing import Any

import pytest
from support.otlp import event, logs, span, traces

from collector.service import Collector
from core.clickhouse import Database
from core.clock import ManualClock
from core.migrations import Migration, migrate, migrations

pytestmark = pytest.mark.database

OLD = 8  # the newest migration of the version that the facts are from
FACTS = ("events", "event_objects", "object_states", "spans", "span_objects", "trace_index", "quarantine", "heard")
STORE_SPANS = """
INSERT INTO decoded_spans (trace_id, span_id, integration, service, name, started_at, received_at, duration_ns, status_code,
    objects, attributes_string, request_id, problem)
SELECT unhex(hex(sipHash128(intDiv(number, 4)))), unhex(hex(sipHash64(number))), 'erp', 'erp', 'post',
    toDateTime64('2026-01-01 00:00:00', 9, 'UTC') + toIntervalHour(number), toDateTime64('2026-02-01 00:00:00', 6, 'UTC'),
    1000 * number, 1, [('invoice', toString(number % 50))], map('key', toString(number)), toString(intDiv(number, 10)),
    if(number % 100 = 0, 'bad_timestamp', '')
FROM numbers(1000)
"""
STORE_EVENTS = """
INSERT INTO decoded_events (signal, event_id, integration, type, occurred_at, received_at, told_at, stored_at, subject_type,
    subject_id, objects, amount, attributes_string, request_id, problem)
SELECT 'logs', toString(number), 'erp', if(number % 10 = 0, 'object.described', 'invoice.received'),
    toDateTime64('2024-01-01 00:00:00', 6, 'UTC') + toIntervalHour(number), toDateTime64('2026-02-01 00:00:00', 6, 'UTC'),
    toDateTime64('2026-02-01 00:00:00', 6, 'UTC'), toDateTime64('2026-02-01 00:00:00', 6, 'UTC'), 'invoice', toString(number),
    [('invoice', toString(number)), ('purchase_order', toString(number % 7))], number, map('key', toString(number)), 'r',
    if(number % 100 = 3, 'bad_timestamp', '')
FROM numbers(1000)
"""


@pytest.fixture
def old_database(empty_database: Database, clock: ManualClock) -> Database:
    """A database of the earlier version, with facts in every table, as its views stored them."""
    migrate(empty_database, clock, migrations()[:OLD])
    for statement in (STORE_SPANS, STORE_EVENTS):
        empty_database.execute(statement)
    return empty_database


def columns_of(database: Database, table: str) -> str:
    rows = database.rows(
        "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {table:String} ORDER BY position",
        table=table,
    )
    return ", ".join(f"`{row['name']}`" for row in rows)


def facts(database: Database, columns: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """Every row, as its columns were at first; a fact stored twice is one, by the engine's own reckoning."""
    return {
        table: database.rows(f"SELECT {names} FROM {table}{'' if table == 'quarantine' else ' FINAL'} ORDER BY ALL")
        for table, names in columns.items()
    }


def counts(database: Database) -> dict[str, int]:
    return {table: database.rows(f"SELECT count() AS n FROM {table} FINAL")[0]["n"] for table in ("events", "spans")}


def test_every_fact_is_there_as_it_was_and_ingest_goes_on(old_database: Database, clock: ManualClock) -> None:
    columns = {table: columns_of(old_database, table) for table in FACTS}
    before = facts(old_database, columns)

    migrate(old_database, clock)
    after = facts(old_database, columns)
    collector = Collector(old_database, clock)
    receipts = [collector.accept_logs(logs(event())), collector.accept_traces(traces(span()))]
    collector.close()

    assert {table for table, rows in before.items() if not rows} == set()
    assert after == before
    assert [(receipt.accepted, receipt.rejected) for receipt in receipts] == [(1, 0), (1, 0)]
    assert counts(old_database) == {table: len(before[table]) + 1 for table in ("events", "spans")}
    assert migrate(old_database, clock) == []


def dangerous(step: Migration) -> list[int]:
    """After how many statements something is gone, moved or copied: where dying, and starting over, could do harm."""
    return [
        place
        for place, statement in enumerate(step.statements, start=1)
        if statement.startswith(("DROP", "RENAME", "INSERT"))
    ]


def test_a_migration_that_dies_where_it_hurts_is_finished_by_the_next_try(
    old_database: Database, clock: ManualClock
) -> None:
    columns = {table: columns_of(old_database, table) for table in FACTS}
    before = facts(old_database, columns)

    for number, step in enumerate(migrations()[OLD:], start=OLD + 1):
        for died_after in [*dangerous(step), len(step.statements)]:
            for statement in step.statements[:died_after]:
                old_database.execute(statement)
        assert migrate(old_database, clock, migrations()[:number]) == [step]

    assert facts(old_database, columns) == before

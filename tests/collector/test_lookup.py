"""Facts are found by trace, id, object, attribute and request, and only a small part of their table is read for it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.explained import Reading, reading
from support.otlp import event, logs, span, traces

from collector.lookup import Lookup
from collector.service import Collector
from core.clickhouse import Database
from core.errors import MisuseError
from core.sql import sql

pytestmark = pytest.mark.database

START = datetime(2026, 1, 5, tzinfo=UTC)
MANY = 200_000  # about 25 granules of each table, so that a share of them means something
# Four spans a trace, six seconds between spans: two weeks. Every value of `message.id` stands once.
STORE_SPANS = f"""
INSERT INTO decoded_spans (trace_id, span_id, integration, service, name, started_at, received_at, objects, attributes_string)
SELECT unhex(hex(sipHash128(intDiv(number, 4)))), unhex(hex(sipHash64(number))), 'erp', 'erp', concat('op', toString(number % 40)),
    toDateTime64('2026-01-05 00:00:00', 9, 'UTC') + 6 * number, toDateTime64('2026-03-20 00:00:00', 6, 'UTC'),
    [('invoice', toString(number % 50000))], map('message.id', concat('m-', toString(number)), 'server', 'host-1')
FROM numbers({MANY})
"""
STORE_EVENTS = f"""
INSERT INTO decoded_events (event_id, integration, type, occurred_at, received_at, stored_at, subject_type, subject_id, objects)
SELECT concat('e-', toString(number)), 'erp', 'invoice.received', toDateTime64('2026-01-05 00:00:00', 6, 'UTC') + 6 * number,
    toDateTime64('2026-03-20 00:00:00', 6, 'UTC'), toDateTime64('2026-03-20 00:00:00', 6, 'UTC'), 'invoice',
    toString(number % 50000), [('invoice', toString(number % 50000))]
FROM numbers({MANY})
"""
STORE_QUARANTINE = f"""
INSERT INTO quarantine (quarantined_at, integration, signal, reason, request_id)
SELECT toDateTime64('2026-01-05 00:00:00', 6, 'UTC') + 6 * number, 'erp', 'logs', 'no_event_type', hex(intDiv(number, 10))
FROM numbers({MANY})
"""


def trace_of(database: Database, number: int) -> str:
    """The id of the trace that span `number` belongs to."""
    return str(database.rows("SELECT lower(hex(sipHash128({n:UInt64}))) AS id", n=number // 4)[0]["id"])


def share(found: Reading) -> float:
    return found.read / found.total


def window() -> dict[str, Any]:
    return {"since": START, "until": START + timedelta(seconds=6 * MANY)}


def test_the_spans_of_a_trace_are_found_in_order(collector: Collector, database: Database) -> None:
    collector.accept_traces(traces(span(2, {"k": "v"}), span(1), span(3, trace_id=bytes(15) + b"1")))
    collector.accept_traces(traces(span(1)))
    trace = "0af7651916cd43dd8448eb211c80319c"  # the example of W3C Trace Context, which the builder uses

    found = Lookup(database).trace(trace.upper())

    assert [(each.trace, each.span) for each in found] == [(trace, f"{number:016x}") for number in (1, 2)]
    assert found[1].attributes_string == {"k": "v"}
    assert Lookup(database).trace("f" * 32) == []


@pytest.mark.parametrize("given", ["", "0af7", "0af7651916cd43dd8448eb211c80319g", "0af7651916cd43dd8448eb211c80319c "])
def test_what_is_no_trace_id_is_refused(database: Database, given: str) -> None:
    with pytest.raises(MisuseError, match="is not a trace id"):
        Lookup(database).trace(given)


def test_an_event_is_found_by_its_id_once_an_integration(collector: Collector, database: Database) -> None:
    for service in ("erp", "ap", "erp"):
        collector.accept_logs(logs(event(event_id="E-1"), event(event_id="E-2"), resource={"service.name": service}))

    found = Lookup(database).events("E-1")

    assert [(each.event_id, each.integration) for each in found] == [("E-1", "ap"), ("E-1", "erp")]
    assert Lookup(database).events("E-3") == []


def test_spans_are_found_by_an_attribute_within_a_window_the_newest_first(
    collector: Collector, database: Database
) -> None:
    at = 1_772_616_600_000_000_000  # 2026-03-04 09:30 UTC
    times = {n: {"start_time_unix_nano": at + n * 10**9, "end_time_unix_nano": at + n * 10**9} for n in (1, 2, 3)}
    sent = [span(n, {"document": "4500017"}, **fields) for n, fields in times.items()]
    other = [span(4, {"document": "4500018"}), span(5, {"order": "4500017"})]
    collector.accept_traces(traces(*sent, *other))
    since = datetime(2026, 3, 4, 9, 30, 2, tzinfo=UTC)

    found = Lookup(database).spans_with("document", "4500017", since, since + timedelta(days=1), limit=10)

    assert [each.span for each in found] == [f"{number:016x}" for number in (3, 2)]
    assert len(Lookup(database).spans_with("document", "4500017", START, since, limit=1)) == 1


def test_of_the_spans_only_the_weeks_and_granules_of_the_trace_are_read(database: Database) -> None:
    database.execute(STORE_SPANS)
    trace = trace_of(database, 120_000)

    spans = reading(database, sql("collector", "trace_spans"), "spans", trace_id=trace, limit=100)

    assert len(Lookup(database).trace(trace)) == 4
    assert "by_trace_id" in spans.indexes
    assert "Min-Max" in spans.indexes
    assert share(spans) < 0.3


def test_an_attribute_is_searched_for_in_few_granules(database: Database) -> None:
    database.execute(STORE_SPANS)

    values = {"key": "message.id", "value": "m-77777", "limit": 10, **window()}
    spans = reading(database, sql("collector", "spans_with_attribute"), "spans", **values)

    assert len(Lookup(database).spans_with("message.id", "m-77777", limit=10, **window())) == 1
    assert "by_attribute" in spans.indexes
    assert share(spans) < 0.2


def test_what_touched_an_object_is_read_by_its_key(database: Database) -> None:
    database.execute(STORE_SPANS)
    database.execute(STORE_EVENTS)
    query = "SELECT * FROM {} WHERE object_type = 'invoice' AND object_id = '777'"

    for table in ("event_objects", "span_objects"):
        found = reading(database, query.format(table), table)
        assert "PrimaryKey" in found.indexes, table
        assert share(found) < 0.5, table


def test_an_event_is_looked_up_by_its_id_in_few_granules(database: Database) -> None:
    database.execute(STORE_EVENTS)

    events = reading(database, sql("collector", "events_by_id"), "events", event_id="e-77777")

    assert "by_event_id" in events.indexes
    assert share(events) < 0.2


def test_the_quarantine_of_a_request_is_read_in_few_granules(database: Database) -> None:
    database.execute(STORE_QUARANTINE)

    found = reading(database, sql("collector", "quarantined_by_request"), "quarantine", request_ids=["1E61"])

    assert "by_request_id" in found.indexes
    assert share(found) < 0.2

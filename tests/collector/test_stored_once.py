import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.otlp import cloudevent, event, logs, numbered, span, traces

from collector.errors import RequestError
from collector.landing import Landing
from collector.otlp import stamped, wire
from collector.policy import Policy
from collector.receipts import Receipt, Submission
from collector.service import Collector, Limits
from collector.signals import CLOUDEVENTS, LOGS, TRACES
from collector.stamps import Stamps
from core.clickhouse import Database
from core.clock import ManualClock

pytestmark = pytest.mark.database

TABLES = (
    "events",
    "event_objects",
    "object_states",
    "spans",
    "span_objects",
    "trace_index",
    "quarantine",
)
MIXED_LOGS = logs(
    event(objects=["purchase_order:45"]),
    event("object.described", "supplier:V-77", ["contract:C-1"]),
    event(amount="much"),
)
MIXED_TRACES = traces(span(1, {"stallwatch.objects": ["invoice:INV-1"]}), span(2, span_id=b""))


def row_counts(database: Database) -> dict[str, int]:
    return {table: database.rows(f"SELECT count() AS n FROM {table}")[0]["n"] for table in TABLES}


@pytest.fixture
def duplicates_stay(database: Database) -> Iterator[None]:
    """No merge hides a row stored twice. The tests of others have their merges again."""
    places = [(node, f"{node.name}.{table}") for node in database.nodes for table in TABLES]
    for node, table in places:
        node.execute(f"SYSTEM STOP MERGES {table}")
    yield
    for node, table in places:
        node.execute(f"SYSTEM START MERGES {table}")


def submissions(sender: str = "r1") -> list[Submission]:
    at = 1_772_625_600_000_000
    line = b'{"request_id": "%s-events", "received_at": 1, "event": "{}"}\n' % sender.encode()
    return [
        Submission(LOGS, f"{sender}-logs", stamped(MIXED_LOGS, Stamps(f"{sender}-logs", at)), 3),
        Submission(TRACES, f"{sender}-traces", stamped(MIXED_TRACES, Stamps(f"{sender}-traces", at)), 2),
        Submission(CLOUDEVENTS, f"{sender}-events", line, 1),
    ]


@pytest.mark.usefixtures("duplicates_stay")
def test_a_repeated_insert_stores_nothing_in_any_table_through_all_views(database: Database) -> None:
    landing = Landing(database)
    for submission in submissions("before"):
        landing.write([submission])
    populated = row_counts(database)
    first = [landing.write([submission]) for submission in submissions()]
    once = row_counts(database)

    again = [landing.write([submission]) for submission in submissions()]

    assert again == first
    assert row_counts(database) == once
    assert all(once[table] > populated[table] for table in TABLES)


@pytest.mark.usefixtures("duplicates_stay")
def test_the_same_content_from_two_senders_is_kept_from_both(database: Database) -> None:
    landing = Landing(database)
    for submission in submissions():
        landing.write([submission])
    once = row_counts(database)

    for submission in submissions("another"):
        landing.write([submission])

    assert row_counts(database) == {table: 2 * count for table, count in once.items()}


@pytest.mark.usefixtures("duplicates_stay")
def test_the_same_bytes_get_the_same_receipt_and_store_nothing_twice(collector: Collector, database: Database) -> None:
    first = [
        collector.accept_logs(MIXED_LOGS),
        collector.accept_traces(MIXED_TRACES),
        collector.accept_cloudevents([cloudevent()]),
    ]
    once = row_counts(database)

    again = [
        collector.accept_logs(MIXED_LOGS),
        collector.accept_traces(MIXED_TRACES),
        collector.accept_cloudevents([cloudevent()]),
    ]

    assert again == first
    assert [receipt.rejected for receipt in first] == [1, 1, 0]
    assert row_counts(database) == once


@pytest.mark.usefixtures("duplicates_stay")
def test_the_same_bytes_after_a_restart_get_the_same_receipt_and_store_nothing_twice(
    collector: Collector, database: Database, clock: ManualClock
) -> None:
    first = collector.accept_logs(MIXED_LOGS)
    once = row_counts(database)
    restarted = Collector(database, ManualClock(clock.now().replace(hour=13)))

    again = restarted.accept_logs(MIXED_LOGS)

    restarted.close()
    assert again == first
    assert row_counts(database) == once


def test_a_stamp_that_a_sender_writes_itself_is_ignored(
    collector: Collector, database: Database, clock: ManualClock
) -> None:
    assert collector.accept_logs(logs(event()) + wire(Stamps("forged", 1))) == Receipt(1)

    [row] = database.rows("SELECT request_id, received_at FROM events")
    assert len(row["request_id"]) == 64
    assert row["received_at"] == clock.now()


def test_many_senders_at_once_share_inserts_and_all_is_stored(database: Database, clock: ManualClock) -> None:
    collector = Collector(database, clock, Limits(linger_seconds=0.2))
    start = threading.Barrier(12)

    def send(number: int) -> Receipt:
        start.wait()
        return collector.accept_logs(logs(*numbered(5, 5 * number)))

    with ThreadPoolExecutor(12) as senders:
        receipts = list(senders.map(send, range(12)))

    collector.close()
    assert receipts == [Receipt(5)] * 12
    assert database.rows("SELECT uniqExact(event_id) AS n FROM events") == [{"n": 60}]
    assert collector.counters()["stallwatch_collector_insert_seconds_count{outcome=stored,signal=logs}"] < 12


def test_closing_stores_what_was_taken(database: Database, clock: ManualClock) -> None:
    collector = Collector(database, clock, Limits(linger_seconds=30))
    waiting = [collector.submit_logs(logs(*numbered(1, number))) for number in range(3)]

    collector.close()

    assert [receipt.result(0) for receipt in waiting] == [Receipt(1)] * 3
    assert database.rows("SELECT count() AS n FROM events") == [{"n": 3}]


RECORDS = st.sampled_from(("good", "bad_amount", "no_event_type", "described"))
REQUESTS = st.lists(st.one_of(st.lists(RECORDS, max_size=4), st.just("malformed")), max_size=5)
BUILD = {
    "good": lambda number: event(subject=f"invoice:{number}", event_id=f"E-{number}"),
    "bad_amount": lambda number: event(subject=f"invoice:{number}", amount="much"),
    "no_event_type": lambda number: event("", f"invoice:{number}"),
    "described": lambda number: event("object.described", f"invoice:{number}", event_id=f"D-{number}"),
}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(requests=REQUESTS, repeats=st.integers(1, 2))
def test_what_was_sent_is_stored_or_in_quarantine_or_refused(
    collector: Collector, database: Database, requests: list[list[str] | str], repeats: int
) -> None:
    """The sum of design.md §10, on any mixture of good and bad records, malformed bodies and repeats."""
    for table in TABLES:
        database.execute(f"TRUNCATE TABLE {table}")
    restarted = replace_collector(collector, database)
    sent = refused = 0
    receipts: list[Receipt] = []
    for request_number, kinds in enumerate(requests):
        records = (
            [BUILD[kind](100 * request_number + n) for n, kind in enumerate(kinds)] if kinds != "malformed" else []
        )
        body = b"\xff\xff" if kinds == "malformed" else logs(*records)
        sent += len(records) or (kinds == "malformed")
        for repeat in range(repeats):
            try:
                receipt = restarted.accept_logs(body)
            except RequestError:
                refused += repeat == 0
            else:
                receipts += [receipt] if repeat == 0 else []
    restarted.close()

    counts = row_counts(database)
    stored = counts["events"] + counts["object_states"]
    assert sent == stored + counts["quarantine"] + refused
    assert sum(receipt.accepted for receipt in receipts) == stored
    assert sum(receipt.rejected for receipt in receipts) == counts["quarantine"]


def replace_collector(collector: Collector, database: Database) -> Collector:
    """A collector that remembers no earlier example."""
    return Collector(database, collector._clock, replace(collector.limits, linger_seconds=0.0))


def test_with_a_redaction_key_nobody_can_tell_a_body_by_its_request_id(database: Database, clock: ManualClock) -> None:
    body, keyed = logs(event(amount="much")), Policy(redaction_key="k" * 32)
    plain = sha256(b"logs\0\0" + body).hexdigest()

    for policy in (keyed, keyed, Policy()):
        Collector(database, clock, policy=policy).accept_logs(body)

    ids = [row["request_id"] for row in database.rows("SELECT request_id FROM quarantine")]
    assert len(ids) == 2  # the same key gives the same id, so that a repeat is known after a restart
    assert ids.count(plain) == 1

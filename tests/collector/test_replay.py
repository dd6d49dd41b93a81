"""Quarantined records become facts after a fix: each once, under the identity it would have had."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from support.otlp import AT, cloudevent, event, logs, nanoseconds, span, traces
from support.replaying import only, publish, these

from collector.quarantine import QuarantineFilter, QuarantineStore
from collector.replay import LEASE, Replayer
from collector.service import Collector
from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import StoreError
from core.sql import expanded
from correlator.loading import load_models
from correlator.tick import Correlator

pytestmark = pytest.mark.database

EVENTS = """
SELECT event_id, integration, type, toString(amount) AS amount, received_at, subject_id, objects.id AS objects, attributes_string
FROM current_events LIMIT 1 BY integration, event_id, content_hash
"""
SPANS = "SELECT lower(hex(trace_id)) AS trace, lower(hex(span_id)) AS span, integration, name FROM spans LIMIT 1 BY trace_id, span_id"


def conflicts(database: Database, clock: ManualClock) -> int:
    """Versions of events that the correlator finds not to hold."""
    Correlator(database, load_models(("procure-to-pay",))[0], clock, definitions="x").tick()
    return int(database.rows("SELECT count() AS versions FROM superseded_events")[0]["versions"])


def test_a_corrected_event_is_stored_with_what_was_received(
    collector: Collector, store: QuarantineStore, replayer: Replayer, database: Database
) -> None:
    collector.accept_logs(logs(event(amount="much", objects=["purchase_order:2"], event_id="E-1")))
    record = only(store)

    report = replayer.replay(these(record), "ann", {"amount": "12.50", "subject": "invoice:INV-9"})

    (fact,) = database.rows(EVENTS)
    assert (report.replayed, report.refused, report.skipped) == (1, 0, 0)
    assert (fact["event_id"], fact["integration"], fact["amount"]) == ("E-1", "erp", "12.5")
    assert (fact["subject_id"], sorted(fact["objects"])) == ("INV-9", ["2", "INV-9"])
    assert fact["received_at"] == record.quarantined_at
    assert only(store).status == "replayed"


def test_a_derived_event_id_is_the_one_that_the_good_record_would_have_had(
    collector: Collector, store: QuarantineStore, replayer: Replayer, database: Database, clock: ManualClock
) -> None:
    collector.accept_logs(logs(event(amount="much")))
    replayer.replay(these(only(store)), "ann", {"amount": "12.50"})

    collector.accept_logs(logs(event(amount="12.50")))

    assert len(database.rows(EVENTS)) == 1
    assert conflicts(database, clock) == 0


def test_what_was_too_old_passes_under_a_longer_limit(
    collector: Collector, store: QuarantineStore, database: Database, clock: ManualClock
) -> None:
    publish(database, clock, max_age=timedelta(days=1))
    collector.accept_logs(logs(event(at=AT - timedelta(days=3))))
    assert only(store).reason == "too_old"
    clock.advance(timedelta(days=30))
    policy = publish(database, clock, max_age=timedelta(days=4))

    report = Replayer(database, clock, policy).replay(QuarantineFilter(reason=("too_old",)), "ann")

    assert (report.replayed, report.left, len(database.rows(EVENTS))) == (1, 0, 1)


def test_a_record_that_is_refused_again_stays_one_record_with_its_newest_reason(
    collector: Collector, store: QuarantineStore, replayer: Replayer
) -> None:
    collector.accept_logs(logs(event(amount="much", subject="invoice")))
    first = only(store)

    report = replayer.replay(these(first), "ann", {"subject": "invoice:1"})

    again = only(store)
    assert [(each.outcome, each.reason, each.detail) for each in report.outcomes] == [("refused", "bad_amount", "much")]
    assert (first.reason, again.reason, again.status) == ("bad_object_reference", "bad_amount", "refused")
    assert (again.record_id, store.page(10).total) == (first.record_id, 1)


def test_the_history_tells_who_did_what(collector: Collector, store: QuarantineStore, replayer: Replayer, clock: ManualClock) -> None:  # fmt: skip
    collector.accept_logs(logs(event(amount="much")))
    record = only(store)
    replayer.replay(these(record), "ann")
    clock.advance(timedelta(minutes=1))
    store.dismiss([record.record_id], "a test of the sender", "bob", clock)
    clock.advance(timedelta(minutes=1))
    replayer.replay(these(record), "cid", {"amount": "1"})

    found = store.record(record.record_id)

    steps = [(step.changed_by, step.status, step.because, dict(step.correction)) for step in found.history]
    assert steps == [
        ("ann", "begun", "", {}),
        ("ann", "refused", "", {}),
        ("bob", "dismissed", "a test of the sender", {}),
        ("cid", "begun", "", {"stallwatch.amount": "1"}),
        ("cid", "replayed", "", {"stallwatch.amount": "1"}),
    ]
    assert (found.first_reason, found.record.status) == ("bad_amount", "replayed")


def test_two_equal_records_of_a_request_are_one_with_a_count(collector: Collector, store: QuarantineStore) -> None:
    collector.accept_logs(logs(event(amount="much"), event(amount="much"), event(amount="more")))

    assert {(record.detail, record.copies) for record in store.page(10).items} == {("much", 2), ("more", 1)}


@pytest.mark.parametrize("again", ["by id", "by filter"])
def test_replaying_twice_stores_once(collector: Collector, store: QuarantineStore, replayer: Replayer, database: Database, clock: ManualClock, again: str) -> None:  # fmt: skip  # noqa: PLR0917 - fixtures
    collector.accept_logs(logs(event(amount="much", event_id="E-1")))
    record = only(store)
    replayer.replay(these(record), "ann", {"amount": "1"})

    second = these(record) if again == "by id" else QuarantineFilter(reason=("bad_amount",))
    report = replayer.replay(second, "bob")

    assert (report.replayed, report.refused) == (0, 0)
    assert [each.reason for each in report.outcomes] == (["already_replayed"] if again == "by id" else [])
    assert [row["amount"] for row in database.rows(EVENTS)] == ["1"]
    assert conflicts(database, clock) == 0


def test_two_operators_at_once_store_a_record_once_with_the_correction_of_one(
    collector: Collector, store: QuarantineStore, database: Database, clock: ManualClock
) -> None:
    collector.accept_logs(logs(*(event(amount="much", event_id=f"E-{n}") for n in range(3))))
    records = store.page(10).items
    both = threading.Barrier(2)

    def operator(amount: str) -> None:
        mine = Replayer(database, clock)  # a process of its own: no lock is shared
        both.wait()
        for record in records:
            mine.replay(these(record), amount, {"amount": amount})

    threads = [threading.Thread(target=operator, args=(amount,)) for amount in ("1", "2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for record in records:  # two that meet at the very same instant both step back
        Replayer(database, clock).replay(these(record), "later", {"amount": "3"})

    assert sorted(row["event_id"] for row in database.rows(EVENTS)) == ["E-0", "E-1", "E-2"]
    assert {record.status for record in store.page(10).items} == {"replayed"}
    assert conflicts(database, clock) == 0


class BreaksAt(Database):
    """A store that dies before or after one of the statements of a replay."""

    words = ""
    before = True

    def execute(self, statement: str, settings: Any = None, **values: Any) -> None:
        broken = bool(self.words) and self.words in statement
        if broken and self.before:
            raise StoreError(self.words)
        super().execute(statement, settings, **values)
        if broken:
            raise StoreError(self.words)


@pytest.fixture
def breaking(database: Database) -> Iterator[BreaksAt]:
    opened = BreaksAt.open(database.dsn, database=database.name)
    assert isinstance(opened, BreaksAt)
    yield opened
    opened.close()


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("words", ["'begun'", "INSERT INTO sent_events", "what became of it"])
def test_a_replay_that_was_cut_short_is_finished_as_it_was_begun(collector: Collector, store: QuarantineStore, breaking: BreaksAt, database: Database, clock: ManualClock, words: str, before: bool) -> None:  # fmt: skip  # noqa: FBT001, PLR0917 - fixtures, and a parameter of the table
    collector.accept_logs(logs(event(amount="much", event_id="E-1")))
    record = only(store)
    breaking.words, breaking.before = words, before
    with pytest.raises(StoreError):
        Replayer(breaking, clock).replay(these(record), "ann", {"amount": "1"})
    clock.advance(LEASE + timedelta(seconds=1))

    Replayer(database, clock).replay(these(record), "bob", {"amount": "2"})

    was_begun = not (words == "'begun'" and before)
    (fact,) = database.rows(EVENTS)
    assert (fact["event_id"], fact["amount"]) == ("E-1", "1" if was_begun else "2")
    assert (only(store).status, conflicts(database, clock)) == ("replayed", 0)


def test_whoever_failed_may_try_again_at_once(collector: Collector, store: QuarantineStore, breaking: BreaksAt, database: Database, clock: ManualClock) -> None:  # fmt: skip
    collector.accept_logs(logs(event(amount="much", event_id="E-1")))
    replayer = Replayer(breaking, clock)
    breaking.words = "INSERT INTO sent_events"
    with pytest.raises(StoreError):
        replayer.replay(these(only(store)), "ann", {"amount": "1"})
    other = Replayer(database, clock).replay(these(only(store)), "bob")
    breaking.words = ""

    report = replayer.replay(these(only(store)), "ann")

    assert [each.reason for each in other.outcomes] == ["being_replayed"]
    assert [each.reason for each in report.outcomes] == ["already_replayed"]
    assert len(database.rows(EVENTS)) == 1


def test_what_its_sender_has_sent_again_meanwhile_is_not_stored_beside_it(
    collector: Collector, store: QuarantineStore, replayer: Replayer, database: Database, clock: ManualClock
) -> None:
    collector.accept_logs(logs(event(amount="much", event_id="E-1")))
    clock.advance(timedelta(minutes=1))
    collector.accept_logs(logs(event(amount="12", event_id="E-1")))

    report = replayer.replay(these(only(store)), "ann", {"amount": "13"})

    assert [(each.reason, each.detail) for each in report.outcomes] == [("already_stored", "E-1")]
    assert [row["amount"] for row in database.rows(EVENTS)] == ["12"]
    assert conflicts(database, clock) == 0


@pytest.mark.parametrize("ends", [b"\x01", b"\x00"], ids=["any id", "an id that ends in a zero"])
def test_a_span_that_its_sender_has_sent_again_meanwhile_is_not_stored_beside_it(
    collector: Collector, store: QuarantineStore, replayer: Replayer, database: Database, ends: bytes
) -> None:
    ids = {"trace_id": b"\x01" * 15 + ends, "span_id": b"\x01" * 7 + ends}
    collector.accept_traces(traces(span(**ids, end_time_unix_nano=1)))
    collector.accept_traces(traces(span(**ids)))

    report = replayer.replay(these(only(store)), "ann", {"end": AT.isoformat()})

    assert [(each.reason, each.detail) for each in report.outcomes] == [("already_stored", ids["span_id"].hex())]
    assert database.rows("SELECT count() AS spans FROM spans") == [{"spans": 1}]


def test_the_redaction_key_is_hidden_where_the_engine_logs_statements(database: Database) -> None:
    statement = expanded(
        "WITH\n-- include: collector/replay_redaction_key\nSELECT query, redaction_key FROM system.processes "
        "WHERE query_id = queryID()"
    )

    (row,) = database.rows(statement, redaction_key="a key of the house")

    assert row["redaction_key"] == "a key of the house"
    assert "a key of the house" not in row["query"]


def test_spans_are_replayed_once_with_all_they_hold(collector: Collector, store: QuarantineStore, replayer: Replayer, database: Database) -> None:  # fmt: skip
    bad = span(7, {"stallwatch.objects": ["invoice"], "n": 3, "share": 0.5, "ok": True, "why": "late"})
    bad.links.add(trace_id=bytes(range(16)), span_id=bytes(range(8)))
    bad.events.add(name="retry", time_unix_nano=nanoseconds(AT)).attributes.extend(bad.attributes[4:])
    collector.accept_traces(traces(bad, resource={"service.name": "erp", "host": "h1"}))
    record = only(store)

    for _ in range(2):
        replayer.replay(these(record), "ann", {"objects": "invoice:1, purchase_order:2"})

    assert [(row["span"], row["integration"]) for row in database.rows(SPANS)] == [("0000000000000007", "erp")]
    (fact,) = database.rows(
        "SELECT attributes_int, attributes_float, attributes_bool, attributes_string, resource, `events.name` AS told, "
        "`events.attributes` AS more, arrayMap(t -> lower(hex(t)), `links.trace_id`) AS linked, objects.id AS objects FROM spans"
    )
    assert fact == {
        "attributes_int": {"n": 3}, "attributes_float": {"share": 0.5}, "attributes_bool": {"ok": True},
        "attributes_string": {"why": "late"}, "resource": {"service.name": "erp", "host": "h1"}, "told": ["retry"],
        "more": [{"why": "late"}], "linked": [bytes(range(16)).hex()], "objects": ["1", "2"],
    }  # fmt: skip
    assert database.rows("SELECT count() AS n FROM span_objects FINAL")[0]["n"] == 2


def test_a_span_without_ids_can_be_given_them(collector: Collector, store: QuarantineStore, replayer: Replayer, database: Database) -> None:  # fmt: skip
    collector.accept_traces(traces(span(1, trace_id=b"")))

    replayer.replay(these(only(store)), "ann", {"trace_id": "0AF7651916CD43DD8448EB211C80319C"})

    assert [row["trace"] for row in database.rows(SPANS)] == ["0af7651916cd43dd8448eb211c80319c"]


def test_cloudevents_are_replayed(collector: Collector, store: QuarantineStore, replayer: Replayer, database: Database) -> None:  # fmt: skip
    collector.accept_cloudevents([cloudevent(time="yesterday", integration="erp", data={"amount": 5, "note": "n", "objects": ["po:1"]})])  # fmt: skip

    report = replayer.replay(these(only(store)), "ann", {"time": "2026-03-04T09:30:00+01:00"})

    (fact,) = database.rows("SELECT event_id, toString(amount) AS amount, occurred_at, attributes_string FROM events")
    assert report.replayed == 1
    assert (fact["event_id"], fact["amount"], fact["attributes_string"]) == ("E-1", "5", {"note": "n"})
    assert fact["occurred_at"] == AT - timedelta(hours=1)

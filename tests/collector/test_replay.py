"""Quarantined records become facts after a fix: each once, under the identity it would have had."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support.otlp import AT, cloudevent, event, logs, nanoseconds, span, traces

from collector.health import HealthStore
from collector.policy import Policy, RecordLimits
from collector.quarantine import QuarantinedRecord, QuarantineFilter, QuarantineStore
from collector.redaction import Redaction
from collector.replay import LEASE, Replayer
from collector.senders import Sender
from collector.service import Collector
from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import MisuseError, NotFoundError, StoreError
from core.sql import expanded
from correlator.model import load_models
from correlator.tick import Correlator

pytestmark = pytest.mark.database

EVENTS = """
SELECT event_id, integration, type, toString(amount) AS amount, received_at, subject_id, objects.id AS objects, attributes_string
FROM current_events LIMIT 1 BY integration, event_id, content_hash
"""
SPANS = "SELECT lower(hex(trace_id)) AS trace, lower(hex(span_id)) AS span, integration, name FROM spans LIMIT 1 BY trace_id, span_id"


@pytest.fixture
def store(database: Database) -> QuarantineStore:
    return QuarantineStore(database)


@pytest.fixture
def replayer(database: Database, clock: ManualClock) -> Replayer:
    return Replayer(database, clock)


def only(store: QuarantineStore) -> QuarantinedRecord:
    (record,) = store.page(10).items
    return record


def these(*records: QuarantinedRecord) -> QuarantineFilter:
    return QuarantineFilter(ids=tuple(record.record_id for record in records))


def publish(database: Database, clock: ManualClock, **limits: Any) -> Policy:
    """Put another policy in force."""
    clock.advance(timedelta(seconds=1))
    policy = Policy(RecordLimits(**limits))
    policy.publish(database, clock)
    return policy


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


def test_a_record_in_the_name_of_another_needs_to_be_told_whose_it_is(
    collector: Collector, store: QuarantineStore, replayer: Replayer, database: Database
) -> None:
    body = logs(event(), resource={"service.name": "erp-backend", "stallwatch.integration": "inventory"})
    collector.accept_logs(body, Sender("k1", "erp"))
    record = only(store)

    again = replayer.replay(these(record), "ann")
    told = replayer.replay(these(record), "ann", {"integration": "inventory"})

    assert [each.reason for each in again.outcomes] == ["wrong_integration"]
    assert (told.replayed, [row["integration"] for row in database.rows(EVENTS)]) == (1, ["inventory"])


def test_the_integration_of_a_key_stays_with_its_records(collector: Collector, store: QuarantineStore, replayer: Replayer, database: Database) -> None:  # fmt: skip
    collector.accept_logs(logs(event(amount="much"), resource={"service.name": "backend-7"}), Sender("k1", "erp"))

    replayer.replay(these(only(store)), "ann", {"amount": ""})

    (fact,) = database.rows(EVENTS)
    assert (fact["integration"], fact["amount"]) == ("erp", None)


def test_what_the_policy_denies_by_now_is_redacted_and_what_was_redacted_stays_the_same_token(
    database: Database, store: QuarantineStore, clock: ManualClock
) -> None:
    collector = Collector(database, clock, policy=Policy(redaction_key="k"))
    collector.accept_logs(logs(event(amount="much", attributes={"patient.name": "Ann", "shoe.size": "42"})))
    collector.close()
    token = store.page(1).items[0].record.partition("[redacted:")[2].partition("]")[0]
    clock.advance(timedelta(seconds=1))
    policy = Policy(redaction=Redaction.model_validate({"keys": ["patient name", "shoe size"]}), redaction_key="k")
    policy.publish(database, clock)

    Replayer(database, clock, policy).replay(these(only(store)), "ann", {"amount": "1"})

    attributes = database.rows(EVENTS)[0]["attributes_string"]
    assert attributes["patient.name"] == f"[redacted:{token}]"
    assert attributes["shoe.size"].startswith("[redacted:")


def test_an_identity_that_was_dropped_is_asked_for(collector: Collector, store: QuarantineStore, replayer: Replayer) -> None:  # fmt: skip
    collector.accept_logs(logs(event(subject="patient:ann@example.org")))
    record = only(store)

    again = replayer.replay(these(record), "ann")
    told = replayer.replay(these(record), "ann", {"subject": "invoice:1"})

    assert [each.reason for each in again.outcomes] == ["private_identity"]
    assert told.replayed == 1


def test_what_an_older_version_kept_is_listed_and_not_replayed(database: Database, store: QuarantineStore, replayer: Replayer, clock: ManualClock) -> None:  # fmt: skip
    columns = ("quarantined_at", "integration", "signal", "reason", "detail", "record", "request_id")
    old = '{"type":"invoice.received","given_time":0,"attributes_string":{}}'
    database.insert("quarantine", columns, [(clock.now(), "erp", "logs", "no_timestamp", "", old, "r-1")])

    report = replayer.replay(these(only(store)), "ann", {"time": "2026-03-04T09:30:00Z"})

    assert not only(store).replayable
    assert [(each.outcome, each.reason) for each in report.outcomes] == [("skipped", "not_replayable")]


def test_a_filter_takes_the_oldest_first_and_says_how_many_are_left(
    collector: Collector, database: Database, clock: ManualClock, store: QuarantineStore
) -> None:
    publish(database, clock, max_attributes=3)
    for n in range(5):
        collector.accept_logs(logs(event(event_id=f"E-{n}", attributes={"a": "1", "b": "2"})))
        clock.advance(timedelta(minutes=1))
    policy = publish(database, clock)
    replayer = Replayer(database, clock, policy)
    chosen = QuarantineFilter(reason=("too_many_attributes",), integration=("erp",), signal=("logs",))

    assert {each.outcome for each in replayer.preview(chosen).outcomes} == {"would_replay"}
    assert replayer.preview(chosen).left == 5
    report = replayer.replay(chosen, "ann", limit=3)

    assert (report.replayed, report.left) == (3, 2)
    assert sorted(row["event_id"] for row in database.rows(EVENTS)) == ["E-0", "E-1", "E-2"]
    later = replace(chosen, received_from=store.page(1).items[0].quarantined_at)
    assert (replayer.replay(later, "ann").replayed, replayer.replay(chosen, "ann").replayed) == (1, 1)


def test_receipts_and_counts_of_requests_do_not_change_by_replays(collector: Collector, store: QuarantineStore, replayer: Replayer, clock: ManualClock) -> None:  # fmt: skip
    body = logs(event(amount="much"), event(), event(subject="x"), event(amount="more"))
    first = collector.accept_logs(body)
    replayer.replay(QuarantineFilter(reason=("bad_amount",)), "ann")
    clock.advance(timedelta(minutes=5))

    again = collector.accept_logs(body)

    assert (first.rejected, first.message) == (
        3, "3 of 4 records are in quarantine: 2 bad_amount ('more'), 1 bad_object_reference ('[\"x\"]')"
    )  # fmt: skip
    assert (again.rejected, again.message, store.page(10).total) == (first.rejected, first.message, 3)


def test_a_record_that_is_refused_again_has_failed_once_for_the_health_of_its_integration(
    collector: Collector, store: QuarantineStore, replayer: Replayer, database: Database, clock: ManualClock
) -> None:
    collector.accept_logs(logs(event(amount="much")))
    replayer.replay(these(only(store)), "ann")

    health = HealthStore(database).figures(clock.now())["erp"]

    assert health.quarantined == {"bad_amount": 1}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"amount": "much"}, "a number"),
        ({"colour": "red"}, "cannot be corrected"),
        ({"time": "soon"}, "an instant"),
        ({"subject": "INV-1"}, "type:id"),
        ({"trace_id": "xyz"}, "hex"),
        ({"actor": "ann@example.org"}, "private value"),
        ({"reason": "card 4111 1111 1111 1111"}, "private value"),
        ({"supplier": "GB82 WEST 1234 5698 7654 32"}, "private value"),
        ({"type": ""}, "left out"),
        ({"specversion": "2"}, "1.0"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(collector: Collector, store: QuarantineStore, replayer: Replayer, given: dict[str, str], says: str) -> None:  # fmt: skip
    collector.accept_logs(logs(event(amount="much")))

    with pytest.raises(MisuseError, match=says):
        replayer.replay(these(only(store)), "ann", given)

    assert store.record(only(store).record_id).history == ()


def test_an_order_number_with_the_wrong_check_digit_is_no_card(collector: Collector, store: QuarantineStore, replayer: Replayer) -> None:  # fmt: skip
    collector.accept_logs(logs(event(amount="much")))

    report = replayer.replay(these(only(store)), "ann", {"amount": "1", "objects": "purchase_order:4111111111111112"})

    assert report.replayed == 1


def test_a_replay_needs_to_be_told_of_what(replayer: Replayer, store: QuarantineStore, clock: ManualClock) -> None:
    with pytest.raises(MisuseError, match="which records"):
        replayer.replay(QuarantineFilter(), "ann")
    with pytest.raises(MisuseError, match="of one record"):
        replayer.replay(QuarantineFilter(reason=("bad_amount",)), "ann", {"amount": "1"})
    with pytest.raises(NotFoundError):
        replayer.replay(QuarantineFilter(ids=("0" * 32,)), "ann", {"amount": "1"})
    with pytest.raises(MisuseError, match="say why"):
        store.dismiss(["0" * 32], " ", "ann", clock)
    with pytest.raises(NotFoundError):
        store.dismiss(["0" * 32], "why not", "ann", clock)


def test_a_number_that_json_has_no_form_for_is_left_out_by_a_replay(collector: Collector, store: QuarantineStore, replayer: Replayer, database: Database) -> None:  # fmt: skip
    bad = span(7, {"stallwatch.objects": ["invoice"], "share": 0.5, "ratio": float("nan"), "most": float("inf")})
    collector.accept_traces(traces(bad))

    report = replayer.replay(these(only(store)), "ann", {"objects": "invoice:1"})

    assert report.replayed == 1
    assert database.rows("SELECT attributes_float AS told FROM spans") == [{"told": {"share": 0.5}}]

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from support.otlp import AT, SPAN_ID, TRACE_ID, any_value, event, key_values, logs, nanoseconds

from collector.receipts import Receipt
from collector.service import Collector
from core.clickhouse import Database
from core.clock import ManualClock

pytestmark = pytest.mark.database


def stored(database: Database, table: str = "events") -> list[dict]:
    return database.rows(f"SELECT * FROM {table} ORDER BY ALL")


def test_every_field_of_the_contract_reaches_its_column(
    collector: Collector, database: Database, clock: ManualClock
) -> None:
    record = event(
        objects=["purchase_order:4500017", "supplier:V-77"], event_id="E-7", facility="mercy-west", supplier="V-77",
        department="surgery", spend_category="implants", criticality="clinical-critical", flow_type="bill-only",
        amount=1234.5, currency="USD", actor="jdoe", reason="price_variance",
    )  # fmt: skip
    record.trace_id, record.span_id = TRACE_ID, SPAN_ID

    receipt = collector.accept_logs(logs(record))

    assert receipt == Receipt(accepted=1)
    [row] = stored(database)
    assert (row["event_id"], row["integration"], row["type"], row["occurred_at"]) == (
        "E-7",
        "erp",
        "invoice.received",
        AT,
    )
    assert row["received_at"] == clock.now()
    assert (row["subject_type"], row["subject_id"]) == ("invoice", "INV-1")
    assert [(o["type"], o["id"]) for o in row["objects"]] == [
        ("invoice", "INV-1"), ("purchase_order", "4500017"), ("supplier", "V-77"),
    ]  # fmt: skip
    assert (row["facility"], row["supplier"], row["department"]) == ("mercy-west", "V-77", "surgery")
    assert (row["spend_category"], row["criticality"], row["flow_type"]) == (
        "implants",
        "clinical-critical",
        "bill-only",
    )
    assert (row["amount"], row["currency"], row["actor"], row["reason"]) == (
        Decimal("1234.5"),
        "USD",
        "jdoe",
        "price_variance",
    )
    assert (row["trace_id"], row["span_id"]) == (TRACE_ID, SPAN_ID)
    assert row["attributes_string"] == {}


def test_the_objects_of_an_event_are_found_by_object(collector: Collector, database: Database) -> None:
    collector.accept_logs(logs(event(objects=["purchase_order:45", "invoice:INV-1"], facility="mercy")))

    rows = stored(database, "event_objects")

    assert [(r["object_type"], r["object_id"], r["is_subject"], r["facility"]) for r in rows] == [
        ("invoice", "INV-1", True, "mercy"),
        ("purchase_order", "45", False, "mercy"),
    ]
    assert {(r["object_type"], r["object_id"]) for r in stored(database, "touched_objects")} == {
        ("invoice", "INV-1"), ("purchase_order", "45"),
    }  # fmt: skip


def test_the_integration_is_named_by_the_resource(collector: Collector, database: Database) -> None:
    collector.accept_logs(logs(event(), resource={"service.name": "erp-adapter", "stallwatch.integration": "erp"}))
    collector.accept_logs(logs(event(), resource={"service.name": "inventory"}))
    collector.accept_logs(logs(event(), resource={}))

    assert {row["integration"] for row in stored(database)} == {
        "erp", "inventory", "unknown_service",  # the last is what OpenTelemetry calls a service without a name
    }  # fmt: skip


AMOUNTS = {
    12: Decimal(12),
    0.1: Decimal("0.1"),
    -3.5: Decimal("-3.5"),
    "1234.5678": Decimal("1234.5678"),
    " 7.25 ": Decimal("7.25"),
    "1e3": Decimal(1000),
    "0.79999999999": Decimal("0.8"),
    99_999_999_999_999: Decimal(99_999_999_999_999),
    0: Decimal(0),
    "": None,
    None: None,
}
NO_AMOUNTS = ["12,50", "twelve", "nan", "1e30", "0x10", -1e30, "1 000"]


def test_an_amount_may_be_a_number_or_text(collector: Collector, database: Database) -> None:
    records = [event(event_id=str(number), amount=given) for number, given in enumerate(AMOUNTS)]

    receipt = collector.accept_logs(logs(*records))

    assert receipt == Receipt(len(AMOUNTS))
    amounts = {int(row["event_id"]): row["amount"] for row in stored(database)}
    assert [amounts[number] for number in range(len(AMOUNTS))] == list(AMOUNTS.values())


def test_an_amount_that_is_no_number_is_kept_apart_as_it_was_written(collector: Collector, database: Database) -> None:
    receipt = collector.accept_logs(logs(*(event(amount=given) for given in NO_AMOUNTS)))

    assert receipt.rejected == len(NO_AMOUNTS)
    assert {row["detail"] for row in stored(database, "quarantine")} == {
        str(given).replace("e+", "e") for given in NO_AMOUNTS
    }
    assert {row["reason"] for row in stored(database, "quarantine")} == {"bad_amount"}


def test_attributes_keep_their_type_and_nothing_vanishes(collector: Collector, database: Database) -> None:
    attributes = {
        "text": "x", "empty": "", "absent": None, "count": 2**62, "zero": 0, "share": 0.25, "urgent": True, "closed": False,
        "lines": ["a", 1, 1.5, True, None], "address": {"city": "Oslo", "zip": 42}, "blob": b"\x00\xff",
        "deep": {"a": {"b": "c"}, "list": [1]},
    }  # fmt: skip

    collector.accept_logs(logs(event(attributes=attributes)))

    [row] = stored(database)
    texts = row["attributes_string"]
    assert row["attributes_int"] == {"count": 2**62, "zero": 0}
    assert row["attributes_float"] == {"share": 0.25}
    assert row["attributes_bool"] == {"urgent": True, "closed": False}
    assert (texts["text"], texts["empty"], texts["absent"], texts["blob"]) == ("x", "", "", "AP8=")
    assert json.loads(texts["lines"]) == ["a", 1, 1.5, True, None]
    assert json.loads(texts["address"]) == {"city": "Oslo", "zip": 42}
    assert json.loads(texts["deep"]) == {"a": {"b": "c"}, "list": [1]}


def test_the_body_of_a_record_is_kept_as_an_attribute(collector: Collector, database: Database) -> None:
    record = event()
    record.body.CopyFrom(any_value("posted by the night run"))

    collector.accept_logs(logs(record))

    assert stored(database)[0]["attributes_string"] == {"body": "posted by the night run"}


def test_the_observed_time_stands_in_for_a_missing_timestamp(collector: Collector, database: Database) -> None:
    record = LogRecord(event_name="invoice.received", observed_time_unix_nano=nanoseconds(AT))

    collector.accept_logs(logs(record))

    assert [row["occurred_at"] for row in stored(database)] == [AT]


def test_an_event_without_id_is_known_by_what_it_says(collector: Collector, database: Database) -> None:
    collector.accept_logs(logs(event(), event(at=AT + timedelta(seconds=1)), event(subject="invoice:INV-2")))
    collector.accept_logs(logs(event(), event(type="invoice.approved")))

    ids = {row["event_id"] for row in stored(database)}

    assert len(ids) == 4
    assert "" not in ids


def test_a_described_object_goes_to_its_states_and_not_to_the_events(collector: Collector, database: Database) -> None:
    record = event("object.described", "supplier:V-77", ["contract:C-1"], attributes={"name": "Acme", "active": True})

    receipt = collector.accept_logs(logs(record))

    assert receipt == Receipt(1)
    assert stored(database) == []
    [state] = stored(database, "object_states")
    assert (state["object_type"], state["object_id"], state["described_at"]) == ("supplier", "V-77", AT)
    assert [(o["type"], o["id"]) for o in state["linked"]] == [("contract", "C-1")]
    assert (state["attributes_string"], state["attributes_bool"]) == ({"name": "Acme"}, {"active": True})


BAD = {
    "no_event_type": event(type=""),
    "no_timestamp": LogRecord(event_name="invoice.received"),
    "bad_timestamp": LogRecord(event_name="invoice.received", time_unix_nano=2**64 - 1),
    "bad_trace_id": LogRecord(event_name="invoice.received", time_unix_nano=nanoseconds(AT), trace_id=b"short"),
    "bad_span_id": LogRecord(event_name="invoice.received", time_unix_nano=nanoseconds(AT), span_id=b"much too long"),
    "no_subject": event("object.described", subject=None),
    "bad_object_reference": event(objects=["purchase_order:"]),
    "bad_amount": event(amount="12,50"),
}


def test_a_bad_record_goes_to_quarantine_and_its_neighbours_are_stored(
    collector: Collector, database: Database
) -> None:
    receipt = collector.accept_logs(logs(event(event_id="before"), *BAD.values(), event(event_id="after")))

    assert (receipt.accepted, receipt.rejected) == (2, len(BAD))
    assert all(reason in receipt.message for reason in BAD)
    assert {row["event_id"] for row in stored(database)} == {"before", "after"}
    quarantined = stored(database, "quarantine")
    assert sorted(row["reason"] for row in quarantined) == sorted(BAD)
    assert {(row["signal"], row["integration"]) for row in quarantined} == {("logs", "erp")}


def test_a_text_that_is_no_reference_is_kept_apart_with_its_record(collector: Collector, database: Database) -> None:
    texts = ["invoice", ":INV", "invoice:", ":", "a b"]

    receipt = collector.accept_logs(
        logs(*(event(subject=None, objects=[text], attributes={"note": text}) for text in texts))
    )

    rows = stored(database, "quarantine")
    assert (receipt.accepted, {row["reason"] for row in rows}) == (0, {"bad_object_reference"})
    assert sorted(json.loads(row["detail"])[0] for row in rows) == sorted(texts)
    assert all(json.loads(row["detail"])[0] in json.loads(row["record"])["attribute_texts"] for row in rows)


def test_references_split_at_the_first_colon(collector: Collector, database: Database) -> None:
    collector.accept_logs(logs(event(subject="material:SAP:0815", objects="purchase_order:45")))

    [row] = stored(database)

    assert [(o["type"], o["id"]) for o in row["objects"]] == [("material", "SAP:0815"), ("purchase_order", "45")]


def test_plain_log_records_are_counted_as_rejected(collector: Collector, database: Database) -> None:
    record = LogRecord(time_unix_nano=nanoseconds(AT), attributes=key_values({"line": 1}))

    receipt = collector.accept_logs(logs(record, record))

    assert (receipt.accepted, receipt.rejected) == (0, 2)
    assert database.rows("SELECT count() AS n FROM quarantine")[0]["n"] == 2

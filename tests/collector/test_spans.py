import json

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from support.otlp import AT, SPAN_ID, TRACE_ID, any_value, key_values, nanoseconds, span, traces

from collector.receipts import Receipt
from collector.service import Collector
from core.clickhouse import Database

pytestmark = pytest.mark.database


def stored(database: Database, table: str = "spans") -> list[dict]:
    return database.rows(f"SELECT * FROM {table} ORDER BY ALL")


def test_a_span_is_stored_with_all_it_says(collector: Collector, database: Database) -> None:
    sent = span(
        7,
        {"http.status": 503, "retried": True, "share": 0.5, "peer": "inventory"},
        parent_span_id=SPAN_ID,
        status=Status(code=2, message="HTTP 503"),
    )
    raised = sent.events.add(name="exception", time_unix_nano=nanoseconds(AT))
    raised.attributes.extend(key_values({"exception.type": "Timeout", "attempt": 3}))
    sent.links.add(trace_id=TRACE_ID[::-1], span_id=SPAN_ID)

    receipt = collector.accept_traces(
        traces(sent, resource={"service.name": "erp-adapter", "stallwatch.integration": "erp", "pod": 3})
    )

    assert receipt == Receipt(1)
    [row] = stored(database)
    assert (row["trace_id"], row["span_id"], row["parent_span_id"]) == (TRACE_ID, (7).to_bytes(8, "big"), SPAN_ID)
    assert (row["integration"], row["service"], row["name"], row["kind"]) == ("erp", "erp-adapter", "post", 2)
    assert (row["started_at"], row["duration_ns"]) == (AT, 1_000_000_000)
    assert (row["status_code"], row["status_message"]) == (2, "HTTP 503")
    assert (row["attributes_int"], row["attributes_bool"]) == ({"http.status": 503}, {"retried": True})
    assert (row["attributes_float"], row["attributes_string"]) == ({"share": 0.5}, {"peer": "inventory"})
    assert row["resource"] == {"service.name": "erp-adapter", "stallwatch.integration": "erp", "pod": "3"}
    assert (row["events.name"], row["events.at"]) == (["exception"], [AT])
    assert row["events.attributes"] == [{"exception.type": "Timeout", "attempt": "3"}]
    assert (row["links.trace_id"], row["links.span_id"]) == ([TRACE_ID[::-1]], [SPAN_ID])


def test_a_span_is_found_by_the_objects_it_worked_on(collector: Collector, database: Database) -> None:
    many = span(1, {"stallwatch.objects": ["invoice:INV-1", "purchase_order:45", "invoice:INV-1"]})
    one = span(2, {"stallwatch.objects": "invoice:INV-1"})

    collector.accept_traces(traces(many, one, span(3)))

    rows = stored(database, "span_objects")
    assert [(row["object_type"], row["object_id"], row["span_id"][-1]) for row in rows] == [
        ("invoice", "INV-1", 1), ("invoice", "INV-1", 2), ("purchase_order", "45", 1),
    ]  # fmt: skip


def test_a_trace_is_found_by_its_id_over_all_its_requests(collector: Collector, database: Database) -> None:
    late = span(2, start_time_unix_nano=nanoseconds(AT) + 10**9, end_time_unix_nano=nanoseconds(AT) + 5 * 10**9)

    collector.accept_traces(traces(span(1)))
    collector.accept_traces(traces(late))

    [row] = database.rows(
        "SELECT trace_id, min(started_at) AS a, max(ended_at) AS b FROM trace_index GROUP BY trace_id"
    )
    assert (row["trace_id"], row["a"]) == (TRACE_ID, AT)
    assert (row["b"] - row["a"]).total_seconds() == 5


BAD = {
    "bad_trace_id": [span(trace_id=b""), span(trace_id=b"short"), span(trace_id=bytes(16)), span(trace_id=b"x" * 17)],
    "bad_span_id": [span(span_id=b""), span(span_id=bytes(8)), span(span_id=b"123456789")],
    "bad_parent_span_id": [span(parent_span_id=b"1234")],
    "no_timestamp": [span(start_time_unix_nano=0)],
    "bad_timestamp": [
        span(start_time_unix_nano=2**63),
        span(end_time_unix_nano=2**63),
        span(end_time_unix_nano=nanoseconds(AT) - 1),
        span(start_time_unix_nano=5),
    ],
    "bad_object_reference": [span(attributes={"stallwatch.objects": ["invoice"]})],
}


def test_a_bad_span_goes_to_quarantine_and_its_neighbours_are_stored(collector: Collector, database: Database) -> None:
    bad = [item for items in BAD.values() for item in items]

    receipt = collector.accept_traces(traces(span(101), *bad, span(102)))

    assert (receipt.accepted, receipt.rejected) == (2, len(bad))
    assert {row["span_id"][-1] for row in stored(database)} == {101, 102}
    reasons = [row["reason"] for row in stored(database, "quarantine")]
    assert {reason: reasons.count(reason) for reason in reasons} == {
        reason: len(items) for reason, items in BAD.items()
    }


def test_a_quarantined_span_keeps_what_was_given(collector: Collector, database: Database) -> None:
    collector.accept_traces(traces(span(trace_id=b"\xab\xcd", attributes={"note": "keep me"})))

    [row] = stored(database, "quarantine")

    assert (row["detail"], row["integration"], row["signal"]) == ("abcd", "erp", "traces")
    record = json.loads(row["record"])
    assert record["trace_id"] == "abcd"
    assert dict(zip(record["attribute_keys"], record["attribute_texts"], strict=True)) == {"note": "keep me"}


def test_an_unfinished_span_lasts_nothing(collector: Collector, database: Database) -> None:
    collector.accept_traces(traces(span(end_time_unix_nano=0)))

    assert [row["duration_ns"] for row in stored(database)] == [0]


def test_arrays_lists_and_bytes_of_a_span_are_kept(collector: Collector, database: Database) -> None:
    sent = span(1, {"codes": [1, 2], "who": {"name": "x"}, "raw": b"\x01"})
    sent.attributes.add(key="nothing", value=any_value(None))

    collector.accept_traces(traces(sent))

    assert stored(database)[0]["attributes_string"] == {
        "codes": "[1,2]",
        "who": '{"name":"x"}',
        "raw": "AQ==",
        "nothing": "",
    }


def test_a_kind_or_a_status_that_otlp_does_not_name_is_unspecified(collector: Collector, database: Database) -> None:
    odd = span(1)
    odd.kind, odd.status.code = 258, 258

    collector.accept_traces(traces(odd))

    assert [(row["kind"], row["status_code"]) for row in stored(database, "spans")] == [(0, 0)]


def test_a_span_that_ends_too_far_ahead_is_quarantined(collector: Collector, database: Database) -> None:
    receipt = collector.accept_traces(traces(span(1, end_time_unix_nano=7_000_000_000_000_000_000)))

    assert (receipt.accepted, [row["reason"] for row in stored(database, "quarantine")]) == (0, ["too_far_ahead"])

import json
import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from support.otlp import AT, SPAN_ID, TRACE_ID, cloudevent

from collector.cloudevents import event_texts, read_events
from collector.errors import MediaTypeError, RequestError
from collector.receipts import Receipt
from collector.service import Collector
from core.clickhouse import Database

BATCH = {"content-type": "application/cloudevents-batch+json; charset=utf-8"}
STRUCTURED = {"content-type": "Application/CloudEvents+JSON"}


def stored(database: Database, table: str = "events") -> list[dict]:
    return database.rows(f"SELECT * FROM {table} ORDER BY ALL")


@pytest.mark.database
def test_an_event_and_its_data_reach_their_columns(collector: Collector, database: Database) -> None:
    receipt = collector.accept_cloudevents(
        [
            cloudevent(
                integration="erp",
                traceparent=f"00-{TRACE_ID.hex()}-{SPAN_ID.hex()}-01",
                partitionkey="p1",
                data={
                    "objects": ["purchase_order:45", "supplier:V-77"], "facility": "mercy-west", "amount": "1234.50",
                    "currency": "USD", "reason": "price_variance", "lines": [{"n": 1}], "count": 3, "share": 0.5,
                    "urgent": True, "note": 'Zürich "HQ"', "gone": None,
                },
            )
        ]
    )  # fmt: skip

    assert receipt == Receipt(1)
    [row] = stored(database)
    assert (row["event_id"], row["integration"], row["type"], row["occurred_at"]) == (
        "E-1",
        "erp",
        "invoice.received",
        AT,
    )
    assert (row["subject_type"], row["subject_id"], row["facility"]) == ("invoice", "INV-1", "mercy-west")
    assert [f"{o['type']}:{o['id']}" for o in row["objects"]] == ["invoice:INV-1", "purchase_order:45", "supplier:V-77"]
    assert (row["amount"], row["currency"], row["reason"]) == (Decimal("1234.5"), "USD", "price_variance")
    assert (row["trace_id"], row["span_id"]) == (TRACE_ID, SPAN_ID)
    assert row["attributes_string"]["note"] == 'Zürich "HQ"'
    assert json.loads(row["attributes_string"]["lines"]) == [{"n": 1}]
    assert row["attributes_string"]["partitionkey"] == "p1"
    assert "gone" not in row["attributes_string"]
    assert (row["attributes_int"], row["attributes_float"], row["attributes_bool"]) == (
        {"count": 3},
        {"share": 0.5},
        {"urgent": True},
    )


TIMES = {
    "2026-03-04T09:30:00Z": AT,
    "2026-03-04t09:30:00z": AT,
    "2026-03-04T10:30:00+01:00": AT,
    "2026-03-04T04:00:00.5-05:30": datetime(2026, 3, 4, 9, 30, 0, 500_000, tzinfo=UTC),
    "2026-03-04T09:30:00.123456789Z": datetime(2026, 3, 4, 9, 30, 0, 123_456, tzinfo=UTC),
}
NO_TIMES = [
    "2026-03-04T09:30:00",
    "2026-03-04",
    "04/03/2026",
    "2026-02-30T09:30:00Z",
    "2026-03-04T25:00:00Z",
    "1850-01-01T00:00:00Z",
    "0000-00-00T00:00:00Z",
    "2026-03-04T09:30:00+99:99",
    "2026-13-04T09:30:00Z",
    "soon",
]


@pytest.mark.database
def test_times_are_rfc_3339_and_nothing_else(collector: Collector, database: Database) -> None:
    good = [cloudevent(id=text, time=text) for text in TIMES]
    bad = [cloudevent(id=text, time=text) for text in NO_TIMES]

    receipt = collector.accept_cloudevents(good + bad)

    assert (receipt.accepted, receipt.rejected) == (len(TIMES), len(NO_TIMES))
    assert {row["event_id"]: row["occurred_at"] for row in stored(database)} == TIMES
    quarantined = stored(database, "quarantine")
    assert {row["reason"] for row in quarantined} == {"bad_timestamp"}
    assert {row["detail"] for row in quarantined} == set(NO_TIMES)


@pytest.mark.database
def test_a_bad_event_of_a_batch_keeps_its_text_and_spares_its_neighbours(
    collector: Collector, database: Database
) -> None:
    bad = {
        "not_an_event": [42, None, [], "text"],
        "bad_specversion": [cloudevent(specversion=None), cloudevent(specversion="0.3")],
        "no_event_type": [cloudevent(type=None)],
        "no_source": [cloudevent(source=None)],
        "no_timestamp": [cloudevent(time=None)],
        "bad_object_reference": [cloudevent(data={"objects": [7]}), cloudevent(subject="INV-1")],
        "bad_amount": [cloudevent(data={"amount": "much"}), cloudevent(data={"amount": {"value": 1}})],
        "no_subject": [cloudevent(type="object.described", subject=None)],
    }
    sent = [item for items in bad.values() for item in items]

    receipt = collector.accept_cloudevents([cloudevent(), *sent])

    assert (receipt.accepted, receipt.rejected) == (1, len(sent))
    quarantined = stored(database, "quarantine")
    records = [json.loads(row["record"]) for row in quarantined]
    texts = {row["reason"]: record["attribute_texts"] for row, record in zip(quarantined, records, strict=True)}
    assert ({"text"} | {"much", '{"value":1}'}) & {text for record in records for text in record["attribute_texts"]} == {
        "text", "much", '{"value":1}',
    }  # fmt: skip
    assert "E-1" in texts["no_timestamp"]
    assert [":7"] in [record["objects"] for record in records]
    reasons = [row["reason"] for row in quarantined]
    assert {reason: reasons.count(reason) for reason in reasons} == {
        reason: len(items) for reason, items in bad.items()
    }


@pytest.mark.database
def test_odd_but_legal_events_are_stored(collector: Collector, database: Database) -> None:
    huge = read_events(STRUCTURED, b'{"specversion":"1.0","id":"huge","source":"s","type":"t.done","time":"2026-03-04T09:30:00Z",'
                                   b'"data":{"big":123456789012345678901234567890,"wide":1e999,"amount":10.10}}')  # fmt: skip
    events = [
        *huge,
        cloudevent(id="no subject", subject=None),
        cloudevent(id="text data", data="hello"),
        cloudevent(id="colon", subject="invoice:INV/9"),
        cloudevent(id="bad trace", traceparent="not a traceparent"),
    ]

    receipt = collector.accept_cloudevents(events)

    assert receipt == Receipt(5)
    rows = {row["event_id"]: row for row in stored(database)}
    assert rows["huge"]["amount"] == Decimal("10.1")
    assert rows["huge"]["attributes_string"] == {"big": "123456789012345678901234567890", "wide": "1e999"}
    assert (rows["no subject"]["subject_type"], rows["no subject"]["objects"]) == ("", [])
    assert rows["text data"]["attributes_string"] == {"data": "hello"}
    assert (rows["colon"]["subject_type"], rows["colon"]["subject_id"]) == ("invoice", "INV/9")
    assert rows["bad trace"]["trace_id"] == bytes(16)
    assert rows["bad trace"]["integration"] == "/erp"


def test_a_batch_is_told_from_a_structured_event_by_its_content_type() -> None:
    assert read_events(BATCH, b'[{"id":"1"},{"id":"2"}]') == [{"id": "1"}, {"id": "2"}]
    assert read_events(BATCH, b"[]") == []
    assert read_events(STRUCTURED, b'{"id":"1"}') == [{"id": "1"}]


def test_a_binary_event_is_read_from_its_headers() -> None:
    headers = {
        "ce-id": "1",
        "ce-type": "invoice.received",
        "ce-subject": "invoice/Z%C3%BC",
        "content-type": "application/json",
    }

    [event] = read_events(headers, b'{"amount": 1.5}')

    assert event == {
        "id": "1", "type": "invoice.received", "subject": "invoice/Zü", "datacontenttype": "application/json",
        "data": {"amount": 1.5},
    }  # fmt: skip


def test_binary_data_of_another_kind_is_kept() -> None:
    headers = {"ce-type": "t", "content-type": "application/octet-stream"}

    assert read_events(headers, b"plain")[0]["data"] == "plain"
    assert read_events(headers, b"\xff\x00")[0]["data_base64"] == "/wA="
    assert read_events(headers, b"") == [{"type": "t", "datacontenttype": "application/octet-stream"}]
    assert (
        read_events({"ce-type": "t", "content-type": "text/plain; charset=ISO-8859-1"}, b"Z\xfcrich")[0]["data"]
        == "Zürich"
    )


# HTTP binding 1.0.2, section 3.1.3.2: its own example, and what it asks of a receiver.
HEADER_VALUES = {
    "Euro%20%E2%82%AC%20%F0%9F%98%80": "Euro € 😀",
    '"in%20quotes"': "in quotes",
    r'"a \"b\" \\"': 'a "b" \\',
    "100%": "100%",
    "%2541": "%41",
    'one"': 'one"',
    "Z\xc3\xbcrich": "Zürich",
}


@pytest.mark.parametrize(("sent", "meant"), HEADER_VALUES.items())
def test_a_header_is_unquoted_and_then_percent_decoded_once(sent: str, meant: str) -> None:
    assert read_events({"ce-type": "t", "ce-subject": sent}, b"")[0]["subject"] == meant


@pytest.mark.parametrize("value", ["%FF", "%C0%AF", "%ED%A0%80", "\xff"])
def test_a_header_that_is_not_utf_8_is_refused(value: str) -> None:
    with pytest.raises(RequestError, match="the header ce-subject is not percent-encoded UTF-8"):
        read_events({"ce-type": "t", "ce-subject": value}, b"")


def test_json_in_base64_is_data_and_other_bytes_stay_as_they_came() -> None:
    def read(**members: str) -> dict:
        return read_events(STRUCTURED, json.dumps({"type": "t", **members}).encode())[0]

    assert read(data_base64="eyJhbW91bnQiOiAxfQ==") == {"type": "t", "data": {"amount": 1}}
    for kept in (
        {"data_base64": "eyJhIjoxfQ==", "datacontenttype": "application/octet-stream"},
        {"data_base64": "eyJhIjoxfQ"},
        {"data_base64": "/wA="},
        {"data_base64": "eyJhIjoxfQ==", "data": "both"},
    ):
        assert read(**kept) == {"type": "t", **kept}


def test_neither_traceparent_nor_baggage_of_the_transport_reaches_an_event() -> None:
    transport = {"traceparent": f"00-{TRACE_ID.hex()}-{SPAN_ID.hex()}-01", "baggage": "patient=1", "tracestate": "a=b"}

    assert read_events({**transport, **STRUCTURED}, b'{"type":"t"}') == [{"type": "t"}]
    assert read_events({**transport, "ce-type": "t"}, b"") == [{"type": "t"}]
    assert read_events({**transport, "ce-type": "t", "ce-traceparent": "00-a"}, b"") == [
        {"type": "t", "traceparent": "00-a"}
    ]


@pytest.mark.parametrize(
    ("headers", "body", "error", "words"),
    [
        (BATCH, b"{}", RequestError, "JSON array"),
        (STRUCTURED, b"[]", RequestError, "JSON object"),
        (STRUCTURED, b"{", RequestError, "not valid JSON"),
        (STRUCTURED, b'{"a": NaN}', RequestError, "NaN"),
        (STRUCTURED, b"\xff\xfe", RequestError, "not valid JSON"),
        (STRUCTURED, b"[" * 100_000, RequestError, "nested too deep"),
        ({"ce-type": "%FF"}, b"", RequestError, "ce-type"),
        ({"content-type": "application/json"}, b"{}", MediaTypeError, "application/cloudevents+json"),
        ({"content-type": "application/cloudevents-batch+avro"}, b"", MediaTypeError, "batch+json"),
        ({"content-type": "application/cloudevents+xml"}, b"", MediaTypeError, "cloudevents+json"),
        ({"content-type": "application/cloudevents"}, b"{}", MediaTypeError, "cloudevents+json"),
        ({"content-type": "application/cloudevents+json; charset=zlib"}, b"{}", MediaTypeError, "UTF-8"),
        ({}, b"{}", MediaTypeError, "ce-* headers"),
    ],
)
def test_what_is_no_cloudevent_is_refused_with_a_reason(
    headers: dict[str, str], body: bytes, error: type[RequestError], words: str
) -> None:
    with pytest.raises(error, match=re.escape(words)):
        read_events(headers, body)


def test_what_json_has_no_word_for_is_refused() -> None:
    with pytest.raises(RequestError, match="cannot be written as JSON"):
        event_texts([{"amount": float("nan")}])


@pytest.mark.database
def test_a_reference_may_be_an_object_and_nothing_else_passes_for_one(collector: Collector, database: Database) -> None:
    good = cloudevent(id="good", data={"objects": [{"type": "purchase_order", "id": "45"}]})
    bad = [
        cloudevent(id="a", data={"objects": {"a": 1}}),
        cloudevent(id="b", data={"objects": [["a:b"]]}),
        cloudevent(id="c", data={"objects": [{"type": "invoice"}]}),
        cloudevent(id="d", data={"objects": [7]}),
        cloudevent(id="e", subject={"a": 1}),
    ]

    receipt = collector.accept_cloudevents([good, *bad])

    assert (receipt.accepted, receipt.rejected) == (1, len(bad))
    [row] = stored(database)
    assert [f"{o['type']}:{o['id']}" for o in row["objects"]] == ["invoice:INV-1", "purchase_order:45"]
    assert {row["reason"] for row in stored(database, "quarantine")} == {"bad_object_reference"}


@pytest.mark.database
def test_criticality_and_flow_type_are_read_in_any_case(collector: Collector, database: Database) -> None:
    collector.accept_cloudevents([cloudevent(data={"criticality": "Clinical-Critical", "flow_type": "TWO_WAY"})])

    [row] = stored(database)

    assert (row["criticality"], row["flow_type"]) == ("clinical-critical", "two_way")


@pytest.mark.database
def test_an_event_of_another_version_is_quarantined_and_spares_its_neighbours(
    collector: Collector, database: Database
) -> None:
    others = ["0.3", "1.1", "", ["1.0"], None]
    batch = [cloudevent(), *(cloudevent(id=f"E-{place}", specversion=other) for place, other in enumerate(others, 2))]
    [binary] = read_events({"ce-specversion": "0.3", "ce-type": "t.done", "ce-id": "E-9"}, b"")

    receipt = collector.accept_cloudevents([*read_events(BATCH, json.dumps(batch).encode()), binary])

    assert (receipt.accepted, receipt.rejected) == (1, len(others) + 1)
    assert {row["reason"] for row in stored(database, "quarantine")} == {"bad_specversion"}

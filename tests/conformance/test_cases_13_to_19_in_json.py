"""What a receiver of OTLP in JSON must do: what was sent is read back from the store. The numbers are the cases of the sheet."""

import base64
import json
from typing import Any

import pytest
from support.conformance import JSON, PROTOBUF, count, status_of, stored
from support.otlp import SPAN_ID, TRACE_ID, event, logs, span, traces
from support.served import Served

from core.clickhouse import Database

pytestmark = [pytest.mark.database, pytest.mark.enable_socket]

INVALID_ARGUMENT = 3
BEYOND_DOUBLES = 2**53 + 1
AT = 1_772_616_600_000_000_001  # nanoseconds, which no double holds
SPAN = {
    "traceId": TRACE_ID.hex(), "spanId": SPAN_ID.hex(), "name": "post", "kind": 2,
    "startTimeUnixNano": str(AT), "endTimeUnixNano": str(AT + 5),
}  # fmt: skip
SERVICE = {"attributes": [{"key": "service.name", "value": {"stringValue": "erp"}}]}


def request(*spans: Any, **members: Any) -> bytes:
    return json.dumps({"resourceSpans": [{"resource": SERVICE, "scopeSpans": [{"spans": spans}]}], **members}).encode()


def send(served: Served, *spans: Any, **members: Any) -> dict[str, Any]:
    answer = served.post("/v1/traces", request(*spans, **members), JSON)
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def one_span(database: Database) -> dict[str, Any]:
    [row] = database.rows("SELECT *, toUnixTimestamp64Nano(started_at) AS started FROM spans")
    return row


@pytest.mark.parametrize("change", [str.lower, str.upper, str.title])
def test_case_13_ids_are_hex_in_any_case(served: Served, database: Database, change: Any) -> None:
    ids = {"traceId": change(TRACE_ID.hex()), "spanId": change(SPAN_ID.hex()), "parentSpanId": change(SPAN_ID.hex())}

    assert send(served, SPAN | ids) == {}

    row = one_span(database)
    assert (row["trace_id"], row["span_id"], row["parent_span_id"]) == (TRACE_ID, SPAN_ID, SPAN_ID)


@pytest.mark.parametrize(("name", "value"), [("traceId", TRACE_ID), ("spanId", SPAN_ID), ("parentSpanId", SPAN_ID)])
def test_case_13_an_id_in_base64_refuses_the_request_with_its_place(
    served: Served, database: Database, name: str, value: bytes
) -> None:
    answer = served.post("/v1/traces", request(SPAN, SPAN | {name: base64.b64encode(value).decode()}), JSON)

    assert (answer.status, status_of(answer).code) == (400, INVALID_ARGUMENT)
    assert f"spans[1].{name}: ids are written in hex" in status_of(answer).message
    assert stored(database) + count(database, "quarantine") == 0


@pytest.mark.parametrize("write", [int, str])
def test_case_14_integers_of_64_bits_are_exact_as_number_and_as_text(
    served: Served, database: Database, write: Any
) -> None:
    numbers = {"beyond doubles": BEYOND_DOUBLES, "largest": 2**63 - 1, "least": -(2**63)}
    attributes = [{"key": key, "value": {"intValue": write(value)}} for key, value in numbers.items()]

    send(served, SPAN | {"attributes": attributes, "startTimeUnixNano": write(AT), "endTimeUnixNano": write(AT + 5)})

    row = one_span(database)
    assert row["attributes_int"] == numbers
    assert (row["started"], row["duration_ns"]) == (AT, 5)


@pytest.mark.parametrize(("given", "meant"), [(5, 5), (0, 0), ("SPAN_KIND_CONSUMER", 5), (None, 0)])
def test_case_15_a_kind_is_a_number_or_its_name_and_0_where_left_out(
    served: Served, database: Database, given: Any, meant: int
) -> None:
    send(served, SPAN | {"kind": given, "status": {"code": 2 if given else "STATUS_CODE_ERROR"}})

    assert (one_span(database)["kind"], one_span(database)["status_code"]) == (meant, 2)


def test_case_15_a_name_that_the_standard_does_not_have_is_refused(served: Served) -> None:
    assert served.post("/v1/traces", request(SPAN | {"kind": "consumer"}), JSON).status == 400


def test_case_16_unknown_fields_are_ignored_at_every_level(served: Served, database: Database) -> None:
    new: dict[str, Any] = {"brandNew": {"deep": [1, None]}}
    attribute = {"key": "k", "value": {"stringValue": "v", **new}, **new}

    assert send(served, SPAN | {"attributes": [attribute], "status": {"code": 1, **new}, **new}, **new) == {}

    assert one_span(database)["attributes_string"] == {"k": "v"}


def test_case_16_keys_in_snake_case_are_not_honoured_and_the_sender_hears_of_it(
    served: Served, database: Database
) -> None:
    partial = send(served, SPAN | {"parent_span_id": "ff" * 8, "status": {"code": 0}})["partialSuccess"]

    assert list(partial) == ["errorMessage"]
    assert "lowerCamelCase: parent_span_id" in partial["errorMessage"]
    assert one_span(database)["parent_span_id"] == bytes(8)


def test_case_17_every_kind_of_value_is_accepted(served: Served, database: Database) -> None:
    values: dict[str, Any] = {
        "text": {"stringValue": "Zürich"}, "empty": {"stringValue": ""}, "nothing": {}, "yes": {"boolValue": True},
        "half": {"doubleValue": 0.5}, "whole": {"doubleValue": 2}, "bytes": {"bytesValue": "AP8="},
        "mixed": {"arrayValue": {"values": [{"intValue": "1"}, {"stringValue": "a"}, {"boolValue": False}]}},
        "nested": {"kvlistValue": {"values": [{"key": "n", "value": {"intValue": 1}}]}},
        "deep": {"kvlistValue": {"values": [{"key": "a", "value": {"arrayValue": {"values": [{"intValue": 1}, {}]}}}]}},
    }  # fmt: skip

    assert send(served, SPAN | {"attributes": [{"key": key, "value": value} for key, value in values.items()]}) == {}

    row = one_span(database)
    assert row["attributes_string"]["text"] == "Zürich"
    assert row["attributes_string"]["bytes"] == "AP8="
    assert json.loads(row["attributes_string"]["mixed"]) == [1, "a", False]
    assert json.loads(row["attributes_string"]["nested"]) == {"n": 1}
    assert row["attributes_float"] == {"half": 0.5, "whole": 2.0}
    assert row["attributes_bool"] == {"yes": True}
    assert {"deep", "empty", "nothing"} <= row["attributes_string"].keys()


def test_case_18_logs_posted_as_spans_are_refused_with_a_hint(served: Served, database: Database) -> None:
    in_protobuf = served.post("/v1/traces", logs(event()), PROTOBUF)
    in_json = served.post("/v1/traces", b'{"resourceLogs": [{}]}', JSON)
    back = served.post("/v1/logs", traces(span()), PROTOBUF)

    assert [answer.status for answer in (in_protobuf, in_json, back)] == [400] * 3
    assert "/v1/logs" in status_of(in_protobuf).message
    assert "/v1/logs" in status_of(in_json).message
    assert "/v1/traces" in status_of(back).message
    assert stored(database) + count(database, "quarantine") == 0


@pytest.mark.parametrize(
    ("name", "reason"), [("traceId", "bad_trace_id"), ("spanId", "bad_span_id"), ("parentSpanId", "bad_parent_span_id")]
)
def test_case_19_an_id_of_a_wrong_length_rejects_its_record_only(
    served: Served, database: Database, name: str, reason: str
) -> None:
    partial = send(served, SPAN, SPAN | {name: "abcdef"})["partialSuccess"]

    assert partial["rejectedSpans"] == "1"
    assert reason in partial["errorMessage"]
    assert database.rows("SELECT reason FROM quarantine") == [{"reason": reason}]
    assert one_span(database)["trace_id"] == TRACE_ID

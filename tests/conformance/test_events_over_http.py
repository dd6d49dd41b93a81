"""CloudEvents 1.0.2 over HTTP, as raw bytes over real sockets: binary, structured, batched."""

import gzip
import json
from typing import Any

import pytest
from support.conformance import Keys, stored
from support.otlp import SPAN_ID, TRACE_ID, cloudevent
from support.served import Answer, Served

from core.clickhouse import Database

pytestmark = [pytest.mark.database, pytest.mark.enable_socket]

INVALID_ARGUMENT = 3  # google.rpc.Code
STRUCTURED = {"Content-Type": "application/cloudevents+json; charset=UTF-8"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}


def send(served: Served, content: Any, headers: dict[str, str]) -> dict[str, Any]:
    answer = served.post("/v1/events", json.dumps(content).encode(), headers)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    return json.loads(answer.body)


def binary(served: Served, event: dict[str, str], body: bytes = b"", **headers: str) -> Answer:
    attributes = {f"ce-{name}": value for name, value in event.items()}
    return served.post("/v1/events", body, {**attributes, **headers})


def event_ids(database: Database) -> set[str]:
    return {row["event_id"] for row in database.rows("SELECT event_id FROM events")}


def test_a_structured_event_is_taken(served: Served, database: Database) -> None:
    assert send(served, cloudevent(id="1"), STRUCTURED) == {"accepted": 1, "rejected": 0, "message": ""}
    assert event_ids(database) == {"1"}


def test_a_batch_reports_what_was_rejected_and_stores_the_rest(served: Served, database: Database) -> None:
    batch = [
        cloudevent(id="1"),
        cloudevent(id="2", time="soon"),
        cloudevent(id="3", specversion="0.3"),
        cloudevent(id="4"),
    ]

    told = send(served, batch, BATCH)

    assert (told["accepted"], told["rejected"]) == (2, 2)
    assert all(reason in told["message"] for reason in ("bad_timestamp", "bad_specversion"))
    assert event_ids(database) == {"1", "4"}


def test_an_empty_batch_is_legal(served: Served) -> None:
    assert send(served, [], BATCH) == {"accepted": 0, "rejected": 0, "message": ""}


def test_a_binary_event_is_percent_decoded(served: Served, database: Database) -> None:
    event = cloudevent(
        id="1",
        subject="invoice/Z%C3%BC%20100%25",
        integration='"erp"',
        traceparent=f"00-{TRACE_ID.hex()}-{SPAN_ID.hex()}-01",
    )

    answer = binary(served, event, b'{"amount": 1.5}', **{"Content-Type": "application/json"})

    assert json.loads(answer.body)["accepted"] == 1
    [row] = database.rows("SELECT subject_id, integration, toFloat64(amount) AS amount, trace_id, span_id FROM events")
    assert list(row.values()) == ["Zü 100%", "erp", 1.5, TRACE_ID, SPAN_ID]


def test_nothing_of_the_transport_reaches_the_event(served: Served, database: Database) -> None:
    transport = {"traceparent": f"00-{TRACE_ID.hex()}-{SPAN_ID.hex()}-01", "tracestate": "a=b", "baggage": "patient=1"}

    binary(served, cloudevent(id="1"), **transport)
    send(served, cloudevent(id="2"), STRUCTURED | transport)

    for row in database.rows("SELECT trace_id, attributes_string FROM events"):
        assert (row["trace_id"], row["attributes_string"]) == (bytes(16), {})


def test_a_packed_event_is_unpacked(served: Served) -> None:
    body = gzip.compress(json.dumps(cloudevent()).encode(), mtime=0)

    assert served.post("/v1/events", body, STRUCTURED | {"Content-Encoding": "gzip"}).status == 200


@pytest.mark.parametrize(
    ("headers", "body", "status", "words"),
    [
        (STRUCTURED, b"{", 400, "not valid JSON"),
        (STRUCTURED, b"[]", 400, "a JSON object"),
        (BATCH, b"{}", 400, "a JSON array"),
        ({"ce-type": "t", "ce-subject": "%FF"}, b"", 400, "the header ce-subject is not percent-encoded UTF-8"),
        ({"ce-type": "t", "ce-subject": "\xfc"}, b"", 400, "the header ce-subject is not percent-encoded UTF-8"),
        ({"Content-Type": "application/json"}, b"{}", 415, "application/cloudevents+json"),
        ({"Content-Type": "application/cloudevents-batch+avro"}, b"", 415, "application/cloudevents-batch+json"),
        ({"Content-Type": "application/cloudevents+json", "Content-Length": "100001"}, b"", 413, "100000"),
    ],
)
def test_a_bad_request_is_refused_in_json(
    served: Served, headers: dict[str, str], body: bytes, status: int, words: str
) -> None:
    answer = served.post("/v1/events", body, headers)

    assert (answer.status, answer.headers["content-type"]) == (status, "application/json")
    assert words in json.loads(answer.body)["message"]


def test_only_a_good_key_sends(serve: Any, keys: Keys, database: Database) -> None:
    served = serve(admit=keys.admit)
    body = json.dumps(cloudevent()).encode()

    statuses = [
        served.post("/v1/events", body, STRUCTURED | keys.header(key)).status for key in (None, "reader", "sender")
    ]

    assert (statuses, stored(database)) == ([401, 403, 200], 1)

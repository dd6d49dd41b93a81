"""What an OTLP/HTTP and CloudEvents receiver must do, over the wire as far as the application's door."""

import gzip
import json
import threading
from collections.abc import Iterator

import pytest
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from support.asgi_client import AsgiClient
from support.otlp import cloudevent, event, logs, span, traces
from support.troubled_store import TroubledStore

from collector.http import collector_app
from collector.service import Collector, Limits
from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import StoreUnavailableError

pytestmark = pytest.mark.database

PROTOBUF = {"content-type": "application/x-protobuf"}
GZIPPED = {**PROTOBUF, "content-encoding": "gzip"}
INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNAVAILABLE = 3, 8, 14  # google.rpc.Code


@pytest.fixture
def collector(database: Database, clock: ManualClock) -> Iterator[Collector]:
    collector = Collector(database, clock, Limits(max_body_bytes=100_000, max_in_flight_bytes=200_000))
    yield collector
    collector.close()


@pytest.fixture
def client(collector: Collector) -> AsgiClient:
    return AsgiClient(collector_app(collector))


def count(database: Database, table: str) -> int:
    return database.rows(f"SELECT count() AS n FROM {table}")[0]["n"]


def status_of(response: object) -> Status:
    assert response.headers["content-type"] == "application/x-protobuf"
    return Status.FromString(response.content)


def test_a_request_is_answered_once_it_is_stored(client: AsgiClient, database: Database) -> None:
    response = client.post("/v1/traces", content=traces(span(1)), headers=PROTOBUF)

    assert (response.status_code, response.headers["content-type"]) == (200, "application/x-protobuf")
    assert not ExportTraceServiceResponse.FromString(response.content).HasField("partial_success")
    assert count(database, "spans") == 1


def test_gzip_and_a_content_type_with_parameters_are_taken(client: AsgiClient, database: Database) -> None:
    headers = {"content-type": "Application/X-Protobuf; charset=utf-8", "content-encoding": "GZIP"}

    assert client.post("/v1/logs", content=gzip.compress(logs(event()), mtime=0), headers=headers).status_code == 200
    assert count(database, "events") == 1


@pytest.mark.parametrize("body", [b"", ExportTraceServiceRequest().SerializeToString(), traces()])
def test_an_empty_request_is_fine(client: AsgiClient, body: bytes) -> None:
    response = client.post("/v1/traces", content=body, headers=PROTOBUF)

    assert (response.status_code, response.content) == (200, b"")


def test_a_mixed_batch_reports_what_was_rejected_and_stores_the_rest(client: AsgiClient, database: Database) -> None:
    of_spans = client.post("/v1/traces", content=traces(span(1), span(2, trace_id=b"short")), headers=PROTOBUF)
    of_logs = client.post("/v1/logs", content=logs(event(), event(""), event("")), headers=PROTOBUF)

    spans = ExportTraceServiceResponse.FromString(of_spans.content).partial_success
    records = ExportLogsServiceResponse.FromString(of_logs.content).partial_success
    assert (of_spans.status_code, spans.rejected_spans) == (200, 1)
    assert "bad_trace_id" in spans.error_message
    assert (of_logs.status_code, records.rejected_log_records) == (200, 2)
    assert "no_event_type" in records.error_message
    assert (count(database, "spans"), count(database, "events"), count(database, "quarantine")) == (1, 1, 3)


@pytest.mark.parametrize(
    "case",
    [
        ("/v1/traces", b"\xff\xff", PROTOBUF, 400, "not a protobuf ExportTraceServiceRequest"),
        ("/v1/logs", b"hello", PROTOBUF, 400, "not a protobuf ExportLogsServiceRequest"),
        ("/v1/traces", logs(event()), PROTOBUF, 400, "/v1/logs"),
        ("/v1/traces", traces(span()), GZIPPED, 400, "gzip"),
        ("/v1/traces", traces(span()), {**PROTOBUF, "content-encoding": "br"}, 400, "zstd"),
        ("/v1/traces", traces(span()), {}, 415, "application/x-protobuf"),
        ("/v1/traces", b"{}", {"content-type": "text/plain"}, 415, "application/json"),
        ("/v1/logs", b"x" * 100_001, PROTOBUF, 413, "100000"),
        ("/v1/logs", gzip.compress(bytes(100_001), mtime=0), GZIPPED, 413, "decompressed"),
        ("/v1/metrics", b"", PROTOBUF, 404, "/v1/metrics"),
    ],
)
def test_a_bad_request_is_refused_with_a_status_that_says_why(
    client: AsgiClient, database: Database, case: tuple[str, bytes, dict[str, str], int, str]
) -> None:
    path, body, headers, http, words = case

    response = client.post(path, content=body, headers=headers)

    assert response.status_code == http
    if "json" not in headers.get("content-type", ""):
        assert words in status_of(response).message
        assert status_of(response).code != 0
    assert "retry-after" not in response.headers
    assert count(database, "events") + count(database, "spans") + count(database, "quarantine") == 0


def test_exactly_the_limit_is_taken_raw_and_unpacked(client: AsgiClient) -> None:
    body = logs(event(attributes={"pad": "x" * 99_000}))
    body = logs(event(attributes={"pad": "x" * (99_000 + 100_000 - len(body))}))
    assert len(body) == 100_000

    assert client.post("/v1/logs", content=body, headers=PROTOBUF).status_code == 200
    assert client.post("/v1/logs", content=gzip.compress(body, mtime=0), headers=GZIPPED).status_code == 200


@pytest.mark.parametrize("path", ["/v1/traces", "/v1/logs", "/v1/events"])
def test_only_post_is_taken(client: AsgiClient, path: str) -> None:
    response = client.get(path)

    assert (response.status_code, response.headers["allow"]) == (405, "POST")


def test_a_store_that_is_down_is_never_acknowledged(database: Database, clock: ManualClock) -> None:
    store = TroubledStore(database, [StoreUnavailableError("the store does not answer")] * 3)
    collector = Collector(store, clock)

    client = AsgiClient(collector_app(collector))
    refused = client.post("/v1/logs", content=logs(event()), headers=PROTOBUF)
    accepted = client.post("/v1/logs", content=logs(event()), headers=PROTOBUF)

    collector.close()
    assert (refused.status_code, status_of(refused).code) == (503, UNAVAILABLE)
    assert int(refused.headers["retry-after"]) > 0
    assert (accepted.status_code, count(database, "events")) == (200, 1)


def test_past_the_bytes_in_flight_a_sender_is_asked_to_wait(client: AsgiClient, collector: Collector) -> None:
    with collector.admission.hold() as hold:
        hold.grow(200_000)
        refused = client.post("/v1/logs", content=logs(event()), headers=PROTOBUF)
    accepted = client.post("/v1/logs", content=logs(event()), headers=PROTOBUF)

    assert (refused.status_code, status_of(refused).code) == (429, RESOURCE_EXHAUSTED)
    assert int(refused.headers["retry-after"]) > 0
    assert (accepted.status_code, collector.admission.in_flight) == (200, 0)


def test_the_same_bytes_from_many_senders_at_once_are_stored_once(client: AsgiClient, database: Database) -> None:
    statuses: list[int] = []

    def send() -> None:
        statuses.append(
            client.post("/v1/logs", content=logs(event(amount="much"), event()), headers=PROTOBUF).status_code
        )

    senders = [threading.Thread(target=send) for _ in range(6)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert statuses == [200] * 6
    assert (count(database, "events"), count(database, "quarantine")) == (1, 1)


def test_cloudevents_are_taken_structured_batched_and_binary(client: AsgiClient, database: Database) -> None:
    structured = client.post(
        "/v1/events", json=cloudevent(id="1"), headers={"content-type": "application/cloudevents+json"}
    )
    batched = client.post(
        "/v1/events",
        json=[cloudevent(id="2"), cloudevent(id="3", time="soon")],
        headers={"content-type": "application/cloudevents-batch+json"},
    )
    attributes = {f"ce-{name}": value for name, value in cloudevent(id="4").items()}
    binary = client.post("/v1/events", json={"amount": 1}, headers=attributes)
    empty = client.post("/v1/events", json=[], headers={"content-type": "application/cloudevents-batch+json"})

    assert [structured.json(), binary.json(), empty.json()] == [
        {"accepted": n, "rejected": 0, "message": ""} for n in (1, 1, 0)
    ]  # fmt: skip
    assert (batched.json()["accepted"], batched.json()["rejected"]) == (1, 1)
    assert "bad_timestamp" in batched.json()["message"]
    assert {row["event_id"] for row in database.rows("SELECT event_id FROM events")} == {"1", "2", "4"}


def test_a_bad_cloudevent_request_is_refused_in_json(client: AsgiClient) -> None:
    broken = client.post("/v1/events", content=b"{", headers={"content-type": "application/cloudevents+json"})
    other = client.post("/v1/events", content=b"{}", headers={"content-type": "application/json"})

    assert (broken.status_code, broken.json()["code"]) == (400, INVALID_ARGUMENT)
    assert "not valid JSON" in broken.json()["message"]
    assert other.status_code == 415


def test_counters_add_up(client: AsgiClient, collector: Collector) -> None:
    client.post("/v1/logs", content=logs(event(), event("")), headers=PROTOBUF)
    client.post("/v1/logs", content=logs(event(), event("")), headers=PROTOBUF)
    client.post("/v1/logs", content=b"\xff", headers=PROTOBUF)

    counted = {
        name.removeprefix("stallwatch_collector_"): value
        for name, value in collector.counters().items()
        if "logs" in name and "_total" in name and value
    }
    assert counted == {
        "requests_total{outcome=stored,signal=logs}": 1,
        "requests_total{outcome=repeated,signal=logs}": 1,
        "requests_total{outcome=malformed,signal=logs}": 1,
        "accepted_records_total{signal=logs}": 4,
        "records_total{outcome=stored,signal=logs}": 1,
        "records_total{outcome=quarantined,signal=logs}": 1,
        "records_total{outcome=repeated,signal=logs}": 2,
    }
    assert json.dumps(counted)

"""What an OTLP/HTTP receiver must do (OTLP 1.11), as raw bytes over real sockets. The numbers are the cases of the specification sheet."""

import gzip
import json
import zlib

import pytest
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from support.conformance import JSON, PROTOBUF, Keys, as_json, count, of_json, padded, status_of, stored
from support.otlp import event, logs, span, traces
from support.served import Served
from support.troubled_store import TroubledStore

from collector.decompression import zstd
from core.clickhouse import Database
from core.errors import StoreUnavailableError

pytestmark = [pytest.mark.database, pytest.mark.enable_socket]

LIMIT = 100_000
INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNAUTHENTICATED, PERMISSION_DENIED, UNAVAILABLE = (
    3,
    8,
    16,
    7,
    14,
)  # google.rpc.Code
BODIES = {"traces": traces(span(1)), "logs": logs(event())}
PACK = {"gzip": lambda body: gzip.compress(body, mtime=0), "deflate": zlib.compress, "zstd": zstd.compress}
signals = pytest.mark.parametrize("signal", ["traces", "logs"])
encodings = pytest.mark.parametrize("encoding", PACK)


@signals
def test_case_01_a_protobuf_post_is_answered_in_kind_without_partial_success(
    served: Served, database: Database, signal: str
) -> None:
    answer = served.post(f"/v1/{signal}", BODIES[signal], PROTOBUF)

    assert (answer.status, answer.headers["content-type"], answer.body) == (200, "application/x-protobuf", b"")
    assert stored(database) == 1


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "Application/JSON;Charset=UTF-8"]
)
@signals
def test_case_02_json_is_answered_in_json(served: Served, database: Database, signal: str, kind: str) -> None:
    answer = served.post(f"/v1/{signal}", as_json(signal, BODIES[signal]), {"Content-Type": kind})

    assert (answer.status, answer.headers["content-type"], json.loads(answer.body)) == (200, "application/json", {})
    assert stored(database) == 1


@encodings
def test_case_03_packed_bodies_are_read(served: Served, database: Database, encoding: str) -> None:
    headers = {"Content-Encoding": encoding}

    in_protobuf = served.post("/v1/logs", PACK[encoding](BODIES["logs"]), PROTOBUF | headers)
    in_json = served.post("/v1/traces", PACK[encoding](as_json("traces", BODIES["traces"])), JSON | headers)

    assert (in_protobuf.status, in_json.status, stored(database)) == (200, 200, 2)


def test_case_03_identity_is_read_and_an_unknown_encoding_refused(served: Served) -> None:
    plain = served.post("/v1/logs", BODIES["logs"], PROTOBUF | {"Content-Encoding": "identity"})
    unknown = served.post("/v1/logs", BODIES["logs"], PROTOBUF | {"Content-Encoding": "br"})

    assert (plain.status, unknown.status, status_of(unknown).code) == (200, 400, INVALID_ARGUMENT)


@encodings
def test_case_04_a_plain_body_under_the_header_of_a_packed_one_is_refused(served: Served, encoding: str) -> None:
    answer = served.post("/v1/logs", BODIES["logs"], PROTOBUF | {"Content-Encoding": encoding})

    assert (answer.status, status_of(answer).code) == (400, INVALID_ARGUMENT)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", PROTOBUF),
        (ExportTraceServiceRequest(resource_spans=[{}]).SerializeToString(), PROTOBUF),
        (traces(), PROTOBUF),
        (b"{}", JSON),
        (b'{"resourceSpans":[]}', JSON),
        (b'{"resourceSpans":[{"scopeSpans":[{"spans":[]}]}]}', JSON),
    ],
)
def test_case_05_an_empty_request_is_fine(
    served: Served, database: Database, body: bytes, headers: dict[str, str]
) -> None:
    answer = served.post("/v1/traces", body, headers)

    assert (answer.status, answer.body) == (200, b"{}" if headers == JSON else b"")
    assert stored(database) + count(database, "quarantine") == 0


@pytest.mark.parametrize("body", [b"\xff\xff", b"hello", BODIES["logs"][:-1], b"{", b"[]", b'{"resourceLogs": 1}'])
@pytest.mark.parametrize("headers", [PROTOBUF, JSON], ids=["protobuf", "json"])
def test_case_06_a_malformed_body_is_refused_in_its_own_encoding(
    served: Served, body: bytes, headers: dict[str, str]
) -> None:
    answer = served.post("/v1/logs", body, headers)

    assert (answer.status, status_of(answer).code, answer.headers["content-type"]) == (
        400,
        INVALID_ARGUMENT,
        headers["Content-Type"],
    )
    assert status_of(answer).message
    assert "retry-after" not in answer.headers


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "text/plain"}, {"Content-Type": "application/grpc"}])
def test_case_07_another_content_type_is_not_taken(served: Served, headers: dict[str, str]) -> None:
    answer = served.post("/v1/logs", BODIES["logs"], headers)

    assert answer.status == 415
    assert "application/x-protobuf or application/json" in status_of(answer).message


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_case_07_only_post_is_taken(served: Served, method: str) -> None:
    answer = served.post("/v1/traces", headers=PROTOBUF, method=method)

    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    assert status_of(answer).code != 0


@pytest.mark.parametrize(("extra", "status"), [(0, 200), (1, 413)])
def test_case_08_the_limit_is_exact_for_a_plain_body(served: Served, extra: int, status: int) -> None:
    in_protobuf = served.post("/v1/logs", padded(LIMIT + extra), PROTOBUF)
    in_json = served.post("/v1/logs", as_json("logs", BODIES["logs"]).ljust(LIMIT + extra), JSON)

    assert [in_protobuf.status, in_json.status] == [status] * 2


@encodings
@pytest.mark.parametrize(("extra", "status"), [(0, 200), (1, 413)])
def test_case_08_the_limit_is_exact_for_an_unpacked_body(
    served: Served, encoding: str, extra: int, status: int
) -> None:
    answer = served.post("/v1/logs", PACK[encoding](padded(LIMIT + extra)), PROTOBUF | {"Content-Encoding": encoding})

    assert answer.status == status


@encodings
def test_case_08_a_bomb_is_refused_and_leaves_nothing_behind(served: Served, encoding: str) -> None:
    bomb = PACK[encoding](bytes(50_000_000))
    assert len(bomb) < LIMIT

    answer = served.post("/v1/logs", bomb, PROTOBUF | {"Content-Encoding": encoding})

    assert (answer.status, status_of(answer).code) == (413, RESOURCE_EXHAUSTED)
    assert "retry-after" not in answer.headers


def test_case_08_a_body_without_a_length_is_measured_while_it_comes(served: Served) -> None:
    head = b"POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks = b"".join(b"c350\r\n" + bytes(50_000) + b"\r\n" for _ in range(3))

    assert served.raw(head + chunks + b"0\r\n\r\n").status == 413


def test_case_09_a_mixed_batch_reports_what_was_rejected_and_stores_the_rest(
    served: Served, database: Database
) -> None:
    of_spans = served.post("/v1/traces", traces(span(1), span(2, trace_id=b"short")), PROTOBUF)
    of_logs = served.post("/v1/logs", logs(event(), event(""), event("")), PROTOBUF)

    spans = ExportTraceServiceResponse.FromString(of_spans.body).partial_success
    records = ExportLogsServiceResponse.FromString(of_logs.body).partial_success
    assert (of_spans.status, spans.rejected_spans) == (200, 1)
    assert "bad_trace_id" in spans.error_message
    assert (of_logs.status, records.rejected_log_records) == (200, 2)
    assert "no_event_type" in records.error_message
    assert (stored(database), count(database, "quarantine")) == (2, 3)


def test_case_09_partial_success_in_json(served: Served) -> None:
    answer = served.post("/v1/logs", as_json("logs", logs(event(), event(""))), JSON)

    partial = json.loads(answer.body)["partialSuccess"]
    assert (answer.status, partial["rejectedLogRecords"]) == (200, "1")
    assert "no_event_type" in partial["errorMessage"]


def test_case_09_a_warning_alone_rejects_nothing(served: Served, database: Database) -> None:
    answer = served.post("/v1/logs", of_json(as_json("logs", BODIES["logs"]), resource_logs=[]), JSON)

    partial = json.loads(answer.body)["partialSuccess"]
    assert list(partial) == ["errorMessage"]
    assert "resource_logs" in partial["errorMessage"]
    assert stored(database) == 1


def test_case_10_an_overloaded_collector_asks_to_wait(served: Served) -> None:
    with served.collector.admission.hold() as hold:
        hold.grow(3 * LIMIT)
        refused = served.post("/v1/logs", BODIES["logs"], PROTOBUF)
    accepted = served.post("/v1/logs", BODIES["logs"], PROTOBUF)

    assert (refused.status, status_of(refused).code) == (429, RESOURCE_EXHAUSTED)
    assert int(refused.headers["retry-after"]) > 0
    assert (accepted.status, served.collector.admission.in_flight) == (200, 0)


@pytest.mark.parametrize("headers", [PROTOBUF, JSON], ids=["protobuf", "json"])
def test_case_10_a_store_that_is_down_is_never_acknowledged(serve, database: Database, headers: dict[str, str]) -> None:
    served = serve(TroubledStore(database, [StoreUnavailableError("the store does not answer")] * 3))
    body = BODIES["logs"] if headers == PROTOBUF else as_json("logs", BODIES["logs"])

    refused = served.post("/v1/logs", body, headers)
    empty = stored(database)
    accepted = served.post("/v1/logs", body, headers)

    assert (refused.status, status_of(refused).code, empty) == (503, UNAVAILABLE, 0)
    assert int(refused.headers["retry-after"]) > 0
    assert (accepted.status, stored(database)) == (200, 1)


@pytest.mark.parametrize("path", ["/v1/traces", "/v1/logs", "/v1/events"])
@pytest.mark.parametrize(
    ("key", "told"),
    [(None, (401, UNAUTHENTICATED)), ("wrong", (401, UNAUTHENTICATED)), ("reader", (403, PERMISSION_DENIED))],
)
def test_case_11_without_a_good_key_nothing_is_taken(
    serve, keys: Keys, path: str, key: str | None, told: tuple[int, int]
) -> None:
    answer = serve(admit=keys.admit).post(path, BODIES["logs"], PROTOBUF | keys.header(key))

    assert (answer.status, status_of(answer).code) == told
    assert answer.headers.get("www-authenticate") == ("Bearer" if told[0] == 401 else None)


def test_case_11_with_a_good_key_telemetry_is_taken(serve, keys: Keys, database: Database) -> None:
    answer = serve(admit=keys.admit).post("/v1/logs", BODIES["logs"], PROTOBUF | keys.header("sender"))

    assert (answer.status, stored(database)) == (200, 1)


def test_case_11_a_sender_without_a_key_is_refused_before_its_body_comes(serve, keys: Keys) -> None:
    answer = serve(admit=keys.admit).raw(
        b"POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 90000\r\n\r\n"
    )

    assert (answer.status, json.loads(answer.body)["code"]) == (401, UNAUTHENTICATED)


def test_case_12_protobuf_and_json_share_a_port_and_the_same_content_is_stored_once(
    served: Served, database: Database
) -> None:
    for body, headers in ((BODIES["logs"], PROTOBUF), (as_json("logs", BODIES["logs"]), JSON)) * 2:
        assert served.post("/v1/logs", body, headers).status == 200

    assert database.rows("SELECT count() AS n FROM events FINAL") == [{"n": 1}]


def test_case_12_a_response_stays_small_however_much_is_wrong(served: Served) -> None:
    bad = [event("", f"invoice:{'x' * 500}{number}", amount="y" * 200) for number in range(100)]

    rejected = served.post("/v1/logs", logs(*bad), PROTOBUF)
    refused = served.post("/v1/logs", BODIES["logs"], {"Content-Type": "x" * 50_000})

    assert ExportLogsServiceResponse.FromString(rejected.body).partial_success.rejected_log_records == 100
    assert max(len(rejected.body), len(refused.body)) < 4 * 1024


def test_a_path_that_is_not_served_is_404_with_a_status(served: Served) -> None:
    metrics, nothing = served.post("/v1/metrics", b"", PROTOBUF), served.post("/v1/nothing", b"{}", JSON)

    assert (metrics.status, "/v1/traces" in Status.FromString(metrics.body).message) == (404, True)
    assert (nothing.status, json.loads(nothing.body)["code"]) == (404, 5)

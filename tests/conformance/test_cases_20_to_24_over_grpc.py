"""What an OTLP/gRPC receiver must do, as raw bytes over real sockets. The numbers are the cases of the sheet."""

import threading
from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from support.conformance import PROTOBUF, Keys, count, padded, stored
from support.hanging_store import HangingStore
from support.otlp import event, logs, span, traces
from support.served import SERVICES, CallAnswer, Served, half_a_call, refused
from support.troubled_store import TroubledStore

from core.clickhouse import Database
from core.errors import StoreUnavailableError

pytestmark = [pytest.mark.database, pytest.mark.enable_socket]

LIMIT = 100_000
OK, INVALID, EXHAUSTED, UNAVAILABLE = (
    grpc.StatusCode.OK, grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.UNAVAILABLE
)  # fmt: skip
UNIMPLEMENTED, UNAUTHENTICATED, DENIED = (
    grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED
)  # fmt: skip
BODIES = {"traces": traces(span(1)), "logs": logs(event())}
COMPRESSIONS = {
    "plain": grpc.Compression.NoCompression,
    "gzip": grpc.Compression.Gzip,
    "deflate": grpc.Compression.Deflate,
}
compressions = pytest.mark.parametrize("compression", COMPRESSIONS.values(), ids=COMPRESSIONS)


def retry_seconds(answer: CallAnswer) -> int | None:
    """When a sender may try again, if ever."""
    if answer.details is None or not answer.details.details:
        return None
    info = RetryInfo()
    assert answer.details.details[0].Unpack(info)
    return info.retry_delay.seconds


@compressions
@pytest.mark.parametrize("signal", BODIES)
def test_a_call_is_answered_once_it_is_stored(
    served: Served, database: Database, signal: str, compression: Any
) -> None:
    answer = served.call(signal, BODIES[signal], compression=compression)

    assert (answer.code, answer.body, stored(database)) == (OK, b"", 1)


def test_a_mixed_batch_reports_what_was_rejected(served: Served, database: Database) -> None:
    of_spans = served.call("traces", traces(span(1), span(2, trace_id=b"short")))
    of_logs = served.call("logs", logs(event(), event("")))

    spans = ExportTraceServiceResponse.FromString(of_spans.body).partial_success
    records = ExportLogsServiceResponse.FromString(of_logs.body).partial_success
    assert (spans.rejected_spans, records.rejected_log_records) == (1, 1)
    assert "bad_trace_id" in spans.error_message
    assert "no_event_type" in records.error_message
    assert (stored(database), count(database, "quarantine")) == (2, 2)


@pytest.mark.parametrize(
    ("signal", "body"),
    [("traces", b"\xff\xff"), ("logs", BODIES["logs"][:-1]), ("traces", BODIES["logs"]), ("logs", BODIES["traces"])],
)
def test_case_20_bad_data_is_an_invalid_argument(served: Served, signal: str, body: bytes) -> None:
    answer = served.call(signal, body)

    assert (answer.code, retry_seconds(answer)) == (INVALID, None)
    assert answer.details is not None
    assert answer.details.message == answer.words != ""


def test_case_20_a_store_that_is_down_is_unavailable_for_a_while(serve: Any, database: Database) -> None:
    served = serve(TroubledStore(database, [StoreUnavailableError("the store does not answer")] * 3))

    answer, empty = served.call("logs", BODIES["logs"]), stored(database)
    again = served.call("logs", BODIES["logs"])

    assert (answer.code, empty) == (UNAVAILABLE, 0)
    assert (retry_seconds(answer) or 0) > 0
    assert (again.code, stored(database)) == (OK, 1)


def test_case_21_an_overload_says_when_to_try_again(served: Served) -> None:
    with served.collector.admission.hold() as hold:
        hold.grow(3 * LIMIT)
        answer = served.call("logs", BODIES["logs"])

    assert answer.code == EXHAUSTED
    assert (retry_seconds(answer) or 0) > 0
    assert (served.call("logs", BODIES["logs"]).code, served.collector.admission.in_flight) == (OK, 0)


@compressions
def test_case_21_a_message_over_the_limit_is_refused_for_good(
    served: Served, database: Database, compression: Any
) -> None:
    taken = served.call("logs", padded(LIMIT), compression=compression)
    answer = served.call("logs", padded(LIMIT + 1), compression=compression)

    assert (taken.code, answer.code, retry_seconds(answer), stored(database)) == (OK, EXHAUSTED, None, 1)


def test_case_21_a_bomb_is_refused_for_good(served: Served, database: Database) -> None:
    answer = served.call("logs", bytes(50_000_000), compression=grpc.Compression.Gzip)

    assert (answer.code, retry_seconds(answer), stored(database)) == (EXHAUSTED, None, 0)


@pytest.mark.parametrize(
    ("key", "code"), [(None, UNAUTHENTICATED), ("wrong", UNAUTHENTICATED), ("reader", DENIED), ("sender", OK)]
)
def test_case_22_only_a_good_key_sends(serve: Any, keys: Keys, database: Database, key: str | None, code: Any) -> None:
    answer = serve(admit=keys.admit).call("logs", BODIES["logs"], metadata=list(keys.header(key).items()))

    assert (answer.code, retry_seconds(answer), stored(database)) == (code, None, int(code is OK))


def test_case_22_a_sender_without_a_key_is_refused_before_its_message_comes(serve: Any, keys: Keys) -> None:
    with half_a_call(serve(admit=keys.admit).grpc_port) as call:
        assert refused(call.exception(10)).code is UNAUTHENTICATED


@pytest.mark.parametrize(
    "method",
    [
        f"/opentelemetry.proto.collector.{SERVICES['metrics']}/Export",
        "/opentelemetry.proto.collector.trace.v1.TraceService/Other",
        "/a/b",
    ],
)
def test_case_22_another_method_is_unimplemented(served: Served, method: str) -> None:
    answer = served.call_method(method, b"")

    assert (answer.code, retry_seconds(answer)) == (UNIMPLEMENTED, None)
    assert "traces and logs" in answer.words


def test_case_23_a_stop_answers_what_is_stored_and_sends_the_rest_away(serve: Any, database: Database) -> None:
    store = HangingStore(database)
    served = serve(store)
    answers: list[CallAnswer] = []
    waiting = threading.Thread(target=lambda: answers.append(served.call("logs", BODIES["logs"])))
    with half_a_call(served.grpc_port) as half:
        waiting.start()
        assert store.asked.wait(30)
        stopping = threading.Thread(target=served.stop)
        stopping.start()
        unread = refused(half.exception(30))
        store.go_on.set()
        stopping.join(30)
        waiting.join(30)

    assert [answer.code for answer in answers] == [OK]
    assert (unread.code, (retry_seconds(unread) or 0) > 0) == (UNAVAILABLE, True)
    assert stored(database) == 1


def test_case_23_who_waits_in_vain_for_the_store_is_sent_away(serve: Any, database: Database) -> None:
    store = HangingStore(database)
    served = serve(store)
    answers: list[CallAnswer] = []
    waiting = threading.Thread(target=lambda: answers.append(served.call("logs", BODIES["logs"])))
    waiting.start()
    assert store.asked.wait(30)

    served.stop(grace=0.1)
    waiting.join(30)
    store.go_on.set()

    [answer] = answers
    assert (answer.code, (retry_seconds(answer) or 0) > 0) == (UNAVAILABLE, True)


def test_case_24_the_same_bytes_twice_are_one_row_over_both_wires(served: Served, database: Database) -> None:
    for signal, body in BODIES.items():
        assert [served.call(signal, body).code for _ in range(2)] == [OK, OK]
        assert served.post(f"/v1/{signal}", body, PROTOBUF).status == 200

    assert stored(database) == 2


def test_a_sender_who_hangs_up_keeps_its_place_until_its_bytes_are_stored(serve: Any, database: Database) -> None:
    store = HangingStore(database)
    served = serve(store)

    gone = served.call("logs", BODIES["logs"], timeout=5)  # time enough to have its message read
    held = served.collector.admission.in_flight
    store.go_on.set()
    served.collector.close()

    assert (gone.code, held) == (grpc.StatusCode.DEADLINE_EXCEEDED, len(BODIES["logs"]))
    assert (served.collector.admission.in_flight, stored(database)) == (0, 1)

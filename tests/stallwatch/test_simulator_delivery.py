"""Sending a simulation over real HTTP: everything arrives, in order, through overload; and live traffic follows."""

import gzip
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from core.clock import ManualClock
from stallwatch.simulator import Simulation, load_network, simulate
from stallwatch.simulator.delivery import DeliveryError, LiveTraffic, send
from stallwatch.simulator.otlp import batches

AS_OF = datetime(2026, 3, 4, 12, tzinfo=UTC)
over_http = [pytest.mark.process, pytest.mark.enable_socket]


@cache
def small() -> Simulation:
    return simulate(load_network(), 1, AS_OF, days=14, journeys=60)


class Receiver:
    """A collector that keeps what it is sent, after the answers it was told to give first."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, bytes]] = []
        self.first: list[tuple[int, dict[str, str]]] = []
        self.rejected = 0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = gzip.decompress(self.rfile.read(int(self.headers["content-length"])))
                status, headers = receiver.first.pop(0) if receiver.first else (200, {})
                answer = b""
                if status == 200:
                    receiver.bodies.append((self.path, body))
                    if receiver.rejected:
                        partial = ExportLogsServiceResponse()
                        partial.partial_success.rejected_log_records = receiver.rejected
                        answer = partial.SerializeToString()
                self.send_response(status)
                for name, value in {**headers, "content-length": str(len(answer))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_address[1]}"

    def event_ids(self) -> list[str]:
        requests = [ExportLogsServiceRequest.FromString(body) for path, body in self.bodies if path == "/v1/logs"]
        records = [r for q in requests for rl in q.resource_logs for sl in rl.scope_logs for r in sl.log_records]
        return [{a.key: a.value.string_value for a in record.attributes}["stallwatch.event.id"] for record in records]

    def span_ids(self) -> list[bytes]:
        requests = [ExportTraceServiceRequest.FromString(body) for path, body in self.bodies if path == "/v1/traces"]
        return [s.span_id for q in requests for rs in q.resource_spans for ss in rs.scope_spans for s in ss.spans]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    thread = threading.Thread(target=found.server.serve_forever)
    thread.start()
    yield found
    found.server.shutdown()
    found.server.server_close()
    thread.join()


class TestOverHttp:
    pytestmark = over_http

    def test_the_whole_history_arrives_and_nothing_of_the_future(self, receiver: Receiver) -> None:
        seen: list[tuple[int, int]] = []

        sent = send(small(), receiver.endpoint, lambda done, total: seen.append((done, total)))

        assert set(receiver.event_ids()) == {e.event_id for e in small().events if e.delivered_at <= AS_OF}
        assert set(receiver.span_ids()) == {s.span_id for s in small().spans if s.delivered_at <= AS_OF}
        assert len(receiver.span_ids()) == sent.spans == small().truth.spans
        assert len(receiver.event_ids()) == sent.events
        assert (sent.requests, sent.retries, sent.rejected) == (len(receiver.bodies), 0, 0)
        assert seen[-1][0] == seen[-1][1]

    def test_some_requests_are_sent_twice_byte_for_byte(self, receiver: Receiver) -> None:
        sent = send(small(), receiver.endpoint)

        assert sent.resent == len(receiver.bodies) - len(set(receiver.bodies)) > 0

    def test_overload_is_waited_out_as_long_as_the_collector_asks(self, receiver: Receiver) -> None:
        receiver.first = [(503, {"retry-after": "7"}), (429, {})]
        waits: list[float] = []

        sent = send(small(), receiver.endpoint, sleep=waits.append)

        assert waits == [7.0, 0.5]
        assert sent.retries == 2
        assert len(receiver.bodies) == sent.requests

    def test_a_refusal_is_not_retried(self, receiver: Receiver) -> None:
        receiver.first = [(400, {})]

        with pytest.raises(DeliveryError, match="400"):
            send(small(), receiver.endpoint, sleep=pytest.fail)

    def test_tries_are_bounded(self, receiver: Receiver) -> None:
        receiver.first = [(503, {})] * 100
        waits: list[float] = []

        with pytest.raises(DeliveryError, match="503"):
            send(small(), receiver.endpoint, sleep=waits.append)

        assert len(waits) == 7

    def test_rejected_records_are_counted(self, receiver: Receiver) -> None:
        receiver.rejected = 3

        assert send(small(), receiver.endpoint).rejected == 3 * len(receiver.bodies)

    def test_an_unreachable_collector_is_named(self) -> None:
        with pytest.raises(DeliveryError, match=r"127\.0\.0\.1:9"):
            send(small(), "http://127.0.0.1:9", sleep=lambda _: None)

    def test_live_traffic_sends_each_event_once_when_it_is_due(self, receiver: Receiver) -> None:
        clock = ManualClock(AS_OF)
        live = LiveTraffic(small(), receiver.endpoint, clock)

        first = live.send_due()
        clock.advance(timedelta(hours=5))
        second = live.send_due()
        third = live.send_due()

        due = [e for e in small().events if AS_OF < e.delivered_at <= clock.now()]
        assert (first.events, second.events, third.events) == (0, len(due), 0)
        assert sorted(receiver.event_ids()) == sorted(event.event_id for event in due)

    def test_live_traffic_keeps_what_the_collector_would_not_take(self, receiver: Receiver) -> None:
        clock = ManualClock(AS_OF + timedelta(hours=5))
        live = LiveTraffic(small(), receiver.endpoint, clock)
        receiver.first = [(400, {})]

        with pytest.raises(DeliveryError):
            live.send_due()
        live.send_due()

        due = {event.event_id for event in small().events if AS_OF < event.delivered_at <= clock.now()}
        assert set(receiver.event_ids()) == due

    def test_live_traffic_runs_in_a_thread_until_it_is_stopped(self, receiver: Receiver) -> None:
        live = LiveTraffic(small(), receiver.endpoint, ManualClock(AS_OF + timedelta(hours=2)))

        live.start()
        arrived = threading.Event()
        while not receiver.bodies:
            arrived.wait(0.05)
        live.stop()

        assert receiver.event_ids()


def test_an_event_is_written_as_the_wire_contract_says() -> None:
    event = next(event for event in small().events if event.type == "exception.raised")

    batch = next(batches([event], []))
    (resource,) = ExportLogsServiceRequest.FromString(batch.body).resource_logs
    (record,) = resource.scope_logs[0].log_records
    said = {each.key: each.value for each in record.attributes}

    assert {a.key: a.value.string_value for a in resource.resource.attributes} == {
        "service.name": "ap-adapter",
        "stallwatch.integration": "ap_automation",
    }
    assert record.event_name == "exception.raised"
    assert datetime.fromtimestamp(record.time_unix_nano / 1e9, UTC) - event.occurred_at < timedelta(milliseconds=1)
    assert said["stallwatch.subject"].string_value.startswith("exception:EX-")
    objects = [value.string_value for value in said["stallwatch.objects"].array_value.values]
    assert objects[0] == said["stallwatch.subject"].string_value
    assert objects[1].partition(":")[0] in {"invoice", "purchase_order"}
    assert said["stallwatch.reason"].string_value in {
        "price_variance",
        "missing_receipt",
        "blocked_supplier",
        "tax_variance",
    }
    assert said["stallwatch.currency"].string_value == "USD"
    assert (record.trace_id, record.span_id) == (event.trace_id, event.span_id)


def test_a_failed_span_says_so_and_a_good_one_says_nothing() -> None:
    failed = next(span for span in small().spans if span.failure and span.objects)
    good = next(span for span in small().spans if not span.failure)

    batch = next(batches([], [failed, good]))
    found = ExportTraceServiceRequest.FromString(batch.body).resource_spans
    spans = {s.span_id: s for resource in found for scope in resource.scope_spans for s in scope.spans}

    assert spans[failed.span_id].status.code == 2
    assert spans[failed.span_id].status.message == failed.failure
    assert spans[good.span_id].status.code == 0

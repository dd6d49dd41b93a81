"""Senders as OTLP clients are: they send again until they have a final answer, whatever happens to the connection."""

import contextlib
import queue
import threading
import time
from dataclasses import dataclass, field

import grpc
import httpx
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from support.chaos_traffic import JSON, PATHS, Delivery

RETRYABLE = {429, 502, 503, 504}  # the OTLP specification's, and its codes of gRPC
RETRYABLE_CODES = {
    "CANCELLED",
    "DEADLINE_EXCEEDED",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNAVAILABLE",
    "DATA_LOSS",
    "RESOURCE_EXHAUSTED",
}
METHODS = {
    "traces": "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    "logs": "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
}
CHANNEL = [
    ("grpc.initial_reconnect_backoff_ms", 50),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 300),
]
SENDERS = 16
PATIENCE_SECONDS = 15  # with one answer; a hung store, a lost answer


@dataclass
class Senders:
    """A few threads that empty one queue."""

    port: int
    rpc_port: int
    answers: list[tuple[Delivery, int, int]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _waiting: queue.SimpleQueue[Delivery] = field(default_factory=queue.SimpleQueue)

    def start(self, deliveries: list[Delivery]) -> None:
        for delivery in deliveries:
            self._waiting.put(delivery)
        self._threads = [threading.Thread(target=self._send_all, daemon=True) for _ in range(SENDERS)]
        for thread in self._threads:
            thread.start()

    def finish(self, seconds: float) -> bool:
        """Wait for all to be answered; False if some are not within `seconds`."""
        ends = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, ends - time.monotonic()))
        finished = not any(thread.is_alive() for thread in self._threads)
        self.stopped.set()
        return finished

    def _send_all(self) -> None:
        with (
            httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=PATIENCE_SECONDS) as client,
            grpc.insecure_channel(f"127.0.0.1:{self.rpc_port}", CHANNEL) as channel,
        ):
            while not self.stopped.wait(0.01):
                try:
                    delivery = self._waiting.get_nowait()
                except queue.Empty:
                    return
                while not self._answered(client, channel, delivery) and not self.stopped.wait(0.25):
                    pass

    def _answered(self, client: httpx.Client, channel: grpc.Channel, delivery: Delivery) -> bool:
        """Whether there is a final answer; what is not final is noted."""
        answer = _called(channel, delivery) if delivery.over_rpc else _posted(client, delivery)
        if isinstance(answer, str):
            self.failures.append(answer)
            return False
        self.answers.append((delivery, *answer))
        return True


def _posted(client: httpx.Client, delivery: Delivery) -> tuple[int, int] | str:
    """Return status and number of rejected records, or why it is to be sent again."""
    try:
        response = client.post(PATHS[delivery.signal], content=delivery.body, headers=delivery.headers)
    except httpx.TransportError as error:
        return type(error).__name__
    if response.status_code in RETRYABLE:
        return str(response.status_code)
    return response.status_code, _rejected(delivery, response) if response.status_code == 200 else 0


def _rejected(delivery: Delivery, response: httpx.Response) -> int:
    if delivery.signal == "cloudevents":
        return int(response.json()["rejected"])
    if delivery.headers["content-type"] == JSON:
        told = response.json().get("partialSuccess", {})
        return int(told.get("rejectedSpans", told.get("rejectedLogRecords", 0)))
    return _rejected_in(response.content)


def _called(channel: grpc.Channel, delivery: Delivery) -> tuple[int, int] | str:
    """The same over gRPC, in the numbers of HTTP."""
    compression = grpc.Compression.Gzip if len(delivery.records) % 2 else grpc.Compression.NoCompression
    with contextlib.suppress(ValueError):  # the channel is closed: the test is over
        try:
            reply = channel.unary_unary(METHODS[delivery.signal])(
                delivery.body, timeout=PATIENCE_SECONDS, compression=compression
            )
        except grpc.RpcError as error:
            code = error.code().name
            return code if code in RETRYABLE_CODES else ({"INVALID_ARGUMENT": 400}.get(code, 500), 0)
        return 200, _rejected_in(reply)
    return "closed"


def _rejected_in(reply: bytes) -> int:
    """The response for logs has the same field numbers as that for traces."""
    return int(ExportTraceServiceResponse.FromString(reply).partial_success.rejected_spans)

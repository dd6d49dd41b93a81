"""Senders as OTLP clients are: they send again until they have a final answer, whatever happens to the connection."""

import queue
import threading
from dataclasses import dataclass, field

import httpx
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from support.chaos_traffic import PATHS, Delivery

RETRYABLE = {429, 502, 503, 504}  # the OTLP specification's
SENDERS = 6
PATIENCE_SECONDS = 4  # with one answer; a hung store, a lost answer


@dataclass
class Senders:
    """A few threads that empty one queue."""

    port: int
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
        for thread in self._threads:
            thread.join(seconds)
        finished = not any(thread.is_alive() for thread in self._threads)
        self.stopped.set()
        return finished

    def _send_all(self) -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=PATIENCE_SECONDS) as client:
            while not self.stopped.wait(0.01):
                try:
                    delivery = self._waiting.get_nowait()
                except queue.Empty:
                    return
                while not self._answered(client, delivery) and not self.stopped.wait(0.1):
                    pass

    def _answered(self, client: httpx.Client, delivery: Delivery) -> bool:
        try:
            response = client.post(PATHS[delivery.signal], content=delivery.body, headers=delivery.headers)
        except httpx.TransportError as error:
            self.failures.append(type(error).__name__)
            return False
        if response.status_code in RETRYABLE:
            self.failures.append(str(response.status_code))
            return False
        self.answers.append((delivery, response.status_code, _rejected(delivery, response)))
        return True


def _rejected(delivery: Delivery, response: httpx.Response) -> int:
    if response.status_code != 200:
        return 0
    if delivery.signal == "cloudevents":
        return int(response.json()["rejected"])
    # The response for logs has the same field numbers.
    return int(ExportTraceServiceResponse.FromString(response.content).partial_success.rejected_spans)

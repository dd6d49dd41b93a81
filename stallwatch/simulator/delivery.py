"""Sending a simulation over real OTLP/HTTP: the history at once, and what is still to come when it is due."""

import gzip
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self, TypeVar

import httpx
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from core.clock import Clock
from core.errors import StallwatchError
from core.logs import get_logger
from stallwatch.simulator.faults import Fault
from stallwatch.simulator.otlp import Batch, batches
from stallwatch.simulator.records import Event, Simulation, Span

RETRYABLE = frozenset({429, 502, 503, 504})  # OTLP 1.11, "Failures"
ATTEMPTS = 8
LONGEST_WAIT = 30.0
RESEND_EVERY = 20  # of every so many event requests one is sent twice, byte for byte
TIMEOUT = httpx.Timeout(60.0, connect=5.0)
LIVE_PAUSE = 1.0

Told = TypeVar("Told", Event, Span)
Progress = Callable[[int, int], None]


class DeliveryError(StallwatchError):
    """The receiver refused a request, or did not take it in several tries."""


@dataclass(frozen=True)
class Sent:
    """What was sent and acknowledged: requests (resent ones included), events and spans in them, tries that failed."""

    requests: int = 0
    events: int = 0
    spans: int = 0
    resent: int = 0
    retries: int = 0
    rejected: int = 0

    def __add__(self, other: Self) -> "Sent":
        """Count both."""
        return Sent(
            self.requests + other.requests,
            self.events + other.events,
            self.spans + other.spans,
            self.resent + other.resent,
            self.retries + other.retries,
            self.rejected + other.rejected,
        )


def send(
    simulation: Simulation,
    endpoint: str,
    progress: Progress | None = None,
    *,
    sleep: Callable[[float], object] = time.sleep,
    key: str = "",
) -> Sent:
    """Post everything due by `as_of` to the collector at `endpoint` ("http://127.0.0.1:4318"), in order of delivery.

    `progress(done, total)` counts events and spans; `key` is an API key, where one is required. Raises DeliveryError
    where the collector refuses a request, or cannot be reached or is overloaded for longer than eight tries.
    """
    as_of = simulation.truth.as_of
    history = _due(simulation.events, as_of), _due(simulation.spans, as_of)
    total, done, sent = sum(map(len, history)), 0, Sent()
    resend = Fault.DUPLICATE_DELIVERY in simulation.faults
    with _client(endpoint, key) as client:
        for batch, repeats in _with_repeats(batches(*history), resend=resend):
            for repeat in range(repeats):
                sent += _post(client, batch, sleep, resent=bool(repeat))
            done += batch.events + batch.spans
            if progress is not None:
                progress(done, total)
    return sent


def _client(endpoint: str, key: str) -> httpx.Client:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(base_url=endpoint, headers=headers, timeout=TIMEOUT, trust_env=False)


def _with_repeats(sending: Iterable[Batch], *, resend: bool) -> Iterable[tuple[Batch, int]]:
    logs = 0
    for batch in sending:
        logs += bool(batch.events)
        yield batch, 2 if resend and batch.events and logs % RESEND_EVERY == 1 else 1


def _due(told: Sequence[Told], until: datetime) -> Sequence[Told]:
    return told[: bisect_right(told, until, key=lambda each: each.delivered_at)]


def _post(client: httpx.Client, batch: Batch, sleep: Callable[[float], object], *, resent: bool = False) -> Sent:
    body = gzip.compress(batch.body, compresslevel=1)
    headers = {"content-type": "application/x-protobuf", "content-encoding": "gzip"}
    trouble = ""
    for attempt in range(ATTEMPTS):
        wait = min(LONGEST_WAIT, 0.25 * 2**attempt)
        try:
            response = client.post(batch.path, content=body, headers=headers)
        except httpx.TransportError as error:
            trouble = f"{type(error).__name__}: {error}"
        else:
            if response.is_success:
                rejected = _rejected(batch, response.content)
                return Sent(1, batch.events, batch.spans, int(resent), attempt, rejected)
            trouble = f"status {response.status_code}: {response.text[:200]!r}"
            if response.status_code not in RETRYABLE:
                break
            wait = _retry_after(response, wait)
        if attempt + 1 < ATTEMPTS:
            sleep(wait)
    message = f"the collector at {client.base_url} did not take a request to {batch.path}: {trouble}"
    raise DeliveryError(message)


def _retry_after(response: httpx.Response, otherwise: float) -> float:
    """Seconds as the collector asks for them; a date, or nothing, means our own pause."""
    asked = response.headers.get("retry-after", "")
    return min(LONGEST_WAIT, float(asked)) if asked.isdigit() else otherwise


def _rejected(batch: Batch, content: bytes) -> int:
    if batch.path == "/v1/logs":
        return ExportLogsServiceResponse.FromString(content).partial_success.rejected_log_records
    return ExportTraceServiceResponse.FromString(content).partial_success.rejected_spans


class LiveTraffic:
    """Sends what a simulation has in store after `as_of`, each when it is due by the clock; in a thread of its own.

    While the collector cannot take it, it is kept and tried again; nothing is lost and nothing sent out of order.
    """

    def __init__(self, simulation: Simulation, endpoint: str, clock: Clock, *, key: str = "") -> None:
        """Take a simulation whose `as_of` was "now" when its history was sent; `key` as for `send`."""
        self._events, self._spans = simulation.events, simulation.spans
        self._sent_until, self._endpoint, self._clock = simulation.truth.as_of, endpoint, clock
        self._key = key
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live-traffic", daemon=True)
        self._log = get_logger("simulator")

    def start(self) -> None:
        """Begin sending."""
        self._thread.start()

    def stop(self) -> None:
        """End sending, and wait for the request under way."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def send_due(self) -> Sent:
        """Send what has become due since the last call, now. Raises DeliveryError; a later call tries again."""
        until = self._clock.now()
        events = _since(_due(self._events, until), self._sent_until)
        spans = _since(_due(self._spans, until), self._sent_until)
        sent = Sent()
        if events or spans:
            with _client(self._endpoint, self._key) as client:
                for batch in batches(events, spans):
                    sent += _post(client, batch, self._stopped.wait)
        self._sent_until = max(until, self._sent_until)
        return sent

    def _run(self) -> None:
        while not self._stopped.wait(LIVE_PAUSE):
            try:
                self.send_due()
            except DeliveryError as error:
                self._log.warning("live traffic waits", reason=str(error))


def _since(told: Sequence[Told], after: datetime) -> Sequence[Told]:
    return told[bisect_right(told, after, key=lambda each: each.delivered_at) :]

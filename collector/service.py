"""The collector: takes requests from HTTP or from the same process, and answers when they are stored."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Any

from prometheus_client import CollectorRegistry

from collector.admission import Admission
from collector.batching import Batcher
from collector.cloudevents import event_lines, event_texts
from collector.errors import RequestError, TooLargeError
from collector.landing import Landing
from collector.metrics import CollectorMetrics
from collector.otlp import Checked, canonical, check_logs, check_traces, stamped
from collector.policy import MICROSECOND, Policy
from collector.publishing import Publisher
from collector.receipts import Receipt, Submission
from collector.recent import RecentRequests
from collector.senders import ANYONE, Sender
from collector.signals import CLOUDEVENTS, LOGS, SIGNALS, TRACES, Signal
from collector.stamps import Stamps
from collector.writing import Writer
from core.clickhouse import Database
from core.clock import Clock
from core.errors import StallwatchError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MEBIBYTE = 1024**2
RECENT_REQUESTS = 10_000  # a sender gives up on retries within minutes; this is an hour at three requests a second


@dataclass(frozen=True)
class Limits:
    """How much the collector takes on: bytes of one body, of all bodies not yet stored, and of one insert.

    A body must come within `read_seconds`: a sender that stops in the middle must not keep its place. Exporters give up
    after 10 (OTEL_EXPORTER_OTLP_TIMEOUT).
    """

    max_body_bytes: int = 64 * MEBIBYTE
    max_in_flight_bytes: int = 256 * MEBIBYTE
    max_in_flight_bytes_per_key: int | None = None
    max_batch_bytes: int = 8 * MEBIBYTE
    linger_seconds: float = 0.01
    read_seconds: float = 30.0
    writers: int = 2


class Collector:
    """Accepts telemetry, stores it, and says so: a receipt means that every record is a fact or in quarantine.

    Shared by all threads. Make one for each database; `close` drains it.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        limits: Limits | None = None,
        registry: CollectorRegistry | None = None,
        policy: Policy | Publisher | None = None,
    ) -> None:
        self._database, self._clock = database, clock
        own = policy if isinstance(policy, Publisher) else Publisher(database, clock, policy or Policy())
        self._publisher, self._policy = own, own.policy
        self.publish_policy()
        self.limits = limits or Limits()
        self.registry = registry or CollectorRegistry()
        self.metrics = CollectorMetrics.registered(self.registry)
        self.admission = Admission(self.limits.max_in_flight_bytes, self.limits.max_in_flight_bytes_per_key)
        self.metrics.in_flight_bytes.set_function(lambda: self.admission.in_flight)
        self._recent = RecentRequests(RECENT_REQUESTS)
        writer = Writer(Landing(database), self.metrics)
        self._batchers = {
            signal: Batcher(
                signal.name,
                writer.write,
                max_bytes=self.limits.max_batch_bytes,
                linger_seconds=self.limits.linger_seconds,
                writers=self.limits.writers,
            )
            for signal in SIGNALS
        }

    def publish_policy(self) -> bool:
        """Make limits, redaction and what the registry asks for known to the engine; return whether that is new."""
        return self._publisher.publish()

    def accept_traces(self, body: bytes, sender: Sender = ANYONE) -> Receipt:
        """Store an ExportTraceServiceRequest. Raises RequestError, OverloadedError, StoreUnavailableError."""
        return self._accept(len(body), lambda: self.submit_traces(body, sender))

    def accept_logs(self, body: bytes, sender: Sender = ANYONE) -> Receipt:
        """Store an ExportLogsServiceRequest. Raises RequestError, OverloadedError, StoreUnavailableError."""
        return self._accept(len(body), lambda: self.submit_logs(body, sender))

    def accept_cloudevents(self, events: Sequence[Any], sender: Sender = ANYONE) -> Receipt:
        """Store CloudEvents, each a JSON object. Raises RequestError, OverloadedError, StoreUnavailableError."""
        size = sum(map(len, event_texts(events)))
        return self._accept(size, lambda: self.submit_cloudevents(events, sender))

    def submit_traces(self, body: bytes, sender: Sender = ANYONE) -> Future[Receipt]:
        """Check, and return the receipt to come; the caller holds the bytes. Raises RequestError."""
        return self._submit_otlp(TRACES, body, check_traces, sender)

    def submit_logs(self, body: bytes, sender: Sender = ANYONE) -> Future[Receipt]:
        """Check, and return the receipt to come; the caller holds the bytes. Raises RequestError."""
        return self._submit_otlp(LOGS, body, check_logs, sender)

    def submit_cloudevents(self, events: Sequence[Any], sender: Sender = ANYONE) -> Future[Receipt]:
        """Return the receipt to come; the caller holds the bytes. Raises RequestError."""
        request_id = self._request_id(CLOUDEVENTS, sender, "\n".join(event_texts(events)).encode())
        block = event_lines(events, self._stamps(request_id, sender))
        return self._submit(Submission(CLOUDEVENTS, request_id, block, len(events)))

    def refused(self, signal: Signal, error: StallwatchError) -> None:
        """Count a request that got no receipt."""
        outcome = error.outcome if isinstance(error, RequestError) else "unavailable"
        self.metrics.ended(signal, outcome)

    def counters(self) -> dict[str, float]:
        """Return every sample by its Prometheus name and labels, as `/metrics` shows them."""
        samples = [sample for metric in self.registry.collect() for sample in metric.samples]
        return {f"{sample.name}{_labels(sample.labels)}": sample.value for sample in samples}

    def close(self) -> None:
        """Take no more requests, store what was taken, and return when all are answered."""
        for batcher in self._batchers.values():
            batcher.close()

    def _accept(self, size: int, submit: Callable[[], Future[Receipt]]) -> Receipt:
        if size > self.limits.max_body_bytes:
            message = f"{size} bytes are more than the {self.limits.max_body_bytes} that are taken at once"
            raise TooLargeError(message)
        with self.admission.hold() as hold:
            hold.grow(size)
            return submit().result()

    def _submit_otlp(
        self, signal: Signal, body: bytes, check: Callable[[bytes], Checked], sender: Sender
    ) -> Future[Receipt]:
        checked = check(body)
        stamps = self._stamps(self._request_id(signal, sender, body), sender)
        plainer = partial(_plainer, signal, checked.body, stamps)
        block = stamped(checked.body, stamps)
        return self._submit(Submission(signal, stamps.request_id, block, checked.records, plainer))

    def _submit(self, submission: Submission) -> Future[Receipt]:
        if not submission.records:
            self.metrics.ended(submission.signal, "empty")
            submission.receipt.set_result(Receipt(0))
            return submission.receipt
        claimed = self._recent.claim(submission)
        self.metrics.received(submission, claimed)
        if claimed is submission.receipt:
            self._enqueue(submission)
        return claimed

    def _enqueue(self, submission: Submission) -> None:
        try:
            self._batchers[submission.signal].submit(submission)
        except StallwatchError as error:
            self.metrics.refused(submission)
            submission.receipt.set_exception(error)

    def _request_id(self, signal: Signal, sender: Sender, body: bytes) -> str:
        """Return a digest of what was sent and for whom; keyed where there is a key, so that no one can try bodies."""
        content = f"{signal.name}\0{sender.integration}\0".encode() + body
        key = self._policy.redaction_key.encode()
        return (hmac.digest(key, content, "sha256") if key else sha256(content).digest()).hex()

    def _stamps(self, request_id: str, sender: Sender) -> Stamps:
        now = (self._clock.now() - EPOCH) // MICROSECOND
        return Stamps(request_id, now, sender.integration, self._policy.redaction_key)


def _labels(labels: Mapping[str, str]) -> str:
    return f"{{{','.join(f'{name}={value}' for name, value in sorted(labels.items()))}}}" if labels else ""


def _plainer(signal: Signal, body: bytes, stamps: Stamps) -> bytes:
    return stamped(canonical(signal, body), stamps)

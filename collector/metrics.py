"""What the collector counts, as Prometheus metrics. Labels are closed sets; docs/operations.md says what each means.

Names follow Prometheus' conventions (base units, `_total`); a test has `promtool check metrics` read a real scrape.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, PlatformCollector, ProcessCollector

from collector.errors import RequestError
from collector.receipts import Receipt, Submission
from collector.signals import SIGNALS, Signal
from core.errors import StoreUnavailableError

PREFIX = "stallwatch_collector"
KINDS: list[type[RequestError]] = [RequestError, *RequestError.__subclasses__()]
REFUSALS = sorted({kind.outcome for kind in KINDS})
REQUEST_OUTCOMES = ("stored", "repeated", "empty", "unavailable", "hung_up", "failed", *REFUSALS)
RECORD_OUTCOMES = ("stored", "quarantined", "refused", "repeated")
INSERT_OUTCOMES = ("stored", "unavailable", "failed")
ANSWER_OUTCOMES = ("stored", "refused")
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)  # an insert is given up after 30
REQUESTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)  # a batch holds at most 1,000
RECORDS = tuple(10**power for power in range(7))
BYTES = tuple(1024 * 4**power for power in range(9))  # 1 KiB to 64 MiB, the largest body by default


@dataclass(frozen=True)
class CollectorMetrics:
    """Counters and histograms by signal.

    Records of requests that could be read: accepted = stored + quarantined + refused + repeated, once every request is
    answered. A repeat of a recent request counts as `repeated`, since it stores nothing. Of a request that is refused
    before it is read nobody knows the records.
    """

    requests: Counter
    accepted: Counter
    records: Counter
    retries: Counter
    insert_seconds: Histogram
    answer_seconds: Histogram
    batch_requests: Histogram
    batch_records: Histogram
    batch_bytes: Histogram
    in_flight_bytes: Gauge

    @classmethod
    def registered(cls, registry: CollectorRegistry) -> "CollectorMetrics":
        """Create the metrics in `registry`, all at zero; once for each registry."""
        made = cls(
            Counter(f"{PREFIX}_requests", "Requests by outcome.", ["signal", "outcome"], registry=registry),
            Counter(
                f"{PREFIX}_accepted_records", "Records of requests that could be read.", ["signal"], registry=registry
            ),
            Counter(f"{PREFIX}_records", "Accepted records by outcome.", ["signal", "outcome"], registry=registry),
            Counter(f"{PREFIX}_insert_retries", "Inserts tried again.", ["signal"], registry=registry),
            _histogram(
                "insert_seconds", "Time of one try of an insert, by how it ended.", SECONDS, registry, "outcome"
            ),
            _histogram(
                "answer_seconds", "Time from a request that was read to its answer.", SECONDS, registry, "outcome"
            ),
            _histogram("batch_requests", "Requests of one stored batch.", REQUESTS, registry),
            _histogram("batch_records", "Records of one stored batch.", RECORDS, registry),
            _histogram("batch_bytes", "Bytes of one stored batch, as inserted.", BYTES, registry),
            Gauge(f"{PREFIX}_in_flight_bytes", "Bytes of requests not yet answered.", registry=registry),
        )
        made._begin_at_zero()
        return made

    @contextmanager
    def insert(self, signal: Signal) -> Iterator[None]:
        """Time one try of an insert, however it ends."""
        started, outcome = perf_counter(), "failed"
        try:
            yield
            outcome = "stored"
        except StoreUnavailableError:
            outcome = "unavailable"
            raise
        finally:
            self.insert_seconds.labels(signal.name, outcome).observe(perf_counter() - started)

    def received(self, submission: Submission, receipt: Future[Receipt]) -> None:
        """Count a request that could be read; `receipt` is the one to come: its own, or that of an earlier one."""
        name, started = submission.signal.name, perf_counter()
        self.accepted.labels(name).inc(submission.records)
        if receipt is not submission.receipt:
            self.requests.labels(name, "repeated").inc()
            self.records.labels(name, "repeated").inc(submission.records)

        def answered(told: Future[Receipt]) -> None:
            outcome = "stored" if told.exception() is None else "refused"
            self.answer_seconds.labels(name, outcome).observe(perf_counter() - started)

        receipt.add_done_callback(answered)

    def ended(self, signal: Signal, outcome: str) -> None:
        """Count a request that ended without a receipt, or without a record; `outcome` is one of REQUEST_OUTCOMES."""
        self.requests.labels(signal.name, outcome).inc()

    def stored(self, batch: Sequence[Submission], receipts: Sequence[Receipt]) -> None:
        """Count a batch that is stored."""
        name = batch[0].signal.name
        self.requests.labels(name, "stored").inc(len(batch))
        self.records.labels(name, "stored").inc(sum(receipt.accepted for receipt in receipts))
        self.records.labels(name, "quarantined").inc(sum(receipt.rejected for receipt in receipts))
        self.batch_requests.labels(name).observe(len(batch))
        self.batch_records.labels(name).observe(sum(submission.records for submission in batch))
        self.batch_bytes.labels(name).observe(sum(len(submission.block) for submission in batch))

    def refused(self, submission: Submission) -> None:
        """Count the records of a request that was read but not stored; whoever answers it counts the request."""
        self.records.labels(submission.signal.name, "refused").inc(submission.records)

    def _begin_at_zero(self) -> None:
        """Show every series from the start: a rate needs a value before the first failure."""
        by_signal = (self.accepted, self.retries, self.batch_requests, self.batch_records, self.batch_bytes)
        by_outcome: list[tuple[Counter | Histogram, Sequence[str]]] = [
            (self.requests, REQUEST_OUTCOMES),
            (self.records, RECORD_OUTCOMES),
            (self.insert_seconds, INSERT_OUTCOMES),
            (self.answer_seconds, ANSWER_OUTCOMES),
        ]
        for signal in SIGNALS:
            for plain in by_signal:
                plain.labels(signal.name)
            for metric, outcomes in by_outcome:
                for outcome in outcomes:
                    metric.labels(signal.name, outcome)


def own_registry() -> CollectorRegistry:
    """Return a registry that tells of this process: version, Python, memory, CPU, open files."""
    registry = CollectorRegistry()
    Info("stallwatch_build", "The version that runs.", registry=registry).info({"version": version("stallwatch")})
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    return registry


def _histogram(name: str, text: str, buckets: Sequence[float], registry: CollectorRegistry, *labels: str) -> Histogram:
    return Histogram(f"{PREFIX}_{name}", text, ["signal", *labels], buckets=buckets, registry=registry)

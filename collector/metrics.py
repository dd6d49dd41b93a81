"""What the collector counts, as Prometheus metrics. Labels are closed sets."""

from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from collector.receipts import Receipt
from collector.signals import Signal

PREFIX = "stallwatch_collector"


@dataclass(frozen=True)
class CollectorMetrics:
    """Counters by signal. Records: sent = stored + quarantined + refused, once every request is answered.

    A repeat of a recent request counts as `repeated`, since it stores nothing.
    """

    requests: Counter
    records: Counter
    retries: Counter
    insert_seconds: Histogram
    in_flight_bytes: Gauge

    @classmethod
    def registered(cls, registry: CollectorRegistry) -> "CollectorMetrics":
        """Create the metrics in `registry`; once for each registry."""
        return cls(
            Counter(f"{PREFIX}_requests", "Requests by outcome.", ["signal", "outcome"], registry=registry),
            Counter(f"{PREFIX}_records", "Records by outcome.", ["signal", "outcome"], registry=registry),
            Counter(f"{PREFIX}_insert_retries", "Inserts tried again.", ["signal"], registry=registry),
            Histogram(f"{PREFIX}_insert_seconds", "Time of one insert.", ["signal"], registry=registry),
            Gauge(f"{PREFIX}_in_flight_bytes", "Bytes of requests not yet answered.", registry=registry),
        )

    def stored(self, signal: Signal, receipt: Receipt) -> None:
        """Count a request that is stored, and its records."""
        self.requests.labels(signal.name, "stored").inc()
        self.records.labels(signal.name, "stored").inc(receipt.accepted)
        self.records.labels(signal.name, "quarantined").inc(receipt.rejected)

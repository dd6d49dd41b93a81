"""The collector's own metrics: every record is accounted for, and Prometheus' own linter has nothing to say."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from support.console_client import ConsoleClient
from support.console_fakes import make_services
from support.otlp import cloudevent, event, logs, numbered, span, traces
from support.troubled_store import TroubledStore

from collector.metrics import CollectorMetrics, own_registry
from collector.receipts import Submission
from collector.service import Collector
from collector.signals import LOGS, SIGNALS
from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import StallwatchError, StoreError, StoreUnavailableError

DOWN = StoreUnavailableError("the store does not answer")
BROKEN = StoreError("the store fails")
PROMTOOL = shutil.which("promtool")


@pytest.fixture
def store(database: Database) -> TroubledStore:
    return TroubledStore(database)


@pytest.fixture
def collector(store: TroubledStore, clock: ManualClock) -> Iterator[Collector]:
    collector = Collector(store, clock, registry=own_registry())
    yield collector
    collector.close()


def figures(collector: Collector, name: str, signal: str = "logs") -> dict[str, float]:
    """The samples of one metric and signal that are not zero, by outcome ('' without one)."""
    samples = [sample for metric in collector.registry.collect() for sample in metric.samples]
    return {
        sample.labels.get("outcome", ""): sample.value
        for sample in samples
        if sample.name == f"stallwatch_collector_{name}" and sample.labels.get("signal") == signal and sample.value
    }


def refused(collector: Collector, body: bytes) -> None:
    with pytest.raises(StallwatchError) as error:
        collector.accept_logs(body)
    collector.refused(LOGS, error.value)


def a_busy_day(collector: Collector, store: TroubledStore) -> int:
    """Stored, quarantined, repeated, retried, refused, unreadable; returns how many log records were sent and read."""
    collector.accept_logs(logs(*numbered(3), event(amount="much")))
    collector.accept_logs(logs(*numbered(3), event(amount="much")))
    store.troubles = [DOWN]
    collector.accept_logs(logs(*numbered(2, 100)))
    store.troubles = [DOWN] * 3
    refused(collector, logs(*numbered(5, 200)))
    store.troubles = [BROKEN]
    refused(collector, logs(*numbered(7, 300)))
    collector.accept_logs(b"")
    refused(collector, b"\xff")
    collector.accept_traces(traces(span(1), span(2, span_id=b"")))
    collector.accept_cloudevents([cloudevent(), cloudevent(type=None)])
    return 4 + 4 + 2 + 5 + 7


@pytest.mark.database
def test_every_record_that_could_be_read_is_accounted_for(collector: Collector, store: TroubledStore) -> None:
    sent = a_busy_day(collector, store)

    records = figures(collector, "records_total")
    assert records == {"stored": 5, "quarantined": 1, "repeated": 4, "refused": 12}
    assert figures(collector, "accepted_records_total") == {"": sent}
    assert sum(records.values()) == sent
    assert figures(collector, "records_total", "traces") == {"stored": 1, "quarantined": 1}
    assert figures(collector, "records_total", "cloudevents") == {"stored": 1, "quarantined": 1}


@pytest.mark.database
def test_every_request_has_an_outcome(collector: Collector, store: TroubledStore) -> None:
    a_busy_day(collector, store)

    outcomes = {"stored": 2, "repeated": 1, "empty": 1, "unavailable": 2, "malformed": 1}
    assert figures(collector, "requests_total") == outcomes


@pytest.mark.database
def test_inserts_are_timed_however_they_end_and_tries_are_counted(collector: Collector, store: TroubledStore) -> None:
    a_busy_day(collector, store)

    assert figures(collector, "insert_seconds_count") == {"stored": 2, "unavailable": 4, "failed": 1}
    assert figures(collector, "insert_retries_total") == {"": 3}


@pytest.mark.database
def test_a_batch_is_measured_in_requests_records_and_bytes(collector: Collector) -> None:
    body = logs(*numbered(3))
    collector.accept_logs(body)

    assert (figures(collector, "batch_requests_sum"), figures(collector, "batch_records_sum")) == ({"": 1}, {"": 3})
    assert figures(collector, "batch_bytes_sum")[""] > len(body)


@pytest.mark.database
def test_what_a_shutdown_turns_away_is_accounted_for_too(collector: Collector) -> None:
    collector.close()

    refused(collector, logs(*numbered(3)))

    assert figures(collector, "records_total") == {"refused": 3}
    assert figures(collector, "requests_total") == {"unavailable": 1}


@pytest.mark.database
def test_the_bytes_in_flight_are_those_not_yet_answered(collector: Collector) -> None:
    with collector.admission.hold() as hold:
        hold.grow(1000)
        held = collector.counters()["stallwatch_collector_in_flight_bytes"]

    assert (held, collector.counters()["stallwatch_collector_in_flight_bytes"]) == (1000, 0)


def test_an_answer_is_timed_whichever_way_it_goes() -> None:
    metrics = CollectorMetrics.registered(registry := CollectorRegistry())
    sent = Submission(LOGS, "r1", b"", 1)

    metrics.received(sent, sent.receipt)
    sent.receipt.set_exception(DOWN)

    labels = {"signal": "logs", "outcome": "refused"}
    assert registry.get_sample_value("stallwatch_collector_answer_seconds_count", labels) == 1


def test_every_metric_is_explained_to_operators() -> None:
    CollectorMetrics.registered(registry := own_registry())
    told = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")

    names = {
        metric.name.removeprefix("stallwatch_collector") for metric in registry.collect() if "stallwatch" in metric.name
    }
    assert [name for name in sorted(names) if name not in told] == []


def test_every_series_is_there_before_the_first_request() -> None:
    CollectorMetrics.registered(registry := CollectorRegistry())

    for signal in SIGNALS:
        labels = {"signal": signal.name, "outcome": "quarantined"}
        assert registry.get_sample_value("stallwatch_collector_records_total", labels) == 0


@pytest.mark.database
def test_prometheus_own_linter_accepts_a_scrape_after_traffic_failures_and_retries(
    collector: Collector, store: TroubledStore, *, in_ci: bool
) -> None:
    if PROMTOOL is None:
        missing = "THE METRICS WERE NOT LINTED: promtool is missing; install the Debian package prometheus"
        (pytest.fail if in_ci else pytest.skip)(missing)
    a_busy_day(collector, store)
    console = ConsoleClient(make_services(metrics=collector.registry))
    console.get("/livez")

    scrape = console.get("/metrics").content
    lint = subprocess.run([PROMTOOL, "check", "metrics"], input=scrape, capture_output=True, check=False)

    assert b'stallwatch_collector_insert_retries_total{signal="logs"} 3.0' in scrape
    assert b"stallwatch_build_info{version=" in scrape
    assert (lint.returncode, lint.stdout, lint.stderr) == (0, b"", b"")

"""What must hold of many requests together: stored once, and counted so that the sums agree."""

import threading
from collections.abc import Iterator

import pytest
from support.asgi_client import AsgiClient
from support.conformance import count
from support.otlp import event, logs

from collector.http import collector_app
from collector.senders import admit_anyone
from collector.service import Collector
from core.clickhouse import Database
from core.clock import ManualClock

pytestmark = pytest.mark.database

PROTOBUF = {"content-type": "application/x-protobuf"}


@pytest.fixture
def collector(database: Database, clock: ManualClock) -> Iterator[Collector]:
    collector = Collector(database, clock)
    yield collector
    collector.close()


@pytest.fixture
def client(collector: Collector) -> AsgiClient:
    return AsgiClient(collector_app(collector, admit_anyone))


def test_the_same_bytes_from_many_senders_at_once_are_stored_once(client: AsgiClient, database: Database) -> None:
    statuses: list[int] = []

    def send() -> None:
        statuses.append(
            client.post("/v1/logs", content=logs(event(amount="much"), event()), headers=PROTOBUF).status_code
        )

    senders = [threading.Thread(target=send) for _ in range(6)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert statuses == [200] * 6
    assert (count(database, "events"), count(database, "quarantine")) == (1, 1)


def test_counters_add_up(client: AsgiClient, collector: Collector) -> None:
    client.post("/v1/logs", content=logs(event(), event("")), headers=PROTOBUF)
    client.post("/v1/logs", content=logs(event(), event("")), headers=PROTOBUF)
    client.post("/v1/logs", content=b"\xff", headers=PROTOBUF)

    counted = {
        name.removeprefix("stallwatch_collector_"): value
        for name, value in collector.counters().items()
        if "logs" in name and "_total" in name and value
    }
    assert counted == {
        "requests_total{outcome=stored,signal=logs}": 1,
        "requests_total{outcome=repeated,signal=logs}": 1,
        "requests_total{outcome=malformed,signal=logs}": 1,
        "accepted_records_total{signal=logs}": 4,
        "records_total{outcome=stored,signal=logs}": 1,
        "records_total{outcome=quarantined,signal=logs}": 1,
        "records_total{outcome=repeated,signal=logs}": 2,
    }

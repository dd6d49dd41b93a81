from collections.abc import Iterator

import pytest

from collector.quarantine import QuarantineStore
from collector.replay import Replayer
from collector.service import Collector
from core.clickhouse import Database
from core.clock import ManualClock


@pytest.fixture
def collector(database: Database, clock: ManualClock) -> Iterator[Collector]:
    collector = Collector(database, clock)
    yield collector
    collector.close()


@pytest.fixture
def store(database: Database) -> QuarantineStore:
    return QuarantineStore(database)


@pytest.fixture
def replayer(database: Database, clock: ManualClock) -> Replayer:
    return Replayer(database, clock)

from collections.abc import Iterator

import pytest

from collector.service import Collector
from core.clickhouse import Database
from core.clock import ManualClock


@pytest.fixture
def collector(database: Database, clock: ManualClock) -> Iterator[Collector]:
    collector = Collector(database, clock)
    yield collector
    collector.close()

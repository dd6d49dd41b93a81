from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from support.conformance import Keys
from support.served import Served

from collector.senders import Admit, admit_anyone
from collector.service import Collector, Limits
from core.clickhouse import Database
from core.clock import ManualClock

LIMIT = 100_000  # bytes of one body, here

Serve = Callable[..., Served]


@pytest.fixture
def serve(database: Database, clock: ManualClock) -> Iterator[Serve]:
    """Start collectors on real ports: `serve(store, admit=…)`, over the database where no other store is given."""
    with ExitStack() as started:

        def start(store: Any = database, *, admit: Admit = admit_anyone) -> Served:
            collector = Collector(store, clock, Limits(max_body_bytes=LIMIT, max_in_flight_bytes=3 * LIMIT))
            started.callback(collector.close)
            return started.enter_context(Served(collector, admit))

        yield start


@pytest.fixture
def served(serve: Serve, database: Database) -> Served:
    return serve(database)


@pytest.fixture
def keys(clock: ManualClock) -> Keys:
    return Keys(clock)

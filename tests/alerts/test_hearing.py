from collections.abc import Iterator
from datetime import timedelta

import pytest
from support.alerting import finished_run

from alerts.hearing import Hearing
from core.clickhouse import Database
from core.clock import ManualClock
from core.registry import Integration, Registry, publish_registry

pytestmark = pytest.mark.database
HOUR = timedelta(hours=1)


@pytest.fixture
def watched(database: Database, clock: ManualClock) -> Iterator[Database]:
    """A finished run; ERP is expected every hour, AP every two; reporting has no heartbeat."""
    finished_run(database, clock.now())
    integrations = {"erp": HOUR, "ap": 2 * HOUR, "reporting": None}
    registry = Registry(integrations={key: Integration(name=key, heartbeat=beat) for key, beat in integrations.items()})
    publish_registry(database, registry, clock)
    return database


def hear(database: Database, clock: ManualClock, integration: str, ago: timedelta, table: str = "events") -> None:
    at = clock.now() - ago
    columns = {"events": ("event_id", "occurred_at"), "spans": ("span_id", "started_at")}[table]
    database.insert(table, ("integration", "received_at", *columns), [(integration, at, "12345678", at)])


def test_before_the_correlator_has_finished_a_run_nothing_is_known(database: Database, clock: ManualClock) -> None:
    assert Hearing(database).doubt(clock.now()) == "the correlator has not finished a run yet"


def test_where_no_heartbeat_is_expected_absence_counts(database: Database, clock: ManualClock) -> None:
    finished_run(database, clock.now())

    assert Hearing(database).doubt(clock.now()) is None


def test_when_all_that_should_beat_are_silent_absence_proves_nothing(watched: Database, clock: ManualClock) -> None:
    hear(watched, clock, "erp", HOUR + timedelta(seconds=1))
    hear(watched, clock, "reporting", timedelta(0))

    assert Hearing(watched).doubt(clock.now()) == "all 2 integrations with a heartbeat are silent"


@pytest.mark.parametrize(
    ("integration", "ago", "table"), [("erp", HOUR, "events"), ("ap", 2 * HOUR, "events"), ("erp", HOUR, "spans")]
)
def test_one_integration_heard_within_its_heartbeat_is_enough(
    watched: Database, clock: ManualClock, integration: str, ago: timedelta, table: str
) -> None:
    hear(watched, clock, integration, ago, table)

    assert Hearing(watched).doubt(clock.now()) is None

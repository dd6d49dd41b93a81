from datetime import UTC, datetime, timedelta

import pytest

from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from core.registry import Integration, Registry, publish_registry
from correlator.loading import load_models
from slo.awaiting import Awaiting

pytestmark = pytest.mark.database

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
REGISTRY = Registry(
    integrations={
        "erp": Integration(name="ERP", heartbeat=HOUR),
        "payments": Integration(name="Payments", heartbeat=HOUR),
        "hr": Integration(name="Nobody awaits it", heartbeat=HOUR),
    }
)


@pytest.fixture
def awaiting(database: Database, clock: ManualClock) -> Awaiting:
    publish_registry(database, REGISTRY, clock)
    for integration, heard_at in (("erp", NOW - HOUR / 2), ("erp", NOW - 3 * HOUR), ("payments", NOW - 3 * HOUR)):
        database.insert("heard", ("integration", "minute", "newest"), [(integration, heard_at, heard_at)])
    return Awaiting(database, load_models(["procure-to-pay"]))


def test_whoever_a_handoff_awaits_and_has_not_been_heard_for_a_heartbeat_is_told(awaiting: Awaiting) -> None:
    found = awaiting.coverage(Filters(NOW))

    assert [(each.name, each.last_heard) for each in found.lost] == [("Payments", NOW - 3 * HOUR)]
    assert {each.integration for each in found.awaited} == {
        *("procurement", "erp", "supplier_network", "inventory", "ap_automation", "payments", "reporting", "analytics")
    }


def test_only_those_count_that_the_chosen_handoffs_await(awaiting: Awaiting) -> None:
    assert awaiting.coverage(Filters(NOW, handoff=("invoice_to_posting",))).lost == ()
    assert len(awaiting.coverage(Filters(NOW, handoff=("release_to_execution",))).lost) == 1
    assert awaiting.coverage(Filters(NOW, handoff=("unknown",))).awaited == ()


def test_of_the_past_it_is_told_who_was_silent_then(awaiting: Awaiting) -> None:
    assert [each.integration for each in awaiting.coverage(Filters(NOW - 5 * HOUR / 2)).lost] == []
    assert [each.integration for each in awaiting.coverage(Filters(NOW - 3 * HOUR / 2)).lost] == ["erp", "payments"]

from datetime import UTC, datetime, timedelta

import pytest
from support.console_network import NOW
from support.otlp import event, logs

from collector.health import IntegrationHealth
from collector.service import Collector
from core.clock import ManualClock
from core.registry import Integration, Registry
from web.telemetry import Telemetry, status_of, statuses

HOURLY = Integration(name="ERP", heartbeat=timedelta(hours=1))
LATER = datetime(2090, 1, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("registered", "seen_minutes_ago", "status"),
    [
        (HOURLY, 59, "ok"),
        (HOURLY, 60, "ok"),
        (HOURLY, 61, "silent"),
        (HOURLY, None, "never_seen"),
        (Integration(name="Reporting"), 9_000, "no_heartbeat"),
        (Integration(name="Reporting"), None, "never_seen"),
        (None, 1, "unregistered"),
    ],
)
def test_an_integration_stands_as_its_heartbeat_says(registered, seen_minutes_ago, status):
    last_seen = None if seen_minutes_ago is None else NOW - timedelta(minutes=seen_minutes_ago)

    assert status_of(registered, last_seen, NOW) == status


def test_what_is_registered_what_is_heard_and_what_only_failed_are_all_listed():
    came = IntegrationHealth(timedelta(hours=1), quarantined={"bad_amount": 1})

    found = statuses(Registry(integrations={"erp": HOURLY}), {"edi": NOW}, {"fax": came, "": came}, NOW)

    assert [(each.integration, each.status, each.last_seen) for each in found] == [
        ("erp", "never_seen", None), ("edi", "unregistered", NOW), ("fax", "unregistered", None),
    ]  # fmt: skip
    assert found[2].health is came


@pytest.mark.parametrize(("seen_minutes_ago", "stale"), [(59, False), (61, True), (None, True)])
def test_what_is_told_of_a_silent_integration_is_stale(seen_minutes_ago, stale):
    heard = {} if seen_minutes_ago is None else {"erp": NOW - timedelta(minutes=seen_minutes_ago)}

    (erp,) = statuses(Registry(integrations={"erp": HOURLY}), heard, {}, NOW)

    assert erp.stale is stale


@pytest.fixture
def collector(database):
    """A collector of the year 2090: arrivals are forgotten after 30 days of the machine's own time."""
    collector = Collector(database, ManualClock(LATER))
    yield collector
    collector.close()


@pytest.mark.database
def test_an_integration_stands_with_its_health_in_the_window(collector, database):
    collector.accept_logs(logs(event(event_id="a", at=LATER), event(event_id="b", at=LATER)))
    telemetry = Telemetry(database, Registry(integrations={"erp": HOURLY}))

    (now,), (later,) = (telemetry.integrations(LATER + timedelta(minutes=minutes), "15m") for minutes in (0, 16))

    assert (now.status, now.last_seen, now.health.events) == ("ok", LATER, 2)
    assert (later.status, later.last_seen, later.health.arrived) == ("ok", LATER, False)


@pytest.mark.database
def test_an_integration_is_silent_as_of_a_moment_too(collector, database):
    collector.accept_logs(logs(event(event_id="a", at=LATER)))
    telemetry = Telemetry(database, Registry(integrations={"erp": HOURLY}))

    statuses_then = [
        telemetry.integrations(LATER + timedelta(minutes=minutes))[0].status for minutes in (-1, 0, 60, 61)
    ]

    assert statuses_then == ["never_seen", "ok", "ok", "silent"]


@pytest.mark.database
def test_the_last_day_of_what_is_registered_and_of_what_sent_is_told_hour_by_hour(collector, database):
    collector.accept_logs(logs(event(at=LATER), resource={"service.name": "edi"}))
    telemetry = Telemetry(database, Registry(integrations={"erp": HOURLY}))

    hours = telemetry.arrivals(LATER)

    assert list(hours) == ["edi", "erp"]
    assert [len(each) for each in hours.values()] == [24, 24]
    assert (hours["edi"][-1].events, sum(hour.events for hour in hours["erp"])) == (1, 0)


@pytest.mark.database
def test_facts_wait_from_when_the_oldest_unfollowed_one_was_stored(database):
    # The table forgets after a fortnight of the machine's own time, so these stand in its future.
    at = [datetime(2090, 1, 1, 12, minute, tzinfo=UTC) for minute in (0, 10, 20)]
    database.insert(
        "touched_objects", ("stored_at", "object_type", "object_id"), [(each, "invoice", "1") for each in at]
    )
    telemetry = Telemetry(database, Registry())

    assert telemetry.waiting_since(at[0]) == at[1]
    assert telemetry.waiting_since(at[2]) is None
    assert telemetry.waiting_since(None) == at[0]

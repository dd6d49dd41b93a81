from datetime import UTC, datetime, timedelta

import pytest
from support.console_network import NOW

from core.registry import Integration, Registry
from web.telemetry import Telemetry, status_of, statuses

HOURLY = Integration(name="ERP", heartbeat=timedelta(hours=1))
SPAN = (
    "trace_id",
    "span_id",
    "integration",
    "service",
    "name",
    "started_at",
    "received_at",
    "duration_ns",
    "status_code",
)
EVENT = ("event_id", "integration", "type", "occurred_at", "received_at", "stored_at", "content_hash")


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


def test_what_is_registered_and_what_is_heard_are_both_listed():
    found = statuses(Registry(integrations={"erp": HOURLY}), {"edi": {"last_seen": NOW}}, NOW)

    assert [(each.integration, each.status) for each in found] == [("erp", "never_seen"), ("edi", "unregistered")]


def event(event_id, hours, integration="erp"):
    at = NOW - timedelta(hours=hours)
    return (event_id, integration, "invoice.received", at, at, at, 1)


def span(number, hours, status, integration="erp"):
    at = NOW - timedelta(hours=hours)
    return (bytes([number]) * 16, bytes([number]) * 8, integration, "svc", "call", at, at, 5, status)


@pytest.mark.database
def test_throughput_counts_the_last_day_once_and_leaves_out_the_future(database):
    database.insert("events", EVENT, [event("a", 1), event("b", 2), event("old", 30), event("later", -1)])
    database.insert("events", EVENT, [event("a", 1)])
    database.insert("spans", SPAN, [span(1, 1, 0), span(2, 3, 2), span(3, 0.5, 1), span(4, 26, 2)])

    (erp,) = Telemetry(database, Registry(integrations={"erp": HOURLY})).integrations(NOW)

    assert (erp.events_day, erp.spans_day, erp.errors_day) == (2, 3, 1)
    assert erp.last_seen == NOW - timedelta(hours=0.5)
    assert erp.status == "ok"


@pytest.mark.database
def test_an_integration_is_silent_as_of_a_moment_in_the_past_too(database):
    database.insert("events", EVENT, [event("a", 10), event("b", 1)])
    telemetry = Telemetry(database, Registry(integrations={"erp": HOURLY}))

    (then,) = telemetry.integrations(NOW - timedelta(hours=5))

    assert (then.status, then.last_seen) == ("silent", NOW - timedelta(hours=10))


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

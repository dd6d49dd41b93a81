"""The health of integrations. The store forgets arrivals after 30 days of the machine's own time, so all stands in 2090."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from support.otlp import event, logs, nanoseconds, span, traces

from collector.health import MINUTE, HealthStore, IntegrationHealth, Percentiles, empty_hours, parse_window
from collector.landing import Landing
from collector.otlp import stamped
from collector.receipts import Submission
from collector.service import Collector
from collector.signals import LOGS, TRACES
from collector.stamps import Stamps
from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import MisuseError
from core.migrations import migrate, migrations

NOON = datetime(2090, 3, 4, 12, 0, 30, tzinfo=UTC)
OK, ERROR = {"status": {"code": 1}}, {"status": {"code": 2}}
SECOND = timedelta(seconds=1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture
def collector(database: Database, clock: ManualClock) -> Iterator[Collector]:
    collector = Collector(database, clock)
    yield collector
    collector.close()


def a_span(number: int, ended_at: datetime, took: timedelta = SECOND, **fields: object):
    times = {"start_time_unix_nano": nanoseconds(ended_at - took), "end_time_unix_nano": nanoseconds(ended_at)}
    return span(number, **{**times, **fields})


def an_event(name: str, at: datetime, **fields: object):
    return event(subject=f"invoice:{name}", event_id=name, at=at, **fields)


def erp(database: Database, as_of: datetime = NOON, window: str = "1h") -> IntegrationHealth:
    return HealthStore(database).figures(as_of, parse_window(window))["erp"]


@pytest.mark.parametrize(("text", "window"), [(None, "1h"), ("", "1h"), ("15m", "15m"), ("24h", "24h")])
def test_a_window_is_one_of_three_and_an_hour_where_none_is_named(text, window):
    assert parse_window(text) == window


def test_another_window_is_refused_with_those_there_are():
    with pytest.raises(MisuseError, match="'2h' is not a window: take one of 15m, 1h, 24h"):
        parse_window("2h")


@pytest.mark.parametrize(
    ("n", "told"),
    [(1, (None, None, None)), (2, (5, None, None)), (19, (5, None, None)), (20, (5, 9, None)), (99, (5, 9, None)), (100, (5, 9, 10))],
)  # fmt: skip
def test_a_percentile_of_too_few_values_is_not_told(n, told):
    found = Percentiles.of(n, [5, 9, 10])

    assert (found.n, (found.p50, found.p95, found.p99)) == (n, told)


def test_where_nothing_came_no_figure_says_that_all_is_well():
    silent = IntegrationHealth(timedelta(hours=1))

    assert not silent.arrived
    assert (silent.error_rate, silent.backlog, silent.latency.p50, silent.event_delay.p50) == (None, None, None, None)


@pytest.mark.database
def test_throughput_and_error_rate_are_those_of_the_window(collector, database, clock):
    collector.accept_traces(traces(a_span(1, NOON), a_span(2, NOON, **ERROR), a_span(3, NOON, **OK), a_span(4, NOON)))
    clock.advance(timedelta(minutes=30))
    collector.accept_traces(traces(a_span(5, clock.now(), **ERROR)))
    collector.accept_logs(logs(an_event("a", clock.now()), an_event("b", clock.now()), an_event("c", clock.now())))

    hour, quarter = erp(database, clock.now(), "1h"), erp(database, clock.now(), "15m")

    assert (hour.events, hour.spans, hour.failed_spans, hour.error_rate) == (3, 5, 2, 0.4)
    assert (quarter.events, quarter.spans, quarter.failed_spans, quarter.error_rate) == (3, 1, 1, 1.0)
    assert (hour.events_per_minute, quarter.events_per_minute, quarter.spans_per_minute) == (3 / 60, 3 / 15, 1 / 15)


@pytest.mark.database
def test_a_window_ends_with_the_minute_of_as_of_and_knows_nothing_of_later(collector, database, clock):
    collector.accept_logs(logs(an_event("a", NOON)))
    clock.advance(timedelta(minutes=1))
    collector.accept_logs(logs(an_event("b", clock.now())))

    figures = HealthStore(database).figures

    assert erp(database, NOON).events == 1
    assert erp(database, NOON + timedelta(minutes=15), "15m").events == 1
    assert "erp" not in figures(NOON + timedelta(minutes=16), "15m")
    assert figures(NOON - timedelta(minutes=1)) == {}
    assert figures(NOON + timedelta(days=1, minutes=1), "24h") == {}


@pytest.mark.database
def test_latency_percentiles_are_within_one_percent_of_the_true_ones(collector, database):
    milliseconds = timedelta(milliseconds=1)
    for numbers in (range(1, 400), range(400, 1001)):  # two requests: two states that merge
        collector.accept_traces(traces(*(a_span(number, NOON, number * milliseconds) for number in numbers)))

    found = erp(database).latency

    # Of 1 to 1,000 ms, the percentiles are their own numbers.
    assert found.n == 1000
    assert (found.p50, found.p95, found.p99) == pytest.approx((0.5, 0.95, 0.99), rel=0.011)


@pytest.mark.database
def test_delay_is_told_of_events_from_when_they_happened_and_of_spans_from_their_end(collector, database):
    collector.accept_logs(logs(an_event("a", NOON - 90 * SECOND), an_event("b", NOON - 90 * SECOND)))
    collector.accept_traces(
        traces(a_span(1, NOON - 4 * SECOND, 60 * SECOND), a_span(2, NOON - 4 * SECOND, 60 * SECOND))
    )

    found = erp(database)

    assert (found.event_delay.p50, found.span_delay.p50) == pytest.approx((90, 4), rel=0.01)
    assert (found.event_delay.n, found.event_delay.p95, found.span_delay.n) == (2, None, 2)


@pytest.mark.database
def test_a_clock_that_is_ahead_shows_as_a_negative_delay(collector, database):
    collector.accept_logs(logs(an_event("a", NOON + 50 * SECOND), an_event("b", NOON + 50 * SECOND)))

    assert erp(database).event_delay.p50 == pytest.approx(-50, rel=0.01)


@pytest.mark.database
def test_backlog_is_how_far_the_newest_of_what_came_last_lay_behind(collector, database, clock):
    old, older = NOON - timedelta(hours=2), NOON - timedelta(days=3)
    collector.accept_logs(logs(an_event("a", NOON)))
    clock.advance(timedelta(minutes=5))
    collector.accept_logs(logs(an_event("b", old), an_event("c", older)))

    behind, before = erp(database, clock.now()).backlog, erp(database, NOON).backlog

    assert behind == timedelta(hours=2, minutes=5)
    assert before == timedelta()


@pytest.mark.database
def test_an_event_of_the_future_does_not_hide_a_backlog_of_spans(collector, database):
    collector.accept_logs(logs(an_event("a", NOON + 50 * SECOND)))
    collector.accept_traces(traces(a_span(1, NOON - timedelta(hours=1))))

    assert erp(database).backlog == timedelta(hours=1)


@pytest.mark.database
def test_a_batch_stored_again_counts_once_and_a_span_sent_again_in_another_request_twice(collector, database):
    at = (NOON - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    sent = [(LOGS, logs(an_event("a", NOON), an_event("b", NOON))), (TRACES, traces(a_span(1, NOON)))]
    for signal, body in sent * 2:
        Landing(database).write([Submission(signal, "r1", stamped(body, Stamps("r1", at)), 2)])
    once = erp(database)
    collector.accept_traces(traces(a_span(1, NOON), a_span(2, NOON)))

    assert (once.events, once.spans, once.latency.n) == (2, 1, 1)
    assert erp(database).spans == 3


@pytest.mark.database
def test_what_failed_to_become_a_fact_is_counted_by_reason_and_nowhere_else(collector, database):
    collector.accept_logs(
        logs(an_event("a", NOON), an_event("b", NOON, amount="much"), an_event("c", NOON, amount="more"))
    )
    collector.accept_traces(traces(a_span(1, NOON, span_id=b"")))

    found = erp(database)

    assert found.quarantined == {"bad_amount": 2, "bad_span_id": 1}
    assert (found.quarantined_records, found.events, found.spans) == (3, 1, 0)


@pytest.mark.database
def test_versions_that_do_not_hold_count_beside_the_bad_records_of_their_request(collector, database):
    collector.accept_logs(logs(an_event("a", NOON), an_event("b", NOON, amount="much")))
    [bad] = database.rows("SELECT request_id FROM quarantine")
    columns = ("quarantined_at", "integration", "signal", "reason", "request_id")
    noticed = [
        (NOON + minutes * MINUTE, "erp", "events", "conflicting_event", bad["request_id"]) for minutes in (1, 2)
    ]  # as the correlator does, tick by tick
    database.insert("quarantine", columns, noticed)

    assert erp(database, NOON + 3 * MINUTE).quarantined == {"bad_amount": 1, "conflicting_event": 2}


@pytest.mark.database
def test_an_integration_of_which_nothing_could_be_read_is_listed_too(collector, database):
    collector.accept_traces(traces(a_span(1, NOON, span_id=b"")))

    assert erp(database).arrived
    assert erp(database).backlog is None


@pytest.mark.database
def test_the_last_day_is_told_hour_by_hour(collector, database, clock):
    collector.accept_traces(traces(a_span(1, NOON, **ERROR), a_span(2, NOON)))
    collector.accept_logs(logs(an_event("b", NOON, amount="much")))
    clock.advance(timedelta(hours=1))
    collector.accept_logs(logs(an_event("a", clock.now())))

    hours = HealthStore(database).hours(clock.now())["erp"]

    told = [(hour.events, hour.spans, hour.failed_spans, hour.quarantined) for hour in hours]
    assert told == [(0, 0, 0, 0)] * 22 + [(0, 2, 1, 1), (1, 0, 0, 0)]
    assert hours[-1].ends_at == datetime(2090, 3, 4, 13, 1, tzinfo=UTC)
    assert hours[0].starts_at == datetime(2090, 3, 3, 13, 1, tzinfo=UTC)
    assert all(one.ends_at == other.starts_at for one, other in pairwise(hours))
    assert [hour.starts_at for hour in empty_hours("x", clock.now())] == [hour.starts_at for hour in hours]


FACTS = """
INSERT INTO events (event_id, integration, type, occurred_at, received_at, stored_at, content_hash)
SELECT toString(number), 'erp', 'invoice.received', {at:DateTime64(6, 'UTC')} - INTERVAL 7 SECOND, {at:DateTime64(6, 'UTC')},
    {at:DateTime64(6, 'UTC')}, number FROM numbers(40)
"""
SPANS = """
INSERT INTO spans (trace_id, span_id, integration, service, name, started_at, received_at, duration_ns, status_code)
SELECT unhex(leftPad(hex(number + 1), 32, '0')), unhex(leftPad(hex(number + 1), 16, '0')), 'erp', 'erp', 'post',
    {at:DateTime64(6, 'UTC')} - INTERVAL 5 SECOND, {at:DateTime64(6, 'UTC')}, 2000000000, if(number < 10, 2, 1) FROM numbers(40)
"""


@pytest.mark.database
def test_a_database_that_holds_facts_already_tells_of_them_too_and_once(empty_database: Database, clock: ManualClock):
    (step,) = [migration for migration in migrations() if migration.name == "0011_arrivals"]
    migrate(empty_database, clock, [migration for migration in migrations() if migration.number < step.number])
    for facts in (FACTS, SPANS):
        empty_database.execute(facts, at=NOON)

    for statement in [*step.statements, *step.statements]:  # as after a failure half-way
        empty_database.execute(statement)

    found = erp(empty_database)
    assert (found.events, found.spans, found.failed_spans) == (40, 40, 10)
    assert (found.latency.p50, found.event_delay.p95, found.span_delay.p50) == pytest.approx((2, 7, 3), rel=0.01)
    assert found.backlog == timedelta(seconds=7)

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.alerting import Group, Pager, PowerCutError, TheseStalls, finished_run, stall_rule

from alerts.delivery import ATTEMPTS
from alerts.ledger import Ledger
from alerts.outbox import LEASE, Outbox
from alerts.service import AlertService, channels_of
from alerts.store import AlertStore
from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import SettingsError
from core.settings import Settings

pytestmark = pytest.mark.database
MINUTE = timedelta(minutes=1)


@pytest.fixture
def stalls() -> TheseStalls:
    return TheseStalls([Group()])


@pytest.fixture
def pager() -> Pager:
    return Pager()


@pytest.fixture
def start(
    database: Database, clock: ManualClock, stalls: TheseStalls, pager: Pager, tmp_path: Path
) -> Callable[[], AlertService]:
    """Starts the service; calling it again is a restart."""
    finished_run(database, clock.now())
    rule = stall_rule(tmp_path)
    return lambda: AlertService(database, stalls, (rule,), clock, {"pager": pager}, "https://stalls.example/")


def deliver_all(service: AlertService) -> None:
    while service.deliver():
        pass


def fire(service: AlertService, clock: ManualClock) -> None:
    service.tick()
    clock.advance(2 * MINUTE)
    service.tick()


def resolve(service: AlertService, clock: ManualClock, stalls: TheseStalls) -> None:
    stalls.standing = []
    service.tick()
    clock.advance(5 * MINUTE)
    service.tick()


def test_a_stall_goes_from_pending_to_one_firing_and_one_resolved_notification(
    start: Callable[[], AlertService], clock: ManualClock, stalls: TheseStalls, pager: Pager
) -> None:
    service = start()

    fire(service, clock)
    deliver_all(service)
    resolve(service, clock, stalls)
    deliver_all(service)

    assert [id_.split("-")[2] for id_ in pager.ids] == ["firing", "resolved"]
    assert not service.deliver()


def test_a_tick_reports_what_it_did(start: Callable[[], AlertService], clock: ManualClock, stalls: TheseStalls) -> None:
    service = start()
    reports = [service.tick()]
    for minutes, standing in ((2, [Group()]), (1, [Group()]), (1, []), (5, [])):
        clock.advance(minutes * MINUTE)
        stalls.standing = standing
        reports.append(service.tick())

    assert [dict(report.steps) for report in reports] == [{"pending": 1}, {"firing": 1}, {}, {}, {"resolved": 1}]
    assert [report.put_out for report in reports] == [0, 1, 0, 0, 1]
    assert [report.findings for report in reports] == [1, 1, 1, 0, 0]


def test_a_pending_alert_that_vanishes_tells_nobody(
    start: Callable[[], AlertService], clock: ManualClock, stalls: TheseStalls, pager: Pager
) -> None:
    service = start()
    service.tick()
    clock.advance(MINUTE)

    resolve(service, clock, stalls)
    deliver_all(service)

    assert pager.ids == []


def test_a_restart_at_every_point_repeats_nothing(
    start: Callable[[], AlertService], clock: ManualClock, stalls: TheseStalls, pager: Pager
) -> None:
    for minutes, standing in (
        (0, [Group()]),
        (1, [Group()]),
        (1, [Group()]),
        (1, [Group()]),
        (1, []),
        (3, []),
        (2, []),
        (1, []),
    ):
        clock.advance(minutes * MINUTE)
        stalls.standing = standing
        start().tick()
        start().tick()
        deliver_all(start())

    assert [id_.split("-")[1:3] for id_ in pager.ids] == [["1", "firing"], ["1", "resolved"]]


def test_a_failed_query_keeps_every_alert_as_it_is(
    start: Callable[[], AlertService], clock: ManualClock, stalls: TheseStalls, database: Database
) -> None:
    service = start()
    fire(service, clock)
    stalls.down = True
    stalls.standing = []

    clock.advance(60 * MINUTE)
    report = service.tick()

    assert report.unjudged == ("stalled",)
    assert [alert.state for alert in AlertStore(database).active(clock.now())] == ["firing"]


def test_without_a_finished_correlator_run_nothing_that_is_missing_resolves(
    start: Callable[[], AlertService], clock: ManualClock, stalls: TheseStalls, database: Database
) -> None:
    service = start()
    fire(service, clock)
    database.execute("TRUNCATE TABLE correlator_runs")

    resolve(service, clock, stalls)

    assert service.tick().doubt == "the correlator has not finished a run yet"
    assert [alert.state for alert in AlertStore(database).active(clock.now())] == ["firing"]


def test_a_step_whose_notification_was_lost_with_the_power_is_put_out_at_the_next_start(
    start: Callable[[], AlertService], clock: ManualClock, database: Database, pager: Pager
) -> None:
    fire(start(), clock)
    database.execute("TRUNCATE TABLE outbox")

    report = start().tick()
    deliver_all(start())

    assert (dict(report.steps), report.put_out) == ({}, 1)
    assert len(pager.ids) == 1


def test_a_power_cut_after_sending_sends_again_under_the_same_id(
    start: Callable[[], AlertService], clock: ManualClock, pager: Pager
) -> None:
    fire(start(), clock)
    pager.orders = ["take_then_power_cut"]
    with pytest.raises(PowerCutError):
        start().deliver()

    early = start().deliver()
    clock.advance(LEASE)
    deliver_all(start())

    assert not early
    assert len(pager.ids) == 2
    assert len(set(pager.ids)) == 1
    assert pager.taken[0].body == pager.taken[1].body


def test_resolved_waits_until_firing_has_been_delivered(
    start: Callable[[], AlertService], clock: ManualClock, stalls: TheseStalls, pager: Pager
) -> None:
    service = start()
    fire(service, clock)
    pager.orders = ["throttle"]
    assert service.deliver()

    resolve(service, clock, stalls)
    assert not service.deliver()
    clock.advance(2 * MINUTE)
    deliver_all(service)

    assert [id_.split("-")[2] for id_ in pager.ids] == ["firing", "resolved"]


def test_of_a_firing_that_was_refused_no_resolved_is_sent_and_both_are_seen_to_have_failed(
    start: Callable[[], AlertService], clock: ManualClock, stalls: TheseStalls, pager: Pager, database: Database
) -> None:
    service = start()
    fire(service, clock)
    pager.orders = ["reject"]
    deliver_all(service)

    resolve(service, clock, stalls)
    deliver_all(service)

    (alert,) = AlertStore(database).page().items
    assert pager.ids == []
    assert [(d.status, d.state, d.reason, d.attempts) for d in alert.deliveries] == [
        ("firing", "failed", "rejected", 1),
        ("resolved", "failed", "firing_undelivered", 0),
    ]


@pytest.mark.parametrize("doubt", ["take_then_time_out", "take_then_power_cut"])
def test_of_a_firing_that_may_have_arrived_resolved_is_sent(
    start: Callable[[], AlertService], clock: ManualClock, stalls: TheseStalls, pager: Pager, doubt: str
) -> None:
    fire(start(), clock)
    for order in (doubt, "reject"):
        pager.orders = [order]
        with contextlib.suppress(PowerCutError):
            start().deliver()
        clock.advance(LEASE)

    resolve(start(), clock, stalls)
    deliver_all(start())

    assert [id_.split("-")[2] for id_ in pager.ids] == ["firing", "resolved"]


def test_attempts_come_to_an_end_that_shows(
    start: Callable[[], AlertService], clock: ManualClock, pager: Pager, database: Database
) -> None:
    service = start()
    fire(service, clock)
    pager.orders = ["unreachable"] * 100
    for _ in range(ATTEMPTS + 5):
        service.deliver()
        clock.advance(10 * MINUTE)

    (alert,) = AlertStore(database).active(clock.now())
    (delivery,) = alert.deliveries
    assert (delivery.state, delivery.reason, delivery.attempts) == ("failed", "unreachable", ATTEMPTS)
    assert len(pager.orders) == 100 - ATTEMPTS


def test_two_that_claim_one_attempt_send_it_once(
    start: Callable[[], AlertService], clock: ManualClock, database: Database
) -> None:
    fire(start(), clock)
    outbox = Outbox(database)
    due = outbox.next_due(clock.now())
    assert due is not None

    claims = [outbox.claim(due.entry, clock.now()), outbox.claim(due.entry, clock.now())]

    assert claims[0] is not None
    assert claims[1] is None


def test_a_channel_that_is_configured_later_hears_nothing_of_alerts_that_fired_before(
    start: Callable[[], AlertService], clock: ManualClock, stalls: TheseStalls, pager: Pager
) -> None:
    without = replace(start(), channels={})
    fire(without, clock)

    resolve(start(), clock, stalls)
    deliver_all(start())

    assert pager.ids == []


def test_a_channel_that_is_taken_away_is_still_owed_its_resolved(
    start: Callable[[], AlertService], clock: ManualClock, stalls: TheseStalls, pager: Pager
) -> None:
    fire(start(), clock)
    deliver_all(start())

    without = replace(start(), channels={})
    resolve(without, clock, stalls)
    deliver_all(without)
    clock.advance(MINUTE)
    deliver_all(start())

    assert [id_.split("-")[2] for id_ in pager.ids] == ["firing", "resolved"]


def test_an_alert_whose_rule_is_gone_resolves(
    start: Callable[[], AlertService], clock: ManualClock, pager: Pager
) -> None:
    fire(start(), clock)
    deliver_all(start())

    replace(start(), rules=()).tick()
    deliver_all(start())

    assert [id_.split("-")[2] for id_ in pager.ids] == ["firing", "resolved"]


def test_each_cause_is_an_alert_of_its_own(
    start: Callable[[], AlertService], clock: ManualClock, stalls: TheseStalls, pager: Pager
) -> None:
    stalls.standing = [Group(), Group(signature="silence:erp", code="silence", summary="ERP is silent")]
    service = start()
    fire(service, clock)
    stalls.standing = [Group()]
    service.tick()
    clock.advance(5 * MINUTE)
    service.tick()
    deliver_all(service)

    assert sorted(id_.split("-")[2] for id_ in pager.ids) == ["firing", "firing", "resolved"]


def test_figures_follow_while_the_alert_fires_and_nobody_is_told_again(
    start: Callable[[], AlertService], clock: ManualClock, stalls: TheseStalls, pager: Pager, database: Database
) -> None:
    service = start()
    fire(service, clock)
    stalls.standing = [Group(count=500)]
    clock.advance(MINUTE)
    service.tick()
    deliver_all(service)

    assert [alert.count for alert in AlertStore(database).active(clock.now())] == [500]
    assert len(pager.ids) == 1
    (state,) = Ledger(database).current([]).values()
    assert state.number == 2


def test_a_webhook_without_a_secret_is_refused_at_the_start() -> None:
    with pytest.raises(SettingsError, match="STALLWATCH_WEBHOOK_SECRET: a webhook must be signed"):
        channels_of(Settings.model_validate({"webhook_url": "http://localhost/x"}))

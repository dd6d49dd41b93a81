from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from support.alerting import DUE, Group, Pager, TheseStalls, finished_run, stall_rule

from alerts.service import AlertService
from alerts.store import AlertStore
from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import MisuseError, NotFoundError

pytestmark = pytest.mark.database
MINUTE = timedelta(minutes=1)


@pytest.fixture
def stalls() -> TheseStalls:
    return TheseStalls()


@pytest.fixture
def service(database: Database, clock: ManualClock, stalls: TheseStalls, tmp_path: Path) -> AlertService:
    finished_run(database, clock.now())
    rule = stall_rule(tmp_path, severity="{standard: page}")
    return AlertService(database, stalls, (rule,), clock, {"pager": Pager()}, "https://stalls.example")


def look(service: AlertService, clock: ManualClock, minutes: int = 0) -> None:
    clock.advance(minutes * MINUTE)
    service.tick()


def test_an_alert_tells_all_that_is_known_of_it(
    database: Database, service: AlertService, clock: ManualClock, stalls: TheseStalls
) -> None:
    began, stalls.standing = clock.now(), [Group()]
    look(service, clock)
    look(service, clock, 2)

    (alert,) = AlertStore(database).active(clock.now())

    assert (alert.rule, alert.state, alert.severity) == ("stalled", "firing", "page")
    assert (alert.count, alert.amounts, alert.facilities) == (143, {"USD": Decimal("1200000.50")}, ("mercy-west",))
    assert (alert.since, alert.pending_since, alert.firing_since) == (DUE, began, began + 2 * MINUTE)
    assert (alert.owner, alert.cause_code, alert.resolved_at) == ("Accounts payable", "integration_failure", None)
    assert [(d.channel, d.status, d.state, d.attempts) for d in alert.deliveries] == [("pager", "firing", "due", 0)]
    assert AlertStore(database).alert(alert.alert_id) == alert


def test_what_was_active_at_an_instant_can_be_asked_later(
    database: Database, service: AlertService, clock: ManualClock, stalls: TheseStalls
) -> None:
    start, stalls.standing = clock.now(), [Group()]
    look(service, clock)
    look(service, clock, 2)
    stalls.standing = []
    look(service, clock, 1)
    look(service, clock, 5)

    states = [[a.state for a in AlertStore(database).active(start + n * MINUTE)] for n in (-1, 0, 1, 2, 7, 8)]

    assert states == [[], ["pending"], ["pending"], ["firing"], ["firing"], []]


def test_pages_walk_through_every_alert_once_the_latest_change_first(
    database: Database, service: AlertService, clock: ManualClock, stalls: TheseStalls
) -> None:
    for number in range(5):
        stalls.standing = [*stalls.standing, Group(signature=f"cause-{number}")]
        look(service, clock, number % 2)
    store, seen, cursor = AlertStore(database), [], None
    while True:
        page = store.page(limit=2, after=cursor)
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break

    assert page.total == 5
    assert len({alert.alert_id for alert in seen}) == len(seen) == 5
    changes = [max(alert.pending_since, alert.firing_since or alert.pending_since) for alert in seen]
    assert changes == sorted(changes, reverse=True)


def test_a_page_shows_one_state_or_all_but_what_never_fired(
    database: Database, service: AlertService, clock: ManualClock, stalls: TheseStalls
) -> None:
    stalls.standing = [Group(signature="lasts"), Group(signature="passes")]
    look(service, clock)
    stalls.standing = [Group(signature="lasts"), Group(signature="new")]
    look(service, clock, 2)
    store = AlertStore(database)

    by_state = {
        state: [a.labels["signature"] for a in store.page(state).items] for state in ("pending", "firing", "inactive")
    }

    assert by_state == {"pending": ["new"], "firing": ["lasts"], "inactive": ["passes"]}
    assert sorted(a.labels["signature"] for a in store.page().items) == ["lasts", "new"]


@pytest.mark.parametrize("alert_id", ["", "x", "0123456789abcdef-1", "0123456789abcdef-²", "a-99999999999999999999"])
def test_an_alert_that_is_not_there_is_not_found(database: Database, alert_id: str) -> None:
    with pytest.raises(NotFoundError, match="there is no alert"):
        AlertStore(database).alert(alert_id)


@pytest.mark.parametrize("after", ["nonsense", "MjAyNg==", "ÿ", "MjAyNi0wMS0wMXxh"])
def test_a_cursor_that_is_none_is_refused(database: Database, after: str) -> None:
    with pytest.raises(MisuseError, match="is not a cursor"):
        AlertStore(database).page(after=after)


def test_an_unknown_state_or_a_wrong_limit_is_refused(database: Database) -> None:
    with pytest.raises(MisuseError, match="state must be one of inactive, pending, firing, resolved"):
        AlertStore(database).page("burning")
    with pytest.raises(MisuseError, match="limit must be 1 to 5000, not 0"):
        AlertStore(database).page(limit=0)

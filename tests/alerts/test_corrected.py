"""A late event that amends an outcome resolves the alert that had fired for it, and nobody is paged again."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.alerting import Pager, stall_rule
from support.facts import Fact, fact, store
from support.stalled import P2P

from alerts.service import AlertService
from core.clickhouse import Database
from core.clock import ManualClock, SystemClock
from core.filters import Filters
from correlator.journeys import Journeys
from correlator.stalls import Stalls
from correlator.tick import Correlator

pytestmark = pytest.mark.database
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def ordered(number: int, at: datetime) -> Fact:
    """An order, which the ERP should have within hours."""
    return fact(f"o{number}", "purchase_order.created", at, f"purchase_order:{number}", received_at=at)


def synced(number: int, at: datetime, received_at: datetime) -> Fact:
    return fact(f"s{number}", "purchase_order.synced", at, f"purchase_order:{number}", received_at=received_at)


def test_an_alert_whose_stall_was_corrected_is_resolved_once_and_never_fires_for_it_again(
    database: Database, tmp_path: Path
) -> None:
    now = SystemClock().now()
    clock, pager = ManualClock(now), Pager()
    rule = stall_rule(tmp_path, only="{handoff: [order_to_erp]}")
    service = AlertService(
        database, Stalls(database, [P2P]), (rule,), clock, {"pager": pager}, "https://stalls.example/"
    )

    def later(*facts: Fact) -> int:
        """What is told comes in and is followed; eight minutes pass, with an alert tick at each end; return the stalls."""
        store(database, facts)
        Correlator(database, P2P, clock).tick()
        for _ in range(2):
            service.tick()
            clock.advance(4 * MINUTE)
        while service.deliver():
            pass
        return Stalls(database, [P2P]).summary(Filters(clock.now(), handoff=("order_to_erp",))).stalls

    stalls = [
        later(ordered(1, now - 200 * HOUR), synced(2, now, now)),
        later(synced(1, now - 199 * HOUR, clock.now())),  # it had been in time
        later(ordered(3, clock.now()), synced(3, clock.now(), clock.now())),
        later(ordered(1, now - 200 * HOUR), synced(1, now - 199 * HOUR, clock.now())),  # all is told again
        later(),
    ]

    (corrected,) = [
        each for each in Journeys(database, [P2P]).handoffs(Filters(clock.now())).items if each.corrected_at
    ]
    assert (corrected.object.id, corrected.handoff, corrected.state) == ("1", "order_to_erp", "closed")
    assert stalls == [1, 0, 0, 0, 0]
    assert [id_.split("-")[2] for id_ in pager.ids] == ["firing", "resolved"]

"""Whatever happens in whatever order: if firing was sent, resolved is sent, once, after it; and nothing is sent twice.

The machine moves stalls and time, fails queries, cuts the power before or after any write and any delivery, restarts,
and lets receivers misbehave. In the end everything heals, and the receiver's own record is judged.
"""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from support.alerting import DUE, Group, Pager, PowerCutError, TheseStalls, finished_run, stall_rule

from alerts.outbox import LEASE
from alerts.rulebook import StallRule
from alerts.service import AlertService
from alerts.store import Alert, AlertStore
from core.clickhouse import Database
from core.clock import ManualClock

CAUSES = ("a", "b", "c")
# A receiver that refuses resolved for good cannot be told; it may refuse firing.
BEHAVIOURS = ("take", "take_then_time_out", "take_then_power_cut", "power_cut", "unreachable", "throttle")


class FragileDatabase(Database):
    """A database whose process dies at a chosen insert: before it is written, or right after."""

    inserts_to_live: int | None = None
    dies_after_writing: bool = False

    def insert(self, table: str, columns: Any, rows: Any, *, token: str | None = None) -> None:
        if self.inserts_to_live is None or not rows:
            super().insert(table, columns, rows, token=token)
            return
        self.inserts_to_live -= 1
        if self.inserts_to_live >= 0 or self.dies_after_writing:
            super().insert(table, columns, rows, token=token)
        if self.inserts_to_live < 0:
            raise PowerCutError


class Machine(RuleBasedStateMachine):
    """One installation; the test gives it its database and its rule."""

    database: FragileDatabase
    stalled: StallRule

    def __init__(self) -> None:
        super().__init__()
        self.confirmed_counts: dict[str, int] = {}
        self.settled: set[str] = set()
        self.clock, self.stalls, self.pager = ManualClock(DUE), TheseStalls(), Pager()

    @initialize()
    def begin(self) -> None:
        for table in ("alert_transitions", "outbox", "correlator_runs"):
            self.database.execute(f"TRUNCATE TABLE {table}")
        finished_run(self.database, DUE)
        self.database.inserts_to_live = None

    @property
    def service(self) -> AlertService:
        """Every step is taken by a process of its own."""
        return AlertService(self.database, self.stalls, (self.stalled,), self.clock, {"pager": self.pager}, "https://x")

    @rule(standing=st.sets(st.sampled_from(CAUSES)), count=st.integers(1, 3))
    def stalls_change(self, standing: set[str], count: int) -> None:
        self.stalls.standing = [Group(signature=cause, count=count) for cause in sorted(standing)]

    @rule(minutes=st.sampled_from([0, 1, 2, 5, 11]))
    def time_passes(self, minutes: int) -> None:
        self.clock.advance(timedelta(minutes=minutes))

    @rule(down=st.booleans())
    def queries_fail_or_recover(self, down: bool) -> None:  # noqa: FBT001 - hypothesis passes by name
        self.stalls.down = down

    @rule(standing=st.sets(st.sampled_from(CAUSES), min_size=1))
    def stalls_last(self, standing: set[str]) -> None:
        self.stalls_change(standing, 1)
        self._tick_after(0, 2)

    @rule()
    def stalls_end(self) -> None:
        self.stalls.standing = []
        self._tick_after(0, 5)

    def _tick_after(self, *waits: int) -> None:
        for minutes in waits:
            self.clock.advance(timedelta(minutes=minutes))
            self.service.tick()

    @rule()
    def tick(self) -> None:
        self.service.tick()

    @rule(inserts=st.integers(0, 1), after=st.booleans())
    def tick_until_the_power_goes(self, inserts: int, after: bool) -> None:  # noqa: FBT001 - as above
        self._lose_power(self.service.tick, inserts, after=after)

    @rule(behaviour=st.sampled_from(BEHAVIOURS))
    def deliver(self, behaviour: str) -> None:
        before = len(self.pager.taken)
        self.pager.orders = [behaviour]
        try:
            self.service.deliver()
        except PowerCutError:
            return
        if behaviour == "take":
            self.settled.update(self.pager.ids[before:])

    @rule(inserts=st.integers(0, 1), after=st.booleans())
    def deliver_until_the_power_goes(self, inserts: int, after: bool) -> None:  # noqa: FBT001 - as above
        self.pager.orders = []
        self._lose_power(self.service.deliver, inserts, after=after)

    @rule(before=st.sampled_from(["unreachable", "take_then_time_out", "take_then_power_cut"]))
    def firing_is_refused_for_good(self, before: str) -> None:
        due = [delivery for alert in self.alerts() for delivery in alert.deliveries if delivery.state == "due"]
        if all(delivery.status == "firing" for delivery in due):
            for behaviour in (before, "reject"):
                self.clock.advance(timedelta(hours=1))
                for _ in due:
                    self.deliver(behaviour)

    def _lose_power(self, act: Any, inserts: int, *, after: bool) -> None:
        self.database.inserts_to_live, self.database.dies_after_writing = inserts, after
        try:
            act()
        except PowerCutError:
            pass
        finally:
            self.database.inserts_to_live = None

    @invariant()
    def what_was_confirmed_is_never_sent_again(self) -> None:
        counts = Counter(self.pager.ids)
        for id_ in self.settled:
            assert counts[id_] == self.confirmed_counts.setdefault(id_, counts[id_])

    def teardown(self) -> None:
        self.pager.orders, self.stalls.standing, self.stalls.down = [], [], False
        for _ in range(3):
            self.service.tick()
            self.clock.advance(timedelta(minutes=5))
        while True:
            self.clock.advance(max(LEASE, timedelta(minutes=10)))
            if not self.service.deliver():
                break
        self._judge()

    def _judge(self) -> None:
        ids = self.pager.ids
        for alert in self.alerts():
            firing = [n for n, id_ in enumerate(ids) if id_ == f"{alert.alert_id}-firing-pager"]
            resolved = [n for n, id_ in enumerate(ids) if id_ == f"{alert.alert_id}-resolved-pager"]
            states = {delivery.status: (delivery.state, delivery.reason) for delivery in alert.deliveries}
            assert alert.state == "resolved"
            if firing:
                assert resolved
                assert max(firing) < min(resolved)
            if states["firing"][0] == "delivered":
                assert firing
                assert states["resolved"][0] == "delivered"
        assert {id_.rsplit("-", 2)[0] for id_ in ids} <= {alert.alert_id for alert in self.alerts()}

    def alerts(self) -> tuple[Alert, ...]:
        return AlertStore(self.database).page(limit=1000).items


@pytest.mark.database
def test_firing_sent_means_resolved_sent_once_and_in_order(database: Database, tmp_path: Path) -> None:
    fragile = FragileDatabase.open(database.dsn, database=database.name)
    machine = type("Installation", (Machine,), {"database": fragile, "stalled": stall_rule(tmp_path)})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    fragile.close()

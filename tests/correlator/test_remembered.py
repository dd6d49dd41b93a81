"""Findings of the present are remembered for a minute, those of the past are asked for anew."""

from datetime import timedelta

import pytest
from support.facts import fact, store

from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from correlator.findings import Findings
from correlator.loading import load_models
from correlator.remembered import RememberedFindings

pytestmark = pytest.mark.database
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("passed", "back", "seen"),
    [(50 * SECOND, 0 * SECOND, 1), (60 * SECOND, 0 * SECOND, 2), (50 * SECOND, 10 * SECOND, 2)],
    ids=["within a minute", "a minute later", "of the past"],
)
def test_an_answer_of_the_present_is_good_for_a_minute(
    database: Database, clock: ManualClock, passed: timedelta, back: timedelta, seen: int
) -> None:
    findings = RememberedFindings(Findings(database, load_models(["procure-to-pay"])), clock)

    def ahead(ago: timedelta = 0 * SECOND, *facilities: str) -> int:
        filters = Filters(as_of=clock.now() - ago, facility=facilities)
        return sum(each.found for each in findings.all(filters, kinds=["future_time"]))

    def arrive(name: str) -> None:
        told = {"received_at": clock.now() - timedelta(hours=1), "facility": "f"}
        store(database, [fact(name, "invoice.received", clock.now() + timedelta(hours=5), f"invoice:{name}", **told)])

    arrive("a")
    assert ahead() == 1
    arrive("b")
    clock.advance(passed)

    assert (ahead(back), ahead(back, "f")) == (seen, 2)

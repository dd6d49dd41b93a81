"""What the whole house finds in a simulated month equals what the simulation knows to be true."""

from datetime import UTC, datetime

import pytest

from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from core.settings import Settings
from core.sql import sql
from correlator.loading import load_models
from stallwatch.bootstrap import House
from stallwatch.simulator import Truth, load_network, simulate
from stallwatch.simulator.otlp import Batch, batches

AS_OF = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
MONTH_FROM = 1000  # journeys that are spread over a month; fewer over half of one
Facts = set[tuple[object, ...]]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    metafunc.parametrize("seed", range(1, metafunc.config.getoption("--truth-seeds") + 1))


def house_on(database: Database, clock: ManualClock) -> House:
    # The engine drops what is past its retention by its own clock, not by ours.
    settings = Settings(retention_spans_days=0, retention_quarantine_days=0)
    return House(settings, clock, load_network(), load_models(["procure-to-pay", "supplier-master"]), database)


def found_journeys(house: House) -> Facts:
    members: dict[tuple[str, str], list[str]] = {}
    for row in house.database.rows("SELECT root_type, root_id, object_type, object_id FROM journey_members FINAL"):
        members.setdefault((row["root_type"], row["root_id"]), []).append(f"{row['object_type']}:{row['object_id']}")
    return {
        (
            f"{row['root_type']}:{row['root_id']}",
            row["provisional"],
            tuple(sorted(members[row["root_type"], row["root_id"]])),
        )
        for row in house.database.rows("SELECT root_type, root_id, provisional FROM journeys FINAL")
    }


def true_journeys(truth: Truth) -> Facts:
    return {(journey.id, journey.provisional, journey.members) for journey in truth.journeys}


def found_outcomes(house: House, as_of: datetime) -> Facts:
    found, cursor = set(), None
    while True:
        page = house.journeys.handoffs(Filters(as_of=as_of), limit=10_000, cursor=cursor)
        found |= {
            (
                h.handoff,
                str(h.object),
                h.opened_at,
                h.closed_at,
                h.cancelled_at,
                h.due_at,
                h.state,
                h.stalled,
                h.facility,
                h.criticality,
            )
            for h in page.items
        }
        cursor = page.next_cursor
        if cursor is None:
            return found


def true_outcomes(truth: Truth) -> Facts:
    return {
        (
            h.handoff,
            h.object,
            h.opened_at,
            h.closed_at,
            h.cancelled_at,
            h.due_at,
            h.outcome,
            h.stalled,
            h.facility,
            h.criticality,
        )
        for h in truth.handoffs
    }


def found_stalls(house: House, as_of: datetime) -> Facts:
    page = house.stalls.page(Filters(as_of=as_of), limit=100_000)
    return {(stall.handoff, str(stall.object), stall.opened_at, stall.cause.code) for stall in page.items}


def true_stalls(truth: Truth) -> Facts:
    return {(h.handoff, h.object, h.opened_at, h.cause) for h in truth.handoffs if h.stalled}


def load(house: House, found: list[Batch]) -> None:
    for batch in found:
        take = house.collector.accept_logs if batch.path == "/v1/logs" else house.collector.accept_traces
        receipt = take(batch.body)
        assert receipt.rejected == 0, receipt.message


def differences(kind: str, found: Facts, true: Facts) -> dict[str, tuple[int, list[tuple[object, ...]]]]:
    """What was found and is not true, and what is true and was not found: how many by kind, and three of each."""
    unlike = {f"{kind} found that are not true": found - true, f"{kind} true that were not found": true - found}
    return {name: (len(those), sorted(those, key=str)[:3]) for name, those in unlike.items() if those}


@pytest.mark.database
@pytest.mark.scaled_timeout("--truth-journeys", 1)
def test_journeys_outcomes_stalls_and_causes_equal_the_truth(
    database: Database, seed: int, pytestconfig: pytest.Config
) -> None:
    journeys = pytestconfig.getoption("--truth-journeys")
    simulation = simulate(load_network(), seed, AS_OF, days=30 if journeys >= MONTH_FROM else 16, journeys=journeys)
    truth = simulation.truth
    house = house_on(database, ManualClock(AS_OF))
    house.prepare()
    sent = list(
        batches(
            [event for event in simulation.events if event.delivered_at <= AS_OF],
            [span for span in simulation.spans if span.delivered_at <= AS_OF],
        )
    )
    half = len(sent) // 2

    load(house, sent[:half])
    house.tick()
    load(house, sent[half:])
    house.tick()
    house.collector.close()

    assert len({cause for *_, cause in true_stalls(truth)}) == 5
    unlike = differences("journeys", found_journeys(house), true_journeys(truth))
    unlike |= differences("handoffs", found_outcomes(house, AS_OF), true_outcomes(truth))
    unlike |= differences("stalls with their causes", found_stalls(house, AS_OF), true_stalls(truth))
    stalls = len(true_stalls(truth))
    print(f"seed {seed}: {len(truth.journeys)} journeys, {len(truth.handoffs)} handoffs, {stalls} stalls compared")
    assert unlike == {}
    assert house.database.rows(sql("stallwatch", "stored_facts"))[0]["events"] == truth.events

"""What a simulation holds: everything asked for, in any seed, and the same each time."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from core.errors import MisuseError
from stallwatch.simulator import ALL_FAULTS, Event, Fault, Simulation, load_network, simulate
from stallwatch.simulator.catalogue import FLOWS

AS_OF = datetime(2026, 3, 4, 12, tzinfo=UTC)
SEEDS = range(1, 6)
SMALL = {"days": 21, "journeys": 100}


@cache
def small(seed: int) -> Simulation:
    return simulate(load_network(), seed, AS_OF, **SMALL)


def history(simulation: Simulation) -> list[Event]:
    return [event for event in simulation.events if event.delivered_at <= AS_OF]


def test_the_network_is_a_regional_health_system() -> None:
    network = load_network()

    kinds = Counter(facility.kind for facility in network.facilities.values())

    assert len(network.facilities) >= 12
    assert {"hospital", "clinic", "warehouse"} <= set(kinds)
    assert len({facility.time_zone for facility in network.facilities.values()}) == 3
    assert set(network.integrations) == {
        "procurement",
        "erp",
        "inventory",
        "ap_automation",
        "payments",
        "reporting",
        "analytics",
        "supplier_network",
    }
    assert all(integration.heartbeat and integration.owner for integration in network.integrations.values())


def test_one_seed_gives_one_simulation_and_another_seed_another() -> None:
    again = simulate(load_network(), 1, AS_OF, **SMALL)

    assert again == small(1)
    assert again.events != small(2).events


@pytest.mark.parametrize("seed", SEEDS)
def test_every_flow_type_and_every_fault_occurs(seed: int) -> None:
    truth = small(seed).truth

    purchases = [journey for journey in truth.journeys if not journey.id.startswith("supplier_record:")]
    assert {journey.flow_type for journey in purchases} == set(FLOWS)
    assert all(truth.faults[fault] > 0 for fault in Fault)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_cause_of_a_stall_occurs(seed: int) -> None:
    causes = {handoff.cause for handoff in small(seed).truth.handoffs if handoff.stalled}

    assert causes == {"silence", "integration_failure", "exception", "missing_prerequisite", "waiting_on"}


def test_without_faults_only_waiting_for_people_and_goods_is_left() -> None:
    simulation = simulate(load_network(), 1, AS_OF, **SMALL, faults=frozenset())

    assert {handoff.cause for handoff in simulation.truth.handoffs if handoff.stalled} <= {
        "waiting_on",
        "missing_prerequisite",
    }
    assert not any(span.failure for span in simulation.spans)
    assert len({event.event_id for event in simulation.events}) == len(simulation.events)
    assert not any(simulation.truth.faults.values())


@pytest.mark.parametrize("fault", sorted(ALL_FAULTS - {Fault.MONTH_END_SURGE}))
def test_a_single_fault_can_be_injected(fault: Fault) -> None:
    truth = simulate(load_network(), 1, AS_OF, **SMALL, faults=frozenset({fault})).truth

    assert truth.faults[fault] > 0
    assert [other for other in Fault if truth.faults.get(other)] == [fault]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_comes_after_the_instant_is_kept_for_later(seed: int) -> None:
    simulation = small(seed)
    later = [event for event in simulation.events if event.occurred_at > AS_OF]

    assert later
    assert all(event.delivered_at > AS_OF for event in later)
    assert all(event.delivered_at <= AS_OF for event in simulation.events if event.occurred_at <= AS_OF)
    assert all((span.delivered_at > AS_OF) == (span.started_at > AS_OF) for span in simulation.spans)


@pytest.mark.parametrize("seed", SEEDS)
def test_events_and_spans_stand_in_order_of_delivery_and_not_of_occurrence(seed: int) -> None:
    simulation = small(seed)
    told = [event.delivered_at for event in simulation.events]
    happened = [event.occurred_at for event in simulation.events]

    assert told == sorted(told)
    assert happened != sorted(happened)
    assert [span.delivered_at for span in simulation.spans] == sorted(span.delivered_at for span in simulation.spans)


@pytest.mark.parametrize("seed", SEEDS)
def test_only_the_silent_integration_is_past_its_heartbeat(seed: int) -> None:
    simulation = small(seed)
    newest = {
        event.integration: event.occurred_at for event in sorted(history(simulation), key=lambda e: e.occurred_at)
    }
    for span in simulation.spans:
        if span.started_at <= AS_OF:
            newest[span.integration] = max(newest[span.integration], span.started_at)

    late = {key for key, entry in load_network().integrations.items() if AS_OF - newest[key] > entry.heartbeat}

    assert late == {simulation.truth.silent}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_failing_integration_brings_nothing_about_but_errors(seed: int) -> None:
    simulation = small(seed)
    recent = AS_OF - timedelta(hours=13)  # an outage began at least fourteen hours ago
    failing = simulation.truth.outage

    assert not [e for e in history(simulation) if e.integration == failing and e.occurred_at > recent]
    tries = [s for s in simulation.spans if s.integration == failing and recent < s.started_at <= AS_OF and s.kind == 2]
    assert tries
    assert all(span.failure for span in tries)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_id_that_is_delivered_twice_says_the_same_twice(seed: int) -> None:
    simulation = small(seed)
    by_id: dict[str, set[tuple[object, ...]]] = {}
    for event in simulation.events:
        said = (event.type, event.occurred_at, event.objects, event.dimensions, event.amount, event.trace_id)
        by_id.setdefault(event.event_id, set()).add(said)

    assert len(by_id) < len(simulation.events)
    assert all(len(said) == 1 for said in by_id.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_payment_executed_twice_has_two_executions_of_one_id(seed: int) -> None:
    executions = {e.event_id: e.subject for e in history(small(seed)) if e.type == "payment.executed"}

    assert max(Counter(executions.values()).values()) == 2


@pytest.mark.parametrize("seed", SEEDS)
def test_events_of_one_object_never_share_an_instant(seed: int) -> None:
    events = {event.event_id: event for event in small(seed).events}.values()

    instants = Counter(
        (each, event.occurred_at) for event in events for each in event.objects if each.type != "supplier"
    )

    assert max(instants.values()) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_an_object_says_the_same_about_itself_in_every_event(seed: int) -> None:
    said: dict[object, set[object]] = {}
    for event in small(seed).events:
        said.setdefault(event.subject, set()).add((event.dimensions, event.amount))

    assert all(len(each) == 1 for each in said.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_every_span_of_an_event_names_its_objects_and_has_a_parent_in_its_trace(seed: int) -> None:
    simulation = small(seed)
    spans = {(span.trace_id, span.span_id): span for span in simulation.spans}

    assert len(spans) == len(simulation.spans)
    assert all((s.trace_id, s.parent_span_id) in spans for s in simulation.spans if s.parent_span_id)
    assert all(spans[event.trace_id, event.span_id].objects == event.objects for event in simulation.events)
    assert all(span.started_at < span.ended_at for span in simulation.spans)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"days": 3}, "14 days"),
        ({"journeys": 10}, "50 journeys"),
        ({"outage": "erp", "silent": "erp"}, "cannot fail and be silent"),
        ({"silent": "telegraph"}, "telegraph"),
    ],
)
def test_what_cannot_be_simulated_is_refused(asked: dict[str, object], reason: str) -> None:
    with pytest.raises(MisuseError, match=reason):
        simulate(load_network(), 1, AS_OF, **SMALL | asked)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(MisuseError, match="UTC"):
        simulate(load_network(), 1, AS_OF.replace(tzinfo=None), **SMALL)


def test_named_integrations_fail_and_fall_silent() -> None:
    truth = simulate(load_network(), 1, AS_OF, **SMALL, outage="payments", silent="inventory").truth

    assert (truth.outage, truth.silent) == ("payments", "inventory")
    assert {"silence", "integration_failure"} <= {handoff.cause for handoff in truth.handoffs}


def test_by_default_a_month_is_of_the_size_of_a_region() -> None:
    truth = simulate(load_network(), 7, AS_OF).truth

    assert 20_000 <= truth.events <= 40_000
    assert 1_500 <= len(truth.journeys) <= 4_000

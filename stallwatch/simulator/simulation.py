"""The simulation as a pure function: a registry, a seed and an instant give a history, its future and its truth."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from core.errors import MisuseError
from core.registry import Registry
from stallwatch.simulator.catalogue import choose
from stallwatch.simulator.faults import ALL_FAULTS, Fault, disturb
from stallwatch.simulator.flows import play
from stallwatch.simulator.ledger import Ledger
from stallwatch.simulator.masters import keep_suppliers
from stallwatch.simulator.pace import Pace, read_handoffs, when_people_work
from stallwatch.simulator.payments import run_payments
from stallwatch.simulator.plan import CAUGHT_AT, LEAST_JOURNEYS, Plan, Planner, ends_a_month
from stallwatch.simulator.reckoning import reckon
from stallwatch.simulator.records import Event, Simulation
from stallwatch.simulator.traces import SERVICES, signs_of_life
from stallwatch.simulator.track import CENT, Track

LEAST_DAYS = 14  # fewer would leave no time for the faults to make anything late
DUPLICATE_SHARE = 0.015


def simulate(
    network: Registry,
    seed: int,
    as_of: datetime,
    *,
    days: int = 30,
    journeys: int = 2500,
    faults: frozenset[Fault] = ALL_FAULTS,
    outage: str | None = None,
    silent: str | None = None,
    ahead: timedelta = timedelta(days=2),
) -> Simulation:
    """Simulate `days` of history up to `as_of` (UTC) in `journeys` scripts, and the deliveries due `ahead` of it.

    `outage` and `silent` name the integrations that fail and fall silent; by default the seed draws them.
    Raises MisuseError for fewer than 14 days or 50 journeys, a network without one of the eight integrations, a naive
    `as_of`, or one integration that is to fail and be silent at once.
    """
    _check(network, as_of, days, journeys, named=(outage, silent))
    rng = Random(f"stallwatch:{seed}")  # text is hashed: neighbouring seeds share nothing
    disturbances = disturb(faults, as_of, days, rng, outage=outage, silent=silent)
    ledger = Ledger(rng, as_of, as_of + ahead, disturbances, faults)
    handoffs = read_handoffs()
    pace = Pace(handoffs, rng)
    for plan in Planner(rng, disturbances, faults, days).plans(journeys, ahead):
        _play(plan, ledger, pace, network)
    begins = as_of - timedelta(days=days)
    run_payments(ledger, pace, network, begins)
    keep_suppliers(ledger, pace, network, begins)
    spans = [*ledger.spans, *signs_of_life(network, rng, begins, ledger.horizon, disturbances)]
    _note_windows(ledger)
    events = ledger.events + _duplicates(ledger)
    events.sort(key=lambda event: (event.delivered_at, event.event_id))
    spans.sort(key=lambda span: (span.delivered_at, span.span_id))
    return Simulation(
        tuple(events),
        tuple(spans),
        reckon(seed, ledger, events=events, spans=spans, network=network, handoffs=handoffs),
        faults,
    )


def _play(plan: Plan, ledger: Ledger, pace: Pace, network: Registry) -> None:
    dimensions, worth = choose(plan.flow, network, ledger.rng, critical=plan.urgent)
    facility = network.facilities[dimensions.facility]
    starts_at = plan.starts_at
    if facility.kind != "hospital":
        starts_at = when_people_work(starts_at, ZoneInfo(facility.time_zone), ledger.rng)
    if plan.fault is not None:
        ledger.injected[plan.fault] += 1
    play(Track(ledger, pace, plan, dimensions, facility, starts_at, Decimal(worth).quantize(CENT)))


def _duplicates(ledger: Ledger) -> list[Event]:
    """Second deliveries of events, under the same id."""
    if Fault.DUPLICATE_DELIVERY not in ledger.faults:
        return []
    told = [event for event in ledger.events if event.delivered_at <= ledger.as_of]
    again = ledger.rng.sample(told, max(1, round(DUPLICATE_SHARE * len(told))))
    ledger.injected[Fault.DUPLICATE_DELIVERY] += len(again)
    return [
        replace(
            event, delivered_at=min(ledger.as_of, event.delivered_at + timedelta(hours=ledger.rng.expovariate(1 / 3)))
        )
        for event in again
    ]


def _note_windows(ledger: Ledger) -> None:
    """Count the faults that are windows rather than cohorts; the surge counts the events it brought."""
    windows = Counter(window.kind for window in ledger.disturbances.windows)
    ledger.injected["recovered_outage"] += windows["recovered_outage"]
    if Fault.MONTH_END_SURGE in ledger.faults:
        ends = (event for event in ledger.events if ends_a_month(event.occurred_at))
        ledger.injected[Fault.MONTH_END_SURGE] += sum(event.occurred_at <= ledger.as_of for event in ends)


def _check(
    network: Registry, as_of: datetime, days: int, journeys: int, *, named: tuple[str | None, str | None]
) -> None:
    problems = []
    if as_of.tzinfo is None or as_of.utcoffset() != timedelta(0):
        problems.append("as_of must be an instant in UTC")
    if days < LEAST_DAYS or journeys < LEAST_JOURNEYS:
        problems.append(
            f"at least {LEAST_DAYS} days and {LEAST_JOURNEYS} journeys are needed, not {days} and {journeys}"
        )
    if missing := [key for key in SERVICES if key not in network.integrations]:
        problems.append(f"the network lacks the integrations {', '.join(missing)}")
    if unknown := [key for key in named if key is not None and key not in CAUGHT_AT]:
        problems.append(f"there is no integration {', '.join(unknown)} that can fail or be silent")
    if named[0] is not None and named[0] == named[1]:
        problems.append(f"{named[0]} cannot fail and be silent at once")
    if problems:
        message = "; ".join(problems)
        raise MisuseError(message)

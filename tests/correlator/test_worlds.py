"""Everything derived is a pure function of the facts: whatever the order, the repetitions, the inserts and the ticks.

Worlds are what is counted here, not Hypothesis' examples: an example is a batch of `WORLDS` small worlds
(support/worlds.py), told interleaved to one correlator and compared with the oracle and with rebuilds. 300 worlds are
checked in each run of the suite, 2,500 by `make nightly`; only those that differ from each other are counted.
Nothing needs to shrink: worlds do not touch, so a failure tells of the smallest that differs, and of no other.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from support.calendars import calendar, registry
from support.correlation_oracle import cycles, due, memberships, names, promises
from support.derived import DERIVED, FACTS, clear, stretches
from support.facts import MONDAY, Fact, Ref, SpanFact, store, store_spans
from support.worlds import (
    FACILITY,
    HOUR,
    INSERTS,
    SENDERS_WORDS,
    Batch,
    World,
    batches,
    in_senders_words,
    shown,
    span_in_senders_words,
    worlds_named,
)

from core.clickhouse import Database
from core.clock import ManualClock, SystemClock
from core.durations import parse_duration
from core.filters import Filters
from core.registry import publish_registry
from correlator.loading import load_models
from correlator.model import HandoffDefinition
from correlator.naming_views import publish_names
from correlator.own_names import OwnNames, own_names
from correlator.stalls import Stalls
from correlator.tick import Correlator
from slo.business_time import BusinessHours, business_hours
from slo.calendars import publish_calendars

WORLDS = 90  # of a batch: the choices of more do not fit what Hypothesis draws for one example
FULL = 72  # of these, so many surely differ from each other and are not empty; seldom are they fewer than 80
OFFICE = registry("America/New_York", office=calendar("08:00-12:00", "13:00-17:00"))
(P2P,) = load_models(["procure-to-pay"])
CLOCK = {
    "title": "Clock",
    "on": "invoice",
    "start": ["invoice.received"],
    "stop": ["invoice.matched"],
    "cancel": ["invoice.voided"],
    "pause": ["invoice.held"],
    "resume": ["invoice.freed"],
    "reopen_on": ["invoice.unmatched"],
}
CLOCKS = {
    f"{mode}_{target}": HandoffDefinition.model_validate(
        CLOCK | {"target": dict.fromkeys(("clinical-critical", "standard", "low"), target), "reopen": mode}
    )
    for mode in ("first", "reset", "resume")
    for target in ("7h", "6bh", "1bd")
}
REFERENCES = {
    "invoice": {"po_number": "purchase_order"},
    "payment": {"bills": "invoice"},
    "purchase_order": {"request": "requisition"},
}
# Every handoff of the shipped model, whatever the flow; handoffs that pause and reopen; and attributes that link.
MODEL = P2P.model_copy(
    update={
        "objects": {
            key: each.model_copy(update={"references": REFERENCES.get(key, {}), "aliases": SENDERS_WORDS.get(key, ())})
            for key, each in P2P.objects.items()
        },
        "handoffs": {key: each.model_copy(update={"flow_types": ()}) for key, each in P2P.handoffs.items()} | CLOCKS,
    }
)
TABLES = {
    **dict.fromkeys(
        (
            "journey_members",
            "object_journeys",
            "journeys",
            "handoffs",
            "identities",
            "aliases",
            "aliased_event_objects",
            "withdrawn_namings",
        ),
        ("EXCEPT (revision, is_gone)", "FINAL"),
    ),
    **dict.fromkeys(("current_links", "current_parent_links"), ("", "")),
}
EMPTIED = tuple(table for table in (*FACTS, *DERIVED) if table != "correlator_runs")
EMPTIED += ("spans", "span_objects", "trace_index", "quarantine")
LIVE, ANEW = "100001", "200002"  # what the ids of a copy start with
LATER = (MONDAY + 5 * HOUR, MONDAY + timedelta(days=40))
Held = dict[str, tuple[World, list[Fact]]]
Shown = dict[str, list[str]]


@pytest.fixture(scope="module")
def office() -> BusinessHours:
    first = MONDAY.date() - timedelta(days=9)
    return business_hours(OFFICE, FACILITY, first=first, last=first + timedelta(days=60))


@pytest.mark.database
@pytest.mark.scaled_timeout("--worlds", 3)
def test_worlds_told_in_any_order_are_the_oracles_and_equal_a_rebuild(
    request: pytest.FixtureRequest, database: Database, clock: ManualClock, office: BusinessHours
) -> None:
    asked = request.config.getoption("--worlds")
    publish_registry(database, OFFICE, clock)
    publish_calendars(database, OFFICE, clock)
    Correlator(database, MODEL, clock, names=OwnNames(), overlap=timedelta(0)).rebuild()  # what follows are ticks
    checked: set[World] = set()

    @settings(
        max_examples=2,  # in the first nothing is told, and all beyond the second are much like it
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(batch=batches(WORLDS))
    def hold(batch: Batch) -> None:
        renamed = len(checked) // FULL % 2 == 0  # every other batch is told in senders' words
        check(database, clock, office, batch, renamed=renamed)
        checked.update(world for world in batch.worlds if world.told)

    try:
        while len(checked) < asked:
            seed(random.getrandbits(64))(hold)()  # where CI is set, Hypothesis draws the same each time unless told
    finally:
        publish_names(database, OwnNames())


def check(database: Database, clock: ManualClock, office: BusinessHours, batch: Batch, *, renamed: bool) -> None:
    held = batch.held()
    if not held:
        return
    received_at = SystemClock().now() - timedelta(hours=2)
    clear(database, *EMPTIED)
    words = own_names([MODEL]) if renamed else OwnNames()
    if publish_names(database, words):
        Correlator(database, MODEL, clock, names=words, overlap=timedelta(0)).tick()  # which derives everything anew
    live = Correlator(database, MODEL, clock, names=words, overlap=timedelta(0))
    for insert in range(INSERTS):
        if insert in batch.restarts:
            live = Correlator(database, MODEL, clock, names=words, overlap=timedelta(0))
        facts, spans = batch.arriving(LIVE, received_at, insert)
        if renamed:
            facts, spans = in_senders_words(facts), [span_in_senders_words(span) for span in spans]
        tell(database, facts, spans, halved=insert in batch.halves)
        live.tick()
    as_of = LATER[len(held) % len(LATER)]
    (incremental,) = everything(database, as_of, LIVE)
    against_the_oracle(database, office, held, received_at)

    tell(database, *batch.once(ANEW, received_at), halved=False)
    live.rebuild()

    rebuilt, anew = everything(database, as_of, LIVE, ANEW)
    same(incremental, rebuilt, held, "ticks and a rebuild of the same facts")
    same(incremental, anew, held, "ticks and a rebuild of what was told once, in another order")


def tell(database: Database, facts: list[Fact], spans: list[SpanFact], *, halved: bool) -> None:
    middle = len(facts) // 2 if halved else 0
    for part in (facts[:middle], facts[middle:]):
        if part:
            store(database, part)
    store_spans(database, spans)


def everything(database: Database, as_of: datetime, *prefixes: str) -> list[Shown]:
    """All that is derived of copies, but for the number of the run; what is stalled, why, and how that is known."""
    rows = {table: database.rows(f"SELECT * {but} FROM {table} {final}") for table, (but, final) in TABLES.items()} | {
        "stalls": list(Stalls(database, [MODEL]).page(Filters(as_of=as_of), limit=100_000).items)
    }
    return [{table: shown(found, prefix) for table, found in rows.items()} for prefix in prefixes]


def same(one: Shown, other: Shown, held: Held, what: str) -> None:
    """Fail with the smallest world of those that differ, and what of it does."""
    differing = {table: set(one[table]) ^ set(other[table]) for table in one if one[table] != other[table]}
    tell_apart({table: worlds_named(rows) for table, rows in differing.items()}, held, what, differing)
    assert not differing, f"{what} differ"


def tell_apart(found: dict[str, set[str]], held: Held, what: str, differing: dict[str, set[Any]]) -> None:
    numbers = {number for worlds in found.values() for number in worlds if number in held}
    if numbers:
        number = min(numbers, key=lambda each: (len(held[each][0].told), each))
        rows = {table: [row for row in rows if f"'{number}" in repr(row)] for table, rows in differing.items()}
        pytest.fail(f"{what} differ in {len(numbers)} worlds, the smallest of them {number}: {held[number][0]}\n{rows}")


def against_the_oracle(database: Database, office: BusinessHours, held: Held, received_at: datetime) -> None:
    stored = _stored(database, received_at)
    expected = _expected(office, held, stored.pop("dues"))
    differing = {what: stored[what] ^ expected[what] for what in expected}
    wrong = {what: {_world(row) for row in rows} for what, rows in differing.items()}
    tell_apart(wrong, held, "the correlator and the oracle", differing)
    assert stored == expected
    then = {number: pair for number, pair in held.items() if pair[0].kind == "plain"}
    for hours in range(7):
        as_of = MONDAY + hours * HOUR
        known = [([f for f in facts if f.occurred_at <= as_of], facts) for _, facts in then.values()]
        seen = {_seen_at(row, as_of) for row in stored["cycles"] if row[4] <= as_of and _world(row) in then}
        # Links are those that hold now, whatever moment is asked for.
        assert seen == {row for told, facts in known for row in cycles(MODEL, told, facts)}


def _world(row: Any) -> str:
    """The world that a row of the oracle is of, by the first id in it."""
    return next(text[:3] for text in _texts(row) if text[:3].isdigit() and len(text) > 3)


def _texts(row: Any) -> Iterator[str]:
    for value in row:
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from _texts(value)


def _seen_at(cycle: tuple[Any, ...], as_of: datetime) -> tuple[Any, ...]:
    """A stored handoff instance, what is later than `as_of` left out: what queries make of it."""
    *known, closed_at, cancelled_at = cycle
    return (*known, *(at if at is not None and at <= as_of else None for at in (closed_at, cancelled_at)))


def _expected(office: BusinessHours, held: Held, dues: set[Any]) -> dict[str, set[Any]]:
    """`dues`: when each handoff instance is due, as the correlator has it: "clocks" prove that."""
    due_of = {row[:4]: row[4] for row in dues}
    found: dict[str, set[Any]] = {
        "identities": set(),
        "memberships": set(),
        "cycles": set(),
        "clocks": set(),
        "told": set(),
    }
    for _, facts in held.values():
        found["identities"] |= {(alias, own) for alias, own in names(facts).items() if alias != own}
        found["memberships"] |= memberships(MODEL, facts)
        for each in promises(MODEL, facts):
            found["cycles"].add(each.cycle)
            told = each.told(due_of.get(each.cycle[:4]))
            found["told"].add((*each.cycle[:4], *(at and at - MONDAY for at in told)))
            if (handoff := CLOCKS.get(each.cycle[0])) is not None:
                until = due(each, office, parse_duration(handoff.target["standard"]))
                found["clocks"].add((*each.cycle, each.first_opened_at, each.stood, each.pauses, until))
    return found


def _stored(database: Database, received_at: datetime) -> dict[str, set[Any]]:
    def rows(columns: str, table: str) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in database.rows(f"SELECT {columns} FROM {table} FINAL")]

    def own(kind: str, identifier: str) -> Ref:
        return kind, identifier.removeprefix(LIVE)

    cycle = "handoff, object_type, object_id, cycle, opened_at, closed_at, cancelled_at"
    handoffs = [
        (row[0], *own(row[1], row[2]), *row[3:])
        for row in rows(
            f"{cycle}, first_opened_at, stood, pauses, due_at, opened_received_at, ended_received_at", "handoffs"
        )
    ]
    return {
        "identities": {
            (own(kind, alias), own(kind, one))
            for kind, alias, one in rows("object_type, alias_id, object_id", "identities")
        },
        "memberships": {
            (own(*row[:2]), own(*row[2:]))
            for row in rows("root_type, root_id, object_type, object_id", "journey_members")
        },
        "cycles": {row[:7] for row in handoffs},
        "dues": {(*row[:4], row[10]) for row in handoffs},
        "told": {(*row[:4], *(at and at - received_at for at in row[11:])) for row in handoffs},
        "clocks": {(*row[:8], stretches(row[8]), stretches(row[9]), row[10]) for row in handoffs if row[0] in CLOCKS},
    }

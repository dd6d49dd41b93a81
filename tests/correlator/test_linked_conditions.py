"""Handoffs that start, stop, pause or reopen by what happens on linked objects."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.correlation_oracle import cycles, promises
from support.derived import DERIVED, FACTS, clear, snapshot, stored_cycles, stretches
from support.facts import MONDAY, Fact, fact, store

from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from correlator.model import JourneyModel
from correlator.orders import orders
from correlator.stalls import Stalls
from correlator.tick import OBJECTS_A_SLICE, Correlator

HOUR = timedelta(hours=1)
OBJECTS: dict[str, dict[str, Any]] = {
    "purchase_order": {},
    "goods_receipt": {"attaches_via": ["purchase_order"]},
    "invoice": {"attaches_via": ["purchase_order", "goods_receipt"]},
    "payment": {"attaches_via": ["invoice"]},
}


def on(event: str, of: str, match: str = "any", **more: Any) -> dict[str, Any]:
    return {"event": event, "of": of, "match": match, **more}


def through(event: str, between: str, of: str, match: str = "any", **more: Any) -> dict[str, Any]:
    return on(event, of, match, through=between, **more)


def model(**handoffs: dict[str, Any]) -> JourneyModel:
    told = {key: {"title": key, "target": {"standard": "1h"}, **handoff} for key, handoff in handoffs.items()}
    head = {"model": "tested", "version": 1, "title": "Tested", "anchor": "purchase_order"}
    return JourneyModel.model_validate({**head, "objects": OBJECTS, "handoffs": told})


POSTED, REVERSED = "goods_receipt.posted", "goods_receipt.reversed"
AWAITED = {"on": "invoice", "start": ["invoice.received"], "stop": [on(POSTED, "purchase_order")]}
EVERYTHING = model(
    awaited=AWAITED,
    awaited_still=AWAITED
    | {"stop": [on(POSTED, "purchase_order", earlier=True)], "reopen_on": [on(REVERSED, "purchase_order")]},
    awaited_through=AWAITED
    | {
        "stop": [
            on(POSTED, "purchase_order", earlier=True),
            through(POSTED, "purchase_order", "goods_receipt", earlier=True),
        ],
        "reopen_on": [on(REVERSED, "goods_receipt"), through(REVERSED, "purchase_order", "goods_receipt")],
    },
    billed={
        "on": "purchase_order",
        "start": ["purchase_order.created", through("invoice.received", "goods_receipt", "invoice", "first")],
        "stop": [through("invoice.matched", "goods_receipt", "invoice", "all")],
        "cancel": [through("invoice.voided", "goods_receipt", "invoice", earlier=True)],
    },
    received={
        "on": "purchase_order",
        "start": [on(POSTED, "goods_receipt", "first")],
        "stop": [on(POSTED, "goods_receipt", "all")],
        "cancel": ["purchase_order.cancelled"],
        "reopen_on": [on(REVERSED, "goods_receipt", "last")],
        "reopen": "resume",
    },
    stocked={
        "on": "purchase_order",
        "start": ["purchase_order.created"],
        "stop": [POSTED, on(POSTED, "goods_receipt", earlier=True)],
        "cancel": ["purchase_order.cancelled"],
        "reopen_on": [REVERSED, on(REVERSED, "goods_receipt")],
        "reopen": "reset",
    },
    priced={
        "on": "invoice",
        "start": ["invoice.received"],
        "stop": ["invoice.matched", on(POSTED, "goods_receipt", earlier=True)],
        "when": {"reason": ["price", "tax"]},
    },
    unpriced={
        "on": "invoice",
        "start": ["invoice.received"],
        "stop": ["invoice.matched"],
        "cancel": ["invoice.voided"],
        "reopen_on": ["invoice.reopened"],
        "when": {"reason_not": ["price"]},
    },
    settled={
        "on": "payment",
        "start": [on("invoice.received", "invoice"), on("invoice.matched", "invoice", "last")],
        "stop": ["payment.released", through(POSTED, "invoice", "goods_receipt", "last")],
        "cancel": [
            on("invoice.voided", "invoice", "all", earlier=True),
            through("purchase_order.cancelled", "invoice", "purchase_order"),
        ],
    },
    held={
        "on": "invoice",
        "start": ["invoice.received"],
        "stop": [on("payment.released", "payment", "all", earlier=True), "invoice.matched"],
        "cancel": [on("purchase_order.cancelled", "purchase_order", "first", earlier=True)],
        "pause": [on(REVERSED, "goods_receipt")],
        "resume": [on(POSTED, "goods_receipt")],
        "reopen_on": ["invoice.reopened"],
        "reopen": "reset",
    },
)
BY_HINDSIGHT = {"received", "settled"}  # `last` is the latest that is known now
EVENTS = (
    "purchase_order.created",
    "purchase_order.cancelled",
    POSTED,
    POSTED,
    REVERSED,
    "invoice.received",
    "invoice.received",
)
EVENTS += ("invoice.matched", "invoice.voided", "invoice.reopened", "payment.released")
REFS = [(kind, number) for kind in OBJECTS for number in "12"]


@st.composite
def told(draw: st.DrawFn, number: int) -> Fact:
    at = MONDAY + draw(st.integers(0, 6)) * HOUR
    kind = draw(st.sampled_from(["link.withdrawn", "object.same_as", "object.described", *EVENTS, *EVENTS]))
    if kind == "object.same_as":
        other = draw(st.sampled_from(list(OBJECTS)))
        return Fact(f"e{number}", kind, at, ((other, "2"), (other, "1")))
    subject = [each for each in REFS if each[0] == kind.partition(".")[0]] or REFS
    objects = [draw(st.sampled_from(subject)), *draw(st.lists(st.sampled_from(REFS), max_size=3))]
    reason = draw(st.sampled_from(["", "price", "quality"]))
    return Fact(f"e{number}", kind, at, tuple(dict.fromkeys(objects)), reason=reason)


LOGS = st.integers(4, 18).flatmap(lambda count: st.tuples(*(told(number) for number in range(count))))


@pytest.mark.database
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), log=LOGS)
def test_linked_conditions_in_any_order_equal_one_rebuild_and_the_oracle(
    database: Database, clock: ManualClock, data: st.DataObject, log: tuple[Fact, ...]
) -> None:
    clear(database, *FACTS, *DERIVED)
    arrivals = data.draw(st.permutations([*log, *data.draw(st.lists(st.sampled_from(log), max_size=3))]))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(arrivals)), max_size=3)))
    live = Correlator(database, EVERYTHING, clock, overlap=timedelta(0))
    live.tick()

    for start, end in zip([0, *cuts], [*cuts, len(arrivals)], strict=True):
        store(database, arrivals[start:end])
        live.tick()
    incremental = snapshot(database)

    rows = database.rows(
        "SELECT handoff, object_type, object_id, cycle, first_opened_at, stood, pauses FROM handoffs FINAL"
    )
    clocks = {(*list(row.values())[:5], stretches(row["stood"]), stretches(row["pauses"])) for row in rows}
    assert stored_cycles(database) == cycles(EVERYTHING, log)
    assert clocks == {
        (*each.cycle[:4], each.first_opened_at, each.stood, each.pauses) for each in promises(EVERYTHING, log)
    }
    for hours in range(6):
        as_of = MONDAY + hours * HOUR
        then = cycles(EVERYTHING, [item for item in log if item.occurred_at <= as_of], log)
        assert seen(stored_cycles(database), as_of) == seen(then, as_of)
    clear(database, *FACTS, *DERIVED)
    store(database, sorted(log, key=lambda item: item.event_id))
    at_a_time = data.draw(st.sampled_from([3, OBJECTS_A_SLICE]))
    Correlator(database, EVERYTHING, clock, overlap=timedelta(0), objects_a_slice=at_a_time).rebuild()
    assert snapshot(database) == incremental


def seen(stored: set[tuple[Any, ...]], as_of: Any) -> set[tuple[Any, ...]]:
    """What queries make of handoffs at an instant; without those that the future decides."""
    return {
        (*known, *(at if at is not None and at <= as_of else None for at in ends))
        for *known, closed_at, cancelled_at in stored
        for ends in [(closed_at, cancelled_at)]
        if known[4] <= as_of and known[0] not in BY_HINDSIGHT
    }


# The order is promised anew after 2.5 hours, if nothing is open then. Which of its receipts were posted, after how many
# hours; and by each match, when the promises were kept.
CASES: tuple[tuple[dict[str, tuple[int, ...]], dict[str, tuple[int | None, ...]]], ...] = (
    ({}, {"any": (None,), "all": (None,), "first": (None,), "last": (None,)}),
    ({"1": (2,)}, {"any": (2, None), "all": (2, None), "first": (2, None), "last": (2, None)}),
    ({"1": (2,), "2": ()}, {"any": (2, None), "all": (None,), "first": (2, None), "last": (2, None)}),
    ({"1": (2, 5), "2": (3,)}, {"any": (2, 3), "all": (3,), "first": (2, None), "last": (5,)}),
)


@pytest.mark.database
def test_each_match_says_when_it_has_what_it_looks_for(database: Database, clock: ManualClock) -> None:
    promised = ["purchase_order.created", "purchase_order.changed"]
    handoffs = {
        match: {"on": "purchase_order", "start": promised, "stop": [on(POSTED, "goods_receipt", match)]}
        for match in ("any", "all", "first", "last")
    }
    facts = []
    for number, (receipts, _) in enumerate(CASES):
        order = f"purchase_order:{number}"
        facts += [fact(f"{event}{number}", event, MONDAY + n * 2.5 * HOUR, order) for n, event in enumerate(promised)]
        for receipt_id, hours in receipts.items():
            named = f"goods_receipt:{number}/{receipt_id}"
            facts.append(fact(f"noted {named}", "goods_receipt.noted", MONDAY, named, order))
            facts += [fact(f"{named} after {after}", POSTED, MONDAY + after * HOUR, named) for after in hours]
    store(database, facts)
    Correlator(database, model(**handoffs), clock).tick()

    found: dict[tuple[str, str], tuple[Any, ...]] = {}
    for handoff, _, order, _, _, closed_at, _ in sorted(stored_cycles(database)):
        kept = found.get((handoff, order), ())
        found[handoff, order] = (*kept, closed_at and (closed_at - MONDAY) / HOUR)
    assert found == {
        (match, str(number)): kept for number, (_, by_match) in enumerate(CASES) for match, kept in by_match.items()
    }


# When receipts of its order were posted (reversed: below zero), the invoice being received after two hours; then when
# each of its promises was made and kept: one that counts from its start on, one that knows what came before.
BEFORE: tuple[tuple[tuple[int, ...], list[tuple[int, int | None]], list[tuple[int, int | None]]], ...] = (
    ((5,), [(2, 5)], [(2, 5)]),
    ((1,), [(2, None)], []),  # the goods were there
    ((1, -4), [(2, None)], [(4, None)]),
    ((1, -4, 6), [(2, 6)], [(4, 6)]),
    ((0, -1), [(2, None)], [(2, None)]),
    ((2,), [(2, 2)], [(2, 2)]),
)


@pytest.mark.database
def test_what_came_before_the_start_counts_where_the_model_says_so(database: Database, clock: ManualClock) -> None:
    for number, (receipts, *_) in enumerate(BEFORE):
        order, invoice = f"purchase_order:{number}", f"invoice:{number}"
        billed = fact(f"b{number}", "invoice.received", MONDAY + 2 * HOUR, invoice)
        store(database, [fact(f"o{number}", "purchase_order.created", MONDAY, order, invoice), billed])
        for at in receipts:
            event = POSTED if at >= 0 else REVERSED
            store(database, [fact(f"{number}/{at}", event, MONDAY + abs(at) * HOUR, "goods_receipt:1", order)])
    Correlator(database, EVERYTHING, clock).tick()

    found: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for handoff, _, invoice, cycle, opened_at, closed_at, _ in sorted(stored_cycles(database)):
        kept = found.setdefault((handoff, invoice), [])
        kept.append(((opened_at - MONDAY) / HOUR, closed_at and (closed_at - MONDAY) / HOUR))
        assert cycle == len(kept)
    for number, (_, awaited, awaited_still) in enumerate(BEFORE):
        assert found.get(("awaited", str(number)), []) == awaited
        assert found.get(("awaited_still", str(number)), []) == awaited_still


@pytest.mark.database
def test_a_link_that_is_withdrawn_opens_again_what_its_object_had_closed(
    database: Database, clock: ManualClock
) -> None:
    live, seen_after = Correlator(database, model(awaited=AWAITED), clock, overlap=timedelta(0)), []
    for facts in (
        [
            fact("o", "purchase_order.created", MONDAY, "purchase_order:1", "invoice:1"),
            fact("b", "invoice.received", MONDAY + 2 * HOUR, "invoice:1"),
            fact("r", POSTED, MONDAY + 5 * HOUR, "goods_receipt:1", "purchase_order:1"),
        ],
        [fact("w", "link.withdrawn", MONDAY + 6 * HOUR, "invoice:1", "purchase_order:1")],
        [fact("s", "object.described", MONDAY + 7 * HOUR, "invoice:1", "purchase_order:1")],
    ):
        store(database, facts)
        live.tick()
        seen_after.append([closed_at for *_, closed_at, _ in stored_cycles(database)])

    assert seen_after == [[MONDAY + 5 * HOUR], [None], [MONDAY + 5 * HOUR]]


@pytest.mark.database
def test_a_stall_names_the_event_of_the_linked_object_that_opened_it(database: Database, clock: ManualClock) -> None:
    given = model(billed={"on": "purchase_order", "start": [on(POSTED, "goods_receipt")], "stop": ["invoice.received"]})
    store(database, [fact("g", "goods_receipt.noted", MONDAY, "goods_receipt:1", "purchase_order:1")])
    store(database, [fact("p", POSTED, MONDAY, "goods_receipt:1", integration="wms")])
    Correlator(database, given, clock).tick()

    (stall,) = Stalls(database, [given]).page(Filters(as_of=MONDAY + 9 * HOUR)).items

    (told_by,) = stall.cause.evidence
    assert (told_by.event_id, told_by.integration, told_by.event_type) == ("p", "wms", POSTED)
    assert (str(told_by.object), told_by.at) == ("goods_receipt:1", MONDAY)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stop": [on("payment.released", "payment")], "on": "purchase_order"}, "neither purchase_order nor payment"),
        ({"stop": [on(POSTED, "delivery")]}, "names 'delivery', which is not among the objects"),
        ({"cancel": [on(POSTED, "purchase_order")]}, "goods_receipt.posted of purchase_order may have one role only"),
        ({"start": [on(POSTED, "goods_receipt", earlier=True)]}, "start: earlier is for stop and cancel"),
        ({"stop": [on(POSTED, "purchase_order", "some")]}, "match"),
        ({"stop": [{"event": POSTED}]}, "of"),
        ({"stop": [through(POSTED, "delivery", "goods_receipt")]}, "names 'delivery', which is not among the objects"),
        ({"stop": [through(POSTED, "goods_receipt", "goods_receipt")]}, "'goods_receipt' is one of the two"),
        ({"stop": [through(POSTED, "payment", "goods_receipt")]}, "neither goods_receipt nor payment attaches"),
        ({"stop": [through("payment.released", "purchase_order", "payment")]}, "neither payment nor purchase_order"),
        (
            {"stop": [through(POSTED, "invoice", "goods_receipt")], "on": "purchase_order"},
            "'invoice', which attaches to both purchase_order and goods_receipt",
        ),
    ],
)
def test_a_condition_that_cannot_be_met_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        model(awaited=AWAITED | change)


def test_what_happens_on_linked_objects_puts_no_steps_in_order() -> None:
    given = model(
        awaited=AWAITED | {"stop": [on(POSTED, "purchase_order"), "invoice.matched"]},
        billed={"on": "invoice", "start": [on(POSTED, "purchase_order")], "stop": ["invoice.posted"]},
    )

    assert [(order.befores, order.after) for order in orders(given)] == [(("invoice.received",), "invoice.matched")]


@pytest.mark.database
def test_a_document_above_what_a_condition_looks_at_leaves_ticks_equal_to_a_rebuild(
    database: Database, clock: ManualClock
) -> None:
    objects = {
        "contract": {},
        "delivery": {"attaches_via": ["contract"]},
        "batch": {"attaches_via": ["contract", "delivery"]},
    }
    delivered = {
        "title": "Delivered",
        "on": "contract",
        "start": ["contract.created"],
        "stop": [on("delivery.posted", "batch")],
        "reopen_on": [on("delivery.reversed", "batch")],
        "target": {"standard": "1h"},
    }
    batches = JourneyModel.model_validate(
        {"model": "tested", "version": 1, "title": "Tested", "anchor": "contract", "objects": objects}
        | {"handoffs": {"delivered": delivered}}
    )
    live = Correlator(database, batches, clock)
    live.tick()
    store(
        database,
        [
            fact("c1", "contract.created", MONDAY, "contract:1"),
            fact("c2", "contract.created", MONDAY, "contract:2"),
            fact("b1", "batch.made", MONDAY, "batch:1", "contract:1"),
            fact("p1", "delivery.posted", MONDAY + HOUR, "batch:1", "delivery:1"),
            fact("p2", "delivery.posted", MONDAY + HOUR, "batch:1", "delivery:2"),
            fact("d1", "delivery.planned", MONDAY, "delivery:1", "contract:2"),
            fact("d2", "delivery.planned", MONDAY, "delivery:2", "contract:2"),
            fact("r1", "delivery.reversed", MONDAY + 5 * HOUR, "batch:1", "delivery:1"),
        ],
    )
    live.tick()

    store(database, [fact("r2", "delivery.reversed", MONDAY + 3 * HOUR, "delivery:2")])
    live.tick()

    ticked = snapshot(database)
    live.rebuild()
    assert snapshot(database) == ticked

"""Links hold by their newest statement, whichever way and in whatever order it was told."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from support.correlation_oracle import cycles, memberships
from support.derived import snapshot, stored_cycles, stored_memberships
from support.facts import MONDAY, fact, store

from core.clickhouse import Database
from core.clock import ManualClock
from correlator.loading import load_models
from correlator.model import JourneyModel
from correlator.tick import Correlator

(P2P,) = load_models(["procure-to-pay"])
EVERY_FLOW = P2P.model_copy(
    update={"handoffs": {key: h.model_copy(update={"flow_types": ()}) for key, h in P2P.handoffs.items()}}
)
REFERENCES = EVERY_FLOW.model_copy(
    update={
        "objects": {
            **P2P.objects,
            "invoice": P2P.objects["invoice"].model_copy(update={"references": {"po_number": "purchase_order"}}),
            "payment": P2P.objects["payment"].model_copy(update={"references": {"bills": "invoice"}}),
            "purchase_order": P2P.objects["purchase_order"].model_copy(
                update={"references": {"request": "requisition"}}
            ),
        }
    }
)
HOUR = timedelta(hours=1)
ORDER, OTHER, INVOICE, PAYMENT = ("purchase_order", "1"), ("purchase_order", "2"), ("invoice", "1"), ("payment", "1")


def correlator(database: Database, clock: ManualClock, model: JourneyModel = P2P) -> Correlator:
    return Correlator(database, model, clock, overlap=timedelta(0))


PAID = (
    fact("a", "invoice.received", MONDAY, "invoice:1", "purchase_order:1"),
    fact("b", "payment.released", MONDAY, "payment:1", "invoice:1"),
)
WITHDRAWN = fact("w", "link.withdrawn", MONDAY + HOUR, "invoice:1", "purchase_order:1")
AGAIN = fact("c", "invoice.matched", MONDAY + 2 * HOUR, "invoice:1", "purchase_order:1")
TOGETHER = {(ORDER, ORDER), (ORDER, INVOICE), (ORDER, PAYMENT)}
APART = {(ORDER, ORDER), (INVOICE, INVOICE), (INVOICE, PAYMENT)}


@pytest.mark.database
def test_a_withdrawn_link_splits_the_journey_and_the_provisional_one_reappears(
    database: Database, clock: ManualClock
) -> None:
    live, seen = correlator(database, clock), []
    for facts in (PAID, [WITHDRAWN], [AGAIN]):
        store(database, facts)
        live.tick()
        seen.append(stored_memberships(database))

    assert seen == [TOGETHER, APART, TOGETHER]


@pytest.mark.database
def test_a_correction_that_arrives_before_what_it_corrects_holds(database: Database, clock: ManualClock) -> None:
    live = correlator(database, clock)
    for facts in ([WITHDRAWN], PAID):
        store(database, facts)
        live.tick()

    assert stored_memberships(database) == APART


@pytest.mark.database
def test_a_statement_and_its_withdrawal_at_one_instant_leave_no_link(database: Database, clock: ManualClock) -> None:
    store(database, [*PAID, fact("w", "link.withdrawn", MONDAY, "purchase_order:1", "invoice:1")])
    correlator(database, clock).tick()

    assert stored_memberships(database) == APART


@pytest.mark.database
def test_a_withdrawal_concerns_its_subject_only(database: Database, clock: ManualClock) -> None:
    receipt = fact("r", "goods_receipt.posted", MONDAY, "goods_receipt:1", "purchase_order:1")
    withdrawn = fact("w", "link.withdrawn", MONDAY + HOUR, "invoice:1", "purchase_order:1", "goods_receipt:1")
    store(database, [*PAID, receipt, withdrawn])
    correlator(database, clock).tick()

    assert (ORDER, ("goods_receipt", "1")) in stored_memberships(database)
    assert (ORDER, INVOICE) not in stored_memberships(database)


@pytest.mark.database
def test_a_described_link_is_withdrawn_and_described_again(database: Database, clock: ManualClock) -> None:
    live, seen = correlator(database, clock), []
    for number, (kind, hours) in enumerate([("object.described", 0), ("link.withdrawn", 1), ("object.described", 2)]):
        store(database, [fact(f"d{number}", kind, MONDAY + hours * HOUR, "invoice:1", "purchase_order:2")])
        live.tick()
        seen.append((OTHER, INVOICE) in stored_memberships(database))

    assert seen == [True, False, True]


@pytest.mark.database
@pytest.mark.parametrize("kind", ["invoice.received", "object.described"])
@pytest.mark.parametrize("text", ["1", "purchase_order:1", '["1"]', '["purchase_order:1", 7]'])
def test_an_attribute_that_the_model_calls_a_reference_links(
    database: Database, clock: ManualClock, kind: str, text: str
) -> None:
    live = correlator(database, clock, REFERENCES)
    store(database, [fact("a", "invoice.matched", MONDAY, "invoice:1")])
    live.tick()
    store(database, [fact("b", kind, MONDAY, "invoice:1", attributes=(("po_number", text), ("other", "2")))])
    live.tick()

    assert {root for root, member in stored_memberships(database) if member == INVOICE} == {
        ORDER,
        *([("purchase_order", "7")] if "7" in text else []),
    }


@pytest.mark.database
def test_a_reference_to_what_no_fact_names_is_withdrawn_like_any_link(database: Database, clock: ManualClock) -> None:
    live = correlator(database, clock, REFERENCES)
    store(database, [fact("a", "invoice.received", MONDAY, "invoice:1", attributes=(("po_number", "1"),))])
    live.tick()
    store(database, [WITHDRAWN])
    live.tick()

    assert stored_memberships(database) == {(ORDER, ORDER), (INVOICE, INVOICE)}


CREATED = fact("o", "purchase_order.created", MONDAY, "purchase_order:1")
AWAITED = fact("k", "purchase_order.acknowledged", MONDAY, "purchase_order:1")
RECEIVED = fact("r", "goods_receipt.posted", MONDAY + HOUR, "goods_receipt:1", "purchase_order:1")
MISTAKEN = fact("w", "link.withdrawn", MONDAY + 2 * HOUR, "purchase_order:1", "goods_receipt:1")
ORDERS = [f"purchase_order:{n}" for n in range(1, 51)]


def receipt_awaited(database: Database) -> list[tuple[datetime, datetime | None]]:
    rows = database.rows(
        "SELECT opened_at, closed_at FROM handoffs FINAL WHERE handoff = 'order_to_receipt' ORDER BY cycle"
    )
    return [(row["opened_at"], row["closed_at"]) for row in rows]


@pytest.mark.database
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_was_told_of_the_wrong_order_ends_no_promise_of_it(
    database: Database, clock: ManualClock, order: tuple[int, ...]
) -> None:
    live = correlator(database, clock, EVERY_FLOW)
    store(database, [CREATED])
    live.tick()
    for place in order:
        store(database, [(AWAITED, RECEIVED, MISTAKEN)[place]])
        live.tick()

    assert receipt_awaited(database) == [(MONDAY, None)]
    assert stored_cycles(database) == cycles(EVERY_FLOW, [CREATED, AWAITED, RECEIVED, MISTAKEN])


@pytest.mark.database
@pytest.mark.parametrize("kind", ["object.described", "goods_receipt.synced"])
def test_a_mistaken_correction_is_taken_back_with_all_that_it_took(
    database: Database, clock: ManualClock, kind: str
) -> None:
    live, seen = correlator(database, clock, EVERY_FLOW), []
    again = fact("c", kind, MONDAY + 3 * HOUR, "goods_receipt:1", "purchase_order:1")
    for facts in ([AWAITED, RECEIVED], [MISTAKEN], [again]):
        store(database, facts)
        live.tick()
        seen.append(receipt_awaited(database))

    assert seen == [[(MONDAY, MONDAY + HOUR)], [(MONDAY, None)], [(MONDAY, MONDAY + HOUR)]]


@pytest.mark.database
def test_a_correction_leaves_what_an_event_says_of_its_own_subject(database: Database, clock: ManualClock) -> None:
    store(database, [AWAITED, RECEIVED, MISTAKEN])
    correlator(database, clock).rebuild()

    rows = database.rows("SELECT object_type, opened_at FROM handoffs FINAL WHERE handoff = 'receipt_to_erp'")
    assert rows == [{"object_type": "goods_receipt", "opened_at": MONDAY + HOUR}]


@pytest.mark.database
def test_a_correction_reaches_what_was_told_under_another_id_of_the_order(
    database: Database, clock: ManualClock
) -> None:
    live = correlator(database, clock, EVERY_FLOW)
    corrected = fact("w", "link.withdrawn", MONDAY + 2 * HOUR, "goods_receipt:1", "purchase_order:SAAS-1")
    for facts in (
        [AWAITED, RECEIVED, corrected],
        [fact("s", "object.same_as", MONDAY, "purchase_order:1", "purchase_order:SAAS-1")],
    ):
        store(database, facts)
        live.tick()

    assert receipt_awaited(database) == [(MONDAY, None)]


@pytest.mark.database
def test_a_reversed_receipt_is_awaited_again_unless_it_was_never_the_orders(
    database: Database, clock: ManualClock
) -> None:
    live, seen = correlator(database, clock, EVERY_FLOW), []
    taken_back = fact("y", "goods_receipt.reversed", MONDAY + 4 * HOUR, "goods_receipt:1", "purchase_order:1")
    withdrawn = fact("w", "link.withdrawn", MONDAY + 5 * HOUR, "goods_receipt:1", "purchase_order:1")
    for facts in ([AWAITED, RECEIVED, taken_back], [withdrawn]):
        store(database, facts)
        live.tick()
        seen.append(receipt_awaited(database))

    assert seen == [[(MONDAY, MONDAY + HOUR), (MONDAY + 4 * HOUR, None)], [(MONDAY, None)]]


BULK = {  # how many objects of each type an event names, and how many links that makes
    "a": ({"payment": 1, "invoice": 999}, 999),
    "b": ({"purchase_order": 1, "goods_receipt": 499, "invoice": 4}, 499 + 4 + 4 * 499),
    "c": ({"payment": 2, "invoice": 998}, 2 * 998),
    "d": ({"payment": 3, "invoice": 667}, 0),
    "e": ({"purchase_order": 1, "goods_receipt": 60, "invoice": 60}, 60 + 60),
    "f": ({"purchase_order": 300, "goods_receipt": 300, "invoice": 300}, 0),
}


@pytest.mark.database
def test_an_event_that_names_too_many_objects_of_two_types_links_none_of_them(
    database: Database, clock: ManualClock
) -> None:
    live = correlator(database, clock)
    live.rebuild()
    facts = {
        name: fact(name, "delivery.told", MONDAY, *(f"{kind}:{name}{n}" for kind in named for n in range(named[kind])))
        for name, (named, _) in BULK.items()
    }
    store(database, facts.values())
    live.tick()
    ticked = snapshot(database)
    live.rebuild()

    linked = Counter(row["child_id"][0] for row in ticked["current_links"])
    assert linked == Counter({name: links for name, (_, links) in BULK.items()})
    assert snapshot(database) == ticked
    members = {pair for pair in stored_memberships(database) if pair[0][1][0] in "de"}
    assert members == memberships(P2P, [facts["d"], facts["e"]])


@pytest.mark.database
def test_an_event_that_names_too_many_objects_does_not_state_a_withdrawn_link_again(
    database: Database, clock: ManualClock
) -> None:
    later = MONDAY + 3 * HOUR
    bulk = fact("x", "goods_receipt.synced", later, *(f"goods_receipt:{n}" for n in range(1, 51)), *ORDERS)
    facts = [CREATED, AWAITED, RECEIVED, MISTAKEN, bulk]
    live = correlator(database, clock, EVERY_FLOW)
    for some in (facts[:4], facts[4:]):
        store(database, some)
        live.tick()

    assert receipt_awaited(database) == [(MONDAY, None)]
    assert stored_cycles(database) == cycles(EVERY_FLOW, facts)

"""What a stalled handoff needs counts as it stands: what was undone since does not, and every order must have it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.facts import MONDAY, Fact, fact
from support.stalled import HOUR, P2P, causes, publish_hours, stalled

from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from core.vocabulary import ObjectRef
from correlator.causes import Evidence
from correlator.conditions import LinkedEvent
from correlator.model import Need
from correlator.prerequisites import tellers, undoers
from correlator.stalls import Stalls

NOON = MONDAY + 8 * HOUR
BILLED = MONDAY - 300 * HOUR


def billed(*orders: str) -> Fact:
    return fact("bill", "invoice.received", BILLED, "invoice:1", *orders, flow_type="three_way")


def receipt(key: str, order: str, hours: float, event: str = "posted") -> Fact:
    at = BILLED + timedelta(hours=hours)
    return fact(f"{event}-{key}-{hours}", f"goods_receipt.{event}", at, f"goods_receipt:{key}", order)


def missing(database: Database, clock: ManualClock, facts: list[Fact], as_of: Filters | None = None) -> list[str]:
    """The orders without a receipt for which the match of the invoice waits."""
    publish_hours(database)
    filters = as_of or Filters(NOON, handoff=("invoice_to_match",))
    cause = causes(stalled(database, clock, facts, filters))["invoice:1"]
    return [str(each.object) for each in cause.evidence if each.kind == "missing"]


@pytest.mark.database
def test_a_receipt_that_was_reversed_is_missing_again_from_then_on(database: Database, clock: ManualClock) -> None:
    told = [
        billed("purchase_order:1"),
        receipt("1", "purchase_order:1", 1),
        receipt("1", "purchase_order:1", 200, "reversed"),
    ]
    before = Filters(BILLED + timedelta(hours=199), handoff=("invoice_to_match",))
    now = missing(database, clock, told)
    then = missing(database, clock, [], before)

    assert (then, now) == ([], ["purchase_order:1"])


@pytest.mark.database
def test_what_is_done_once_more_after_it_was_undone_stands(database: Database, clock: ManualClock) -> None:
    again = [receipt("1", "purchase_order:1", hours, event) for hours, event in ((1, "posted"), (2, "reversed"))]

    found = missing(database, clock, [billed("purchase_order:1"), *again, receipt("2", "purchase_order:1", 3)])

    assert found == []


@pytest.mark.database
def test_of_doing_and_undoing_at_one_instant_the_undoing_counts(database: Database, clock: ManualClock) -> None:
    told = [receipt("1", "purchase_order:1", 1, event) for event in ("posted", "reversed")]

    assert missing(database, clock, [billed("purchase_order:1"), *told]) == ["purchase_order:1"]


@pytest.mark.database
def test_every_order_of_an_invoice_must_have_its_receipt(database: Database, clock: ManualClock) -> None:
    orders = ("purchase_order:1", "purchase_order:2", "purchase_order:3")

    found = missing(database, clock, [billed(*orders), receipt("2", "purchase_order:2", 1)])

    assert found == ["purchase_order:1", "purchase_order:3"]


@pytest.mark.database
def test_the_order_of_a_receipt_that_an_invoice_names_must_have_it_too(database: Database, clock: ManualClock) -> None:
    told = [
        billed("purchase_order:1", "goods_receipt:2"),
        receipt("2", "purchase_order:2", 1),
        receipt("2", "purchase_order:2", 2, "reversed"),
        receipt("1", "purchase_order:1", 1),
    ]

    assert missing(database, clock, told) == ["purchase_order:2"]


def arrived(key: str, hours: float, *objects: str, event: str = "posted") -> Fact:
    """A receipt that names what it names, and perhaps no order."""
    at = BILLED + timedelta(hours=hours)
    return fact(f"{event}-{key}-{hours}", f"goods_receipt.{event}", at, f"goods_receipt:{key}", *objects)


RECEIVED: dict[str, tuple[list[str], list[Fact], list[str]]] = {
    "another receipt of the order stands": (
        ["purchase_order:1"],
        [receipt("1", "purchase_order:1", 1), receipt("2", "purchase_order:1", 2), receipt("1", "purchase_order:1", 3, "reversed")],
        [],
    ),
    "all of them are reversed": (
        ["purchase_order:1"],
        [receipt("1", "purchase_order:1", 1), receipt("2", "purchase_order:1", 2), receipt("1", "purchase_order:1", 3, "reversed"),
         arrived("2", 4, event="reversed")],
        ["purchase_order:1"],
    ),
    "the reversal names nothing but its receipt": (
        ["purchase_order:1"],
        [receipt("1", "purchase_order:1", 1), arrived("1", 2, event="reversed")],
        ["purchase_order:1"],
    ),
    "nor does what follows it": (
        ["purchase_order:1"],
        [receipt("1", "purchase_order:1", 1), arrived("1", 2, event="reversed"), arrived("1", 3)],
        [],
    ),
    "the reversal does not say of which": (
        ["purchase_order:1"],
        [receipt("1", "purchase_order:1", 1), receipt("2", "purchase_order:1", 2), receipt("r", "purchase_order:1", 3, "reversed")],
        ["purchase_order:1"],
    ),
    "the invoice names its receipt, which names no order": (["goods_receipt:1"], [arrived("1", 1)], []),
    "and that is reversed": (["goods_receipt:1"], [arrived("1", 1), arrived("1", 2, event="reversed")], ["invoice:1"]),
    "the invoice says which order the receipt is of, and nobody else": (
        ["purchase_order:1", "goods_receipt:1"], [arrived("1", 1)], []
    ),
    "one receipt of two orders of which one has another": (
        ["purchase_order:1", "purchase_order:2"],
        [arrived("1", 1, "purchase_order:1", "purchase_order:2"), receipt("2", "purchase_order:2", 2), arrived("1", 3, event="reversed")],
        ["purchase_order:1"],
    ),
}  # fmt: skip


@pytest.mark.database
def test_what_is_needed_stands_while_a_document_of_its_kind_stands(database: Database, clock: ManualClock) -> None:
    publish_hours(database)
    told = []
    for number, (named, receipts, _) in enumerate(RECEIVED.values(), 1):
        mine = [fact("bill", "invoice.received", BILLED, "invoice:1", *named, flow_type="three_way"), *receipts]
        told += [
            replace(
                each,
                event_id=f"{number}/{each.event_id}",
                objects=tuple((kind, f"{number}/{key}") for kind, key in each.objects),
            )
            for each in mine
        ]
    found = causes(stalled(database, clock, told, Filters(NOON, handoff=("invoice_to_match",))))

    lacking = {
        story: [
            str(each.object).replace(f":{number}/", ":")
            for each in found[f"invoice:{number}/1"].evidence
            if each.kind == "missing"
        ]
        for number, story in enumerate(RECEIVED, 1)
    }
    grouped = Stalls(database, [P2P]).groups(Filters(NOON, handoff=("invoice_to_match",)))
    assert lacking == {story: missed for story, (_, _, missed) in RECEIVED.items()}
    assert {each.code: each.count for each in grouped} == {"missing_prerequisite": 5, "waiting_on": 4}


@pytest.mark.database
def test_a_reversal_is_not_taken_for_the_receipt_of_another_sender_with_the_same_id(
    database: Database, clock: ManualClock
) -> None:
    posted = replace(receipt("1", "purchase_order:1", 1), event_id="e1", integration="inventory")
    swept = fact("e1", "goods_receipt.reversed", BILLED + 2 * HOUR, "purchase_order:1", integration="erp")

    assert missing(database, clock, [billed("purchase_order:1"), posted, swept]) == ["purchase_order:1"]


@pytest.mark.database
def test_of_a_blanket_order_each_invoice_waits_as_its_receipts_stand(database: Database, clock: ManualClock) -> None:
    def told(order: str, standing: set[int]) -> list[Fact]:
        on = f"purchase_order:{order}"
        receipts = [receipt(f"{order}-{key}", on, 1) for key in range(60)]
        reversals = [receipt(f"{order}-{key}", on, 2, "reversed") for key in range(60) if key not in standing]
        bills = [
            fact(f"{order}-{key}", "invoice.received", BILLED, f"invoice:{order}-{key}", on, flow_type="three_way")
            for key in range(40)
        ]
        return [*receipts, *reversals, *bills]

    publish_hours(database)
    filters = Filters(NOON, handoff=("invoice_to_match",))
    shown = stalled(database, clock, told("bare", set()) + told("kept", {59}), filters)
    grouped = Stalls(database, [P2P]).groups(filters)

    on_page = {stall.cause.code for stall in shown if str(stall.object).startswith("invoice:bare")}
    kept = {stall.cause.code for stall in shown if str(stall.object).startswith("invoice:kept")}
    assert (on_page, kept) == ({"missing_prerequisite"}, {"waiting_on"})
    assert {each.code: each.count for each in grouped} == {"missing_prerequisite": 40, "waiting_on": 40}


@pytest.mark.database
def test_a_payment_that_came_back_is_not_executed(database: Database, clock: ManualClock) -> None:
    steps = {"released": 0, "executed": 1, "returned": 2}
    told = [fact(step, f"payment.{step}", BILLED + at * HOUR, "payment:1") for step, at in steps.items()]
    publish_hours(database)

    found = stalled(database, clock, told, Filters(NOON, handoff=("release_to_clearing",)))

    assert causes(found)["payment:1"].evidence[0] == Evidence(
        "missing", event_type="payment.executed", object=ObjectRef("payment", "1")
    )


def test_what_is_looked_at_through_the_needed_object_undoes_it_as_what_names_it_does() -> None:
    awaiting = P2P.handoffs["invoice_awaiting_receipt"]
    through = {
        role: tuple(each for each in getattr(awaiting, role) if isinstance(each, LinkedEvent) and each.through)
        for role in ("stop", "reopen_on")
    }
    alone = P2P.model_copy(update={"handoffs": {"awaiting": awaiting.model_copy(update=through)}})

    assert undoers(alone, awaiting.needs[0]) == ["goods_receipt.reversed"]


def test_the_handoffs_of_the_model_say_what_undoes_a_need_and_who_should_tell_it() -> None:
    posted = Need(event="goods_receipt.posted", on="purchase_order", summary="No goods receipt")
    executed = Need(event="payment.executed", on="payment", summary="Payment not executed")
    elsewhere = Need(event="goods_receipt.posted", on="goods_receipt", summary="No goods receipt")
    unheard = Need(event="goods_receipt.posted", on="requisition", summary="No goods receipt")

    assert [undoers(P2P, need) for need in (posted, executed, elsewhere, unheard)] == [
        ["goods_receipt.reversed"],
        ["payment.failed", "payment.returned"],
        ["goods_receipt.reversed"],
        [],
    ]
    assert [tellers(P2P, need) for need in (posted, executed)] == [["inventory"], ["payments"]]

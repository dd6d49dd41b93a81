"""What a stalled handoff needs counts as it stands: what was undone since does not, and every order must have it."""

from datetime import timedelta

import pytest
from support.facts import MONDAY, Fact, fact
from support.stalled import HOUR, P2P, causes, publish_hours, stalled

from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from core.vocabulary import ObjectRef
from correlator.causes import Evidence
from correlator.model import Need
from correlator.prerequisites import tellers, undoers

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


@pytest.mark.database
def test_a_payment_that_came_back_is_not_executed(database: Database, clock: ManualClock) -> None:
    steps = {"released": 0, "executed": 1, "returned": 2}
    told = [fact(step, f"payment.{step}", BILLED + at * HOUR, "payment:1") for step, at in steps.items()]
    publish_hours(database)

    found = stalled(database, clock, told, Filters(NOON, handoff=("release_to_clearing",)))

    assert causes(found)["payment:1"].evidence[0] == Evidence(
        "missing", event_type="payment.executed", object=ObjectRef("payment", "1")
    )


def test_the_handoffs_of_the_model_say_what_undoes_a_need_and_who_should_tell_it() -> None:
    posted = Need(event="goods_receipt.posted", on="purchase_order", summary="No goods receipt")
    executed = Need(event="payment.executed", on="payment", summary="Payment not executed")
    elsewhere = Need(event="goods_receipt.posted", on="goods_receipt", summary="No goods receipt")

    assert [undoers(P2P, need) for need in (posted, executed, elsewhere)] == [
        ["goods_receipt.reversed"],
        ["payment.failed", "payment.returned"],
        [],
    ]
    assert [tellers(P2P, need) for need in (posted, executed)] == [["inventory"], ["payments"]]

"""The models that ship: which flow has which step, who resolves which exception, and when goods are due."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.facts import MONDAY, Fact, fact
from support.shipped import MODELS, derive

from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from correlator.stalls import Stalls

HOUR = timedelta(hours=1)
MUCH_LATER = Filters(as_of=MONDAY + timedelta(days=21))

UNKNOWN = ""
FLOWS = (
    "two_way",
    "three_way",
    "receipt_based",
    "consignment",
    "evaluated_receipt",
    "bill_only",
    "blanket",
    "non_po",
    UNKNOWN,
)
WITH_GOODS = {"three_way", "receipt_based", "consignment", "evaluated_receipt"}
ONLY_IN: dict[str, set[str]] = {
    # An implant is used before it is ordered: its supplier has nothing to confirm, and nobody a delivery to await.
    "order_to_supplier": {"two_way", "blanket", *WITH_GOODS},
    "order_to_inventory": WITH_GOODS,
    "order_to_receipt": WITH_GOODS,
    # On consignment no invoice comes on the order; an invoice without an order has none to know of.
    "order_to_ap": {"two_way", "three_way", "receipt_based", "evaluated_receipt", "bill_only", "blanket"},
    "receipt_to_ap": {"three_way", "receipt_based", "evaluated_receipt"},
    # A settlement of our own needs no match, an invoice without an order is approved instead.
    "invoice_to_match": {"two_way", "three_way", "receipt_based", "bill_only", "blanket"},
    # Whoever expects no goods holds no invoice for them.
    "invoice_awaiting_receipt": {"three_way", "receipt_based"},
    "invoice_approval": {"non_po"},
}
IN_EVERY_FLOW = {
    "requisition_approval",
    "requisition_to_order",
    "order_to_erp",
    "receipt_to_erp",
    "invoice_to_posting",
    "posting_to_release",
    "release_to_execution",
    "release_to_clearing",
    "payment_to_reporting",
    "credit_memo_to_posting",
    "allocation_to_analytics",
    "supplier_to_erp",
    "supplier_to_ap",
    "supplier_to_inventory",
    "supplier_to_payments",
    "exception_other",
}
# Kinds of exceptions, as accounts payable tells them apart, and the reasons by which they are told.
KINDS: dict[str, set[str]] = {
    "exception_price_variance": {"price_variance", "unit_price_variance"},
    "exception_quantity_variance": {"quantity_variance"},
    "exception_missing_receipt": {"missing_receipt", "insufficient_goods_receipt"},
    "exception_tax": {"tax_variance", "over_under_tax", "tax_validation"},
    "exception_supplier": {
        "blocked_supplier",
        "invalid_supplier",
        "inactive_supplier",
        "missing_information",
        "invalid_business_owner",
    },
    "exception_duplicate": {"duplicate_invoice"},
    "exception_other": {"", "coding_required", "insufficient_funds", "unbalanced", "Price variance", "weather"},
}
STARTS = (  # every event that begins something, each on a document of its own that then sees nothing more
    "requisition.created",
    "requisition.approved",
    "purchase_order.created",
    "purchase_order.synced",
    "purchase_order.acknowledged",
    "goods_receipt.posted",
    "goods_receipt.synced",
    "invoice.received",
    "invoice.held_for_receipt",
    "invoice.matched",
    "invoice.posted",
    "exception.raised",
    "credit_memo.received",
    "cost_allocation.posted",
    "payment.released",
    "payment.executed",
    "supplier_record.changed",
    "supplier_record.synced",
)


def begun(event_type: str, flow: str) -> Fact:
    kind = event_type.partition(".")[0]
    return fact(f"{event_type}/{flow}", event_type, MONDAY, f"{kind}:{event_type}/{flow}", flow_type=flow)


@pytest.mark.database
def test_each_flow_is_late_with_its_own_steps_and_with_no_other(database: Database, clock: ManualClock) -> None:
    derive(database, clock, [begun(start, flow) for start in STARTS for flow in FLOWS])

    found = Stalls(database, MODELS).page(MUCH_LATER, limit=10_000).items

    flows_of = {handoff: set(FLOWS) for handoff in IN_EVERY_FLOW} | ONLY_IN
    assert flows_of.keys() | KINDS.keys() == {key for model in MODELS for key in model.handoffs}
    late = {(stall.handoff, stall.object.id.partition("/")[2]) for stall in found}
    assert late == {(handoff, flow) for handoff, flows in flows_of.items() for flow in flows}
    unmatched = {
        stall.object.id.partition("/")[2]: stall.cause.code for stall in found if stall.handoff == "invoice_to_match"
    }
    assert {flow for flow, cause in unmatched.items() if cause == "missing_prerequisite"} == {
        "three_way",
        "receipt_based",
    }


@pytest.mark.database
def test_each_exception_is_awaited_by_who_resolves_its_kind_and_by_nobody_else(
    database: Database, clock: ManualClock
) -> None:
    reasons = [reason for reasons in KINDS.values() for reason in reasons]
    derive(
        database,
        clock,
        [
            fact(f"x{n}", "exception.raised", MONDAY, f"exception:{n}", "invoice:1", reason=reason)
            for n, reason in enumerate(reasons)
        ],
    )

    found = Stalls(database, MODELS).page(MUCH_LATER, limit=10_000).items

    awaiting = sorted((stall.handoff, reasons[int(stall.object.id)]) for stall in found)
    assert awaiting == sorted((handoff, reason) for handoff, kind in KINDS.items() for reason in kind)
    assert {handoff: MODELS[0].handoffs[handoff].owner for handoff in KINDS} == {
        "exception_price_variance": "Strategic sourcing",
        "exception_quantity_variance": "Receiving",
        "exception_missing_receipt": "Receiving",
        "exception_tax": "Tax",
        "exception_supplier": "Supplier master data",
        "exception_duplicate": "Accounts payable",
        "exception_other": "Accounts payable",
    }


# What happened, an hour between each: event, and the objects it names.
@pytest.mark.database
def test_goods_are_due_when_the_supplier_promised_them_and_by_the_target_where_it_promised_nothing(
    database: Database, clock: ManualClock
) -> None:
    said = {"1": "2026-03-09", "2": "2026-03-05T17:00:00-05:00", "3": "we will see", "4": ""}
    acknowledged = [
        replace(
            fact(f"a{order}", "purchase_order.acknowledged", MONDAY, f"purchase_order:{order}", flow_type="three_way"),
            attributes=(("promised_at", text),) if text else (),
        )
        for order, text in said.items()
    ]
    late = replace(
        fact("b1", "purchase_order.acknowledged", MONDAY + HOUR, "purchase_order:1", flow_type="three_way"),
        attributes=(("promised_at", "2026-03-11"),),
    )
    derive(database, clock, [*acknowledged, late])

    rows = database.rows("SELECT object_id, due_at FROM handoffs FINAL WHERE handoff = 'order_to_receipt'")

    by_target = MONDAY + timedelta(days=5)  # of no known facility, so of a calendar that never closes
    assert {row["object_id"]: row["due_at"] for row in rows} == {
        "1": datetime(2026, 3, 12, tzinfo=UTC),
        "2": datetime(2026, 3, 5, 22, tzinfo=UTC),
        "3": by_target,
        "4": by_target,
    }


@pytest.mark.database
def test_a_supplier_record_stands_on_its_own_and_merges_no_orders(database: Database, clock: ManualClock) -> None:
    derive(
        database,
        clock,
        [
            fact("s", "supplier_record.changed", MONDAY, "supplier_record:V-1", "supplier:V-1"),
            fact("a", "purchase_order.created", MONDAY, "purchase_order:1", "supplier:V-1"),
            fact("b", "purchase_order.created", MONDAY, "purchase_order:2", "supplier:V-1"),
        ],
    )

    members = database.rows("SELECT root_id, object_id FROM journey_members FINAL ORDER BY ALL")

    assert [(row["root_id"], row["object_id"]) for row in members] == [("1", "1"), ("2", "2"), ("V-1", "V-1")]

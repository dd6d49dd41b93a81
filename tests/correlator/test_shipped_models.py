"""The models that ship: which flow has which step, and what is promised again when something is undone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.facts import MONDAY, Fact, fact, store

from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from core.registry import Registry
from correlator.model import load_models
from correlator.stalls import Stalls
from correlator.tick import Correlator
from slo.calendars import publish_calendars

MODELS = load_models(["procure-to-pay", "supplier-master"])
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


def derive(database: Database, clock: ManualClock, facts: list[Fact]) -> None:
    publish_calendars(database, Registry(), clock)  # of facilities that nobody knows, the calendar never closes
    store(database, facts)
    for model in MODELS:
        Correlator(database, model, clock).tick()


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
UNDONE: dict[str, tuple[list[tuple[str, ...]], str, list[str]]] = {
    "an order that changed goes to the ERP again": (
        [("purchase_order.created", "purchase_order:1"), ("purchase_order.synced", "purchase_order:1"),
         ("purchase_order.changed", "purchase_order:1")],
        "order_to_erp",
        ["closed", "open"],
    ),
    "a reversed receipt is awaited again": (
        [("purchase_order.acknowledged", "purchase_order:2"),
         ("goods_receipt.posted", "goods_receipt:2", "purchase_order:2"),
         ("goods_receipt.reversed", "goods_receipt:2", "purchase_order:2")],
        "order_to_receipt",
        ["closed", "open"],
    ),
    "a receipt posted again in its place ends the wait": (
        [("purchase_order.acknowledged", "purchase_order:3"),
         ("goods_receipt.posted", "goods_receipt:3", "purchase_order:3"),
         ("goods_receipt.reversed", "goods_receipt:3", "purchase_order:3"),
         ("goods_receipt.posted", "goods_receipt:3b", "purchase_order:3")],
        "order_to_receipt",
        ["closed", "closed"],
    ),
    "a receipt that was reversed need not reach the ERP": (
        [("goods_receipt.posted", "goods_receipt:4", "purchase_order:4"),
         ("goods_receipt.reversed", "goods_receipt:4", "purchase_order:4")],
        "receipt_to_erp",
        ["cancelled"],
    ),
    "nor AP automation": (
        [("goods_receipt.synced", "goods_receipt:5", "purchase_order:5"),
         ("goods_receipt.reversed", "goods_receipt:5", "purchase_order:5")],
        "receipt_to_ap",
        ["cancelled"],
    ),
    "a payment that came back is executed again": (
        [("payment.released", "payment:6"), ("payment.executed", "payment:6"), ("payment.returned", "payment:6")],
        "release_to_execution",
        ["closed", "open"],
    ),
    "and has nothing to be reflected in reporting until then": (
        [("payment.executed", "payment:7"), ("payment.returned", "payment:7")],
        "payment_to_reporting",
        ["cancelled"],
    ),
    "an invoice whose payment was cancelled is released again": (
        [("invoice.posted", "invoice:8"), ("payment.released", "payment:8", "invoice:8"),
         ("payment.cancelled", "payment:8", "invoice:8")],
        "posting_to_release",
        ["closed", "open"],
    ),
    "a cancelled payment need not be executed": (
        [("payment.released", "payment:9"), ("payment.cancelled", "payment:9")],
        "release_to_execution",
        ["cancelled"],
    ),
    "an order that was cancelled awaits no goods again, if those that came go back": (
        [("purchase_order.acknowledged", "purchase_order:19"),
         ("goods_receipt.posted", "goods_receipt:19", "purchase_order:19"),
         ("purchase_order.cancelled", "purchase_order:19"),
         ("goods_receipt.reversed", "goods_receipt:19", "purchase_order:19")],
        "order_to_receipt",
        ["closed"],
    ),
    "an invoice that is matched no longer waits for a receipt": (
        [("invoice.held_for_receipt", "invoice:18"), ("invoice.matched", "invoice:18")],
        "invoice_awaiting_receipt",
        ["cancelled"],
    ),
    "an invoice that comes before the goods of its order waits for them": (
        [("invoice.received", "invoice:20", "purchase_order:20"),
         ("invoice.held_for_receipt", "invoice:20"),
         ("goods_receipt.posted", "goods_receipt:20", "purchase_order:20")],
        "invoice_awaiting_receipt",
        ["closed"],
    ),
    "one that comes after them does not": (
        [("goods_receipt.posted", "goods_receipt:21", "purchase_order:21"),
         ("invoice.received", "invoice:21", "purchase_order:21")],
        "invoice_awaiting_receipt",
        [],
    ),
    "until they are taken back": (
        [("goods_receipt.posted", "goods_receipt:22", "purchase_order:22"),
         ("invoice.received", "invoice:22", "purchase_order:22"),
         ("goods_receipt.reversed", "goods_receipt:22", "purchase_order:22")],
        "invoice_awaiting_receipt",
        ["open"],
    ),
    "but not once it is matched": (
        [("goods_receipt.posted", "goods_receipt:23", "purchase_order:23"),
         ("invoice.received", "invoice:23", "purchase_order:23"),
         ("invoice.matched", "invoice:23"),
         ("goods_receipt.reversed", "goods_receipt:23", "purchase_order:23")],
        "invoice_awaiting_receipt",
        [],
    ),
    "a match that is undone is promised again": (
        [("invoice.received", "invoice:24"), ("invoice.matched", "invoice:24"), ("invoice.unmatched", "invoice:24")],
        "invoice_to_match",
        ["closed", "open"],
    ),
    "and need not be posted": (
        [("invoice.matched", "invoice:25"), ("invoice.unmatched", "invoice:25")],
        "invoice_to_posting",
        ["cancelled"],
    ),
    "nor is a match promised again of an invoice that was voided since": (
        [("invoice.received", "invoice:26"), ("invoice.matched", "invoice:26"), ("invoice.voided", "invoice:26"),
         ("invoice.unmatched", "invoice:26")],
        "invoice_to_match",
        ["closed"],
    ),
    "a payment that failed after it was executed is cleared by the bank later": (
        [("payment.released", "payment:27"), ("payment.executed", "payment:27"), ("payment.cleared", "payment:27"),
         ("payment.failed", "payment:27"), ("payment.executed", "payment:27"), ("payment.cleared", "payment:27")],
        "release_to_clearing",
        ["closed", "closed"],
    ),
    "a voided invoice takes its match with it": (
        [("invoice.received", "invoice:10"), ("invoice.voided", "invoice:10", "exception:10")],
        "invoice_to_match",
        ["cancelled"],
    ),
    "and the exceptions it names": (
        [("exception.raised", "exception:11", "invoice:11"), ("invoice.voided", "invoice:11", "exception:11")],
        "exception_other",
        ["cancelled"],
    ),
    "a cancelled order takes its way to the other systems with it": (
        [("purchase_order.synced", "purchase_order:12"), ("purchase_order.cancelled", "purchase_order:12")],
        "order_to_ap",
        ["cancelled"],
    ),
    "a credit memo that is voided need not be posted": (
        [("credit_memo.received", "credit_memo:13", "invoice:13"), ("credit_memo.voided", "credit_memo:13")],
        "credit_memo_to_posting",
        ["cancelled"],
    ),
    "an allocation that is reversed need not reach analytics": (
        [("cost_allocation.posted", "cost_allocation:14", "invoice:14"), ("cost_allocation.reversed", "cost_allocation:14")],
        "allocation_to_analytics",
        ["cancelled"],
    ),
    "a settlement of our own is posted like an invoice": (
        [("invoice.self_billed", "invoice:15", "purchase_order:15"), ("invoice.posted", "invoice:15")],
        "invoice_to_posting",
        ["closed"],
    ),
    "a supplier that changes while its record is on the way is one promise": (
        [("supplier_record.created", "supplier_record:16"), ("supplier_record.changed", "supplier_record:16"),
         ("supplier_record.synced", "supplier_record:16")],
        "supplier_to_erp",
        ["closed"],
    ),
    "a supplier that is no longer dealt with need not be known": (
        [("supplier_record.changed", "supplier_record:17"), ("supplier_record.deactivated", "supplier_record:17")],
        "supplier_to_erp",
        ["cancelled"],
    ),
}  # fmt: skip


@pytest.mark.database
def test_what_is_undone_is_promised_again_and_what_is_given_up_is_cancelled(
    database: Database, clock: ManualClock
) -> None:
    facts = [
        replace(fact(f"{story}/{number}", event, MONDAY + number * HOUR, *objects), flow_type="three_way")
        for story, (happenings, _, _) in UNDONE.items()
        for number, (event, *objects) in enumerate(happenings)
    ]
    derive(database, clock, facts)

    found: dict[str, list[str]] = {}
    for row in database.rows(
        """
        SELECT concat(handoff, ' of ', object_type, ':', object_id) AS promise,
            multiIf(closed_at IS NOT NULL, 'closed', cancelled_at IS NOT NULL, 'cancelled', 'open') AS state
        FROM handoffs FINAL ORDER BY promise, cycle
        """
    ):
        found.setdefault(row["promise"], []).append(row["state"])

    kinds = {key: handoff.on for model in MODELS for key, handoff in model.handoffs.items()}
    outcome = {
        story: next(
            found.get(f"{handoff} of {each}", [])
            for _, *objects in happenings
            for each in objects
            if each.startswith(f"{kinds[handoff]}:")
        )
        for story, (happenings, handoff, _) in UNDONE.items()
    }
    assert outcome == {story: states for story, (_, _, states) in UNDONE.items()}


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

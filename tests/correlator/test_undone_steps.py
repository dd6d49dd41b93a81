"""The models that ship: what is promised again when something is undone, and what is given up."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.facts import MONDAY, fact
from support.shipped import MODELS, derive

from core.clickhouse import Database
from core.clock import ManualClock

HOUR = timedelta(hours=1)

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
    "a reversed receipt leaves another receipt of its order standing": (
        [("purchase_order.acknowledged", "purchase_order:31"),
         ("goods_receipt.posted", "goods_receipt:31a", "purchase_order:31"),
         ("goods_receipt.posted", "goods_receipt:31b", "purchase_order:31"),
         ("goods_receipt.reversed", "goods_receipt:31a", "purchase_order:31")],
        "order_to_receipt",
        ["closed"],
    ),
    "until that is reversed too": (
        [("purchase_order.acknowledged", "purchase_order:32"),
         ("goods_receipt.posted", "goods_receipt:32a", "purchase_order:32"),
         ("goods_receipt.posted", "goods_receipt:32b", "purchase_order:32"),
         ("goods_receipt.reversed", "goods_receipt:32a", "purchase_order:32"),
         ("goods_receipt.reversed", "goods_receipt:32b", "purchase_order:32")],
        "order_to_receipt",
        ["closed", "open"],
    ),
    "a receipt that is reversed, posted and reversed again is awaited each time": (
        [("purchase_order.acknowledged", "purchase_order:33"),
         ("goods_receipt.posted", "goods_receipt:33", "purchase_order:33"),
         ("goods_receipt.reversed", "goods_receipt:33", "purchase_order:33"),
         ("goods_receipt.posted", "goods_receipt:33", "purchase_order:33"),
         ("goods_receipt.reversed", "goods_receipt:33", "purchase_order:33")],
        "order_to_receipt",
        ["closed", "closed", "open"],
    ),
    "a reversal that names nothing but its receipt counts": (
        [("purchase_order.acknowledged", "purchase_order:34"),
         ("goods_receipt.posted", "goods_receipt:34", "purchase_order:34"),
         ("goods_receipt.reversed", "goods_receipt:34")],
        "order_to_receipt",
        ["closed", "open"],
    ),
    "so does a receipt that is known to be of its order": (
        [("purchase_order.acknowledged", "purchase_order:35"),
         ("goods_receipt.announced", "goods_receipt:35", "purchase_order:35"),
         ("goods_receipt.posted", "goods_receipt:35")],
        "order_to_receipt",
        ["closed"],
    ),
    "one receipt of two orders, reversed, is awaited where no other receipt stands": (
        [("purchase_order.acknowledged", "purchase_order:36"),
         ("goods_receipt.posted", "goods_receipt:36", "purchase_order:36", "purchase_order:36x"),
         ("goods_receipt.posted", "goods_receipt:36b", "purchase_order:36x"),
         ("goods_receipt.reversed", "goods_receipt:36")],
        "order_to_receipt",
        ["closed", "open"],
    ),
    "and nowhere else": (
        [("purchase_order.acknowledged", "purchase_order:37"),
         ("goods_receipt.posted", "goods_receipt:37", "purchase_order:37", "purchase_order:37x"),
         ("goods_receipt.posted", "goods_receipt:37b", "purchase_order:37"),
         ("goods_receipt.reversed", "goods_receipt:37")],
        "order_to_receipt",
        ["closed"],
    ),
    "a reversal that does not say of which receipt undoes them all": (
        [("purchase_order.acknowledged", "purchase_order:38"),
         ("goods_receipt.posted", "goods_receipt:38a", "purchase_order:38"),
         ("goods_receipt.posted", "goods_receipt:38b", "purchase_order:38"),
         ("goods_receipt.reversed", "goods_receipt:38r", "purchase_order:38")],
        "order_to_receipt",
        ["closed", "open"],
    ),
    "an invoice with one payment cancelled and another released awaits none": (
        [("invoice.posted", "invoice:39"), ("payment.released", "payment:39a", "invoice:39"),
         ("payment.released", "payment:39b", "invoice:39"), ("payment.cancelled", "payment:39a", "invoice:39")],
        "posting_to_release",
        ["closed"],
    ),
    "goods that came before the acknowledgement are not awaited": (
        [("goods_receipt.posted", "goods_receipt:50", "purchase_order:50"), ("purchase_order.acknowledged", "purchase_order:50")],
        "order_to_receipt",
        [],
    ),
    "until they go back": (
        [("goods_receipt.posted", "goods_receipt:51", "purchase_order:51"), ("purchase_order.acknowledged", "purchase_order:51"),
         ("goods_receipt.reversed", "goods_receipt:51")],
        "order_to_receipt",
        ["open"],
    ),
    "nor those of an order that is acknowledged once more": (
        [("purchase_order.acknowledged", "purchase_order:52"), ("goods_receipt.posted", "goods_receipt:52", "purchase_order:52"),
         ("purchase_order.acknowledged", "purchase_order:52")],
        "order_to_receipt",
        ["closed"],
    ),
    "an order that another event says is of the requisition ends its wait": (
        [("requisition.approved", "requisition:53"), ("purchase_order.announced", "purchase_order:53", "requisition:53"),
         ("purchase_order.created", "purchase_order:53")],
        "requisition_to_order",
        ["closed"],
    ),
    "so does one of its request for quotation": (
        [("requisition.approved", "requisition:54"), ("quotation.requested", "quotation:54", "requisition:54"),
         ("quotation.awarded", "quotation:54", "purchase_order:54"), ("purchase_order.created", "purchase_order:54")],
        "requisition_to_order",
        ["closed"],
    ),
    "a payment that another event says is of the invoice releases it": (
        [("invoice.posted", "invoice:55"), ("payment.proposed", "payment:55", "invoice:55"), ("payment.released", "payment:55")],
        "posting_to_release",
        ["closed"],
    ),
    "and takes that back when it is cancelled": (
        [("invoice.posted", "invoice:56"), ("payment.proposed", "payment:56", "invoice:56"), ("payment.released", "payment:56"),
         ("payment.cancelled", "payment:56")],
        "posting_to_release",
        ["closed", "open"],
    ),
    "from each of its invoices, whichever the cancellation names": (
        [("invoice.posted", "invoice:57"), ("payment.released", "payment:57", "invoice:57", "invoice:57b"),
         ("payment.cancelled", "payment:57", "invoice:57b")],
        "posting_to_release",
        ["closed", "open"],
    ),
    "an invoice that is voided takes the exceptions with it that were raised on it": (
        [("exception.raised", "exception:58", "invoice:58"), ("invoice.voided", "invoice:58")],
        "exception_other",
        ["cancelled"],
    ),
    "but not one that is on another invoice too": (
        [("exception.raised", "exception:59", "invoice:59", "invoice:59b"), ("invoice.voided", "invoice:59")],
        "exception_other",
        ["open"],
    ),
    "an order that is cancelled takes its exceptions with it": (
        [("exception.raised", "exception:60", "purchase_order:60"), ("purchase_order.cancelled", "purchase_order:60")],
        "exception_other",
        ["cancelled"],
    ),
    "nobody awaits the goods of an order that was cancelled": (
        [("invoice.received", "invoice:61", "purchase_order:61"), ("purchase_order.cancelled", "purchase_order:61")],
        "invoice_awaiting_receipt",
        ["cancelled"],
    ),
    "nor when it was cancelled before": (
        [("purchase_order.cancelled", "purchase_order:62"), ("invoice.received", "invoice:62", "purchase_order:62")],
        "invoice_awaiting_receipt",
        [],
    ),
    "but of another order of the invoice": (
        [("invoice.received", "invoice:63", "purchase_order:63", "purchase_order:63b"),
         ("purchase_order.cancelled", "purchase_order:63")],
        "invoice_awaiting_receipt",
        ["open"],
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
    "an invoice that names its receipt alone knows that the goods came": (
        [("goods_receipt.posted", "goods_receipt:40"), ("invoice.received", "invoice:40", "goods_receipt:40")],
        "invoice_awaiting_receipt",
        [],
    ),
    "or waits for that": (
        [("invoice.received", "invoice:41", "goods_receipt:41"), ("goods_receipt.posted", "goods_receipt:41")],
        "invoice_awaiting_receipt",
        ["closed"],
    ),
    "and once more where it is reversed": (
        [("goods_receipt.posted", "goods_receipt:42"), ("invoice.received", "invoice:42", "goods_receipt:42"),
         ("goods_receipt.reversed", "goods_receipt:42")],
        "invoice_awaiting_receipt",
        ["open"],
    ),
    "an invoice that names order and receipt waits once": (
        [("goods_receipt.posted", "goods_receipt:43", "purchase_order:43"),
         ("invoice.received", "invoice:43", "purchase_order:43", "goods_receipt:43"),
         ("goods_receipt.reversed", "goods_receipt:43", "purchase_order:43"),
         ("goods_receipt.posted", "goods_receipt:43", "purchase_order:43")],
        "invoice_awaiting_receipt",
        ["closed"],
    ),
    "an invoice of two receipts does not wait while one of them stands": (
        [("goods_receipt.posted", "goods_receipt:44a", "purchase_order:44"),
         ("goods_receipt.posted", "goods_receipt:44b", "purchase_order:44"),
         ("invoice.received", "invoice:44", "purchase_order:44"),
         ("goods_receipt.reversed", "goods_receipt:44a", "purchase_order:44")],
        "invoice_awaiting_receipt",
        [],
    ),
    "a receipt that another event says is of the order came before the invoice": (
        [("goods_receipt.announced", "goods_receipt:45", "purchase_order:45"), ("goods_receipt.posted", "goods_receipt:45"),
         ("invoice.received", "invoice:45", "purchase_order:45")],
        "invoice_awaiting_receipt",
        [],
    ),
    "or after it": (
        [("goods_receipt.announced", "goods_receipt:46", "purchase_order:46"),
         ("invoice.received", "invoice:46", "purchase_order:46"), ("goods_receipt.posted", "goods_receipt:46")],
        "invoice_awaiting_receipt",
        ["closed"],
    ),
    "a receipt that its reversal alone names is no receipt of the invoice's order": (
        [("goods_receipt.posted", "goods_receipt:47", "purchase_order:47"), ("goods_receipt.reversed", "goods_receipt:47"),
         ("invoice.received", "invoice:47", "purchase_order:47")],
        "invoice_awaiting_receipt",
        ["open"],
    ),
    "nor stays one": (
        [("goods_receipt.posted", "goods_receipt:48", "purchase_order:48"),
         ("invoice.received", "invoice:48", "purchase_order:48"), ("goods_receipt.reversed", "goods_receipt:48")],
        "invoice_awaiting_receipt",
        ["open"],
    ),
    "unless another one stands": (
        [("goods_receipt.posted", "goods_receipt:49a", "purchase_order:49"),
         ("goods_receipt.announced", "goods_receipt:49b", "purchase_order:49"), ("goods_receipt.posted", "goods_receipt:49b"),
         ("invoice.received", "invoice:49", "purchase_order:49"), ("goods_receipt.reversed", "goods_receipt:49a")],
        "invoice_awaiting_receipt",
        [],
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
def test_events_of_two_systems_that_have_one_id_are_two_events(database: Database, clock: ManualClock) -> None:
    orders = {"1": "e1", "2": "e9"}  # what the ERP calls its reversal, where inventory's receipt is e1
    derive(
        database,
        clock,
        [
            told
            for order, reversal in orders.items()
            for told in (
                fact(
                    f"a{order}", "purchase_order.acknowledged", MONDAY, f"purchase_order:{order}", flow_type="three_way"
                ),
                fact(
                    f"e{order}",
                    "goods_receipt.posted",
                    MONDAY + HOUR,
                    f"goods_receipt:{order}",
                    f"purchase_order:{order}",
                    integration="inventory",
                ),
                fact(
                    reversal, "goods_receipt.reversed", MONDAY + 2 * HOUR, f"purchase_order:{order}", integration="erp"
                ),
            )
        ],
    )

    cycles = database.rows(
        "SELECT object_id, closed_at IS NULL AS is_open FROM handoffs FINAL WHERE handoff = 'order_to_receipt' ORDER BY object_id, cycle"
    )
    assert [(row["object_id"], row["is_open"]) for row in cycles] == [
        (o, is_open) for o in orders for is_open in (0, 1)
    ]

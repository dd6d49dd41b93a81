"""What each ready view holds, worked by hand over derived journeys."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from support.facts import Fact, fact, store

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import NotFoundError
from core.filters import Filters
from core.registry import Registry
from correlator.loading import load_models
from correlator.tick import Correlator
from slo.calendars import publish_calendars
from slo.views import VIEWS, ViewItem, Views

pytestmark = pytest.mark.database

START = datetime(2026, 2, 1, 8, tzinfo=UTC)
FILTERS = Filters(as_of=datetime(2026, 3, 4, 12, tzinfo=UTC))
MODELS = load_models(["procure-to-pay"])


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def told(event_type: str, at: float, *objects: str, **fields: Any) -> Fact:
    return fact(f"{event_type} {objects[0]} {at}", event_type, day(at), *objects, **fields)


def derive(database: Database, clock: ManualClock, *facts: Fact) -> Views:
    publish_calendars(database, Registry(), clock)
    store(database, facts)
    Correlator(database, MODELS[0], clock).rebuild()
    return Views(database, MODELS)


def held(views: Views, key: str, filters: Filters = FILTERS) -> dict[str, ViewItem]:
    return {item.object.id: item for item in views.page(key, filters).items}


def order(number: str, flow_type: str = "three_way", **fields: Any) -> Fact:
    return told("purchase_order.created", 0, f"purchase_order:{number}", flow_type=flow_type, **fields)


def came(receipt: str, number: str, at: float = 1, **fields: Any) -> Fact:
    return told("goods_receipt.posted", at, f"goods_receipt:{receipt}", f"purchase_order:{number}", **fields)


def billed(invoice: str, *numbers: str, at: float = 2, **fields: Any) -> Fact:
    return told("invoice.received", at, f"invoice:{invoice}", *[f"purchase_order:{each}" for each in numbers], **fields)


def quantity(many: int) -> tuple[tuple[str, str], ...]:
    return (("quantity", str(many)),)


def test_every_view_is_empty_where_nothing_happened(database: Database) -> None:
    found = Views(database, MODELS).all(FILTERS)

    assert [(each.view, each.held, each.oldest, each.amounts) for each in found] == [(v, 0, None, {}) for v in VIEWS]


def test_an_invoice_is_blocked_by_a_payment_block_or_an_open_exception_until_it_is_paid(
    database: Database, clock: ManualClock
) -> None:
    views = derive(
        database,
        clock,
        *[billed(each, amount=Decimal(10), facility="east") for each in ("block", "let go", "excepted", "resolved", "paid", "both")],
        *[told("invoice.payment_blocked", 3, f"invoice:{each}") for each in ("block", "let go", "paid")],
        told("invoice.payment_unblocked", 4, "invoice:let go"),
        told("payment.executed", 5, "payment:P", "invoice:paid"),
        told("exception.raised", 3, "exception:X1", "invoice:excepted", reason="price_variance"),
        told("exception.raised", 3, "exception:X2", "invoice:resolved", reason="price_variance"),
        told("exception.resolved", 4, "exception:X2", "invoice:resolved"),
        told("exception.raised", 6, "exception:X3", "invoice:both", reason="missing_receipt"),
        told("exception.raised", 7, "exception:X4", "invoice:both", reason="price_variance"),
        told("invoice.payment_blocked", 5, "invoice:both"),
    )  # fmt: skip

    found = held(views, "blocked_invoices")
    summary = views.summary("blocked_invoices", FILTERS)

    assert {each: (item.since, item.owner, item.note) for each, item in found.items()} == {
        "block": (day(3), "Accounts payable", "blocked for payment"),
        "excepted": (day(3), "Strategic sourcing", "exception X1"),
        "both": (day(5), "Receiving", "blocked for payment; exception X3 and 1 more"),
    }
    assert (summary.held, summary.oldest, summary.amounts) == (3, day(3), {"USD": Decimal(30)})
    assert set(held(views, "blocked_invoices", Filters(as_of=day(3.5)))) == {
        "block",
        "let go",
        "excepted",
        "resolved",
        "paid",
    }
    assert held(views, "blocked_invoices", Filters(as_of=FILTERS.as_of, facility=("west",))) == {}


def test_a_receipt_is_unmatched_until_an_invoice_over_its_order_is_matched(
    database: Database, clock: ManualClock
) -> None:
    views = derive(
        database,
        clock,
        *[order(each) for each in ("no bill", "bill waits", "matched", "unmatched again", "reversed")],
        order("stock", flow_type="consignment"),
        *[
            came(f"G {each}", each)
            for each in ("no bill", "bill waits", "matched", "unmatched again", "reversed", "stock")
        ],
        *[billed(f"I {each}", each) for each in ("bill waits", "matched", "unmatched again")],
        told("invoice.matched", 3, "invoice:I matched"),
        told("invoice.matched", 3, "invoice:I unmatched again"),
        told("invoice.unmatched", 4, "invoice:I unmatched again"),
        told("goods_receipt.reversed", 2, "goods_receipt:G reversed", "purchase_order:reversed"),
    )

    found = held(views, "unmatched_receipts")

    assert {each: (item.owner, item.note) for each, item in found.items()} == {
        "G no bill": ("Supplier", "order no bill: no invoice has come"),
        "G bill waits": ("Accounts payable", "order bill waits: invoice I bill waits is not matched"),
        "G unmatched again": ("Accounts payable", "order unmatched again: invoice I unmatched again is not matched"),
    }


def test_a_reversal_that_names_no_receipt_undoes_all_that_its_order_had(database: Database, clock: ManualClock) -> None:
    views = derive(
        database,
        clock,
        *[order(each, amount=Decimal(100)) for each in ("undone", "came anew", "other")],
        came("G1", "undone", 1), came("G2", "undone", 2), came("G3", "came anew", 1), came("G4", "came anew", 4), came("G5", "other"),
        told("goods_receipt.reversed", 3, "purchase_order:undone", "purchase_order:came anew"),
    )  # fmt: skip
    before = Filters(as_of=day(2.5))

    assert set(held(views, "unmatched_receipts")) == {"G4", "G5"}
    assert set(held(views, "gr_ir_balance")) == {"came anew", "other"}
    assert set(held(views, "unmatched_receipts", before)) == {"G1", "G2", "G3", "G5"}
    assert set(held(views, "gr_ir_balance", before)) == {"undone", "came anew", "other"}


def test_a_reversal_of_what_was_not_posted_by_then_undoes_all_that_its_order_had(
    database: Database, clock: ManualClock
) -> None:
    views = derive(
        database,
        clock,
        *[order(each) for each in ("by a note", "before it came", "of one", "other system")],
        came("G1", "by a note"), told("goods_receipt.reversed", 3, "goods_receipt:R7", "purchase_order:by a note"),
        came("G2", "before it came"), told("goods_receipt.reversed", 3, "goods_receipt:G3", "purchase_order:before it came"),
        came("G3", "before it came", 4),
        came("G4", "of one"), came("G5", "of one"), told("goods_receipt.reversed", 3, "goods_receipt:G4", "purchase_order:of one"),
        came("G6", "other system"), came("G7", "of one"),
        fact("E", "goods_receipt.reversed", day(3), "purchase_order:other system"),
        fact("E", "goods_receipt.reversed", day(3), "goods_receipt:G7", "purchase_order:of one", integration="wms"),
    )  # fmt: skip

    assert set(held(views, "unmatched_receipts")) == {"G3", "G5"}
    assert set(held(views, "gr_ir_balance")) == {"before it came", "of one"}


def test_a_receipt_over_two_orders_does_not_say_how_much_is_of_which_where_one_of_them_is_undone(
    database: Database, clock: ManualClock
) -> None:
    views = derive(
        database,
        clock,
        order("undone"), order("stands"),
        told("goods_receipt.posted", 1, "goods_receipt:G1", "purchase_order:undone", "purchase_order:stands", attributes=quantity(10)),
        billed("I1", "stands", attributes=quantity(4)),
        told("goods_receipt.reversed", 3, "purchase_order:undone"),
    )  # fmt: skip

    assert held(views, "gr_ir_balance") == {}
    assert set(held(views, "unmatched_receipts")) == {"G1"}


def test_received_minus_invoiced_is_by_quantity_where_all_state_one(database: Database, clock: ManualClock) -> None:
    views = derive(
        database,
        clock,
        *[order(each, amount=Decimal(1000)) for each in ("more came", "more billed", "even", "reversed")],
        came("G1", "more came", 1, attributes=quantity(6)), came("G2", "more came", 2, attributes=quantity(4)),
        billed("I1", "more came", attributes=quantity(8)),
        came("G3", "more billed", attributes=quantity(3)), billed("I2", "more billed", attributes=quantity(4)),
        came("G4", "even", attributes=quantity(5)), billed("I3", "even", attributes=quantity(5)),
        came("G5", "reversed", attributes=quantity(5)), billed("I4", "reversed", attributes=quantity(5)),
        told("goods_receipt.reversed", 3, "goods_receipt:G5", "purchase_order:reversed"),
    )  # fmt: skip

    found = held(views, "gr_ir_balance")

    assert {k: (i.received, i.invoiced, i.basis, i.owner, i.amount) for k, i in found.items()} == {
        "more came": (10, 8, "quantity", "Supplier", Decimal(200)),
        "more billed": (3, 4, "quantity", "Receiving", Decimal(250)),
        "reversed": (0, 5, "quantity", "Receiving", Decimal(1000)),
    }


def test_without_quantities_amounts_balance_and_without_those_only_a_missing_side_counts(
    database: Database, clock: ManualClock
) -> None:
    views = derive(
        database,
        clock,
        *[order(each, amount=Decimal(100)) for each in ("amounts", "documents", "one side", "shared", "shared too")],
        came("G1", "amounts", amount=Decimal(60)), billed("I1", "amounts", amount=Decimal(100)),
        came("G2", "documents"), came("G3", "documents", 2), billed("I2", "documents"),
        came("G4", "one side"),
        came("G5", "shared", attributes=quantity(5)), came("G6", "shared too", attributes=quantity(5)),
        billed("I3", "shared", "shared too", attributes=quantity(9)),
    )  # fmt: skip

    found = held(views, "gr_ir_balance")

    assert {k: (i.received, i.invoiced, i.basis, i.amount) for k, i in found.items()} == {
        "amounts": (60, 100, "amount", Decimal(40)),
        "one side": (1, 0, "documents", Decimal(100)),
    }


def test_orders_wait_for_their_supplier_and_payments_for_reporting_due_or_not(
    database: Database, clock: ManualClock
) -> None:
    views = derive(
        database,
        clock,
        *[order(each) for each in ("waits", "confirmed", "cancelled", "not in the ERP")],
        *[told("purchase_order.synced", 1, f"purchase_order:{each}") for each in ("waits", "confirmed", "cancelled")],
        told("purchase_order.acknowledged", 2, "purchase_order:confirmed"),
        told("purchase_order.cancelled", 2, "purchase_order:cancelled"),
        *[told("payment.executed", 3, f"payment:{each}") for each in ("seen", "not seen")],
        told("payment.reflected", 3.1, "payment:seen"),
    )

    orders, payments = held(views, "unacknowledged_orders"), held(views, "unreflected_payments")

    assert {each: (item.owner, item.since) for each, item in orders.items()} == {
        "waits": ("Supplier relations", day(1))
    }
    assert orders["waits"].due_at is not None
    assert {each: item.owner for each, item in payments.items()} == {"not seen": "Finance reporting"}
    assert payments["not seen"].age_seconds == (FILTERS.as_of - day(3)).total_seconds()


def test_rows_come_in_pages_the_oldest_first(database: Database, clock: ManualClock) -> None:
    views = derive(database, clock, *[told("payment.executed", n, f"payment:{n}") for n in (3, 1, 2)])

    first = views.page("unreflected_payments", FILTERS, limit=2)
    last = views.page("unreflected_payments", FILTERS, limit=2, cursor=first.next_cursor)

    assert [item.object.id for item in (*first.items, *last.items)] == ["1", "2", "3"]
    assert (first.total, last.total, last.next_cursor) == (3, 3, None)


def test_a_view_that_there_is_not_is_refused(database: Database) -> None:
    with pytest.raises(NotFoundError, match="no view 'blocked'"):
        Views(database, MODELS).page("blocked", FILTERS)

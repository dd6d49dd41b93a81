"""KPIs of orders, approvals, suppliers and integrations, each worked by hand over derived journeys."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from support.facts import Fact, fact, store
from support.handoff_rows import HandoffRow, store_handoffs

from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from core.registry import Registry
from correlator.loading import load_models
from correlator.tick import Correlator
from slo.calendars import publish_calendars
from slo.kpi_rules import KpiRules
from slo.kpis import Kpi, Kpis

pytestmark = pytest.mark.database

START = datetime(2026, 2, 1, 8, tzinfo=UTC)
AS_OF = datetime(2026, 3, 4, 12, tzinfo=UTC)
FILTERS = Filters(as_of=AS_OF)
MODELS = load_models(["procure-to-pay", "supplier-master"])
RULES = KpiRules.of(MODELS)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def told(event_type: str, at: float, *objects: str, **fields: Any) -> Fact:
    return fact(f"{event_type} {objects[0]} {at}", event_type, day(at), *objects, **fields)


def derive(database: Database, clock: ManualClock, *facts: Fact) -> Kpis:
    publish_calendars(database, Registry(), clock)
    store(database, facts)
    for model in MODELS:
        Correlator(database, model, clock).rebuild()
    return Kpis(database, rules=RULES)


def counted(kpis: Kpis, key: str) -> set[str]:
    return {item.object.id for item in kpis.items(key, FILTERS).items}


def order(number: str, at: float, *over: str, **fields: Any) -> Fact:
    return told("purchase_order.created", at, f"purchase_order:{number}", *over, **fields)


def billed(invoice: str, number: str, at: float, dated: str = "") -> Fact:
    says = (("document_date", dated),) if dated else ()
    return told("invoice.received", at, f"invoice:{invoice}", f"purchase_order:{number}", attributes=says)


def test_an_order_that_follows_its_invoice_is_maverick_unless_its_flow_orders_after_use(
    database: Database, clock: ManualClock
) -> None:
    kpis = derive(
        database,
        clock,
        order("before", 1, amount=Decimal(100)), billed("I1", "before", 2),
        order("after its receipt", 3, amount=Decimal(300)), billed("I2", "after its receipt", 2),
        order("after its date", 3, amount=Decimal(50)), billed("I3", "after its date", 9, dated="2026-02-03"),
        order("on its date", 3), billed("I4", "on its date", 9, dated="2026-02-04"),
        order("implant", 3, flow_type="bill_only"), billed("I5", "implant", 2),
        order("not invoiced", 3),
    )  # fmt: skip

    found = kpis.one("maverick_orders", FILTERS)

    assert counted(kpis, "maverick_orders") == {"after its receipt", "after its date"}
    assert (found.numerator, found.denominator) == (2, 4)
    assert (found.amounts, found.amounts_of) == ({"USD": Decimal(350)}, {"USD": Decimal(450)})
    assert kpis.one("maverick_orders", Filters(as_of=day(5))).denominator == 2


def test_an_order_without_a_requisition_is_no_maverick_but_a_measure_of_its_own(
    database: Database, clock: ManualClock
) -> None:
    kpis = derive(
        database,
        clock,
        told("requisition.created", 0, "requisition:R"),
        order("asked for", 1, "requisition:R"),
        order("not asked for", 1),
        order("implant", 1, flow_type="bill_only"),
    )

    found = kpis.one("orders_without_requisition", FILTERS)

    assert counted(kpis, "orders_without_requisition") == {"not asked for"}
    assert (found.numerator, found.denominator) == (1, 2)
    assert kpis.one("maverick_orders", FILTERS).numerator == 0


def test_requisitions_without_an_order_count_as_still_waiting_and_rejected_ones_as_given_up(
    database: Database, clock: ManualClock
) -> None:
    # By hand, durations in days: 2 ordered, 6 ordered, 1 rejected, 31.2 open. Shares ordered: day 1: 3/4 go on;
    # day 2: 3/4 · 1/3 = 1/4; day 6: 3/4 · 2/3 · 1/2 = 1/4 more, half in all.
    kpis = derive(
        database,
        clock,
        *[told("requisition.created", 0, f"requisition:{each}") for each in "abcd"],
        order("A", 2, "requisition:a"),
        order("B", 6, "requisition:b"),
        told("requisition.rejected", 1, "requisition:c"),
    )

    closed, every = (kpis.one(key, FILTERS) for key in ("requisition_to_order", "requisition_to_order_all"))

    assert (closed.value, closed.denominator, closed.closed_only) == (4, 2, True)
    assert (every.value, every.numerator, every.denominator) == (pytest.approx(6), 2, 4)


def test_an_order_is_under_contract_where_it_says_so_and_silence_is_no_answer(
    database: Database, clock: ManualClock
) -> None:
    under, none = (("contract", "C-1"),), (("contract", "none"),)
    kpis = derive(
        database,
        clock,
        order("a", 1, attributes=under, amount=Decimal(70)),
        order("b", 1, attributes=none, amount=Decimal(30)),
        order("silent", 1),
        order("cancelled", 1, attributes=none),
        told("purchase_order.cancelled", 2, "purchase_order:cancelled"),
    )

    found = kpis.one("contract_compliance", FILTERS)

    assert (found.value, found.numerator, found.denominator, found.lacking) == (0.5, 1, 2, 1)
    assert (found.amounts, found.amounts_of) == ({"USD": Decimal(70)}, {"USD": Decimal(100)})


def test_orders_that_say_nothing_of_contracts_are_not_measured_rather_than_zero(
    database: Database, clock: ManualClock
) -> None:
    found = derive(database, clock, order("a", 1), order("b", 1)).one("contract_compliance", FILTERS)

    assert (found.value, found.lacking) == (None, 2)
    assert (
        found.not_measured == "not measured: no event states `contract` on the purchase order (its number, or `none`)"
    )


def test_approvals_wait_with_whom_they_were_asked_of(database: Database, clock: ManualClock) -> None:
    asked = (("approver", "dr.wu"),)
    kpis = derive(
        database,
        clock,
        told("requisition.created", 0, "requisition:a", department="Surgery", attributes=asked, amount=Decimal(40)),
        told("requisition.created", 0, "requisition:b", department="Surgery", attributes=asked),
        told("requisition.approved", 3, "requisition:b", department="Surgery", actor="deputy"),
        told("requisition.created", 0, "requisition:c", department="Pharmacy"),
        told("requisition.approved", 1, "requisition:c", department="Pharmacy", actor="dr.roy"),
        told("requisition.created", 0, "requisition:d", department="Pharmacy"),
        told("requisition.rejected", 2, "requisition:d"),
    )

    waiting = kpis.one("approvals_waiting", FILTERS)
    by_whom = {
        each.key: (each.numerator, each.denominator) for each in kpis.breakdown("approvals_waiting", "who", FILTERS)
    }
    by_department = kpis.breakdown("approval_time", "department", FILTERS)

    assert (waiting.value, waiting.amounts) == (1, {"USD": Decimal(40)})
    assert by_whom == {"dr.wu": (1, 2), "dr.roy": (0, 1), "not stated": (0, 1)}
    # Surgery: half (one of two) approved by day 3. Pharmacy: one of two by day 1, the other never.
    assert {each.key: each.value for each in by_department} == {"Surgery": 3, "Pharmacy": 1}


def test_sync_latency_is_told_for_each_pair_of_systems_with_what_has_not_arrived(
    database: Database, clock: ManualClock
) -> None:
    kpis = derive(
        database,
        clock,
        order("a", 0, integration="procurement", flow_type="two_way"),
        told("purchase_order.synced", 0.25, "purchase_order:a", integration="erp"),
        order("b", 0, integration="procurement"),
        told("purchase_order.synced", 0.5, "purchase_order:b", integration="erp"),
        order("c", 0, integration="procurement"),
    )

    found = {each.key: each for each in kpis.breakdown("sync_latency", "who", FILTERS)}

    # By hand: a third there after 6 hours, two thirds after 12; what the ERP owes the others is there of none.
    assert (found["procurement → erp"].value, found["procurement → erp"].numerator) == (pytest.approx(12), 2)
    assert found["erp → ap_automation"].value is None
    assert found["erp → ap_automation"].at_least == pytest.approx((31 + 4 / 24 - 0.25) * 24)


def test_the_handoffs_between_systems_and_the_approvals_are_those_of_the_models() -> None:
    between = {key for _, key, _ in RULES.syncs}

    assert between == {
        "order_to_erp", "order_to_inventory", "order_to_ap", "receipt_to_erp", "receipt_to_ap", "invoice_to_posting",
        "payment_to_reporting", "credit_memo_to_posting", "allocation_to_analytics",
        "supplier_to_erp", "supplier_to_ap", "supplier_to_inventory", "supplier_to_payments",
    }  # fmt: skip
    assert {key for _, key in RULES.approvals} == {"requisition_approval", "invoice_approval"}


def test_a_reopened_promise_counts_once_from_its_first_opening(database: Database) -> None:
    first = HandoffRow("a", day(0), closed_at=day(1), handoff="invoice_approval")
    again = HandoffRow("a", day(2), closed_at=day(4), handoff="invoice_approval", cycle=2, first_opened_at=day(0))
    store_handoffs(database, first, again)

    found = Kpis(database, rules=RULES).one("approval_time", FILTERS)

    assert (found.value, found.denominator) == (4, 1)


def test_a_supplier_is_active_once_erp_ap_and_payments_all_know_it(database: Database, clock: ManualClock) -> None:
    def known(supplier: str, **at: float) -> list[Fact]:
        return [told(f"supplier_record.{what}", when, f"supplier_record:{supplier}") for what, when in at.items()]

    kpis = derive(
        database,
        clock,
        *known("V-1", created=0, synced=1, synced_to_ap=2, synced_to_payments=5),
        *known("V-2", created=0, synced=1, synced_to_payments=2),
        *known("V-3", changed=0, synced=1, synced_to_ap=1, synced_to_payments=1),
    )

    found = kpis.one("supplier_activation", FILTERS)

    assert (found.value, found.numerator, found.denominator, found.lacking) == (5, 1, 2, 1)


def test_an_audit_trail_misses_what_its_flow_expects_and_nothing_else(database: Database, clock: ManualClock) -> None:
    def steps(invoice: str, number: str, *which: str, flow_type: str) -> list[Fact]:
        objects = (f"invoice:{invoice}", f"purchase_order:{number}") if number else (f"invoice:{invoice}",)
        own = [told(f"invoice.{each}", 2 + n, *objects, flow_type=flow_type) for n, each in enumerate(which)]
        paid = [
            told(f"payment.{each}", 8 + n, f"payment:P{invoice}", f"invoice:{invoice}")
            for n, each in enumerate(("released", "executed"))
        ]
        return [*own, *paid]

    kpis = derive(
        database,
        clock,
        order("1", 0), told("goods_receipt.posted", 1, "goods_receipt:G", "purchase_order:1"),
        *steps("whole", "1", "received", "matched", "posted", flow_type="three_way"),
        order("2", 0),
        *steps("no goods", "2", "received", "matched", "posted", flow_type="three_way"),
        order("3", 0),
        *steps("two-way", "3", "received", "matched", "posted", flow_type="two_way"),
        *steps("no order", "", "received", "approved", "posted", flow_type="non_po"),
        *steps("never posted", "", "received", "approved", flow_type="non_po"),
    )  # fmt: skip

    found = kpis.one("audit_trail", FILTERS)
    notes = {item.object.id: item.note for item in kpis.items("audit_trail", FILTERS, part="denominator").items}

    assert (found.numerator, found.denominator) == (3, 5)
    assert (notes["no goods"], notes["never posted"]) == ("not told: goods receipt", "not told: posting")


def test_records_told_again_are_those_of_one_moment_and_subject_beyond_the_first(database: Database) -> None:
    received_at = AS_OF - timedelta(days=1)
    first = Fact("e1", "invoice.received", day(1), (("invoice", "a"),), received_at=received_at)
    store(
        database,
        [
            first,
            Fact("e1", "invoice.received", day(1), (("invoice", "a"),), received_at=received_at),
            Fact("e2", "invoice.received", day(1), (("invoice", "a"),), received_at=received_at),
            Fact("e3", "invoice.received", day(2), (("invoice", "a"),), received_at=received_at),
            Fact("e4", "invoice.received", day(1), (("invoice", "a"),), integration="ap", received_at=received_at),
        ],
    )

    kpis = Kpis(database)
    found = {
        each.key: (each.numerator, each.denominator) for each in kpis.breakdown("duplicate_records", "who", FILTERS)
    }

    assert found == {"erp": (1, 3), "ap": (0, 1)}


def test_refused_records_are_a_share_of_all_that_arrived(database: Database) -> None:
    at = datetime.now(UTC).replace(second=0, microsecond=0)  # noqa: TID251 - arrivals expire by the engine's own clock
    database.execute(
        "INSERT INTO arrivals (integration, kind, minute, records) VALUES ('erp', 'events', {at:DateTime('UTC')}, 30)",
        at=at,
    )
    refused = [[at, "erp", "logs", "bad_amount", "", str(n), "r"] for n in range(10)]
    database.insert(
        "quarantine", ("quarantined_at", "integration", "signal", "reason", "detail", "record", "request_id"), refused
    )

    found: Kpi = Kpis(database).one("refused_records", Filters(as_of=at + timedelta(minutes=5)))

    assert (found.value, found.numerator, found.denominator) == (0.25, 10, 40)

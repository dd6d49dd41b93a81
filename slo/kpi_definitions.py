"""The KPIs, written down. Adding one: a definition here, its query in `sql/kpi_<key>.sql`, a test."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["days", "invoices", "payments", "share"]


@dataclass(frozen=True)
class KpiDefinition:
    """What a KPI counts, of what, what it leaves out, and where its definition is from."""

    key: str
    title: str
    text: str
    numerator: str
    denominator: str
    exclusions: str
    unit: Unit
    source: str


KPIS = (
    KpiDefinition(
        key="invoice_cycle_time",
        title="Invoice cycle time, paid invoices",
        text="Median days from an invoice's first invoice.received to its first payment.executed, waiting included.",
        numerator="none: a median",
        denominator="invoices received and paid",
        exclusions="Invoices not yet paid: this figure rests on paid ones alone and understates while many are open. "
        "Invoices without a receipt event, or paid before it.",
        unit="days",
        source="APQC: cycle time is total time, waiting included",
    ),
    KpiDefinition(
        key="invoice_cycle_time_all",
        title="Invoice cycle time, open invoices included",
        text="The day by which half of all received invoices are estimated to be paid, unpaid ones counted as still "
        "running and voided ones as never paid.",
        numerator="invoices paid",
        denominator="invoices received",
        exclusions="Invoices without a receipt event, or paid before it.",
        unit="days",
        source="Aalen and Johansen 1978: cumulative incidence with competing risks",
    ),
    KpiDefinition(
        key="requisition_to_order",
        title="Requisition to purchase order",
        text="Median days from the first requisition.created to the first purchase_order.created of a journey.",
        numerator="none: a median",
        denominator="journeys with a requisition and a purchase order",
        exclusions="Requisitions without an order yet: this figure rests on finished ones alone. Orders before their "
        "requisition.",
        unit="days",
        source="APQC: cycle time is total time, waiting included",
    ),
    KpiDefinition(
        key="invoices_paid_more_than_once",
        title="Invoices paid more than once",
        text="Invoices that two or more payment.executed events touch. Payments are told apart by execution, not by "
        "payment id: the same payment executed twice is two.",
        numerator="invoices with two or more executed payments",
        denominator="invoices with any executed payment",
        exclusions="Nothing: instalments, and payments returned later, count as payments.",
        unit="invoices",
        source="The check figures of the public OCEL 2.0 procure-to-pay log",
    ),
    KpiDefinition(
        key="surplus_payments",
        title="Surplus payments",
        text="Executed payments beyond the first of each invoice they touch.",
        numerator="executed payments beyond the first, summed over invoices",
        denominator="executed payments, summed over invoices",
        exclusions="Nothing: instalments, and payments returned later, count as payments.",
        unit="payments",
        source="The check figures of the public OCEL 2.0 procure-to-pay log",
    ),
    KpiDefinition(
        key="first_pass_match_rate",
        title="Three-way match, first pass",
        text="Share of invoices whose first invoice.matched came with no exception.raised on it before.",
        numerator="matched invoices without an exception raised before",
        denominator="matched invoices",
        exclusions="Invoices not yet matched; flows that expect no receipt (flow type other than three_way or "
        "receipt_based, where it is stated).",
        unit="share",
        source="No formal definition was found in the field: this one is ours",
    ),
)

"""The KPIs of invoices and payments, written down."""

from slo.kpi_definitions import BY_FLOW, OURS, KpiDefinition

OCEL = "The check figures of the public OCEL 2.0 procure-to-pay log"

INVOICE_KPIS = (
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
        measure="closed_median",
        closed_only=True,
        twin="invoice_cycle_time_all",
        breakdowns=BY_FLOW,
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
        measure="median",
        items="invoice_cycle_time",
        breakdowns=BY_FLOW,
    ),
    KpiDefinition(
        key="on_time_payment",
        title="On-time payment",
        text="Share of invoices that were first paid by their due date, to that date's end at the facility.",
        numerator="invoices paid by their due date",
        denominator="invoices that are paid, or unpaid past their due date",
        exclusions="Invoices that are unpaid and not yet due, and voided ones. A payment that failed or came back "
        "counts "
        "as made.",
        unit="share",
        source=OURS,
        needs="`due_date` on the invoice (an ISO date or instant)",
        breakdowns=BY_FLOW,
    ),
    KpiDefinition(
        key="discounts_captured",
        title="Early-payment discounts captured",
        text="Share of offered discounts whose invoice was paid by the discount's last day. Amounts are those of "
        "discounts.",
        numerator="discounts whose invoice was paid in time",
        denominator="discounts on invoices that are paid, or past the discount's last day",
        exclusions="Discounts that can still be had, and those of voided invoices.",
        unit="share",
        source=OURS,
        needs="`discount` (an amount) and `discount_until` (an ISO date) on the invoice",
    ),
    KpiDefinition(
        key="days_payable_outstanding",
        title="Days payable outstanding",
        text="What is owed now, divided by what was billed a day in the 90 days before: for how many days of purchases "
        "payment is outstanding.",
        numerator="amount of invoices that are neither paid nor voided",
        denominator="amount of invoices received in the 90 days before, a day",
        exclusions="Voided invoices. It is told in one currency: choose so that there is no more than one.",
        unit="days",
        source="Accounts payable over purchases a day, as balance sheets have it; purchases are the invoices received",
        measure="days_owed",
        needs="an amount on the invoice",
    ),
    KpiDefinition(
        key="touch_rate",
        title="Touchless invoices",
        text="Share of posted invoices on which no person acted from receipt to posting. A person is an actor that no "
        "pattern of the setting system_actors names as a system.",
        numerator="posted invoices that no person touched",
        denominator="posted invoices",
        exclusions="Invoices not yet posted: this figure rests on posted ones alone. Not counted as touches: the "
        "receipt "
        "itself, the recording of goods receipts and due-date markers.",
        unit="share",
        source="Medius: no user intervention from invoice receipt to posting",
        closed_only=True,
        needs="an actor between the invoice's receipt and its posting",
        breakdowns=BY_FLOW,
    ),
    KpiDefinition(
        key="first_pass_match_rate",
        title="Three-way match, first pass",
        text="Share of invoices whose first invoice.matched came with no exception.raised on it before.",
        numerator="matched invoices without an exception raised before",
        denominator="matched invoices",
        exclusions="Invoices not yet matched: this figure rests on matched ones alone. Flows that expect no receipt "
        "(flow "
        "type other than three_way or receipt_based, where it is stated).",
        unit="share",
        source=OURS,
        closed_only=True,
        breakdowns=BY_FLOW,
    ),
    KpiDefinition(
        key="exception_rate",
        title="Exception rate",
        text="Share of received invoices on which an exception was raised, resolved or not.",
        numerator="invoices with an exception.raised on them",
        denominator="invoices received",
        exclusions="Nothing: the newest invoices may yet get an exception. How old open ones are: see exceptions.",
        unit="share",
        source=OURS,
        breakdowns=BY_FLOW,
    ),
    KpiDefinition(
        key="duplicate_invoices",
        title="Duplicate invoices",
        text="Invoices that were told earlier under another id: reference, document date, value and supplier are "
        "equal; "
        "or three of them, and the supplier's name but for punctuation and company form, or the reference but for up "
        "to 3 characters (fewer than half of it). The first of them is not counted.",
        numerator="invoices that repeat an earlier one",
        denominator="invoices that state all four",
        exclusions="Voided invoices.",
        unit="invoices",
        source="Celonis, duplicate invoice checker: all four equal, or three equal and one fuzzy",
        measure="count",
        needs="`reference` and `document_date` on the invoice, with its amount and supplier",
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
        source=OCEL,
        measure="count",
    ),
    KpiDefinition(
        key="surplus_payments",
        title="Surplus payments",
        text="Executed payments beyond the first of each invoice they touch. Amounts are the invoice's, once for each.",
        numerator="executed payments beyond the first, summed over invoices",
        denominator="executed payments, summed over invoices",
        exclusions="Nothing: instalments, and payments returned later, count as payments.",
        unit="payments",
        source=OCEL,
        measure="count",
    ),
    KpiDefinition(
        key="audit_trail",
        title="Audit trail",
        text="Share of paid invoices of which every step is told that their flow expects: the invoice's receipt, its "
        "order, the goods receipt, match or approval, posting, release of the payment.",
        numerator="paid invoices of which no step is missing",
        denominator="paid invoices",
        exclusions="Invoices not yet paid: this figure rests on paid ones alone. No order is expected of non-PO "
        "invoices, "
        "no goods receipt of two-way, bill-only and blanket flows, no match of evaluated receipts.",
        unit="share",
        source=OURS,
        closed_only=True,
        breakdowns=BY_FLOW,
    ),
)

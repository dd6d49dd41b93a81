"""The KPIs of requisitions, orders, approvals and suppliers, written down."""

from slo.kpi_definitions import BY_FACILITY, BY_FLOW, OURS, KpiDefinition

APQC = "APQC: cycle time is total time, waiting included"
AALEN = "Aalen and Johansen 1978: cumulative incidence with competing risks"

ORDER_KPIS = (
    KpiDefinition(
        key="requisition_to_order",
        title="Requisition to purchase order, ordered requisitions",
        text="Median days from the first requisition.created to the first purchase_order.created of a journey.",
        numerator="none: a median",
        denominator="journeys with a requisition and a purchase order",
        exclusions="Requisitions without an order yet: this figure rests on finished ones alone. Orders before their "
        "requisition.",
        unit="days",
        source=APQC,
        measure="closed_median",
        closed_only=True,
        twin="requisition_to_order_all",
    ),
    KpiDefinition(
        key="requisition_to_order_all",
        title="Requisition to purchase order, open requisitions included",
        text="The day by which half of all requisitions are estimated to be ordered, those without an order counted as "
        "still running, rejected and cancelled ones as never ordered.",
        numerator="journeys whose requisition was ordered",
        denominator="journeys with a requisition",
        exclusions="Orders before their requisition.",
        unit="days",
        source=AALEN,
        measure="median",
        items="requisition_to_order",
    ),
    KpiDefinition(
        key="maverick_orders",
        title="Maverick spend",
        text="Share of invoiced orders that were created after the first vendor invoice over them: after the end of "
        "its "
        "document date, or after its receipt where that is not stated or earlier. Amounts are the orders'.",
        numerator="invoiced orders created after their invoice",
        denominator="invoiced orders",
        exclusions="Orders not yet invoiced. Flows in which the order comes after the use, or there is none: "
        "bill-only, "
        "consignment, non-PO.",
        unit="share",
        source="Purchase order created after the vendor invoice, bill-only excluded",
        closed_only=True,
        breakdowns=BY_FLOW,
    ),
    KpiDefinition(
        key="orders_without_requisition",
        title="Orders without a requisition",
        text="Share of orders in whose journey there is no requisition. It is a measure of its own, not maverick "
        "spend.",
        numerator="orders without a requisition",
        denominator="orders created",
        exclusions="Flows in which the order comes after the use, or there is none: bill-only, consignment, non-PO.",
        unit="share",
        source=OURS,
        breakdowns=BY_FLOW,
    ),
    KpiDefinition(
        key="contract_compliance",
        title="Contract compliance",
        text="Share of orders placed under a contract. Amounts are the orders'.",
        numerator="orders that state a contract",
        denominator="orders that state a contract, or `none`",
        exclusions="Cancelled orders.",
        unit="share",
        source=OURS,
        needs="`contract` on the purchase order (its number, or `none`)",
        breakdowns=(*BY_FACILITY, "department", "supplier"),
    ),
    KpiDefinition(
        key="approval_time",
        title="Approval time, waiting approvals included",
        text="The day by which half of all approvals asked for are estimated to be given, waiting ones counted as "
        "still "
        "running and rejected or cancelled ones as never given.",
        numerator="approvals given",
        denominator="approvals asked for",
        exclusions="Nothing: time for which a document is back with who wrote it counts.",
        unit="days",
        source=AALEN,
        measure="median",
        breakdowns=("department", "who", "facility"),
    ),
    KpiDefinition(
        key="approvals_waiting",
        title="Approvals waiting",
        text="Approvals that were asked for and neither given nor given up: where approvals wait. Of a waiting one the "
        "approver is known only where the event that asks for it states `approver`.",
        numerator="approvals that wait",
        denominator="approvals asked for",
        exclusions="Nothing.",
        unit="approvals",
        source=OURS,
        measure="count",
        breakdowns=("department", "who", "facility"),
    ),
    KpiDefinition(
        key="supplier_activation",
        title="Supplier activation",
        text="The day by which half of all new supplier records are estimated to be known in the ERP, in AP "
        "automation and "
        "in payments; those that are not yet count as still running, deactivated ones as never.",
        numerator="supplier records that all three know",
        denominator="supplier records created",
        exclusions="Records that were only changed.",
        unit="days",
        source=AALEN,
        measure="median",
        needs="`supplier_record.created`",
        breakdowns=("supplier",),
    ),
)

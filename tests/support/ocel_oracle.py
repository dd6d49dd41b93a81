"""Check figures of the public OCEL 2.0 procure-to-pay log, computed with pandas from its CSV tables alone."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from support.event_rows import Touch

LOG = Path(__file__).resolve().parents[3] / "shared" / "data" / "ocel2-p2p"
PR, PO = "Create Purchase Requisition", "Create Purchase Order"
RECEIPT, INVOICE, PAYMENT = "Create Goods Receipt", "Create Invoice Receipt", "Execute Payment"


@dataclass(frozen=True)
class OcelFigures:
    """Counts, and median days from the first to the first event of two kinds per connected component.

    `end_to_end` is from the first event of a component to its last.
    """

    components: int
    invoices_paid_more_than_once: int
    surplus_payments: int
    requisition_to_order: float
    order_to_receipt: float
    receipt_to_invoice: float
    invoice_to_payment: float
    end_to_end: float


def ocel_figures(log: Path = LOG) -> OcelFigures:
    """Compute the figures. Every event of the log belongs to the component of the objects it touches."""
    touches = _touches(log)
    paid = touches[(touches.type == PAYMENT) & touches.object.str.startswith("invoice receipt:")]
    payments = paid.groupby("object").event.nunique()
    first = touches.pivot_table(index="component", columns="type", values="time", aggfunc="min")

    times = touches.groupby("component").time
    whole = times.max() - times.min()

    def median(start: str, stop: str) -> float:
        return float(((first[stop] - first[start]).dropna() / pd.Timedelta(days=1)).median())

    return OcelFigures(
        components=touches.component.nunique(),
        invoices_paid_more_than_once=int((payments > 1).sum()),
        surplus_payments=int((payments - 1).clip(lower=0).sum()),
        requisition_to_order=median(PR, PO),
        order_to_receipt=median(PO, RECEIPT),
        receipt_to_invoice=median(RECEIPT, INVOICE),
        invoice_to_payment=median(INVOICE, PAYMENT),
        end_to_end=float((whole / pd.Timedelta(days=1)).median()),
    )


def _touches(log: Path) -> pd.DataFrame:
    """One row for each event and object: event, type, time, object, component."""
    kinds = pd.read_csv(log / "event_map_type.csv").itertuples(index=False)
    events = pd.concat(
        pd.read_csv(log / f"event_{kind.ocel_type_map}.csv").assign(type=kind.ocel_type) for kind in kinds
    )
    touched = pd.read_csv(log / "event_object.csv")
    linked = pd.read_csv(log / "object_object.csv")
    merged = touched.merge(events, left_on="ocel_event_id", right_on="ocel_id")
    found = pd.DataFrame(
        {
            "event": merged.ocel_event_id,
            "type": merged.type,
            "time": pd.to_datetime(merged.ocel_time, utc=True),
            "object": merged.ocel_object_id,
        }
    )
    found = found[~found.object.str.startswith("material:")]  # a material is shared by everything that orders it
    pairs = list(zip("event:" + found.event, found.object, strict=True))
    pairs += [
        pair
        for pair in zip(linked.ocel_source_id, linked.ocel_target_id, strict=True)
        if "material:" not in "".join(pair)
    ]
    component = _components(pairs)
    return found.assign(component=found.object.map(component))


def _components(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Union-find: each node's representative."""
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in pairs:
        parent[root(one)] = root(other)
    return {node: root(node) for node in parent}


OBJECT_TYPES = {"goods receipt": "goods_receipt", "invoice receipt": "invoice", "purchase_requisition": "requisition"}
EVENT_TYPES = {
    PR: "requisition.created",
    "Approve Purchase Requisition": "requisition.approved",
    "Delegate Purchase Requisition Approval": "requisition.delegated",
    "Create Request for Quotation": "quotation.requested",
    PO: "purchase_order.created",
    "Approve Purchase Order": "purchase_order.approved",
    RECEIPT: "goods_receipt.posted",
    INVOICE: "invoice.received",
    "Perform Two-Way Match": "invoice.matched",
    PAYMENT: "payment.executed",
}


def ocel_touches(log: Path = LOG) -> list[Touch]:
    """The log's events in our words, for tests that do without the importer."""
    return [
        Touch(
            EVENT_TYPES[str(kind)], time.to_pydatetime(), tuple(_ref(name) for name in rows.object), event_id=str(event)
        )
        for (event, kind, time), rows in _touches(log).groupby(["event", "type", "time"])
    ]


def ocel_components(log: Path = LOG) -> dict[str, list[str]]:
    """Each component's objects by its quotation, in our words."""
    objects = _touches(log)[["component", "object"]].drop_duplicates()
    members = [[_ref(name) for name in rows.object] for _, rows in objects.groupby("component")]
    return {next(ref for ref in refs if ref.startswith("quotation:")): refs for refs in members}


def _ref(name: str) -> str:
    kind, _, identifier = name.partition(":")
    return f"{OBJECT_TYPES.get(kind, kind)}:{identifier}"

"""One journey with everything in it, and a fake of the port that answers for journeys."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from support.console_network import NOW, ORDER, TRACE

from core.errors import NotFoundError
from core.filters import Filters
from core.instants import LATEST
from core.paging import Page, place
from core.vocabulary import ObjectRef
from correlator.journeys import HandoffInstance, Journey, JourneyHeader, JourneysOfObject, Milestone, Progress
from correlator.naming import OtherIds
from correlator.timeline import Entry


def make_header(root: ObjectRef = ORDER, **changes: object) -> JourneyHeader:
    made = JourneyHeader(
        model="procure-to-pay",
        root=root,
        provisional=False,
        facility="MWEST",
        supplier="Stryker Orthopaedics",
        department="Surgery",
        spend_category="implants",
        criticality="clinical-critical",
        flow_type="three_way",
        amount=Decimal("48250.0000"),
        currency="USD",
        first_event_at=NOW - timedelta(days=9),
        last_event_at=NOW - timedelta(hours=10),
        objects=5,
    )
    return replace(made, **changes)


def make_handoff(handoff: str, title: str, ref: ObjectRef, *hours: float | None, **changes: object) -> HandoffInstance:
    """Return a handoff instance; `hours` before NOW at which it opened, is due and closed."""
    opened, due, closed = hours
    due_at = None if due is None else NOW - timedelta(hours=due)
    made = HandoffInstance(
        model="procure-to-pay",
        handoff=handoff,
        title=title,
        object=ref,
        journey=ORDER,
        cycle=1,
        state="open" if closed is None else "closed",
        stalled=closed is None and due_at is not None and due_at < NOW,
        paused_since=None,
        opened_at=NOW - timedelta(hours=opened),
        closed_at=None if closed is None else NOW - timedelta(hours=closed),
        cancelled_at=None,
        due_at=due_at,
        facility="MWEST",
        supplier="Stryker Orthopaedics",
        criticality="clinical-critical",
        amount=Decimal("48250.0000"),
        currency="USD",
        owner="Accounts payable",
        elapsed_seconds=int(3600 * (opened - (closed or 0))),
        business_seconds=int(1200 * (opened - (closed or 0))),
    )
    return replace(made, **changes)


def make_event(hours: float, title: str, ref: ObjectRef, integration: str, **detail: str) -> Entry:
    return Entry(NOW - timedelta(hours=hours), "event", title, ref, integration, detail, None, None, None, error=False)


def make_span(
    hours: float, service: str, name: str, ms: float, *, trace_id: str = TRACE, error: str = "", after_ms: float = 0
) -> Entry:
    at = NOW - timedelta(hours=hours) + timedelta(milliseconds=after_ms)
    detail = {"service": service, **({"error": error} if error else {})}
    return Entry(at, "span", name, ORDER, service, detail, trace_id, f"{int(after_ms):016x}", ms, error=bool(error))


def make_journey() -> Journey:
    requisition, receipt, invoice = (
        ObjectRef("requisition", "REQ-2201"),
        ObjectRef("goods_receipt", "GR-9001"),
        ObjectRef("invoice", "INV-881"),
    )
    return Journey(
        header=make_header(),
        title="Purchase order",
        members=(ORDER, requisition, receipt, invoice, ObjectRef("invoice", "INV-902")),
        milestones=(
            Milestone("requisition_created", "Requisition created", NOW - timedelta(hours=216)),
            Milestone("requisition_approved", "Requisition approved", NOW - timedelta(hours=214)),
            Milestone("purchase_order_created", "PO created", NOW - timedelta(hours=206)),
            Milestone("purchase_order_acknowledged", "Supplier acknowledged", NOW - timedelta(hours=200)),
            Milestone("goods_received", "Goods received", NOW - timedelta(hours=76)),
            Milestone("invoice_received", "Invoice received", NOW - timedelta(hours=70)),
            Milestone("invoice_matched", "Invoice matched", None),
            Milestone("invoice_posted", "Invoice posted", None),
            Milestone("payment_released", "Payment released", None),
            Milestone("payment_executed", "Payment executed", None),
            Milestone("payment_reflected", "Reflected in reporting", None),
        ),
        handoffs=(
            make_handoff(
                "requisition_approval",
                "Requisition → approval",
                requisition,
                216,
                212,
                214,
                owner="Department approvers",
            ),
            make_handoff(
                "requisition_to_order",
                "Requisition → purchase order",
                requisition,
                214,
                207,
                206,
                owner="Strategic sourcing",
            ),
            make_handoff(
                "order_to_supplier",
                "Purchase order → supplier acknowledgement",
                ORDER,
                206,
                198,
                200,
                owner="Supplier relations",
            ),
            make_handoff("order_to_receipt", "Purchase order → goods receipt", ORDER, 200, 100, 76, owner="Receiving"),
            make_handoff("receipt_to_erp", "Goods receipt → ERP", receipt, 76, 75, 74, owner="ERP integration team"),
            make_handoff("invoice_to_match", "Invoice → match", invoice, 70, 10, None),
            make_handoff("invoice_to_match", "Invoice → match", ObjectRef("invoice", "INV-902"), 8, -20, None),
            make_handoff(
                "invoice_to_posting", "Invoice → posting", invoice, 9, None, None, paused_since=NOW - timedelta(hours=3)
            ),
        ),
        timeline=(
            make_event(
                216, "requisition.created", requisition, "procurement", actor="j.alvarez", amount="48,250.00 USD"
            ),
            make_event(214, "requisition.approved", requisition, "procurement", actor="dr.chen"),
            make_event(206, "purchase_order.created", ORDER, "procurement", amount="48,250.00 USD"),
            make_span(206, "procurement", "POST /purchase-orders", 210, trace_id="a1" * 16),
            make_span(206, "erp", "createPurchaseOrder", 140, trace_id="a1" * 16, after_ms=50),
            make_event(205.8, "purchase_order.synced", ORDER, "erp"),
            make_event(200, "purchase_order.acknowledged", ORDER, "supplier_network", reason="accepted"),
            make_event(76, "goods_receipt.posted", receipt, "inventory", actor="dock-3"),
            make_event(74, "goods_receipt.synced", receipt, "erp"),
            make_event(70, "invoice.received", invoice, "ap_automation", amount="46,100.00 USD"),
            make_span(10.5, "ap_automation", "match invoice", 5230, error=""),
            make_span(
                10.5, "inventory", "GET /receipts?po=4500017", 5001, error="503 Service Unavailable", after_ms=120
            ),
            make_span(10.5, "inventory", "retry 1", 38, error="503 Service Unavailable", after_ms=5150),
            make_event(8, "invoice.received", ObjectRef("invoice", "INV-902"), "ap_automation", amount="2,150.00 USD"),
        ),
    )


@dataclass
class FakeJourneys:
    journeys: dict[ObjectRef, Journey] = field(default_factory=lambda: {ORDER: make_journey()})
    headers: list[JourneyHeader] | None = None
    reached: Progress = field(default_factory=lambda: Progress(NOW - timedelta(seconds=3), 812, 48_211))
    reached_before: dict[datetime, Progress] = field(default_factory=dict)
    fault: Exception | None = None
    most: int = 1000

    def page(self, filters: Filters, *, limit: int = 50, cursor: str | None = None) -> Page[JourneyHeader]:
        found = self.headers if self.headers is not None else [journey.header for journey in self.journeys.values()]
        after = place(cursor)
        following = str(after + limit) if len(found) > after + limit else None
        return Page(tuple(found[after : after + limit]), following, len(found))

    def handoffs(self, filters: Filters, *, limit: int = 50, cursor: str | None = None) -> Page[HandoffInstance]:
        found = [handoff for journey in self.journeys.values() for handoff in journey.handoffs]
        return Page(tuple(found[:limit]), None, len(found))

    def journey(self, root: ObjectRef, as_of: datetime, model: str = "") -> Journey:
        root = self.ids(root).object
        if root not in self.journeys:
            message = f"there is no journey {root} as of {as_of:%Y-%m-%d %H:%M} UTC"
            raise NotFoundError(message)
        return self.journeys[root]

    def of_object(self, ref: ObjectRef, model: str = "") -> JourneysOfObject:
        roots = tuple(root for root, journey in self.journeys.items() if ref in journey.members)
        return JourneysOfObject(roots[: self.most], len(roots))

    def ids(self, ref: ObjectRef) -> OtherIds:
        known = [other for journey in self.journeys.values() for other in journey.other_ids]
        return next((each for each in known if ref.type == each.object.type and ref.id in each.ids), OtherIds(ref, ()))

    def progress(self, at: datetime = LATEST) -> Progress:
        if self.fault:
            raise self.fault
        return self.reached_before.get(at, self.reached)

"""A fake backend of realistic content for the console: `PYTHONPATH=tests python -m support.console_fakes [port]` shows it."""

import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from alerts.store import Alert, DeliveryReport
from collector.quarantine import QuarantinedRecord
from core.clock import ManualClock
from core.errors import MisuseError, NotFoundError
from core.filters import DIMENSIONS, Filters
from core.paging import Page
from core.registry import Facility, Integration, Registry
from core.vocabulary import ObjectRef
from correlator.journeys import Entry, HandoffInstance, Journey, JourneyHeader, Milestone, Progress
from correlator.stalls import SORTS, Cause, Stall, StallGroup, StallSummary
from slo.aging import AgingBucket
from slo.kpis import Kpi
from slo.lag import LagRow
from web.services import Services
from web.telemetry import IntegrationStatus, statuses

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
ORDER = ObjectRef("purchase_order", "4500017")

REGISTRY = Registry(
    facilities={
        "MWEST": Facility(name="Mercy West Hospital", time_zone="America/Chicago"),
        "MEAST": Facility(name="Mercy East Hospital", time_zone="America/New_York"),
        "STLUK": Facility(name="St. Luke Medical Center", time_zone="America/Denver"),
        "HARBR": Facility(name="Harbor Clinic", kind="clinic", time_zone="America/New_York"),
        "CDC01": Facility(name="Central Distribution Center", kind="warehouse", time_zone="America/Chicago"),
    },
    integrations={
        "procurement": Integration(name="Procurement SaaS", owner="Procurement systems", heartbeat=timedelta(hours=1)),
        "erp": Integration(
            name="ERP", owner="ERP integration team", tier="clinical-critical", heartbeat=timedelta(hours=1)
        ),
        "inventory": Integration(
            name="Inventory and receiving", owner="Supply chain systems", heartbeat=timedelta(hours=2)
        ),
        "ap_automation": Integration(name="AP automation", owner="AP systems", heartbeat=timedelta(hours=2)),
        "payments": Integration(name="Payments", owner="Treasury systems", heartbeat=timedelta(hours=24)),
        "reporting": Integration(name="Finance reporting", owner="Finance reporting"),
        "supplier_network": Integration(
            name="Supplier network", owner="Supplier relations", heartbeat=timedelta(hours=4)
        ),
    },
)

OUTAGE = Cause(
    "integration_failure",
    "Inventory and receiving: 503 Service Unavailable",
    TRACE,
    "integration_failure:inventory:503",
)
SILENCE = Cause("silence", "Supplier network silent since 4 Mar 02:10", None, "silence:supplier_network")
VARIANCE = Cause("exception", "Price variance on the invoice", None, "exception:price_variance")
RECEIPT = Cause("missing_prerequisite", "No goods receipt", None, "missing_prerequisite:goods_receipt")
WAITING = Cause("waiting_on", "Waiting on Treasury", None, "waiting_on:posting_to_release")

HANDOFFS = {
    "order_to_receipt": ("Purchase order → goods receipt", "purchase_order", "Receiving", OUTAGE),
    "order_to_supplier": ("Purchase order → supplier acknowledgement", "purchase_order", "Supplier relations", SILENCE),
    "invoice_to_match": ("Invoice → match", "invoice", "Accounts payable", RECEIPT),
    "exception_resolution": ("Exception → resolution", "exception", "Accounts payable", VARIANCE),
    "posting_to_release": ("Posting → payment release", "invoice", "Treasury", WAITING),
}
PREFIX = {"purchase_order": "45000", "invoice": "INV-88", "exception": "EXC-1"}
SUPPLIERS = ("Medline Industries", "Stryker Orthopaedics", "Cardinal Health", "Owens & Minor", "Boston Scientific")
DEPARTMENTS = ("Surgery", "Cardiology", "Emergency", "Facilities", "Pharmacy")
CATEGORIES = ("implants", "med_surg", "pharmacy", "facilities", "it_services")


def make_stall(handoff: str = "invoice_to_match", number: int = 17, **changes: object) -> Stall:
    """Return one stall; any field can be given."""
    title, kind, owner, cause = HANDOFFS[handoff]
    due_at = NOW - timedelta(hours=2, minutes=5)
    made = Stall(
        model="procure-to-pay",
        handoff=handoff,
        handoff_title=title,
        object=ObjectRef(kind, f"{PREFIX[kind]}{number:02d}"),
        journey=ObjectRef("purchase_order", f"45000{number:02d}"),
        journeys=1,
        facility="MWEST",
        supplier="Medline Industries",
        department="Surgery",
        spend_category="implants",
        criticality="standard",
        flow_type="three_way",
        amount=Decimal("12500.0000"),
        currency="USD",
        opened_at=due_at - timedelta(days=2),
        due_at=due_at,
        overdue_seconds=int((NOW - due_at).total_seconds()),
        owner=owner,
        cause=cause,
    )
    return replace(made, **changes)


def a_bad_day(seed: int = 7, count: int = 143) -> list[Stall]:
    """Return the stalls of one bad day at a health system."""
    rng = random.Random(seed)  # noqa: S311 - invented content, the same each time
    found = []
    for number in range(count):
        due_at = NOW - timedelta(minutes=rng.choice((40, 300, 620, 1500, 4000, 9000)) + rng.randrange(400))
        found.append(
            make_stall(
                rng.choices(tuple(HANDOFFS), weights=(50, 12, 30, 9, 14))[0],
                number,
                facility=rng.choices(tuple(REGISTRY.facilities), weights=(9, 3, 2, 1, 4))[0],
                supplier=rng.choice(SUPPLIERS),
                department=rng.choice(DEPARTMENTS),
                spend_category=rng.choice(CATEGORIES),
                criticality=rng.choices(("clinical-critical", "standard", "low"), weights=(2, 6, 2))[0],
                amount=Decimal(rng.randrange(9_000, 4_200_000)) / 100 if rng.random() > 0.03 else None,
                currency=rng.choices(("USD", "CAD"), weights=(12, 1))[0],
                due_at=due_at,
                opened_at=due_at - timedelta(days=rng.randrange(1, 6)),
                overdue_seconds=int((NOW - due_at).total_seconds()),
            )
        )
    return found


@dataclass
class FakeStalls:
    stalls: list[Stall] = field(default_factory=a_bad_day)
    open_handoffs: int = 2210

    def page(
        self, filters: Filters, *, limit: int = 50, cursor: str | None = None, sort: str = "overdue"
    ) -> Page[Stall]:
        if sort not in SORTS:
            message = f"sort must be one of {', '.join(SORTS)}, not {sort!r}"
            raise MisuseError(message)
        found = sorted(self._found(filters), key=lambda stall: _rank(stall, sort))
        after = int(cursor or 0)
        following = str(after + limit) if len(found) > after + limit else None
        return Page(tuple(found[after : after + limit]), following, len(found))

    def groups(self, filters: Filters) -> list[StallGroup]:
        sets: dict[str, list[Stall]] = {}
        for stall in self._found(filters):
            sets.setdefault(stall.cause.signature, []).append(stall)
        return sorted((_group(found) for found in sets.values()), key=lambda group: -group.count)

    def summary(self, filters: Filters) -> StallSummary:
        found = self._found(filters)
        return StallSummary(
            stalls=len(found),
            open_handoffs=self.open_handoffs,
            amounts=_amounts(found),
            facilities=len({stall.facility for stall in found}),
            oldest_due_at=min((stall.due_at for stall in found), default=None),
        )

    def choices(self, as_of: datetime) -> dict[str, list[str]]:
        values = {
            name: sorted({str(getattr(stall, name)) for stall in self.stalls}) for name in DIMENSIONS if name != "cause"
        }
        return {
            **values,
            "cause": ["silence", "integration_failure", "exception", "missing_prerequisite", "waiting_on"],
        }

    def _found(self, filters: Filters) -> list[Stall]:
        return [stall for stall in self.stalls if _matches(stall, filters)]


def _matches(stall: Stall, filters: Filters) -> bool:
    if filters.cause and not {stall.cause.code, stall.cause.signature} & set(filters.cause):
        return False
    return all(
        not getattr(filters, name) or getattr(stall, name) in getattr(filters, name)
        for name in DIMENSIONS
        if name != "cause"
    )


def _rank(stall: Stall, sort: str) -> tuple[object, ...]:
    ranks = {
        "amount": -(stall.amount or 0),
        "opened": stall.opened_at,
        "facility": stall.facility,
        "handoff": stall.handoff_title,
    }
    return (ranks.get(sort, stall.cause.signature if sort == "cause" else 0), stall.due_at, str(stall.object))


def _amounts(stalls: Iterable[Stall]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for stall in stalls:
        if stall.amount:
            sums[stall.currency] = sums.get(stall.currency, Decimal(0)) + stall.amount
    return dict(sorted(sums.items(), key=lambda item: -item[1]))


def _group(stalls: Sequence[Stall]) -> StallGroup:
    return StallGroup(
        signature=stalls[0].cause.signature,
        code=stalls[0].cause.code,
        summary=stalls[0].cause.summary,
        handoffs=tuple(sorted({stall.handoff for stall in stalls})),
        count=len(stalls),
        amounts=_amounts(stalls),
        facilities=tuple(sorted({stall.facility for stall in stalls})),
        criticalities=tuple(sorted({stall.criticality for stall in stalls})),
        since=min(stall.due_at for stall in stalls),
        owner=stalls[0].owner,
        trace_id=stalls[0].cause.trace_id,
    )


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
    fault: Exception | None = None

    def page(self, filters: Filters, *, limit: int = 50, cursor: str | None = None) -> Page[JourneyHeader]:
        found = self.headers if self.headers is not None else [journey.header for journey in self.journeys.values()]
        after = int(cursor or 0)
        following = str(after + limit) if len(found) > after + limit else None
        return Page(tuple(found[after : after + limit]), following, len(found))

    def handoffs(self, filters: Filters, *, limit: int = 50, cursor: str | None = None) -> Page[HandoffInstance]:
        found = [handoff for journey in self.journeys.values() for handoff in journey.handoffs]
        return Page(tuple(found[:limit]), None, len(found))

    def journey(self, root: ObjectRef, as_of: datetime) -> Journey:
        if root not in self.journeys:
            message = f"there is no journey {root} as of {as_of:%Y-%m-%d %H:%M} UTC"
            raise NotFoundError(message)
        return self.journeys[root]

    def of_object(self, ref: ObjectRef) -> tuple[ObjectRef, ...]:
        return tuple(root for root, journey in self.journeys.items() if ref in journey.members)

    def progress(self) -> Progress:
        if self.fault:
            raise self.fault
        return self.reached


def make_alert(**changes: object) -> Alert:
    made = Alert(
        alert_id="3f9a-1",
        rule="stalls-clinical",
        title="Clinical-critical handoffs stalled",
        state="firing",
        severity="page",
        summary="52 handoffs stalled: Inventory and receiving: 503 Service Unavailable",
        labels={"cause": OUTAGE.signature},
        count=52,
        amounts={"USD": Decimal("1204331.10")},
        facilities=("MWEST", "CDC01"),
        criticalities=("clinical-critical", "standard"),
        handoffs=("order_to_receipt",),
        since=NOW - timedelta(hours=9, minutes=50),
        pending_since=NOW - timedelta(hours=9, minutes=45),
        firing_since=NOW - timedelta(hours=9, minutes=40),
        resolved_at=None,
        owner="Receiving",
        cause_code="integration_failure",
        cause_summary=OUTAGE.summary,
        trace_id=TRACE,
        deliveries=(
            DeliveryReport(
                "n1", "webhook", "firing", "delivered", 1, NOW - timedelta(hours=9), "", NOW - timedelta(hours=9)
            ),
        ),
    )
    return replace(made, **changes)


@dataclass
class FakeAlerts:
    alerts: list[Alert] = field(
        default_factory=lambda: [
            make_alert(),
            make_alert(
                alert_id="77b0-1", state="pending", severity="ticket", title="Stalled amount above USD 250 k", count=9,
                amounts={"USD": Decimal(310_400)}, firing_since=None, cause_code="exception", cause_summary=VARIANCE.summary,
                labels={"cause": VARIANCE.signature}, trace_id=None, owner="Accounts payable", deliveries=(),
            ),
        ]
    )  # fmt: skip

    def active(self, as_of: datetime) -> tuple[Alert, ...]:
        return tuple(alert for alert in self.alerts if alert.state in {"pending", "firing"})

    def page(self, state: str | None = None, limit: int = 100, after: str | None = None) -> Page[Alert]:
        found = tuple(alert for alert in self.alerts if state in {None, alert.state})
        return Page(found[:limit], None, len(found))


@dataclass
class FakeTelemetry:
    waiting: datetime | None = None
    seen: dict[str, dict[str, object]] = field(
        default_factory=lambda: {
            key: {"last_seen": NOW - timedelta(minutes=ago), "events_day": events, "spans_day": 3 * events, "errors_day": errors}
            for key, ago, events, errors in (
                ("procurement", 3, 1240, 2), ("erp", 1, 5120, 0), ("inventory", 4, 2210, 481), ("ap_automation", 9, 1830, 11),
                ("payments", 200, 96, 0), ("supplier_network", 590, 311, 0), ("legacy_edi", 42, 57, 0),
            )
        }
    )  # fmt: skip

    def integrations(self, as_of: datetime) -> list[IntegrationStatus]:
        return statuses(REGISTRY, self.seen, as_of)

    def waiting_since(self, watermark: datetime | None) -> datetime | None:
        return self.waiting


def make_lag(facility: str, handoff: str, p50: float | None, **changes: object) -> LagRow:
    """Return a lag row whose censor-aware median is `p50` seconds (None: not identified)."""
    made = LagRow(
        keys={"facility": facility, "handoff": handoff},
        open=42,
        decided_good=180,
        decided_bad=33,
        cancelled=4,
        closed=196,
        closed_only_p50=None if p50 is None else p50 * 0.6,
        closed_only_p90=None if p50 is None else p50 * 1.4,
        censor_aware_p50=p50,
        censor_aware_p90=None,
        at_least_p50=None if p50 is not None else 345_600,
        at_least_p90=(p50 or 345_600) * 3,
    )
    return replace(made, **changes)


@dataclass
class FakeLag:
    rows: list[LagRow] = field(
        default_factory=lambda: [
            make_lag(facility, handoff, None if (place + step) % 11 == 10 else base * (1 + 0.35 * place))
            for place, facility in enumerate(sorted(REGISTRY.facilities))
            for step, (handoff, base) in enumerate(
                zip(HANDOFFS, (300_000, 52_000, 98_000, 150_000, 430_000), strict=True)
            )
        ]
    )

    def by_facility(self, filters: Filters) -> list[LagRow]:
        return self.rows


@dataclass
class FakeAging:
    found: list[AgingBucket] = field(
        default_factory=lambda: [
            AgingBucket({"facility": facility, "reason": reason}, start, end, count, {"USD": Decimal(count) * 1750})
            for facility, reason, start, end, count in (
                ("MWEST", "price_variance", 0.0, 1.0, 12), ("MWEST", "price_variance", 1.0, 3.0, 7),
                ("MEAST", "missing_receipt", 3.0, 7.0, 9), ("STLUK", "blocked_supplier", 14.0, 30.0, 3),
                ("MWEST", "missing_receipt", 30.0, None, 2),
            )
        ]
    )  # fmt: skip

    def buckets(self, filters: Filters, *, group_by: Sequence[str] = ("facility", "reason")) -> list[AgingBucket]:
        return self.found


@dataclass
class FakeKpis:
    found: list[Kpi] = field(
        default_factory=lambda: [
            Kpi("invoice_cycle_time", "Invoice cycle time, paid invoices", "Median days from receipt to payment. Of: paid invoices.", 21.75, "days", None, 1166, "Invoices not yet paid.", "APQC"),
            Kpi("invoice_cycle_time_all", "Invoice cycle time, open invoices included", "The day by which half are paid. Of: received invoices.", None, "days", 1166, 1941, "Invoices without a receipt event.", "Aalen and Johansen 1978", at_least=30.5),
            Kpi("invoices_paid_more_than_once", "Invoices paid more than once", "Invoices that two or more payments touch. Of: paid invoices.", 188, "invoices", 188, 927, "Nothing.", "OCEL 2.0"),
            Kpi("first_pass_match_rate", "Three-way match, first pass", "Invoices matched at the first try. Of: matched invoices.", 0.9241, "share", 1793, 1941, "Voided invoices.", "Medius"),
        ]
    )  # fmt: skip

    def all(self, filters: Filters) -> list[Kpi]:
        return self.found


@dataclass
class FakeQuarantine:
    records: list[QuarantinedRecord] = field(
        default_factory=lambda: [
            QuarantinedRecord(NOW - timedelta(minutes=5), "legacy_edi", "logs", "missing_event_name", "the log record names no event", "{}", "r-91"),
            QuarantinedRecord(NOW - timedelta(hours=3), "erp", "events", "invalid_time", "time: not an instant: '04.03.2026'", "{}", "r-17"),
        ]
    )  # fmt: skip

    def page(self, limit: int, after: str | None = None, integration: str | None = None) -> Page[QuarantinedRecord]:
        found = [record for record in self.records if integration in {None, record.integration}]
        return Page(tuple(found[:limit]), None, len(found))


def make_services(**changes: object) -> Services:
    """Return services of a bad day; any of them can be given."""
    made = {
        "clock": ManualClock(NOW),
        "registry": REGISTRY,
        "stalls": FakeStalls(),
        "journeys": FakeJourneys(),
        "lag": FakeLag(),
        "aging": FakeAging(),
        "kpis": FakeKpis(),
        "alerts": FakeAlerts(),
        "quarantine": FakeQuarantine(),
        "telemetry": FakeTelemetry(),
        "handoff_titles": {key: title for key, (title, *_) in HANDOFFS.items()},
    }
    return Services(**{**made, **changes})


if __name__ == "__main__":
    import uvicorn

    from web.app import console_app

    uvicorn.run(console_app(make_services()), port=int(sys.argv[1]) if len(sys.argv) > 1 else 8090, log_level="warning")

"""The invented hospital network that the console is shown with: who there is, and what is wrong."""

from datetime import UTC, datetime, timedelta

from core.registry import Facility, Integration, Registry
from core.vocabulary import ObjectRef
from correlator.causes import Cause, Evidence

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
ORDER = ObjectRef("purchase_order", "4500017")

REGISTRY = Registry(
    facilities={
        "MWEST": Facility(name="Mercy West Hospital", time_zone="America/Chicago", aliases=("mercy-west",)),
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
    (
        Evidence(
            "span", "inventory", NOW - timedelta(hours=10), trace_id=TRACE, span_id="00f067aa0ba902b7", object=ORDER
        ),
    ),
)
SILENCE = Cause(
    "silence",
    "Supplier network silent since 4 Mar 02:10",
    None,
    "silence:supplier_network",
    (Evidence("silence", "supplier_network", NOW - timedelta(hours=9, minutes=50)),),
)
VARIANCE = Cause(
    "exception",
    "Price variance on the invoice",
    None,
    "exception:price_variance",
    (Evidence("event", "ap_automation", NOW - timedelta(days=1), "exception.raised", "evt-7/7"),),
)
RECEIPT = Cause(
    "missing_prerequisite",
    "No goods receipt",
    None,
    "missing_prerequisite:goods_receipt",
    (
        Evidence("missing", event_type="goods_receipt.posted", object=ORDER),
        Evidence("event", "ap_automation", NOW - timedelta(days=2), "invoice.received", "evt-881"),
    ),
)
WAITING = Cause(
    "waiting_on",
    "Waiting on Treasury",
    None,
    "waiting_on:posting_to_release",
    (Evidence("event", "erp", NOW - timedelta(days=3), "invoice.posted", "evt-902"),),
)

HANDOFFS = {
    "order_to_receipt": ("Purchase order → goods receipt", "purchase_order", "Receiving", OUTAGE),
    "order_to_supplier": ("Purchase order → supplier acknowledgement", "purchase_order", "Supplier relations", SILENCE),
    "invoice_to_match": ("Invoice → match", "invoice", "Accounts payable", RECEIPT),
    "exception_price_variance": ("Price variance → resolved", "exception", "Strategic sourcing", VARIANCE),
    "posting_to_release": ("Posting → payment release", "invoice", "Treasury", WAITING),
}
PREFIX = {"purchase_order": "45000", "invoice": "INV-88", "exception": "EXC-1"}
SUPPLIERS = ("Medline Industries", "Stryker Orthopaedics", "Cardinal Health", "Owens & Minor", "Boston Scientific")
DEPARTMENTS = ("Surgery", "Cardiology", "Emergency", "Facilities", "Pharmacy")
CATEGORIES = ("implants", "med_surg", "pharmacy", "facilities", "it_services")

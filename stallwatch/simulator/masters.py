"""The master records of suppliers: kept in procurement, made known to the ERP and through it to the others."""

from contextlib import suppress
from datetime import datetime
from decimal import Decimal

from core.registry import Registry
from core.vocabulary import ObjectRef
from stallwatch.simulator.catalogue import CATEGORIES, RANKS, SUPPLIERS, office_of
from stallwatch.simulator.faults import Fault
from stallwatch.simulator.ledger import Ledger
from stallwatch.simulator.pace import Pace
from stallwatch.simulator.plan import NEVER, Plan
from stallwatch.simulator.records import Dimensions
from stallwatch.simulator.track import DAY, LineEndedError, Track

PROCUREMENT, ERP, AP, INVENTORY, PAYMENTS = "procurement", "erp", "ap_automation", "inventory", "payments"
LAST_STEP = "supplier_record.synced_to_ap"
LOST = 2  # records that never reach AP automation, where that fault is injected
DEACTIVATED_SHARE = 0.05


def keep_suppliers(ledger: Ledger, pace: Pace, registry: Registry, begins: datetime) -> None:
    """Change every supplier's record one to three times; some get lost on the way, and nobody says so."""
    length = ledger.horizon - begins
    lost = ledger.rng.sample(list(SUPPLIERS), LOST) if Fault.UNSYNCED_SUPPLIER in ledger.faults else []
    for supplier in SUPPLIERS:
        if supplier in lost:
            pins = {LAST_STEP: ledger.as_of + NEVER}
            plan = Plan("", begins + (ledger.as_of - begins) * ledger.rng.uniform(0.3, 0.6), calm=True, pins=pins)
            ledger.injected[Fault.UNSYNCED_SUPPLIER] += 1
            _change(_track(ledger, pace, registry, supplier, plan), supplier)
            continue
        for number in range(ledger.rng.randint(1, 3)):
            plan = Plan("", begins + length * (number + ledger.rng.random()) / 3)
            _change(_track(ledger, pace, registry, supplier, plan), supplier)


def _track(ledger: Ledger, pace: Pace, registry: Registry, supplier: str, plan: Plan) -> Track:
    facility = office_of(registry) or next(iter(registry.facilities))
    criticality = min((each.criticality for each in CATEGORIES if supplier in each.suppliers), key=RANKS.index)
    dimensions = Dimensions(facility, supplier, SUPPLIERS[supplier], "Strategic sourcing", "", criticality, "")
    return Track(ledger, pace, plan, dimensions, registry.facilities[facility], plan.starts_at, Decimal(0))


def _change(track: Track, supplier: str) -> None:
    record, shared = ObjectRef("supplier_record", supplier), (ObjectRef("supplier", supplier),)
    with suppress(LineEndedError):
        track.step(PROCUREMENT, "supplier_record.changed", record, 0, shared=shared, human=True)
        if track.chance(DEACTIVATED_SHARE):
            after = track.lag("supplier_to_erp") / 2
            track.step(PROCUREMENT, "supplier_record.deactivated", record, after, shared=shared, human=True)
            track.wait(DAY)
            track.step(PROCUREMENT, "supplier_record.changed", record, DAY, shared=shared, human=True)
        track.step(ERP, "supplier_record.synced", record, track.lag("supplier_to_erp"), shared=shared)
        for number, integration in enumerate((INVENTORY, PAYMENTS), start=1):
            line, step = track.fork(), f"supplier_record.synced_to_{integration}"
            line.wait(number)  # so that no two of them share an instant
            with suppress(LineEndedError):
                line.step(integration, step, record, line.lag(f"supplier_to_{integration}"), shared=shared)
        track.step(AP, LAST_STEP, record, track.lag("supplier_to_ap"), shared=shared)

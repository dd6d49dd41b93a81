"""What the invented health system buys, from whom, for which department and at what price (USD)."""

from dataclasses import dataclass
from random import Random

from core.registry import Registry
from stallwatch.simulator.records import Dimensions

FLOWS: dict[str, int] = {  # share of journeys, in percent
    "three_way": 38,
    "two_way": 14,
    "receipt_based": 11,
    "consignment": 6,
    "evaluated_receipt": 6,
    "bill_only": 9,
    "blanket": 4,
    "non_po": 12,
}
RANKS = ("clinical-critical", "standard", "low")


@dataclass(frozen=True)
class Category:
    """A spend category: who orders it, how critical it is, from which suppliers, and the price range of an order."""

    name: str
    department: str
    criticality: str
    suppliers: tuple[str, ...]
    prices: tuple[int, int]
    flows: tuple[str, ...]


SUPPLIERS: dict[str, str] = {
    "V-101": "Meridian Orthopaedics",
    "V-102": "Caldera Cardiac Devices",
    "V-103": "Northfield Surgical Supply",
    "V-104": "Truepoint Sutures",
    "V-105": "Vantage Infusion Systems",
    "V-106": "Lumen Imaging",
    "V-107": "Bluegrain Pharmaceuticals",
    "V-108": "Arbor Blood Services",
    "V-109": "Keystone Laboratory Reagents",
    "V-110": "Harrow Medical Gases",
    "V-111": "Pinnacle Linen Services",
    "V-112": "Goldfinch Foods",
    "V-113": "Cobalt Office Works",
    "V-114": "Ridgeway Facilities",
    "V-115": "Sable Biomedical Repair",
    "V-116": "Tern Staffing Partners",
    "V-117": "Quarry Information Technology",
    "V-118": "Wren Protective Wear",
    "V-119": "Osprey Dialysis Products",
    "V-120": "Juniper Wound Care",
}

GOODS = ("three_way", "receipt_based")
CATEGORIES: tuple[Category, ...] = (
    Category(
        "Orthopaedic implants",
        "Orthopaedics",
        "clinical-critical",
        ("V-101",),
        (4_800, 38_000),
        ("bill_only", "consignment"),
    ),
    Category(
        "Cardiac implants",
        "Cardiology",
        "clinical-critical",
        ("V-102",),
        (6_500, 62_000),
        ("bill_only", "consignment", *GOODS),
    ),
    Category(
        "Surgical supplies",
        "Operating rooms",
        "clinical-critical",
        ("V-103", "V-104"),
        (300, 9_000),
        (*GOODS, "consignment"),
    ),
    Category(
        "Infusion and IV", "Nursing", "clinical-critical", ("V-105",), (250, 6_500), (*GOODS, "evaluated_receipt")
    ),
    Category(
        "Pharmaceuticals", "Pharmacy", "clinical-critical", ("V-107",), (900, 48_000), (*GOODS, "evaluated_receipt")
    ),
    Category(
        "Blood products", "Transfusion medicine", "clinical-critical", ("V-108",), (1_200, 14_000), ("two_way", *GOODS)
    ),
    Category(
        "Dialysis consumables",
        "Nephrology",
        "clinical-critical",
        ("V-119",),
        (400, 7_500),
        (*GOODS, "evaluated_receipt"),
    ),
    Category("Laboratory reagents", "Laboratory", "standard", ("V-109",), (350, 12_000), (*GOODS, "evaluated_receipt")),
    Category(
        "Medical gases", "Respiratory care", "standard", ("V-110",), (600, 5_200), ("blanket", "evaluated_receipt")
    ),
    Category("Wound care", "Nursing", "standard", ("V-120", "V-103"), (120, 3_600), (*GOODS, "consignment")),
    Category("Protective wear", "Infection prevention", "standard", ("V-118",), (90, 8_800), GOODS),
    Category("Imaging supplies", "Radiology", "standard", ("V-106",), (800, 22_000), (*GOODS, "two_way")),
    Category("Biomedical repair", "Clinical engineering", "standard", ("V-115",), (250, 16_000), ("two_way", "non_po")),
    Category(
        "Agency staffing", "Human resources", "standard", ("V-116",), (2_400, 36_000), ("two_way", "blanket", "non_po")
    ),
    Category(
        "Information technology",
        "Information services",
        "standard",
        ("V-117",),
        (150, 54_000),
        ("two_way", "blanket", "three_way"),
    ),
    Category("Linen and laundry", "Environmental services", "low", ("V-111",), (400, 6_000), ("blanket", "two_way")),
    Category(
        "Food and nutrition",
        "Nutrition services",
        "low",
        ("V-112",),
        (180, 4_400),
        ("blanket", "receipt_based", "two_way"),
    ),
    Category("Office supplies", "Administration", "low", ("V-113",), (35, 1_900), ("two_way", "three_way", "non_po")),
    Category("Utilities and facilities", "Plant operations", "low", ("V-114",), (500, 28_000), ("non_po", "two_way")),
)


def office_of(registry: Registry) -> str:
    """Name the office that works for every place; "" where there is none."""
    return next((key for key, facility in registry.facilities.items() if facility.kind == "office"), "")


def choose(flow: str, registry: Registry, rng: Random, *, critical: bool = False) -> tuple[Dimensions, float]:
    """Choose what is bought in that flow, where and from whom; and the worth of one order in USD.

    `critical` asks for a clinical-critical category, if the flow has one.
    """
    fitting = [category for category in CATEGORIES if flow in category.flows]
    pressing = [category for category in fitting if category.criticality == "clinical-critical"]
    category = rng.choice(pressing if critical and pressing else fitting)
    places = [key for key, facility in registry.facilities.items() if facility.kind != "office"]
    weights = [3 if registry.facilities[key].kind == "hospital" else 1 for key in places]
    supplier = rng.choice(category.suppliers)
    low, high = category.prices
    dimensions = Dimensions(
        facility=rng.choices(places, weights)[0],
        supplier_id=supplier,
        supplier=SUPPLIERS[supplier],
        department=category.department,
        spend_category=category.name,
        criticality=category.criticality,
        flow_type=flow,
    )
    return dimensions, low * (high / low) ** rng.betavariate(1.6, 2.4)

"""A family of the invented network, and a fake of the port that answers for families."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from support.console_network import NOW, ORDER

from core.errors import NotFoundError
from core.vocabulary import ObjectRef
from correlator.families import Family, Relative, SharedObject

RUN = ObjectRef("payment", "RUN-2026-03-02")


def make_family() -> Family:
    others = tuple(ObjectRef("purchase_order", f"45000{number}") for number in range(18, 68))
    relatives = tuple(
        Relative(
            other,
            1 if place < 40 else 2,
            "MEAST",
            "Medline Industries",
            Decimal(1250 + place),
            "USD",
            NOW - timedelta(days=9),
        )
        for place, other in enumerate(others)
    )
    shared = (SharedObject(RUN, 2140, others[:10]), SharedObject(ObjectRef("invoice", "INV-902"), 1, others[:1]))
    return Family(
        ORDER,
        2141,
        True,
        {"CAD": Decimal(9_100), "USD": Decimal(8_250_000)},
        ("MEAST", "MWEST", "STLUK"),
        shared,
        relatives,
        "procure-to-pay",
    )


@dataclass
class FakeFamilies:
    families: dict[ObjectRef, Family] = field(default_factory=lambda: {ORDER: make_family()})

    def shared(self, root: ObjectRef, as_of: datetime, model: str) -> tuple[SharedObject, ...]:
        return self.families[root].shared if root in self.families else ()

    def family(self, root: ObjectRef, as_of: datetime, model: str = "") -> Family:
        if root not in self.families:
            message = f"there is no journey {root} as of {as_of:%Y-%m-%d %H:%M} UTC"
            raise NotFoundError(message)
        return self.families[root]

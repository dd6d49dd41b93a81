"""Data-quality findings of the invented network, as a fake of their port."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from support.console_network import NOW, ORDER

from core.filters import Filters
from core.vocabulary import ObjectRef
from correlator.findings import KINDS, Example, Finding


def make_finding(kind: str, integration: str, found: int, checked: int, summary: str, *notes: str) -> Finding:
    """Return a finding with an example for each note."""
    examples = tuple(
        Example(
            kind,
            integration,
            NOW - timedelta(days=place + 1),
            f"{integration}-{place}",
            "too_old" if kind == "refused_time" else "goods_receipt.posted",
            None if kind == "refused_time" else ORDER if place == 0 else ObjectRef("goods_receipt", f"GR-900{place}"),
            note,
        )
        for place, note in enumerate(notes)
    )
    known = KINDS[kind]
    figures = {"order_now": 412.0} if known.suspected else {}
    return Finding(kind, known.title, integration, known.suspected, found, checked, summary, figures, examples)


@dataclass
class FakeFindings:
    found: list[Finding] = field(
        default_factory=lambda: [
            make_finding(
                "impossible_order", "inventory", 412, 5020, "412 of 5,020",
                "before purchase_order.created of 2026-03-03 09:12 UTC from procurement",
                "before purchase_order.acknowledged of 2026-03-02 15:40 UTC from supplier_network",
            ),
            make_finding(
                "day_month_swap", "inventory", 1840, 5020,
                "1,240 fall on a weekend as told and would not if exchanged, 31 the other way; 412 are out of order as "
                "told and would not if exchanged, 2 the other way",
                "else 2026-03-02",
            ),
            make_finding("refused_time", "erp", 12, 0, "12", "1948-01-26T23:59:00Z"),
            make_finding("unknown_facility", "payments", 9, 640, "1 unknown names in 9 of 640 events that name one", "MWST"),
        ]
    )  # fmt: skip

    def all(self, filters: Filters, window: str = "30d", *, kinds: Iterable[str] = ()) -> list[Finding]:
        return self.found

    def examples(self, filters: Filters, window: str = "30d") -> list[Example]:
        return [example for finding in self.found for example in finding.examples]

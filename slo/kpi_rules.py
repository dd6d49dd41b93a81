"""What KPIs go by beyond the facts: who is a system, what is no intervention, which handoffs lie between systems."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import translate
from typing import Any

from core.settings import SYSTEM_ACTORS
from correlator.conditions import own
from correlator.model import HandoffDefinition, JourneyModel

# Medius leaves due-date markers and the recording of receipts out of touches.
UNTOUCHING = (
    *(
        "invoice.received",
        "invoice.self_billed",
        "invoice.due_date_set",
        "invoice.due_date_changed",
        "invoice.fell_due",
    ),
    *("goods_receipt.posted", "goods_receipt.reversed", "goods_receipt.synced", "goods_receipt.synced_to_ap"),
)
# In these flows the order follows the use (implants are billed only), or there is none: neither is maverick.
ORDERED_AFTER_USE = ("bill_only", "consignment", "non_po")
# Legal forms at the end of a supplier's name, of the countries whose suppliers a health system of this kind has.
COMPANY_FORMS = (
    r"( (inc|incorporated|corp|corporation|co|company|llc|llp|lp|ltd|limited|plc|gmbh|ag|kg|sa|sas|bv|nv|ab|oy|as"
    r"|srl|spa|pty))+$"
)
# Documents that a system takes over from another, where the event is not called `.synced…` or `.reflected`.
TAKEN_OVER = frozenset({"invoice.posted", "credit_memo.posted"})


@dataclass(frozen=True)
class KpiRules:
    """What the queries of KPIs bind.

    `system_actors`: shell patterns, without regard to case. `syncs`: handoffs between systems (model, handoff, who is
    awaited). `approvals`: handoffs that end with an approval (model, handoff).
    """

    system_actors: tuple[str, ...] = SYSTEM_ACTORS
    syncs: tuple[tuple[str, str, str], ...] = ()
    approvals: tuple[tuple[str, str], ...] = ()
    purchase_days: int = 90  # a quarter, over which days payable outstanding is usually told
    quality_days: int = 30  # as long as arrivals are kept

    @classmethod
    def of(cls, models: Iterable[JourneyModel], system_actors: Iterable[str] = SYSTEM_ACTORS) -> "KpiRules":
        """Return the rules for these models."""
        handoffs = [(model.model, key, handoff) for model in models for key, handoff in model.handoffs.items()]
        return cls(
            system_actors=tuple(system_actors),
            syncs=tuple((model, key, each.awaits) for model, key, each in handoffs if is_sync(each)),
            approvals=tuple((model, key) for model, key, each in handoffs if is_approval(each)),
        )

    def parameters(self, key: str) -> dict[str, Any]:
        """Return the values that the query of a KPI binds."""
        promises = [(model, handoff) for model, handoff, _ in self.syncs] if key == "sync_latency" else self.approvals
        return {
            "system_actors": one_of(self.system_actors),
            "untouching": list(UNTOUCHING),
            "ordered_after_use": list(ORDERED_AFTER_USE),
            "company_forms": COMPANY_FORMS,
            "purchase_days": self.purchase_days,
            "quality_days": self.quality_days,
            "promises": list(promises),
            "partners": [awaited for _, _, awaited in self.syncs],
        }


def is_sync(handoff: HandoffDefinition) -> bool:
    """Whether the handoff ends when another system has the document."""
    stops = tuple(own(handoff.stop))
    return bool(handoff.awaits and stops) and all(each in TAKEN_OVER or _is_taken_over(each) for each in stops)


def is_approval(handoff: HandoffDefinition) -> bool:
    """Whether the handoff ends with an approval."""
    return any(each.endswith(".approved") for each in own(handoff.stop))


def _is_taken_over(event: str) -> bool:
    verb = event.partition(".")[2]
    return verb.startswith("synced") or verb == "reflected"


def one_of(patterns: Iterable[str]) -> str:
    """Return a regular expression (RE2) that matches what any of the shell patterns does."""
    return "^(?i:" + "|".join(_regexes(patterns)) + ")$"


def _regexes(patterns: Iterable[str]) -> Iterator[str]:
    for pattern in patterns:
        # fnmatch writes for Python: (?s:…)\Z
        yield re.sub(r"^\(\?s:(.*)\)\\Z$", r"\1", translate(pattern))

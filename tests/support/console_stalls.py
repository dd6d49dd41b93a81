"""Stalls of one bad day, and a fake of the port that answers for them."""

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from support.console_network import (
    CATEGORIES,
    DEPARTMENTS,
    HANDOFFS,
    NOW,
    PREFIX,
    REGISTRY,
    SUPPLIERS,
)

from core.errors import MisuseError
from core.filters import DIMENSIONS, Filters
from core.paging import Page, place
from core.vocabulary import ObjectRef
from correlator.stalls import SORTS, Stall, StallGroup, StallSummary


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
    kept_at: datetime | None = None
    asked: list[datetime] = field(default_factory=list)

    def as_of(self, asked: Filters) -> datetime:
        return self.kept_at or asked.as_of

    def page(
        self, filters: Filters, *, limit: int = 50, cursor: str | None = None, sort: str = "overdue"
    ) -> Page[Stall]:
        if sort not in SORTS:
            message = f"sort must be one of {', '.join(SORTS)}, not {sort!r}"
            raise MisuseError(message)
        found = sorted(self._found(filters), key=lambda stall: _rank(stall, sort))
        after = place(cursor)
        following = str(after + limit) if len(found) > after + limit else None
        return Page(tuple(found[after : after + limit]), following, len(found))

    def of_journey(self, root: ObjectRef, as_of: datetime, model: str = "") -> tuple[Stall, ...]:
        return tuple(
            stall for stall in self._found(Filters(as_of)) if stall.journey == root and model in {"", stall.model}
        )

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

    def choices(self, asked: Filters) -> dict[str, list[str]]:
        values = {
            name: sorted({str(getattr(stall, name)) for stall in self.stalls}) for name in DIMENSIONS if name != "cause"
        }
        return {
            **values,
            "cause": ["silence", "integration_failure", "exception", "missing_prerequisite", "waiting_on"],
        }

    def held(self, dimension: str, asked: Collection[str]) -> set[str]:
        return {str(getattr(stall, dimension)) for stall in self.stalls if hasattr(stall, dimension)} & set(asked)

    def _found(self, filters: Filters) -> list[Stall]:
        self.asked.append(filters.as_of)
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
        journeys=len({stall.journey for stall in stalls}),
        evidence=stalls[0].cause.evidence,
    )

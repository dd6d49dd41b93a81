"""What is stalled as of an instant, and why: single stalls, groups by cause, and their sum."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.clickhouse import Database
from core.errors import MisuseError
from core.filters import Filters
from core.paging import Page, page_of
from core.sql import sql
from core.vocabulary import ObjectRef
from correlator.causes import CAUSES, Cause, CauseCode, Evidence, evidence_of
from correlator.conditions import LinkedEvent, linked
from correlator.model import HandoffDefinition, JourneyModel
from correlator.prerequisites import documents_of_needs, tellers, undoers
from correlator.reasoning import reasoned

SORTS = ("overdue", "amount", "opened", "facility", "handoff", "cause")
EVERY_JOURNEY = {"root_model": "", "root_type": "", "root_id": ""}
MOST_OF_A_JOURNEY = 500  # a page, not an export: a payment run's journey may be stalled in thousands of invoices


@dataclass(frozen=True)
class Stall:
    """An open handoff instance past its due time. `journeys` counts the journeys that its object belongs to."""

    model: str
    handoff: str
    handoff_title: str
    object: ObjectRef
    journey: ObjectRef
    journeys: int
    facility: str
    supplier: str
    department: str
    spend_category: str
    criticality: str
    flow_type: str
    amount: Decimal | None
    currency: str
    opened_at: datetime
    due_at: datetime
    overdue_seconds: int
    owner: str
    cause: Cause


@dataclass(frozen=True)
class StallGroup:
    """All stalls of one cause: the blast radius. `since` is the oldest due time; `amounts` is by currency.

    `journeys` counts the journeys that what is stalled belongs to; `evidence` is that of the longest overdue.
    """

    signature: str
    code: CauseCode
    summary: str
    handoffs: tuple[str, ...]
    count: int
    amounts: dict[str, Decimal]
    facilities: tuple[str, ...]
    criticalities: tuple[str, ...]
    since: datetime
    owner: str
    trace_id: str | None
    journeys: int = 0
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class StallSummary:
    """How much is stalled, and how many handoffs are open in all."""

    stalls: int
    open_handoffs: int
    amounts: dict[str, Decimal]
    facilities: int
    oldest_due_at: datetime | None


class Stalls:
    """Answers for every `as_of`, over the handoffs of the given models."""

    def __init__(self, database: Database, models: Iterable[JourneyModel]) -> None:
        """`models` give titles, owners, awaited integrations and prerequisites."""
        self._database, models = database, tuple(models)
        self._titles = {key: handoff.title for model in models for key, handoff in model.handoffs.items()}
        needs = [need for model in models for handoff in model.handoffs.values() for need in handoff.needs]
        steps = {each for model in models for need in needs for each in (need.event, *undoers(model, need))}
        self._bound: dict[str, Any] = {
            "definitions": [
                _definition(model, key, handoff) for model in models for key, handoff in model.handoffs.items()
            ],
            "hanging": sorted(
                {
                    (model.model, handoff.on, need.on)
                    for model in models
                    for handoff in model.handoffs.values()
                    for need in handoff.needs
                }
            ),
            "document_pairs": sorted((model.model, *pair) for model in models for pair in documents_of_needs(model)),
            "needed": _needed(models),
            "steps": sorted(steps),
            "linked_starts": sorted(
                {each.event for model in models for handoff in model.handoffs.values() for each in _elsewhere(handoff)}
            ),
            "of_exceptions": [
                (model.model, key)
                for model in models
                for key, handoff in model.handoffs.items()
                if handoff.on == "exception"
            ],
            **EVERY_JOURNEY,
        }

    def page(
        self, filters: Filters, *, limit: int = 50, cursor: str | None = None, sort: str = "overdue"
    ) -> Page[Stall]:
        """Return stalls in order of `sort` (one of SORTS, worst first). Raises MisuseError for a bad sort or cursor."""
        if sort not in SORTS:
            message = f"sort must be one of {', '.join(SORTS)}, not {sort!r}"
            raise MisuseError(message)

        def ask(after: int, most: int) -> list[dict[str, Any]]:
            return self._page(filters, {"sort": sort, "after": after, "limit": most})

        return page_of(ask, _stall, cursor, limit)

    def of_journey(self, root: ObjectRef, as_of: datetime, model: str = "") -> tuple[Stall, ...]:
        """Return what is stalled in the journey of a root, of one model or of all, the longest overdue first.

        At most MOST_OF_A_JOURNEY.
        """
        named = {"root_type": root.type, "root_id": root.id, "root_model": model}
        limits = {"sort": "overdue", "after": 0, "limit": MOST_OF_A_JOURNEY}
        return tuple(_stall(row) for row in self._page(Filters(as_of), limits | named))

    def _page(self, filters: Filters, values: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the rows of a page; only they are reasoned about, unless causes choose or order them."""

        def read(database: Database) -> list[dict[str, Any]] | None:
            def ask(name: str, **more: Any) -> list[dict[str, Any]]:
                bound = {**filters.parameters(), **self._bound, **values, **more}
                return database.rows(sql("correlator", name), **bound)

            return reasoned(ask("stall_page_first"), self._bound["definitions"], ask)

        by_cause = filters.cause or values["sort"] == "cause"
        found = None if by_cause else self._database.together(read)
        return self._rows("stall_page", filters, **values) if found is None else found

    def groups(self, filters: Filters) -> list[StallGroup]:
        """Return the causes, the one that stalls most first."""
        return [_group(row) for row in self._rows("stall_groups", filters)]

    def summary(self, filters: Filters) -> StallSummary:
        """Return how much is stalled and open."""
        row = self._rows("stall_summary" if filters.cause else "stall_summary_of_all", filters)[0]
        amounts = _amounts(row["amounts"])
        return StallSummary(row["stalled"], row["open_handoffs"], amounts, row["facilities"], row["oldest_due_at"])

    def choices(self, as_of: datetime) -> dict[str, list[str]]:
        """Return the values that each filter can take; empty lists where nothing is known yet."""
        row = self._database.rows(sql("correlator", "handoff_choices"), as_of=as_of)[0]
        return {**row, "handoff": list(self._titles), "cause": list(CAUSES)}

    def _rows(self, name: str, filters: Filters, **values: Any) -> list[dict[str, Any]]:
        return self._database.rows(sql("correlator", name), **{**filters.parameters(), **self._bound, **values})


def _definition(model: JourneyModel, key: str, handoff: HandoffDefinition) -> tuple[Any, ...]:
    needs = [
        (need.event, need.on, list(need.flow_types), need.summary, tellers(model, need), undoers(model, need))
        for need in handoff.needs
    ]
    return model.model, key, handoff.title, handoff.owner, handoff.awaits, bool(_elsewhere(handoff)), needs


def _needed(models: Iterable[JourneyModel]) -> list[tuple[str, str, str, list[str]]]:
    """Return each need of some handoff once, as (model, event type, on what, what undoes it)."""
    needed = {
        (model.model, need.event, need.on): undoers(model, need)
        for model in models
        for handoff in model.handoffs.values()
        for need in handoff.needs
    }
    return [(*key, undone_by) for key, undone_by in sorted(needed.items())]


def _elsewhere(handoff: HandoffDefinition) -> tuple[LinkedEvent, ...]:
    """Return the starts that are events of linked objects."""
    return (*linked(handoff.start), *linked(handoff.reopen_on))


def _amounts(by_currency: dict[str, Decimal]) -> dict[str, Decimal]:
    return {currency: amount for currency, amount in sorted(by_currency.items()) if amount}


def _stall(row: dict[str, Any]) -> Stall:
    return Stall(
        model=row["model"],
        handoff=row["handoff"],
        handoff_title=row["title"],
        object=ObjectRef(row["object_type"], row["object_id"]),
        journey=ObjectRef(row["journey_type"], row["journey_id"]),
        journeys=row["journeys"],
        facility=row["facility"],
        supplier=row["supplier"],
        department=row["department"],
        spend_category=row["spend_category"],
        criticality=row["criticality"],
        flow_type=row["flow_type"],
        amount=row["amount"],
        currency=row["currency"],
        opened_at=row["opened_at"],
        due_at=row["due_at"],
        overdue_seconds=row["overdue_seconds"],
        owner=row["owner"],
        cause=Cause(
            row["cause"],
            row["cause_summary"],
            row["trace_id"] or None,
            row["signature"],
            evidence_of(row["evidence"]),
        ),
    )


def _group(row: dict[str, Any]) -> StallGroup:
    return StallGroup(
        signature=row["signature"],
        code=row["cause"],
        summary=row["summary"],
        handoffs=tuple(sorted(row["handoffs"])),
        count=row["stalled"],
        amounts=_amounts(row["amounts"]),
        facilities=tuple(sorted(filter(None, row["facilities"]))),
        criticalities=tuple(sorted(filter(None, row["criticalities"]))),
        since=row["since"],
        owner=row["owner"],
        trace_id=row["trace_id"] or None,
        journeys=row["touched"],
        evidence=evidence_of(row["evidence"]),
    )

"""What is stalled as of an instant, and why: single stalls, groups by cause, and their sum."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any, TypeVar

from core.clickhouse import Database, Steps
from core.errors import MisuseError
from core.filters import Filters
from core.paging import Page, page_of
from core.sql import sql
from core.vocabulary import ObjectRef
from correlator.causes import CAUSES, Cause, CauseCode, Evidence, evidence_of
from correlator.conditions import LinkedEvent, linked
from correlator.model import HandoffDefinition, JourneyModel
from correlator.open_handoffs import Asks, read_open
from correlator.prerequisites import documents_of_needs, tellers, undoers
from correlator.reasoning import ask, divide, fill, reason, take

SORTS = ("overdue", "amount", "opened", "facility", "handoff", "cause")
EVERY_JOURNEY = {"root_model": "", "root_type": "", "root_id": ""}
Found = TypeVar("Found")
REASONED = {"stalls": "stalled_judged"}
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
            "models": [model.model for model in models],
            **EVERY_JOURNEY,
        }

    def page(
        self, filters: Filters, *, limit: int = 50, cursor: str | None = None, sort: str = "overdue"
    ) -> Page[Stall]:
        """Return stalls in order of `sort` (one of SORTS, worst first). Raises MisuseError for a bad sort or cursor."""
        check_sort(sort)

        def ask(after: int, most: int) -> list[dict[str, Any]]:
            return self._page(filters, {"sort": sort, "after": after, "limit": most})

        return page_of(ask, stall_of, cursor, limit)

    def of_journey(self, root: ObjectRef, as_of: datetime, model: str = "") -> tuple[Stall, ...]:
        """Return what is stalled in the journey of a root, of one model or of all, the longest overdue first.

        At most MOST_OF_A_JOURNEY.
        """
        named = {"root_type": root.type, "root_id": root.id, "root_model": model}
        limits = {"sort": "overdue", "after": 0, "limit": MOST_OF_A_JOURNEY}
        return tuple(stall_of(row) for row in self._page(Filters(as_of), limits | named))

    def _page(self, filters: Filters, values: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the rows of a page; only they are reasoned about, unless causes choose or order them."""
        by_cause = filters.cause or values["sort"] == "cause"

        def read(steps: Steps, bound: dict[str, Any]) -> list[dict[str, Any]]:
            take(steps, "stalled_now", bound, by="" if by_cause else "stalled_page")
            if not _found(steps)["stalled"]:
                return []
            reason(steps, bound)
            return ask(steps, "stall_page_by_cause" if by_cause else "stall_page", bound)

        return self._in_steps(filters, read, **values)

    def groups(self, filters: Filters) -> list[StallGroup]:
        """Return the causes, the one that stalls most first."""

        def read(steps: Steps, bound: dict[str, Any]) -> list[StallGroup]:
            return grouped(steps, bound | REASONED, "stalls_reasoned") if self._reasoned(steps, bound) else []

        return self._in_steps(filters, read)

    def summary(self, filters: Filters) -> StallSummary:
        """Return how much is stalled and open."""

        def read(steps: Steps, bound: dict[str, Any]) -> StallSummary:
            take(steps, "stalled_now", bound)
            if filters.cause:
                reason(steps, bound)
            divide(steps, bound, shared=_found(steps)["shared"])
            chosen = bound | {"stalls": "stalled_judged" if filters.cause else "stalled_now", "of_causes": False}
            return summed(ask(steps, "stall_summary", chosen)[0], at_risk(steps, chosen, "stalls_reasoned")[""])

        return self._in_steps(filters, read)

    def keep(self, as_of: datetime) -> str:
        """Keep what is stalled at an instant, and how much is open, in the store; return the name of that reckoning."""

        def read(steps: Steps, bound: dict[str, Any]) -> str:
            reckoning = {"reckoning": secrets.token_hex(8)}  # another each time: what is open may have to be read again
            if self._reasoned(steps, bound):
                fill(steps, "keep_stalls", bound | reckoning | REASONED)
            fill(steps, "keep_open_counts", bound | reckoning)
            return reckoning["reckoning"]

        return self._in_steps(Filters(as_of), read)

    def _reasoned(self, steps: Steps, bound: dict[str, Any]) -> bool:
        """Reason about all that is stalled, and divide what journeys share; return whether anything is."""
        take(steps, "stalled_now", bound)
        found = _found(steps)
        if found["stalled"]:
            reason(steps, bound)
            divide(steps, bound, shared=found["shared"])
        return bool(found["stalled"])

    def choices(self, as_of: datetime) -> dict[str, list[str]]:
        """Return the values that each filter can take; empty lists where nothing is known yet."""
        row = self._database.rows(sql("correlator", "handoff_choices"), as_of=as_of)[0]
        return {**row, "handoff": list(self._titles), "cause": list(CAUSES)}

    def _in_steps(self, filters: Filters, read: Callable[[Steps, dict[str, Any]], Found], **values: Any) -> Found:
        """Return what `read` finds in steps over one derivation, given what statements bind."""
        bound = {**filters.parameters(), **self._bound, **values}

        def whole(database: Database) -> Found:
            with database.in_steps() as steps:
                return read_open(
                    steps, bound["models"], filters.as_of, lambda handoffs: read(steps, bound | {"handoffs": handoffs})
                )

        return self._database.together(whole)


def check_sort(sort: str) -> None:
    """Raise MisuseError for an order that there is not."""
    if sort not in SORTS:
        message = f"sort must be one of {', '.join(SORTS)}, not {sort!r}"
        raise MisuseError(message)


def _found(steps: Steps) -> dict[str, int]:
    return ask(steps, "stalled_any", {})[0]


def grouped(asked: Asks, bound: dict[str, Any], source: str) -> list[StallGroup]:
    """Return what is stalled by cause, out of `source`: stalls_reasoned or stalls_kept."""
    amounts = at_risk(asked, bound | {"of_causes": True}, source)
    return [_group(row, amounts[row["signature"]]) for row in ask(asked, "stall_groups", bound, source)]


def at_risk(asked: Asks, bound: dict[str, Any], source: str) -> dict[str, dict[str, Decimal]]:
    """Return the amounts at risk, by signature and currency, out of `source`."""
    amounts = defaultdict[str, dict[str, Decimal]](dict)
    for row in sorted(ask(asked, "stall_money", bound, source), key=itemgetter("currency")):
        if row["at_risk"]:
            amounts[row["signature"]][row["currency"]] = row["at_risk"]
    return amounts


def summed(row: dict[str, Any], amounts: dict[str, Decimal]) -> StallSummary:
    """Return the sum that a row tells."""
    return StallSummary(row["stalled"], row["open_handoffs"], amounts, row["facilities"], row["oldest_due_at"])


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


def stall_of(row: dict[str, Any]) -> Stall:
    """Return the stall that a row tells."""
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


def _group(row: dict[str, Any], amounts: dict[str, Decimal]) -> StallGroup:
    return StallGroup(
        signature=row["signature"],
        code=row["cause"],
        summary=row["summary"],
        handoffs=tuple(sorted(row["handoffs"])),
        count=row["stalled"],
        amounts=amounts,
        facilities=tuple(sorted(filter(None, row["facilities"]))),
        criticalities=tuple(sorted(filter(None, row["criticalities"]))),
        since=row["since"],
        owner=row["owner"],
        trace_id=row["trace_id"] or None,
        journeys=row["touched"],
        evidence=evidence_of(row["evidence"]),
    )

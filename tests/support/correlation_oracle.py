"""An independent, plain-Python reading of what journeys and handoffs are, to hold the correlator's SQL against.

Written from the definitions (docs/architecture.md), object by object and event by event, without sets or joins.
"""

from collections.abc import Iterable
from datetime import datetime

from correlator.model import JourneyModel
from support.facts import Fact, Ref

Cycle = tuple[str, str, str, int, datetime, datetime | None, datetime | None]


def memberships(model: JourneyModel, facts: Iterable[Fact]) -> set[tuple[Ref, Ref]]:
    """Return (root, member) pairs: climb from every object to the objects that have no parent."""
    facts = list(facts)
    objects = {touched for item in facts for touched in item.objects if touched[0] in model.objects}

    def parents(child: Ref) -> set[Ref]:
        together = {other for item in facts if child in item.objects for other in item.objects if other != child}
        return {other for other in together if other[0] in model.objects[child[0]].attaches_via}

    def roots(child: Ref) -> set[Ref]:
        above = parents(child)
        return {root for parent in above for root in roots(parent)} if above else {child}

    return {(root, member) for member in objects for root in roots(member)}


def cycles(model: JourneyModel, facts: Iterable[Fact]) -> set[Cycle]:
    """Return every handoff instance by walking each object's events in order with a two-state machine."""
    facts = list({item.event_id: item for item in facts}.values())
    objects = {touched for item in facts for touched in item.objects if touched[0] in model.objects}
    found: set[Cycle] = set()
    for key, handoff in model.handoffs.items():
        for kind, identifier in objects:
            if kind != handoff.on:
                continue
            mine = [item for item in facts if (kind, identifier) in item.objects]
            ranked = []
            for item in mine:
                for rank, events in enumerate((handoff.start, handoff.stop, handoff.cancel)):
                    if item.type in events:
                        ranked.append((item.occurred_at, rank, item.event_id))
            number, opened = 0, None
            for at, rank, _ in sorted(ranked):
                if rank == 0 and opened is None:
                    number, opened = number + 1, at
                elif rank > 0 and opened is not None:
                    ended = (at, None) if rank == 1 else (None, at)
                    found.add((key, kind, identifier, number, opened, *ended))
                    opened = None
            if opened is not None:
                found.add((key, kind, identifier, number, opened, None, None))
    return found

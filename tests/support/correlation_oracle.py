"""An independent, plain-Python reading of what journeys and handoffs are, to hold the correlator's SQL against.

Written from the definitions (docs/architecture.md), object by object and event by event, without sets or joins.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from support.facts import Fact, Ref

from correlator.model import JourneyModel

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
    return {
        (key, *subject, *cycle)
        for key, handoff in model.handoffs.items()
        for subject in objects
        if subject[0] == handoff.on
        for cycle in _walk(_ranked((handoff.start, handoff.stop, handoff.cancel), subject, facts))
    }


def _ranked(roles: tuple[tuple[str, ...], ...], subject: Ref, facts: list[Fact]) -> list[tuple[datetime, int, str]]:
    touching = [item for item in facts if subject in item.objects]
    return sorted(
        (item.occurred_at, rank, item.event_id)
        for item in touching
        for rank, types in enumerate(roles)
        if item.type in types
    )


def _walk(signals: list[tuple[datetime, int, str]]) -> Iterator[tuple[int, datetime, datetime | None, datetime | None]]:
    number, opened = 0, None
    for at, rank, _ in signals:
        if rank == 0 and opened is None:
            number, opened = number + 1, at
        elif rank > 0 and opened is not None:
            yield (number, opened, at, None) if rank == 1 else (number, opened, None, at)
            opened = None
    if opened is not None:
        yield number, opened, None, None

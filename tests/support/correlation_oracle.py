"""An independent, plain-Python reading of what journeys and handoffs are, to hold the correlator's SQL against.

Written from the definitions (docs/architecture.md), object by object and event by event, without sets or joins.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from support.facts import DESCRIBED, Fact, Ref

from correlator.model import JourneyModel

Cycle = tuple[str, str, str, int, datetime, datetime | None, datetime | None]
Statement = tuple[datetime, bool, Ref, Ref]  # when, whether it takes back, of which two
SAME, WITHDRAWN = "object.same_as", "link.withdrawn"


def memberships(model: JourneyModel, facts: Iterable[Fact]) -> set[tuple[Ref, Ref]]:
    """Return (root, member) pairs: climb from every object to the objects that have no parent."""
    facts = list(facts)
    own = names(facts)
    links = linked(model, facts)
    touched = {own.get(each, each) for item in facts for each in item.objects if each[0] in model.objects}
    objects = touched | {end for pair in links for end in pair}

    def roots(child: Ref) -> set[Ref]:
        above = {parent for below, parent in links if below == child}
        return {root for parent in above for root in roots(parent)} if above else {child}

    return {(root, member) for member in objects for root in roots(member)}


def names(facts: Iterable[Fact]) -> dict[Ref, Ref]:
    """Return each id that is said to be the same as others, and the smallest of all that it reaches."""
    said = [
        (item.occurred_at, item.type == WITHDRAWN, item.objects[0], other)
        for item in facts
        if item.type in {SAME, WITHDRAWN}
        for other in item.objects[1:]
        if other[0] == item.objects[0][0]
    ]
    neighbours = {frozenset(pair) for pair in _standing(said)}

    def reached(start: Ref) -> set[Ref]:
        found, frontier = {start}, [start]
        while frontier:
            here = frontier.pop()
            beyond = {other for pair in neighbours if here in pair for other in pair} - found
            found |= beyond
            frontier.extend(beyond)
        return found

    return {each: min(reached(each)) for pair in neighbours for each in pair}


def linked(model: JourneyModel, facts: Iterable[Fact]) -> set[tuple[Ref, Ref]]:
    """Return (child, parent) pairs whose newest statement does not take them back."""
    facts = list(facts)
    own = names(facts)
    said = [
        (item.occurred_at, item.type == WITHDRAWN, own.get(child, child), own.get(parent, parent))
        for item in facts
        if item.type != SAME
        for child in item.objects
        for parent in item.objects
        if child[0] in model.objects and parent[0] in model.objects[child[0]].attaches_via
        if item.type not in {WITHDRAWN, DESCRIBED} or item.objects[0] in (child, parent)
    ]
    named = [
        (item.occurred_at, False, *(own.get(end, end) for end in ends))
        for item in facts
        if item.type not in {SAME, WITHDRAWN} and item.objects[0][0] in model.objects
        for attribute, text in item.attributes
        if (kind := model.objects[item.objects[0][0]].references.get(attribute))
        for number in (json.loads(text) if text.startswith("[") else [text])
        for ends in [(item.objects[0], (kind, str(number))), ((kind, str(number)), item.objects[0])]
        if ends[1][0] in model.objects[ends[0][0]].attaches_via
    ]
    return set(_standing([*said, *named]))


def _standing(statements: list[Statement]) -> list[tuple[Ref, Ref]]:
    """Return the pairs whose newest statement holds; of two at one instant, the one that takes back counts."""
    newest: dict[frozenset[Ref], Statement] = {}
    for statement in sorted(statements, key=lambda each: each[:2]):
        newest[frozenset(statement[2:])] = statement
    return [(one, other) for _, taken_back, one, other in newest.values() if not taken_back]


def cycles(model: JourneyModel, facts: Iterable[Fact]) -> set[Cycle]:
    """Return every handoff instance by walking each object's events in order with a two-state machine."""
    facts = list({item.event_id: item for item in facts}.values())
    own = names(facts)
    objects = {own.get(touched, touched) for item in facts for touched in item.objects if touched[0] in model.objects}
    return {
        (key, *subject, *cycle)
        for key, handoff in model.handoffs.items()
        for subject in objects
        if subject[0] == handoff.on
        for cycle in _walk(_ranked((handoff.start, handoff.stop, handoff.cancel), subject, facts, own))
    }


def _ranked(
    roles: tuple[tuple[str, ...], ...], subject: Ref, facts: list[Fact], own: dict[Ref, Ref]
) -> list[tuple[datetime, int, str]]:
    touching = [item for item in facts if subject in [own.get(each, each) for each in item.objects]]
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

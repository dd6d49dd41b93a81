"""What a model promises, in the words of whoever is measured by it: what starts, who owes what, by when. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import get_args

from core.vocabulary import Criticality
from correlator.conditions import LinkedEvent
from correlator.model import HandoffDefinition, JourneyModel
from correlator.targets import Targets, name_and_zone
from web.words import humanise, plural

UNITS = {
    "bd": "business day",
    "bh": "business hour",
    "bm": "business minute",
    "w": "week",
    "d": "day",
    "h": "hour",
    "m": "minute",
    "s": "second",
}
LEVELS = get_args(Criticality)
MATCHES = {
    "any": "of a linked {}",
    "all": "of every linked {}",
    "first": "of the first linked {}",
    "last": "of the last linked {}",
}
REOPENED = {
    "first": "as though it had never been met",
    "resume": "without the time it was met",
    "reset": "with a clock that starts anew",
}
WHEN = {
    "criticality": "Criticality",
    "facility": "Facility",
    "supplier": "Supplier",
    "department": "Department",
    "spend_category": "Category",
    "currency": "Currency",
    "reason": "Started because of",
    "reason_not": "Started because of anything but",
}
REASONS = {"reason", "reason_not"}


@dataclass(frozen=True)
class Promise:
    """One handoff in words. `due`: for whom, and within what; `notes`: what else moves its due time or ends it."""

    key: str
    title: str
    document: str
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    due: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    only: tuple[str, ...]
    owner: str
    awaits: str


@dataclass(frozen=True)
class Document:
    """One type of document, and what it reaches the journey's anchor through; none: it is the anchor."""

    title: str
    through: tuple[str, ...]


def promises(model: JourneyModel) -> list[Promise]:
    """Return a model's handoffs in their order."""
    return [_promise(model, key, handoff) for key, handoff in model.handoffs.items()]


def documents(model: JourneyModel) -> list[Document]:
    """Return a model's types of documents in their order."""
    return [
        Document(type_title(model, key), tuple(type_title(model, parent) for parent in kind.attaches_via))
        for key, kind in model.objects.items()
    ]


def type_title(model: JourneyModel, key: str) -> str:
    """Return what a type of document is called."""
    return model.objects[key].title or humanise(key) if key in model.objects else humanise(key)


def duration(text: str) -> str:
    """Return a length of time of a definition in words: "3bd" → "3 business days"."""
    written = re.fullmatch(r"\s*(\d+)([a-z]+)\s*", text)
    return plural(int(written[1]), UNITS[written[2]]) if written and written[2] in UNITS else text


def _promise(model: JourneyModel, key: str, handoff: HandoffDefinition) -> Promise:
    return Promise(
        key=key,
        title=handoff.title,
        document=type_title(model, handoff.on),
        starts=tuple(_events(model, handoff.start)),
        stops=tuple(_events(model, handoff.stop)),
        due=tuple(_due(handoff.target)),
        notes=tuple(_notes(model, handoff)),
        only=tuple(_only(handoff)),
        owner=handoff.owner,
        awaits=handoff.awaits,
    )


def _events(model: JourneyModel, conditions: Iterable[str | LinkedEvent]) -> Iterator[str]:
    for each in conditions:
        if isinstance(each, LinkedEvent):
            of = MATCHES[each.match].format(_within(type_title(model, each.of)))
            of += f" through a linked {_within(type_title(model, each.through))}" if each.through else ""
            yield f"{humanise(each.event)} {of}{', also before the start' if each.earlier else ''}"
        else:
            yield humanise(each)


def _due(targets: Targets) -> Iterator[tuple[str, str]]:
    within = {level: duration(targets[level]) for level in LEVELS if level in targets}
    if len(within) == len(LEVELS) and len(set(within.values())) == 1:
        yield "Always", next(iter(within.values()))
        return
    for level, text in within.items():
        yield level.capitalize(), text


def _notes(model: JourneyModel, handoff: HandoffDefinition) -> Iterator[str]:
    if handoff.due_from:
        grace = f", and {duration(handoff.grace)} more" if handoff.grace else ""
        yield f"Due when events promise it ({_within(humanise(handoff.due_from))}){grace}; within this where none does"
    for places in (handoff.target_at.facilities, handoff.target_at.regions, handoff.target_at.kinds):
        for place, targets in places.items():
            yield f"At {place}: " + ", ".join(f"{level.lower()} {within}" for level, within in _due(targets))
    if handoff.calendar:
        name, zone = name_and_zone(handoff.calendar)
        yield f"Business time of the calendar {name}" + (f" in {zone}" if zone else "")
    for verb, conditions in (
        ("Given up by", handoff.cancel),
        ("Stands still from", handoff.pause),
        ("Goes on from", handoff.resume),
    ):
        if conditions:
            yield f"{verb}: {_listed(_events(model, conditions))}"
    if handoff.reopen_on:
        yield f"Open again from: {_listed(_events(model, handoff.reopen_on))}, {REOPENED[handoff.reopen]}"
    for need in handoff.needs:
        flows = f" ({_listed(map(humanise, need.flow_types))})" if need.flow_types else ""
        yield f"Needs first: {humanise(need.event)} for the {_within(type_title(model, need.on))}{flows}"


def _only(handoff: HandoffDefinition) -> Iterator[str]:
    if handoff.flows:
        yield f"Flow: {_listed(map(humanise, handoff.flows))}"
    for name, title in WHEN.items():
        if values := getattr(handoff.when, name):
            yield f"{title}: {_listed(humanise(value) if name in REASONS else value for value in values)}"
    amount = handoff.when.amount
    if amount:
        bounds = [
            *([f"from {amount.at_least:,.2f}"] if amount.at_least is not None else []),
            *([f"below {amount.below:,.2f}"] if amount.below is not None else []),
        ]
        yield f"Amount: {' '.join(bounds)}"


def _within(title: str) -> str:
    """Return a title as it reads inside a sentence: "Delivery note" → "delivery note", "ERP record" as it is."""
    return " ".join(word if word[1:] != word[1:].lower() else word.lower() for word in title.split())


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(texts)

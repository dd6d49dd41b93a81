"""What the handoffs of a model say of what one of them needs: who tells it, what undoes it, and by which documents."""

from collections.abc import Iterable, Iterator

from correlator.conditions import LinkedEvent
from correlator.model import HandoffDefinition, JourneyModel, Need
from correlator.undoing import document_pairs, kind_of


def tellers(model: JourneyModel, need: Need) -> list[str]:
    """Return the integrations that should tell what is needed: those awaited where it is the end of a handoff."""
    told = {handoff.awaits for handoff in model.handoffs.values() if need.event in map(_event, handoff.stop)}
    return sorted(told - {""})


def undoers(model: JourneyModel, need: Need) -> list[str]:
    """Return the types of events that undo what is needed: those that reopen a handoff which it closes.

    Both of them on the needed object or on its documents: `goods_receipt.reversed` undoes `goods_receipt.posted`.
    """
    undone = {event for handoff in model.handoffs.values() for event in _undoing(handoff, need)}
    return sorted(undone - {need.event})


def documents_of_needs(model: JourneyModel) -> list[tuple[str, str]]:
    """Return (type, kind of document): where something is needed, and by what it may be met there, of linked types."""
    looked_at = {
        (on, kind_of(need.event))
        for handoff in model.handoffs.values()
        for need in handoff.needs
        for on in (need.on, handoff.on)
    }
    return document_pairs(model, looked_at)


def _undoing(handoff: HandoffDefinition, need: Need) -> set[str]:
    if need.event not in _on(handoff.on, handoff.stop, need):
        return set()
    return set(_on(handoff.on, handoff.reopen_on, need))


def _on(on: str, conditions: Iterable[str | LinkedEvent], need: Need) -> Iterator[str]:
    """Yield the events that count where they name the needed object, or a document of it."""
    for each in conditions:
        named, through = (each.of, each.through) if isinstance(each, LinkedEvent) else (on, "")
        if named == need.on or (need.on in {on, through} and named == kind_of(need.event)):
            yield _event(each)


def _event(condition: str | LinkedEvent) -> str:
    return condition if isinstance(condition, str) else condition.event

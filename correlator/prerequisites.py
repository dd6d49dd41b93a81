"""What the handoffs of a model say of what one of them needs: who should tell it, and what undoes it."""

from correlator.conditions import LinkedEvent, linked, own
from correlator.model import HandoffDefinition, JourneyModel, Need


def tellers(model: JourneyModel, need: Need) -> list[str]:
    """Return the integrations that should tell what is needed: those awaited where it is the end of a handoff."""
    told = {handoff.awaits for handoff in model.handoffs.values() if need.event in map(_event, handoff.stop)}
    return sorted(told - {""})


def undoers(model: JourneyModel, need: Need) -> list[str]:
    """Return the types of events that undo what is needed: those that reopen a handoff which it closes.

    Both of them on the needed object: `goods_receipt.reversed` of an order undoes its `goods_receipt.posted`.
    """
    undone = {event for handoff in model.handoffs.values() for event in _undoing(handoff, need)}
    return sorted(undone - {need.event})


def _undoing(handoff: HandoffDefinition, need: Need) -> set[str]:
    found = set(own(handoff.reopen_on)) if handoff.on == need.on and need.event in own(handoff.stop) else set()
    if any(stop.event == need.event and stop.of == need.on for stop in linked(handoff.stop)):
        found |= {each.event for each in linked(handoff.reopen_on) if each.of == need.on}
    return found


def _event(condition: str | LinkedEvent) -> str:
    return condition if isinstance(condition, str) else condition.event

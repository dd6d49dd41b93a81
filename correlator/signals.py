"""Signals of handoffs: which events give which, and those that linked objects give, found before handoffs are written.

An object's handoffs depend on its links and on the events of what is linked with it. Whatever changes either touches
one of the two, and two linked objects share a root, so a run that derives one anew derives the other.
"""

from collections.abc import Mapping

from correlator.conditions import linked, own
from correlator.links import Do
from correlator.model import HandoffDefinition, JourneyModel

NUMBERS = {"start": 0, "stop": 1, "cancel": 2, "pause": 3, "resume": 4}  # in order of evaluation at one moment
REVERSALS = {"first": 5, "resume": 6, "reset": 7}
# Handoff, place among its kind, object type, type of the linked object, event type, role, match, whether it holds over.
LinkedCondition = tuple[str, int, str, str, str, int, str, bool]


def own_signals(handoffs: Mapping[str, HandoffDefinition]) -> list[tuple[str, str, str, int]]:
    """Return (handoff, object type, event type, role) of the events that name a handoff's object itself."""
    return [
        (key, handoff.on, event, _number(name, handoff))
        for key, handoff in handoffs.items()
        for name, conditions in handoff.roles.items()
        for event in own(conditions)
    ]


def linked_conditions(model: JourneyModel) -> list[LinkedCondition]:
    """Return what handoffs of the model look for on linked objects."""
    found = [
        (key, handoff.on, _number(name, handoff), each)
        for key, handoff in model.handoffs.items()
        for name, conditions in handoff.roles.items()
        for each in linked(conditions)
    ]
    return [
        (key, place, on, each.of, each.event, role, each.match, each.earlier)
        for place, (key, on, role, each) in enumerate(found)
    ]


def find_linked_signals(do: Do, model: JourneyModel, *, whole: bool) -> None:
    """Find what happened on what is linked with the run's objects, where the model looks there."""
    conditions = linked_conditions(model)
    if not conditions:
        return
    do("insert_linked_signals", whole=whole, conditions=conditions)
    if lasting := {key for key, *_, holds_over in conditions if holds_over}:
        do("insert_held_over", signals=own_signals({key: model.handoffs[key] for key in lasting}))


def _number(role: str, handoff: HandoffDefinition) -> int:
    return REVERSALS[handoff.reopen] if role == "reopen_on" else NUMBERS[role]

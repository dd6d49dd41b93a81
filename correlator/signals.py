"""Signals of handoffs: which events give which; those of linked objects and of certain reasons are found beforehand.

An object's handoffs depend on its links and on the events of what is linked with it. Whatever changes either touches
one of the two, and two linked objects share a root, so a run that derives one anew derives the other.
"""

from collections.abc import Mapping

from correlator.conditions import linked, own
from correlator.links import Do, Rows
from correlator.model import HandoffDefinition, JourneyModel

NUMBERS = {"start": 0, "stop": 1, "cancel": 2, "pause": 3, "resume": 4}  # in order of evaluation at one moment
REVERSALS = {"first": 5, "resume": 6, "reset": 7}
# Handoff, place among its kind, object type, type of the linked object, event type, role, match, whether it holds over.
LinkedCondition = tuple[str, int, str, str, str, int, str, bool]


def own_signals(handoffs: Mapping[str, HandoffDefinition]) -> list[tuple[str, str, str, int]]:
    """Return (handoff, object type, event type, role) of events that name a handoff's object, whatever their reason."""
    return [
        (key, handoff.on, event, _number(name, handoff))
        for key, handoff in handoffs.items()
        for name, conditions in handoff.roles.items()
        for event in own(conditions)
        if not (name == "start" and handoff.when.chooses_starts)
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


def reasoned_starts(model: JourneyModel) -> list[tuple[str, str, str, list[str], bool]]:
    """Return (handoff, object type, event type, reasons, whether all others) of starts that count for some reasons."""
    return [
        (key, handoff.on, event, [*handoff.when.reason, *handoff.when.reason_not], bool(handoff.when.reason_not))
        for key, handoff in model.handoffs.items()
        if handoff.when.chooses_starts
        for event in own(handoff.start)
    ]


def looks_for_signals(model: JourneyModel) -> bool:
    """Whether handoffs of the model have signals that are found beforehand."""
    return bool(linked_conditions(model) or reasoned_starts(model))


def find_signals(do: Do, rows: Rows, model: JourneyModel, *, whole: bool) -> None:
    """Find the starts of certain reasons, and what happened on what is linked with the run's objects."""
    if starts := reasoned_starts(model):
        do("insert_reasoned_starts", starts=starts, pairs=sorted({(kind, event) for _, kind, event, *_ in starts}))
    conditions = linked_conditions(model)
    if conditions:
        _, _, types, of_types, event_types, *_ = zip(*conditions, strict=True)
        pairs = sorted(set(zip(types, of_types, strict=True)))
        looked_at = {"pairs": pairs, "of_types": sorted(set(of_types)), "event_types": sorted(set(event_types))}
        do("insert_linked_signals", whole=whole, conditions=conditions, **looked_at)
    lasting = {key for key, *_, holds_over in conditions if holds_over}
    if lasting and rows("count_held_over")[0]["signals"]:
        do("insert_held_over", signals=own_signals({key: model.handoffs[key] for key in lasting}))


def _number(role: str, handoff: HandoffDefinition) -> int:
    return REVERSALS[handoff.reopen] if role == "reopen_on" else NUMBERS[role]

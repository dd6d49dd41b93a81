"""Signals of handoffs: which events give which; those of linked objects and of certain reasons are found beforehand.

An object's handoffs depend on its links and on the events of what is linked with it. Whatever changes either touches
one of the two, and two linked objects share a root, so a run that derives one anew derives the other. So do two that
are linked through a third, since one of them attaches to that (correlator/loose_conditions.py): what is below two
objects does not bring these into one journey. The documents by which a reversal is weighed (correlator/undoing.py)
attach to one of these two, and so are in all of its journeys.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from correlator.conditions import linked, own
from correlator.links import Do, Rows
from correlator.model import HandoffDefinition, JourneyModel
from correlator.slices import Slice, may_hold
from correlator.undoing import kind_of, turns, weighed_kinds

NUMBERS = {"start": 0, "stop": 1, "cancel": 2, "pause": 3, "resume": 4}  # in order of evaluation at one moment
REVERSALS = {"first": 5, "resume": 6, "reset": 7}
NEVER = datetime(2299, 12, 31, tzinfo=UTC)  # the last day that the store knows
WEIGHED = 8  # a reversal on a linked object that perhaps does not count; a signal of no handoff
# Handoff, place among its kind, object type, type between it and the linked object (none: empty), type of that, event
# type, role, match, whether it holds over. Of one place are those each event of which gives the same signal.
LinkedCondition = tuple[str, int, str, str, str, str, int, str, bool]


def own_signals(handoffs: Mapping[str, HandoffDefinition]) -> list[tuple[str, str, str, int]]:
    """Return (handoff, object type, event type, role) of events that name a handoff's object, whatever their reason."""
    return [
        (key, handoff.on, event, _number(name, handoff))
        for key, handoff in handoffs.items()
        for name, conditions in handoff.roles.items()
        for event in own(conditions)
        if not (name == "start" and handoff.when.chooses_starts) and not _is_weighed(name, event, handoff)
    ]


def linked_conditions(model: JourneyModel) -> list[LinkedCondition]:
    """Return what handoffs of the model look for on linked objects."""
    found = [
        ("", handoff.on, WEIGHED, each)
        if each.match == "any" and _is_weighed(name, each.event, handoff)
        else (key, handoff.on, _number(name, handoff), each)
        for key, handoff in model.handoffs.items()
        for name, conditions in handoff.roles.items()
        for each in linked(conditions)
    ]
    signals = [
        (key, on, role, each.earlier) if each.match == "any" else (key, on, role, each) for key, on, role, each in found
    ]
    return [
        (key, signals.index(signal), on, each.through, each.of, each.event, role, each.match, each.earlier)
        for signal, (key, on, role, each) in zip(signals, found, strict=True)
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
    return bool(linked_conditions(model) or reasoned_starts(model) or turns(model))


def find_signals(do: Do, rows: Rows, model: JourneyModel, slices: Sequence[Slice], *, whole: bool) -> None:
    """Find the starts of certain reasons, and what happened on what is linked with the run's objects."""
    if starts := reasoned_starts(model):
        do("insert_reasoned_starts", starts=starts, pairs=sorted({(kind, event) for _, kind, event, *_ in starts}))
    conditions = linked_conditions(model)
    if conditions:
        ways = {(on, through, of) for _, _, on, through, of, *_ in conditions}
        _look_around(do, ways, whole=whole)
        for slice_ in slices:
            _hear(do, [each for each in conditions if may_hold(slice_, each[2])], slice_)
    _weigh_reversals(do, rows, model)
    lasting = {key: model.handoffs[key] for key, *_, holds_over in conditions if holds_over}
    if lasting and rows("count_held_over")[0]["signals"]:
        _hold_over(do, lasting, slices)


def _hear(do: Do, conditions: list[LinkedCondition], slice_: Slice) -> None:
    """Find what happened on what is linked with the objects of a slice."""
    each_counts = [each for each in conditions if each[7] == "any"]
    one_counts = [each for each in conditions if each[7] != "any"]
    for statement, some in (("insert_linked_signals", each_counts), ("insert_linked_moments", one_counts)):
        if some:
            between, of_types, event_types = (sorted({each[at] for each in some}) for at in (3, 4, 5))
            values = {"conditions": some, "between": between, "of_types": of_types, "event_types": event_types}
            do(statement, **values, **slice_)


def _look_around(do: Do, looked_at: set[tuple[str, str, str]], *, whole: bool) -> None:
    """Find what is linked with the run's objects, of each (type, type between or none, type that is looked at)."""
    do("insert_linked", whole=whole, pairs=sorted({(on, through or of) for on, through, of in looked_at}))
    steps = sorted({(on, through) for on, through, _ in looked_at if through})
    if steps:
        further = sorted({(through, of) for _, through, of in looked_at if through})
        do("insert_linked_further", whole=whole, steps=steps, pairs=further)


def _hold_over(do: Do, handoffs: Mapping[str, HandoffDefinition], slices: Sequence[Slice]) -> None:
    """Find the starts of handoffs at which what would end them had happened before."""
    roles = {NUMBERS["start"], *REVERSALS.values()}
    signals = [each for each in own_signals(handoffs) if each[3] in roles]
    for slice_ in slices:
        if any(may_hold(slice_, handoff.on) for handoff in handoffs.values()):
            do("insert_held_over", signals=signals, lasting=sorted(handoffs), **slice_)


def _weigh_reversals(do: Do, rows: Rows, model: JourneyModel) -> None:
    """Find which reversals leave nothing standing of what their kind of document did."""
    found = turns(model)
    own_reversals = sorted(
        {(turn.on, turn.event) for turn in found if turn.undoes and turn.counts and turn.of == turn.on}
    )
    if not found or not rows("count_weighed", own_reversals=own_reversals)[0]["reversals"]:
        return
    numbers = {key: REVERSALS[handoff.reopen] for key, handoff in model.handoffs.items()}
    matters = {matter: number for number, matter in enumerate(sorted({turn.matter for turn in found}))}
    looks = sorted({(matters[turn.matter], turn.on, turn.through, turn.of) for turn in found})
    do("insert_alike", own_reversals=own_reversals, looks=looks)
    do(
        "insert_reversals",
        turns=[
            (
                *(turn.handoff, turn.on, turn.through, turn.of, turn.event),
                *(
                    numbers[turn.handoff] if turn.undoes else NUMBERS["stop"],
                    turn.kind,
                    turn.counts,
                    matters[turn.matter],
                ),
            )
            for turn in found
        ],
        never=NEVER,
        document_pairs=sorted({(turn.of, turn.kind) for turn in found if (turn.kind, turn.of) in model.attachments}),
        event_types=sorted({turn.event for turn in found}),
    )


def _is_weighed(role: str, event: str, handoff: HandoffDefinition) -> bool:
    return role == "reopen_on" and kind_of(event) in weighed_kinds(handoff)


def _number(role: str, handoff: HandoffDefinition) -> int:
    return REVERSALS[handoff.reopen] if role == "reopen_on" else NUMBERS[role]

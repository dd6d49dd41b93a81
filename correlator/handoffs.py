"""Handoffs of a run's objects, in stages over working tables: places, promises, then handoffs.

Each stage reads plain tables: a statement that spells out all of them is planned anew for every tick, which costs more
than the work of a small one (docs/adr/0021). What a pause or a reversal is told of takes a way of its own.
"""

from collections.abc import Sequence
from typing import Any

from correlator.links import Do, Rows
from correlator.model import JourneyModel
from correlator.signals import NUMBERS, find_signals, own_signals
from correlator.slices import Slice
from correlator.targets import grace_of, name_and_zone, rows_of

OF_A_SLICE = ("run_places", "run_promises", "run_cycles")  # what the stages of a slice of objects leave to one another


def derive_handoffs(do: Do, rows: Rows, model: JourneyModel, slices: Sequence[Slice], *, whole: bool) -> None:
    """Derive the handoffs of a model for the run's objects, slice by slice; their contexts and journeys stand."""
    find_signals(do, rows, model, slices, whole=whole)
    promises = promise_values(model)
    if promises:
        _, types, attributes, _ = (sorted(set(names)) for names in zip(*promises, strict=True))
        do("insert_promised", whole=whole, promises=promises, types=types, attributes=attributes)
        promises = promises if rows("count_promised")[0]["promised"] else []
    for slice_ in slices:
        do("insert_places", whole=whole, **slice_)
        if promises:
            do("insert_promises")
        _write_handoffs(do, rows, model, slice_)
        for table in OF_A_SLICE if len(slices) > 1 else ():
            do(f"clear_{table}")


def _write_handoffs(do: Do, rows: Rows, model: JourneyModel, slice_: Slice) -> None:
    values, signals = handoff_values(model), own_signals(model.handoffs)
    do("write_handoffs", **slice_, **values, signals=signals)
    interruptible = {key: handoff for key, handoff in model.handoffs.items() if handoff.is_interruptible}
    if not interruptible:
        return
    interrupting = sorted({(kind, event) for _, kind, event, role in signals if role >= NUMBERS["pause"]})
    if rows("count_interruptions", interrupting=interrupting, **slice_)[0]["interruptions"]:
        do("insert_interruptible_cycles", **slice_, signals=own_signals(interruptible), keys=list(interruptible))
        do("write_paused_handoffs", **values)


def handoff_values(model: JourneyModel) -> dict[str, Any]:
    """Return what `write_*handoffs` bind: what a model says of its handoffs."""
    handoffs = model.handoffs
    return {
        "keys": list(handoffs),
        "definitions": [
            (key, list(handoff.flows), handoff.calendar or "", *grace_of(handoff.grace), list(handoff.when.rows()))
            for key, handoff in handoffs.items()
        ],
        "targets": [(key, *row) for key, handoff in handoffs.items() for row in rows_of(handoff.target)],
        "place_targets": [(key, *row) for key, handoff in handoffs.items() for row in handoff.target_at.rows()],
    }


def promise_values(model: JourneyModel) -> list[tuple[str, str, str, str]]:
    """Return the handoffs that are due from an attribute: (handoff, type, attribute, zone that its calendar names)."""
    return [
        (key, handoff.on, handoff.due_from, name_and_zone(handoff.calendar or "")[1])
        for key, handoff in model.handoffs.items()
        if handoff.due_from
    ]

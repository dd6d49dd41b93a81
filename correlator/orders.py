"""Which step of an object must come before which, as the model's handoffs promise it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from correlator.conditions import linked, own
from correlator.model import HandoffDefinition, JourneyModel

UNKNOWN_FLOW = ""


@dataclass(frozen=True)
class Order:
    """On an object of type `on`, `after` cannot happen before every one of `befores`, in these flows ("": unknown)."""

    on: str
    befores: tuple[str, ...]
    after: str
    flows: tuple[str, ...]


def orders(model: JourneyModel) -> tuple[Order, ...]:
    """Return what the handoffs of a model promise, and what follows from them: received, matched, posted, paid.

    A handoff that holds for named flows says nothing of an object whose flow is not known. Two steps that may each come
    first, as where one is reopened by the other, have no order. Nor has what may start by an event of a linked object,
    or is promised for some objects only.
    """
    named = {flow for handoff in model.handoffs.values() for flow in handoff.flows}
    found: dict[tuple[str, tuple[str, ...], str], list[str]] = {}
    for flow in (UNKNOWN_FLOW, *sorted(named)):
        holding = [
            h
            for h in model.handoffs.values()
            if not linked(h.start) and not h.when.narrows and (not h.flows or flow in h.flows)
        ]
        for on in sorted({handoff.on for handoff in holding}):
            for befores, after in _followed([handoff for handoff in holding if handoff.on == on]):
                found.setdefault((on, befores, after), []).append(flow)
    return tuple(Order(on, befores, after, tuple(flows)) for (on, befores, after), flows in found.items())


def _followed(handoffs: list[HandoffDefinition]) -> Iterable[tuple[tuple[str, ...], str]]:
    """Return (first steps, later step) of each handoff, and across handoffs whose every start follows those steps."""
    reached = {stop for handoff in handoffs for stop in own(handoff.stop)}
    after: dict[tuple[str, ...], set[str]] = {}
    for handoff in handoffs:
        after.setdefault(tuple(sorted(own(handoff.start))), set()).update(own(handoff.stop))
    for later in after.values():
        grown = -1
        while grown != len(later):
            grown = len(later)
            for handoff in handoffs:
                starts = set(own(handoff.start)) & reached
                if starts and starts <= later:
                    later.update(own(handoff.stop))
    return sorted(
        (befores, step)
        for befores, later in after.items()
        for step in later
        if step not in befores and not any(set(befores) & after[back] for back in after if step in back)
    )


def followers(model: JourneyModel) -> tuple[str, ...]:
    """Return the types that come with or after the anchor: all but those of which a handoff awaits the anchor.

    A requisition becomes an order, and stalls where it does not; an invoice without its order is adrift.
    """
    awaiting = {
        handoff.on
        for handoff in model.handoffs.values()
        if any(stop.partition(".")[0] == model.anchor for stop in own(handoff.stop))
    }
    return tuple(sorted(model.objects.keys() - awaiting - {model.anchor}))

"""Which reversals undo a stop only when nothing of their kind stands any more: of several receipts, each by its own."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from correlator.conditions import LinkedEvent
from correlator.model import HandoffDefinition, JourneyModel

Way = tuple[str, str]  # the type between a handoff's object and what is looked at (none: empty), and the type of that


class Turn(NamedTuple):
    """An event that does, or that undoes, what documents of a weighed kind do, where a handoff looks for such events.

    `counts`: whether it counts where it names an object of type `of`; what else was told of a document says whether it
    stands.
    """

    handoff: str
    on: str
    through: str
    of: str
    event: str
    undoes: bool
    kind: str
    counts: bool

    @property
    def matter(self) -> tuple[str, str]:
        """What is weighed by itself: a handoff, and a kind of document."""
        return self.handoff, self.kind


def kind_of(event_type: str) -> str:
    """Return the type of document that an event is about: of goods_receipt.posted, goods_receipt."""
    return event_type.partition(".")[0]


def places(on: str, conditions: Iterable[str | LinkedEvent]) -> list[tuple[Way, str]]:
    """Return (what the event names, event type) of conditions each event of which counts."""
    found = [
        ((each.through, each.of), each.event) if isinstance(each, LinkedEvent) else (("", on), each)
        for each in conditions
        if isinstance(each, str) or each.match == "any"
    ]
    return list(dict.fromkeys(found))


def weighed_kinds(handoff: HandoffDefinition) -> set[str]:
    """Return the kinds of documents that both stop the handoff and undo that, where there may be several of them.

    What names a handoff's object by events of its own type (invoice.unmatched) is about this one document.
    """
    done, undone = places(handoff.on, handoff.stop), places(handoff.on, handoff.reopen_on)
    kinds = {kind_of(event) for _, event in done} & {kind_of(event) for _, event in undone}
    elsewhere = {kind_of(event) for (_, of), event in (*done, *undone) if not of == handoff.on == kind_of(event)}
    return kinds & elsewhere


def turns(model: JourneyModel) -> list[Turn]:
    """Return the events that do, and that undo, what documents of the weighed kinds do."""
    return [turn for key, handoff in model.handoffs.items() for turn in _turns(key, handoff)]


def document_pairs(model: JourneyModel, found: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return those of the pairs (type, kind of document) of which one attaches to the other."""
    attached = set(model.attachments)
    return sorted({pair for pair in found if pair in attached or pair[::-1] in attached})


def _turns(key: str, handoff: HandoffDefinition) -> Iterator[Turn]:
    for kind in sorted(weighed_kinds(handoff)):
        conditions = [
            (way, event, undoes)
            for undoes, given in ((False, handoff.stop), (True, handoff.reopen_on))
            for way, event in places(handoff.on, given)
            if kind_of(event) == kind
        ]
        for way in dict.fromkeys(way for way, *_ in conditions):
            for event, undoes in dict.fromkeys((event, undoes) for _, event, undoes in conditions):
                yield Turn(key, handoff.on, *way, event, undoes, kind, (way, event, undoes) in conditions)

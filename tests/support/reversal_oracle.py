"""Which reversals undo what was done, told without sets or joins, as the rest of the oracle (correlation_oracle.py)."""

from collections.abc import Callable, Iterable
from datetime import datetime

from support.facts import Fact, Ref

from correlator.conditions import LinkedEvent
from correlator.model import HandoffDefinition

Looks = dict[tuple[str, str], set[str]]


class Undone:
    """Whether a reversal undoes what was done: not while another document of its kind, which did it too, stands."""

    def __init__(
        self,
        handoff: HandoffDefinition,
        subject: Ref,
        told_of: Callable[[Ref], list[Fact]],
        beside: Callable[[Ref], set[Ref]],
        below: Callable[[Ref], set[Ref]],
    ) -> None:
        self.handoff, self.subject, self.told_of, self.beside, self.below = handoff, subject, told_of, beside, below

    def by(self, condition: str | LinkedEvent, at: datetime) -> bool:
        if isinstance(condition, LinkedEvent) and condition.match != "any":
            return True
        event = condition if isinstance(condition, str) else condition.event
        kind = event.split(".")[0]
        doing, undoing = (self._looks(each, kind) for each in (self.handoff.stop, self.handoff.reopen_on))
        if not doing or {kind, *(of for _, of in (*doing, *undoing))} == {self.subject[0]}:
            return True
        return not self._standing(kind, doing, undoing, at)

    def _looks(self, conditions: Iterable[str | LinkedEvent], kind: str) -> Looks:
        """Return which events of a kind count, by what they have to name: the type between, and its own."""
        found: Looks = {}
        for each in conditions:
            linked_event = each if isinstance(each, LinkedEvent) else LinkedEvent(event=each, of=self.subject[0])
            if linked_event.match == "any" and linked_event.event.split(".")[0] == kind:
                found.setdefault((linked_event.through, linked_event.of), set()).add(linked_event.event)
        return found

    def _standing(self, kind: str, doing: Looks, undoing: Looks, until: datetime) -> set[Ref | None]:
        """Return the documents that stand at a moment, None for one that is not known, walking through all before."""
        does, undoes = (set[str]().union(*looks.values()) for looks in (doing, undoing))
        events = self._events(kind, doing, undoing)
        standing: set[Ref | None] = set()
        known: set[Ref | None] = set()
        for item, documents in sorted(events, key=lambda told: (told[0].occurred_at, told[0].type in undoes)):
            if item.occurred_at > until:
                break
            if item.type in does:
                standing |= documents or {None}
                known |= documents
            elif documents and documents <= known:
                standing -= documents
            else:
                standing.clear()
        return standing

    def _events(self, kind: str, doing: Looks, undoing: Looks) -> list[tuple[Fact, set[Ref | None]]]:
        """Return what was told where the handoff looks, each with the documents that it is about."""
        steps = set[str]().union(*doing.values(), *undoing.values())
        found: dict[tuple[str, str], tuple[Fact, set[Ref | None]]] = {}
        near = self.beside(self.subject)
        far = {(between[0], place) for between in near for place in self.beside(between)}
        for between, place in (("", self.subject), *(("", each) for each in near), *far):
            way = between, place[0]
            if way not in {*doing, *undoing}:
                continue
            here = doing.get(way, set()) | undoing.get(way, set())
            for item in self.told_of(place):
                if item.type in here:
                    found.setdefault((item.integration, item.event_id), (item, set()))
            for document in {place} if place[0] == kind else {each for each in self.below(place) if each[0] == kind}:
                for item in self.told_of(document):
                    if item.type in steps:
                        found.setdefault((item.integration, item.event_id), (item, set()))[1].add(document)
        return list(found.values())

"""Own names: under which other names senders know a model's objects and events, and the registry's facilities. Pure.

Facts stay as they were sent; what is derived and every answer speak of the own names (docs/adr/0019). Facts are common
to all models, and so are their names: `name_problems` refuses what could mean two things.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from core.problems import LooseEnd, did_you_mean
from core.registry import Registry
from core.vocabulary import ObjectRef
from correlator.model import JourneyModel

RESERVED_EVENTS = ("object.described", "object.same_as", "link.withdrawn")
RESERVED_TYPES = ("object", "link")  # an event of such a type would be one of the above


@dataclass(frozen=True)
class OwnNames:
    """What is sent, to what it is called here: types of objects, types of events, facilities."""

    types: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, str] = field(default_factory=dict)
    facilities: Mapping[str, str] = field(default_factory=dict)

    def type_of(self, sent: str) -> str:
        """Return the own name of a type of objects."""
        return self.types.get(sent, sent)

    def event_of(self, sent: str) -> str:
        """Return the own name of a type of events: one that is named, else that of its object (po.created)."""
        kind, dot, what = sent.partition(".")
        return self.events.get(sent, f"{self.type_of(kind)}{dot}{what}")

    def ref_of(self, sent: ObjectRef) -> ObjectRef:
        """Return an object under the own name of its type."""
        return ObjectRef(self.type_of(sent.type), sent.id)

    def types_for(self, own: str) -> list[str]:
        """Return every name that a type is sent under, its own first."""
        return [own, *sorted(sent for sent, to in self.types.items() if to == own)]

    @property
    def of_models(self) -> str:
        """A digest of the names that models give, which what is derived rests on; "" where they give none."""
        given = [sorted(self.types.items()), sorted(self.events.items())]
        return sha256(repr(given).encode()).hexdigest() if any(given) else ""

    def stamp(self, edition: int, view: str) -> str:
        """Return an edition of what is derived, by which names it is, and by which views of facts."""
        return f"{edition}/{self.of_models}@{view}"

    def noted(self, definitions: str) -> bool:
        """Whether a run of these definitions, or of none, noted what it read under these names of models."""
        former = definitions.partition(":")[0].partition("/")[2].partition("@")[0]
        return not definitions or former == self.of_models

    @property
    def digest(self) -> str:
        """A digest of all names; "" where there are none."""
        given = [self.of_models, sorted(self.facilities.items())]
        return sha256(repr(given).encode()).hexdigest() if any(given) else ""


def own_names(models: Iterable[JourneyModel], registry: Registry | None = None) -> OwnNames:
    """Return the names that models and the registry give."""
    models = tuple(models)
    types = {sent: key for model in models for key, kind in model.objects.items() for sent in kind.aliases}
    events = {sent: event for model in models for sent, event in model.events.aliases.items()}
    known = registry.facilities if registry else {}
    facilities = {sent: key for key, facility in known.items() for sent in facility.aliases if sent != key}
    return OwnNames(types, events, facilities)


def name_problems(model: JourneyModel, others: Sequence[JourneyModel]) -> Iterator[LooseEnd]:
    """Yield each name of a model that means something else too, to it or to the others configured."""
    everyone = (*others, model)
    yield from _of_types(model, others, everyone)
    yield from _of_events(model, others, everyone)
    names = _sound(own_names(everyone), everyone)
    for place, event in model.named_events:
        if (own := names.event_of(event)) != event:
            yield place, f"{event} is another name of {own}, and nothing is known under it; write {own}"


def _sound(names: OwnNames, everyone: Sequence[JourneyModel]) -> OwnNames:
    """Return the names without those that models call something else by: of these the name is wrong, not its use."""
    types = {key for each in everyone for key in each.objects}
    events = {event for each in everyone for _, event in each.named_events}
    return OwnNames(
        {sent: own for sent, own in names.types.items() if sent not in types},
        {sent: own for sent, own in names.events.items() if sent not in events},
    )


def _of_types(
    model: JourneyModel, others: Sequence[JourneyModel], everyone: Sequence[JourneyModel]
) -> Iterator[LooseEnd]:
    elsewhere = {
        sent: (key, other.model) for other in others for key, kind in other.objects.items() for sent in kind.aliases
    }
    types = {key: each.model for each in everyone for key in each.objects}
    here: dict[str, str] = {}
    for key, kind in model.objects.items():
        for index, sent in enumerate(kind.aliases):
            place = ("objects", key, "aliases", index)
            to, by = elsewhere.get(sent, (key, ""))
            if sent in RESERVED_TYPES:
                yield place, f"{sent!r} is reserved ({', '.join(RESERVED_EVENTS)}); remove it"
            elif sent in types:
                yield place, f"{sent!r} is a type of objects of the model {types[sent]!r} itself; remove it"
            elif sent in here:
                again = "is given twice" if here[sent] == key else f"is another name of {here[sent]} already"
                yield place, f"{sent!r} {again}; keep one"
            elif to != key:
                yield place, f"{sent!r} is another name of {to} in the model {by!r}; keep one"
            here.setdefault(sent, key)


def _of_events(
    model: JourneyModel, others: Sequence[JourneyModel], everyone: Sequence[JourneyModel]
) -> Iterator[LooseEnd]:
    named = {event: each.model for each in everyone for _, event in each.named_events}
    ours = {event for _, event in model.named_events}
    elsewhere = {sent: (event, other.model) for other in others for sent, event in other.events.aliases.items()}
    for sent, event in model.events.aliases.items():
        place = ("events", "aliases", sent)
        to, by = elsewhere.get(sent, (event, ""))
        if {sent, event} & {*RESERVED_EVENTS}:
            yield place, f"{', '.join(RESERVED_EVENTS)} are reserved, and have no other names; remove it"
        elif sent in named:
            yield place, f"{sent} is an event that the model {named[sent]!r} names itself; remove it"
        elif event not in ours:
            yield (
                place,
                f"nothing in the model names {event}{did_you_mean(event, ours) or '; write an event that it names'}",
            )
        elif to != event:
            yield place, f"{sent} is another name of {to} in the model {by!r}; keep one"

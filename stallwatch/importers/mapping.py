"""From the events and objects of a log to the records we send: pure functions of a vocabulary.

An object becomes `object.described` records: what held from the start with all its links, dated when the object was
first touched, and one for each later moment at which attributes changed.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.vocabulary import ObjectRef
from stallwatch.importers.log import OcelAttribute, OcelEvent, OcelObject, OcelReference
from stallwatch.importers.values import Value
from stallwatch.importers.vocabulary import Vocabulary, slug

DESCRIBED = "object.described"
RESERVED = ("stallwatch.", "ocel.")


@dataclass(frozen=True)
class Record:
    """One event to send. `fields` go to the wire as `stallwatch.<name>`, `attributes` under their own names."""

    id: str
    type: str
    at: datetime
    subject: ObjectRef | None
    objects: tuple[ObjectRef, ...]
    fields: Mapping[str, str | int | float] = field(default_factory=dict)
    attributes: Mapping[str, str | int | float | bool] = field(default_factory=dict)


class Names:
    """What the objects and events of one log are called here."""

    def __init__(self, vocabulary: Vocabulary, object_types: Iterable[str]) -> None:
        self._vocabulary = vocabulary
        types = tuple(object_types)
        shared = Counter(self.object_type(name) for name in types)
        # Two types of a log that are one here keep their ids whole, or "a:1" and "b:1" would become one object.
        self._whole = {name for name in types if shared[self.object_type(name)] > 1}

    def object_type(self, name: str) -> str:
        """Return our name of an object type."""
        return self._vocabulary.objects.get(slug(name), slug(name))

    def event_type(self, name: str) -> str:
        """Return our name of an event type."""
        return self._vocabulary.events.get(slug(name), slug(name))

    def ref(self, reference: OcelReference | OcelObject) -> ObjectRef:
        """Return our reference to an object: its id loses a leading "<type>:"."""
        bare = reference.id if reference.type in self._whole else reference.id.removeprefix(f"{reference.type}:")
        return ObjectRef(self.object_type(reference.type), bare or reference.id)

    def subject_fields(self, of: str) -> Mapping[str, str]:
        """Return the attributes of an object of our type that are fields of its events."""
        return self._vocabulary.subject_fields.get(of, {})

    def event_field(self, attribute: str) -> str | None:
        """Return the field that an attribute of an event is."""
        return self._vocabulary.event_fields.get(attribute)


def subject_of(event: OcelEvent, names: Names) -> OcelReference | None:
    """Return the object that the event is about: the only one touched of the type that its own type begins with."""
    about = names.event_type(event.type).partition(".")[0]
    found = {reference.id: reference for reference in event.objects if names.object_type(reference.type) == about}
    return next(iter(found.values())) if len(found) == 1 else None


def event_record(event: OcelEvent, names: Names, subject_attributes: Iterable[OcelAttribute]) -> Record:
    """Return the record of an event; `subject_attributes` are those of the object that it is about."""
    subject = subject_of(event, names)
    fields: dict[str, str | int | float] = {}
    if subject:
        wanted = names.subject_fields(names.object_type(subject.type))
        fields |= _fields({ours: _in_force(subject_attributes, theirs, event.time) for theirs, ours in wanted.items()})
    ours = {name: names.event_field(name) for name, _ in event.attributes}
    stated = _fields({ours[name] or "": value for name, value in event.attributes if ours[name]})
    return Record(
        id=event.id,
        type=names.event_type(event.type),
        at=event.time,
        subject=names.ref(subject) if subject else None,
        objects=_refs(event.objects, names),
        fields=fields | stated,
        attributes=_kept(dict(event.attributes), {name for name in ours if ours[name] in stated})
        | _origin(event.type, event.objects, names),
    )


def object_records(described: OcelObject, names: Names, first_at: datetime) -> Iterator[Record]:
    """Yield the records of an object: what holds from the start, dated `first_at`, then each change."""
    subject, links = names.ref(described), _refs(described.links, names)
    initial = {a.name: a.value for a in described.attributes if a.time is None}
    start = _kept(initial, ()) | _origin(described.type, described.links, names)
    yield Record(f"described:{described.id}", DESCRIBED, first_at, subject, (subject, *links), attributes=start)
    for at, turn, values in _changes(described.attributes):
        identity = f"described:{described.id}@{at.isoformat()}" + (f"#{turn}" if turn else "")
        changed: dict[str, Value] = {"ocel.changed": ",".join(sorted(values)), "ocel.type": described.type}
        kept = {name: value for name, value in (_kept(values, ()) | changed).items() if value is not None}
        yield Record(identity, DESCRIBED, at, subject, (subject,), attributes=kept)


def _changes(attributes: Iterable[OcelAttribute]) -> Iterator[tuple[datetime, int, dict[str, Value]]]:
    """Group dated attributes by their moment; a second value of one attribute at one moment gets a turn of its own."""
    moments: dict[datetime, list[dict[str, Value]]] = defaultdict(list)
    for attribute in attributes:
        if attribute.time is None:
            continue
        turns = moments[attribute.time]
        free = next((turn for turn in turns if turn.get(attribute.name, attribute.value) == attribute.value), None)
        if free is None:
            turns.append(free := {})
        free[attribute.name] = attribute.value
    for at, turns in sorted(moments.items()):
        yield from ((at, number, values) for number, values in enumerate(turns))


def _in_force(attributes: Iterable[OcelAttribute], name: str, at: datetime) -> Value:
    """Return what an attribute was at a time; before its first value, that; None where it was never stated."""
    stated = [a for a in attributes if a.name == name and a.value is not None]
    past = [a for a in stated if a.time is None or a.time <= at]
    return past[-1].value if past else stated[0].value if stated else None


def _fields(values: Mapping[str, Value]) -> dict[str, str | int | float]:
    """Return the values that a field can take: an amount must be a number, everything else is text."""
    found: dict[str, str | int | float] = {}
    for name, value in values.items():
        if value is None or (name == "amount" and (isinstance(value, bool | str))):
            continue
        found[name] = value if name == "amount" else str(value)
    return found


def _kept(values: Mapping[str, Value], taken: Iterable[str]) -> dict[str, str | int | float | bool]:
    """Return the attributes that stay attributes; a name of ours in a log gets a prefix, so that it claims nothing."""
    return {
        f"log.{name}" if name.startswith(RESERVED) else name: value
        for name, value in values.items()
        if value is not None and name not in taken
    }


def _refs(references: Iterable[OcelReference], names: Names) -> tuple[ObjectRef, ...]:
    return tuple(dict.fromkeys(names.ref(reference) for reference in references))


def _origin(of: str, references: Iterable[OcelReference], names: Names) -> dict[str, str | int | float | bool]:
    """Return the original type, and the qualifiers that say more than the type of what they qualify."""
    qualifiers: dict[str, list[str]] = defaultdict(list)
    for reference in references:
        if reference.qualifier and slug(reference.qualifier) != slug(reference.type):
            qualifiers[str(names.ref(reference))].append(reference.qualifier)
    said = {"ocel.qualifiers": json.dumps(qualifiers, ensure_ascii=False)} if qualifiers else {}
    return {"ocel.type": of, **said}

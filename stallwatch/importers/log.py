"""An OCEL 2.0 log as values, whatever form it was read from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from stallwatch.importers.broken import Broken
from stallwatch.importers.values import Value


@dataclass(frozen=True, order=True)
class OcelReference:
    """An object that an event touches or another object links to: its id, its type, and as what."""

    id: str
    type: str
    qualifier: str


@dataclass(frozen=True)
class OcelEvent:
    """Something that happened. `attributes` is (name, value), by name; `objects` is sorted by id and qualifier."""

    id: str
    type: str
    time: datetime
    attributes: tuple[tuple[str, Value], ...]
    objects: tuple[OcelReference, ...]


@dataclass(frozen=True)
class OcelAttribute:
    """An object's attribute from `time` on (None: from the start). A value of None was changed, but not stated."""

    name: str
    time: datetime | None
    value: Value


@dataclass(frozen=True)
class OcelObject:
    """A business object. `attributes` are in order of time and name, `links` of target and qualifier."""

    id: str
    type: str
    attributes: tuple[OcelAttribute, ...]
    links: tuple[OcelReference, ...]


@dataclass(frozen=True)
class Counts:
    """How much is in a log; `links_elsewhere` of the object-object relations lead to objects it holds no row for."""

    events: int
    objects: int
    event_object_relations: int
    object_object_relations: int
    links_elsewhere: int = 0


class OcelLog(Protocol):
    """A checked log: everything that it yields is sound, everything else is among the broken rows."""

    def counts(self) -> Counts:
        """Return how much is sound."""
        ...

    def events(self) -> Iterator[OcelEvent]:
        """Yield the sound events, in order of time and id."""
        ...

    def objects(self) -> Iterator[OcelObject]:
        """Yield the sound objects, in order of id."""
        ...

    def attributes_of(self, object_id: str) -> tuple[OcelAttribute, ...]:
        """Return the attributes of one object, in order of time and name."""
        ...

    def first_event_at(self, object_id: str) -> datetime | None:
        """Return when an object was first touched; if never, when the log begins; None for a log without events."""
        ...

    def object_types(self) -> tuple[str, ...]:
        """Return the types of the sound objects, sorted."""
        ...

    def broken(self, *, consequences: bool = True, limit: int | None = None) -> Iterator[Broken]:
        """Yield the broken rows in the order they were read; without `consequences`, only the first causes."""
        ...

    def broken_count(self, *, consequences: bool = True) -> int:
        """Return how many rows `broken` yields without a limit."""
        ...

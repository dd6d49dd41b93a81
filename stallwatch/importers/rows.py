"""What the reader of each form yields: flat rows, each with its place; `staging.py` checks how they fit together.

A place is "<file>:<row>"; a record is the row's own text, kept for quarantine. Times and values are text as written.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from stallwatch.importers.broken import Broken
from stallwatch.importers.values import Kind

Scope = Literal["event", "object"]
Types = Mapping[tuple[Scope, str], Mapping[str, Kind]]  # every declared type, and the declared kinds of its attributes


@dataclass(frozen=True, slots=True)
class EventRow:
    """There is an event."""

    place: str
    record: str
    id: str
    type: str


@dataclass(frozen=True, slots=True)
class EventDetailRow:
    """When it was, and its attributes."""

    place: str
    record: str
    id: str
    type: str
    time: str
    attributes: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class ObjectRow:
    """There is an object."""

    place: str
    record: str
    id: str
    type: str


@dataclass(frozen=True, slots=True)
class ObjectValueRow:
    """Attributes of an object from a time on; 1970-01-01 means from the start. A None value was not stated."""

    place: str
    record: str
    id: str
    type: str
    time: str
    attributes: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class EventObjectRow:
    """An event touches an object."""

    place: str
    record: str
    event_id: str
    object_id: str
    qualifier: str


@dataclass(frozen=True, slots=True)
class ObjectObjectRow:
    """An object links to another."""

    place: str
    record: str
    source_id: str
    target_id: str
    qualifier: str


Row = EventRow | EventDetailRow | ObjectRow | ObjectValueRow | EventObjectRow | ObjectObjectRow | Broken


class Form(Protocol):
    """One of the four forms of a log, opened. `nested`: relations are written inside their event or object."""

    nested: bool

    def types(self) -> Types:
        """Return the declared types. Raises ImportFileError where the log cannot be one."""
        ...

    def rows(self) -> Iterator[Row]:
        """Yield every row of the log once. Raises ImportFileError where the file itself cannot be read on."""
        ...

"""Several OpenSLO files as one book: every object by kind and name, and what is wrong or doubtful in it."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from core.definitions import Document, read_documents
from core.errors import DefinitionError
from core.problems import Problem, did_you_mean, one_of, problems_of, shown
from core.strict_yaml import Place
from slo.openslo import KINDS
from slo.openslo_forms import RFC_1123, Metadata, Object

Part = TypeVar("Part")


@dataclass
class Notes:
    """What was found while files were put together."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Entry:
    """An object, of a document of its own or written inline: its metadata, its spec, and where it stands."""

    document: Document
    place: Place
    metadata: Metadata
    spec: Any

    def inside(self, *steps: str | int) -> "Spot":
        """Return a place in it, from its own top."""
        return Spot(self.document, (*self.place, *steps))


@dataclass(frozen=True)
class Spot:
    """A place in a document, at which something can be said."""

    document: Document
    place: Place

    def inside(self, *steps: str | int) -> "Spot":
        """Return a place in it."""
        return Spot(self.document, (*self.place, *steps))

    def wrong(self, notes: Notes, reason: str) -> None:
        """Note what is to be mended here."""
        notes.problems.append(self.document.problem(self.place, reason))

    def doubtful(self, notes: Notes, reason: str) -> None:
        """Note what may be meant otherwise."""
        notes.warnings.append(self.document.problem(self.place, reason))


@dataclass
class Book:
    """Objects by kind and name; of two with one name the first. `broken`: names of those that cannot be read."""

    notes: Notes
    broken: set[str] = field(default_factory=set)
    entries: dict[str, dict[str, Entry]] = field(default_factory=lambda: {kind: {} for kind in KINDS})

    def of(self, kind: str) -> dict[str, Entry]:
        """Return the objects of a kind, by name."""
        return self.entries[kind]

    def named(self, kind: str, name: str, spot: Spot) -> Entry | None:
        """Return the object that a reference names, or note that there is none."""
        found = self.of(kind).get(name)
        if found is None and name not in self.broken:
            spot.wrong(self.notes, f"there is no {kind} {name!r}{one_of(name, self.of(kind))}")
        return found


def read_book(files: Iterable[Path], notes: Notes, gives_way: Container[Path] = ()) -> Book:
    """Read files into one book; what cannot be read is noted and is not in it.

    An object of a file in `gives_way` is not in it where another file has one of its kind and name.
    """
    book = Book(notes)
    for file in sorted(dict.fromkeys(files), key=lambda each: each in gives_way):
        try:
            documents = read_documents(file)
        except DefinitionError as error:
            notes.problems += problems_of(error)
            continue
        if not documents:
            notes.problems.append(Problem(file, 1, 1, "", "the file is empty; write apiVersion, kind, metadata, spec"))
        for document in documents:
            _enter(book, document, gives_way=file in gives_way)
    return book


def _enter(book: Book, document: Document, *, gives_way: bool) -> None:
    kind = document.content.get("kind") if isinstance(document.content, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        book.notes.problems.append(_no_kind(document, kind))
        book.broken |= _name_in(document.content)
        return
    try:
        found: Object = document.read(KINDS[kind])
    except DefinitionError as error:
        book.notes.problems += problems_of(error)
        book.broken |= _name_in(document.content)
        return
    entry = Entry(document, (), found.metadata, getattr(found, "spec", None))
    name, spot = found.metadata.name, entry.inside("metadata", "name")
    other = book.of(kind).get(name)
    if other and gives_way and other.document.file != document.file:
        return
    if other:
        where = f"{other.document.file}:{other.document.line}"
        spot.wrong(book.notes, f"the {kind} {name!r} is already defined at {where}; rename one")
        return
    if not RFC_1123.fullmatch(name):
        spot.doubtful(
            book.notes, f"{name!r} is longer or has other signs than small letters, digits and -, as tools expect"
        )
    book.of(kind)[name] = entry


def _name_in(content: Any) -> set[str]:
    """Return the name of what is broken, where it has one: that others refer to it is not wrong as well."""
    metadata = content.get("metadata") if isinstance(content, dict) else None
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return {name} if isinstance(name, str) else set()


def _no_kind(document: Document, kind: object) -> Problem:
    if not isinstance(document.content, dict):
        return document.problem((), f"{shown(document.content)} where keys with values are expected; write kind: SLO")
    if kind is None:
        return document.problem((), "kind is missing; write kind: SLO")
    hint = did_you_mean(kind, KINDS)
    return document.problem(("kind",), f"{shown(kind)} is none of {', '.join(KINDS)}{hint}")

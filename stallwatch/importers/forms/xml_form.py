"""The XML form (OCEL 2.0 specification, §6): `<log>` of `<object-types>`, `<event-types>`, `<objects>` and `<events>`.

The file is streamed, and read twice: for the declared types, then for the rows. A row is named by the line and column
that its element starts at.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from stallwatch.importers.broken import Broken, ImportFileError, quoted
from stallwatch.importers.forms.xml_nodes import Node, stream
from stallwatch.importers.rows import (
    EventDetailRow,
    EventObjectRow,
    EventRow,
    ObjectObjectRow,
    ObjectRow,
    ObjectValueRow,
    Row,
    Scope,
    Types,
)
from stallwatch.importers.values import Kind, text_of

RELATIONS = ("relationship", "relobj")  # `relobj` is what drafts of the specification called it
SECTIONS = {"event-types", "object-types", "events", "objects"}
DECLARATIONS: Mapping[str, Scope] = {"event-type": "event", "object-type": "object"}


class _ShapeError(Exception):
    """An element is not what the form says it is."""


class XmlForm:
    """A log as XML."""

    nested = True

    def __init__(self, path: Path) -> None:
        self._path = path

    def types(self) -> Types:
        """Return the declared types. Raises ImportFileError where the file is no OCEL log or not well-formed."""
        found: dict[tuple[Scope, str], Mapping[str, Kind]] = {}
        sections: set[str] = set()
        for node in stream(self._path, sections):
            if node.tag in DECLARATIONS:
                try:
                    found[DECLARATIONS[node.tag], _required(node, "name")] = _kinds(node)
                except (_ShapeError, ValueError) as error:
                    message = f"{self._place(node)}: {error}"
                    raise ImportFileError(message) from None
        missing = sorted(SECTIONS - sections)
        if missing:
            message = f"{self._path} is not an OCEL 2.0 log: the element <{missing[0]}> is missing"
            raise ImportFileError(message)
        return found

    def rows(self) -> Iterator[Row]:
        """Yield events and objects, each with its attributes and relations."""
        readers = {"event": self._event, "object": self._object}
        for node in stream(self._path, set()):
            if node.tag in readers:
                try:
                    yield from list(readers[node.tag](node))
                except _ShapeError as error:
                    lost = {f"{node.tag}_id": node.attributes.get("id")}
                    yield Broken(self._place(node), str(error), node.written(), **lost)

    def _place(self, node: Node) -> str:
        return f"{self._path}:{node.place}"

    def _event(self, node: Node) -> Iterator[Row]:
        identifier, kind = _required(node, "id"), _required(node, "type")
        place, record = self._place(node), node.written()
        yield EventRow(place, record, identifier, kind)
        yield EventDetailRow(place, record, identifier, kind, _required(node, "time"), _event_attributes(node))
        for relation in _relations(node):
            target, qualifier = _required(relation, "object-id"), _qualifier(relation)
            written = f"{identifier} {relation.written()}"
            yield EventObjectRow(self._place(relation), written, identifier, target, qualifier)

    def _object(self, node: Node) -> Iterator[Row]:
        identifier, kind = _required(node, "id"), _required(node, "type")
        yield ObjectRow(self._place(node), node.written(), identifier, kind)
        for attribute in node.each("attributes", "attribute"):
            values, time = {_required(attribute, "name"): text_of(attribute.text)}, _required(attribute, "time")
            written = f"{identifier} {attribute.written()}"
            yield ObjectValueRow(self._place(attribute), written, identifier, kind, time, values)
        for relation in _relations(node):
            target, qualifier = _required(relation, "object-id"), _qualifier(relation)
            written = f"{identifier} {relation.written()}"
            yield ObjectObjectRow(self._place(relation), written, identifier, target, qualifier)


def _kinds(node: Node) -> Mapping[str, Kind]:
    attributes = node.each("attributes", "attribute")
    return {_required(attribute, "name"): Kind(_required(attribute, "type")) for attribute in attributes}


def _required(node: Node, name: str) -> str:
    if name not in node.attributes:
        message = f"<{node.tag}> at {node.place} lacks the attribute {name!r}"
        raise _ShapeError(message)
    return node.attributes[name]


def _relations(node: Node) -> Iterator[Node]:
    for tag in RELATIONS:
        yield from node.each("objects", tag)


def _qualifier(relation: Node) -> str:
    # The specification says `qualifier`; the example on the standard's site says `relationship`.
    return relation.attributes.get("qualifier", relation.attributes.get("relationship", ""))


def _event_attributes(node: Node) -> dict[str, str | None]:
    values: dict[str, str | None] = {}
    for attribute in node.each("attributes", "attribute"):
        name = _required(attribute, "name")
        if name in values:
            message = f"the attribute {quoted(name)} is given twice"
            raise _ShapeError(message)
        values[name] = text_of(attribute.text)
    return {name: value for name, value in values.items() if value is not None}

"""The JSON form (OCEL 2.0 specification, §7): one object of `eventTypes`, `objectTypes`, `events` and `objects`.

The file is read whole, so its size is limited; larger logs come as XML, SQLite or CSV, which are streamed.
A row is named by its path in the document: "log.json:events[3].relationships[0]".
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from stallwatch.importers.broken import Broken, ImportFileError, quoted
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

LARGEST = 256 * 1024**2  # bytes; parsed, JSON of this shape takes about six times its size
SECTIONS = ("eventTypes", "objectTypes", "events", "objects")


class _ShapeError(Exception):
    """A part of the document is not what the form says it is."""


class JsonForm:
    """A log as JSON."""

    nested = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._document = _read(path)

    def types(self) -> Types:
        """Return the declared types. Raises ImportFileError where a declaration is not one."""
        found: dict[tuple[Scope, str], Mapping[str, Kind]] = {}
        scopes: tuple[tuple[Scope, str], ...] = (("event", "eventTypes"), ("object", "objectTypes"))
        for scope, section in scopes:
            for index, declared in enumerate(self._document[section]):
                try:
                    found[scope, _text(declared, "name")] = _kinds(declared)
                except (_ShapeError, ValueError) as error:
                    message = f"{self._path}:{section}[{index}]: {error}"
                    raise ImportFileError(message) from None
        return found

    def rows(self) -> Iterator[Row]:
        """Yield events and objects, each with its attributes and relations."""
        for section, read in (("events", self._event), ("objects", self._object)):
            for index, item in enumerate(self._document[section]):
                place = f"{self._path}:{section}[{index}]"
                try:
                    yield from list(read(place, item))
                except _ShapeError as error:
                    identifier = item.get("id") if isinstance(item, dict) else None
                    lost = {section.removesuffix("s") + "_id": identifier} if isinstance(identifier, str) else {}
                    yield Broken(place, str(error), json.dumps(item), **lost)

    def _event(self, place: str, item: Any) -> Iterator[Row]:
        identifier, kind, record = _text(item, "id"), _text(item, "type"), json.dumps(item)
        yield EventRow(place, record, identifier, kind)
        yield EventDetailRow(place, record, identifier, kind, _text(item, "time"), _event_attributes(item))
        for index, relation in enumerate(_list(item, "relationships")):
            where = f"{place}.relationships[{index}]"
            target, qualifier = _text(relation, "objectId"), _qualifier(relation)
            yield EventObjectRow(where, json.dumps([identifier, relation]), identifier, target, qualifier)

    def _object(self, place: str, item: Any) -> Iterator[Row]:
        identifier, kind = _text(item, "id"), _text(item, "type")
        yield ObjectRow(place, json.dumps(item), identifier, kind)
        for index, attribute in enumerate(_list(item, "attributes")):
            values = {_text(attribute, "name"): _value(attribute)}
            where, record = f"{place}.attributes[{index}]", json.dumps([identifier, attribute])
            yield ObjectValueRow(where, record, identifier, kind, _text(attribute, "time"), values)
        for index, relation in enumerate(_list(item, "relationships")):
            where, record = f"{place}.relationships[{index}]", json.dumps([identifier, relation])
            yield ObjectObjectRow(where, record, identifier, _text(relation, "objectId"), _qualifier(relation))


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST:
            message = (
                f"{path} is over {LARGEST // 1024**2} MiB: JSON is read whole; convert the log to SQLite, XML or CSV"
            )
            raise ImportFileError(message)
        data = path.read_bytes()
    except OSError as error:
        message = f"cannot read {path}: {error.strerror}"
        raise ImportFileError(message) from None
    try:
        document = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"{path}:{line}: not UTF-8"
        raise ImportFileError(message) from None
    except json.JSONDecodeError as error:
        message = f"{path}:{error.lineno}: not valid JSON: {error.msg}"
        raise ImportFileError(message) from None
    except (_ShapeError, RecursionError) as error:
        message = f"{path}: not valid JSON: {error}"
        raise ImportFileError(message) from None
    return _sections(path, document)


def _sections(path: Path, document: Any) -> dict[str, Any]:
    if isinstance(document, dict) and any(key.startswith("ocel:") for key in document):
        message = f"{path} is an OCEL 1.0 log; convert it to OCEL 2.0 first"
        raise ImportFileError(message)
    missing = [name for name in SECTIONS if not isinstance(document, dict) or not isinstance(document.get(name), list)]
    if missing:
        message = f"{path} is not an OCEL 2.0 log: the list {missing[0]!r} is missing"
        raise ImportFileError(message)
    return cast("dict[str, Any]", document)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        message = (
            f"the key {quoted(next(name for name in names if names.count(name) > 1))} is given twice in one object"
        )
        raise _ShapeError(message)
    return found


def _no_constant(name: str) -> Any:
    message = f"{name} is not JSON"
    raise _ShapeError(message)


def _kinds(declared: Any) -> Mapping[str, Kind]:
    return {_text(attribute, "name"): Kind(_text(attribute, "type")) for attribute in _list(declared, "attributes")}


def _text(item: Any, key: str) -> str:
    if not isinstance(item, dict) or key not in item:
        message = f"the key {key!r} is missing"
        raise _ShapeError(message)
    if not isinstance(item[key], str):
        message = f"{key!r} is not text"
        raise _ShapeError(message)
    return str(item[key])


def _list(item: Any, key: str) -> list[Any]:
    found = item.get(key, []) if isinstance(item, dict) else []
    if not isinstance(found, list):
        message = f"{key!r} is not a list"
        raise _ShapeError(message)
    return found


def _qualifier(relation: Any) -> str:
    return _text(relation, "qualifier") if "qualifier" in relation else ""


def _value(attribute: Any) -> str | None:
    if isinstance(attribute.get("value"), dict | list):
        message = f"the value of {quoted(attribute['name'])} is neither text, number nor boolean"
        raise _ShapeError(message)
    return text_of(attribute.get("value"))


def _event_attributes(item: Any) -> dict[str, str | None]:
    values: dict[str, str | None] = {}
    for attribute in _list(item, "attributes"):
        name = _text(attribute, "name")
        if name in values:
            message = f"the attribute {quoted(name)} is given twice"
            raise _ShapeError(message)
        values[name] = _value(attribute)
    return {name: value for name, value in values.items() if value is not None}

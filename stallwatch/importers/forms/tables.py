"""The relational form (OCEL 2.0 specification, §5): the same tables in a SQLite file or in a folder of CSV files.

`event_map_type` and `object_map_type` say which table holds the rows of a type; `event`, `object`, `event_object` and
`object_object` are the graph; `event_<T>` has times and attributes, `object_<T>` values with the time they hold from.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

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
from stallwatch.importers.values import Kind

SCOPES: tuple[Scope, ...] = ("event", "object")
FIXED = {"ocel_id", "ocel_time", "ocel_changed_field"}
# Some exporters put a changed value into a column of its own instead of the column that ocel_changed_field names.
CHANGED_VALUE = "new_value"


@dataclass(frozen=True, slots=True)
class Cells:
    """One row of a table, by column; None where a cell is empty."""

    place: str
    record: str
    values: Mapping[str, str | None]

    def text(self, column: str) -> str:
        """Return a cell, empty as ""."""
        return self.values[column] or ""


class Tables(Protocol):
    """A store of named tables."""

    name: str

    def place(self, table: str) -> str:
        """Return how errors name a table."""
        ...

    def exists(self, table: str) -> bool:
        """Return whether there is such a table."""
        ...

    def kinds(self, table: str) -> Mapping[str, Kind]:
        """Return the columns whose kind the store declares beyond what their text says."""
        ...

    def rows(self, table: str, required: Sequence[str]) -> Iterator[Cells | Broken]:
        """Yield the rows of a table. Raises ImportFileError where it lacks a required column."""
        ...


@dataclass
class TablesForm:
    """A log as tables."""

    tables: Tables
    nested: bool = False

    def types(self) -> Types:
        """Return the types that the two map tables name. Raises ImportFileError for a missing table."""
        for table in ("event", "object", "event_object", "object_object", "event_map_type", "object_map_type"):
            if not self.tables.exists(table):
                message = f"{self.tables.name} is not an OCEL 2.0 log: the table {self.tables.place(table)} is missing"
                raise ImportFileError(message)
        return {(scope, name): self.tables.kinds(table) for scope in SCOPES for name, table in self._mapped(scope)}

    def rows(self) -> Iterator[Row]:
        """Yield the rows of every table, the tables of the types included."""
        yield from self._each("event", ("ocel_id", "ocel_type"), _event)
        yield from self._each("object", ("ocel_id", "ocel_type"), _object)
        for kind, table in self._mapped("event"):
            yield from self._each(table, ("ocel_id", "ocel_time"), partial(_event_detail, kind=kind))
        for kind, table in self._mapped("object"):
            yield from self._each(table, ("ocel_id", "ocel_time"), partial(_object_value, kind=kind))
        relation = ("ocel_event_id", "ocel_object_id", "ocel_qualifier")
        yield from self._each("event_object", relation, _event_object)
        yield from self._each("object_object", ("ocel_source_id", "ocel_target_id", "ocel_qualifier"), _object_object)

    def _each(self, table: str, required: Sequence[str], read: Callable[[Cells], Row]) -> Iterator[Row]:
        for cells in self.tables.rows(table, required):
            yield cells if isinstance(cells, Broken) else read(cells)

    def _mapped(self, scope: Scope) -> Iterator[tuple[str, str]]:
        """Yield each type of the scope with its table; a broken map leaves rows without meaning, so it stops here."""
        for cells in self.tables.rows(f"{scope}_map_type", ("ocel_type", "ocel_type_map")):
            if isinstance(cells, Broken):
                message = f"{cells.place}: {cells.reason}"
                raise ImportFileError(message)
            table = f"{scope}_{cells.text('ocel_type_map')}"
            if not self.tables.exists(table):
                message = (
                    f"{cells.place}: the table {self.tables.place(table)} of the {scope} type "
                    f"{quoted(cells.text('ocel_type'))} is missing"
                )
                raise ImportFileError(message)
            yield cells.text("ocel_type"), table


def _event(cells: Cells) -> Row:
    return EventRow(cells.place, cells.record, cells.text("ocel_id"), cells.text("ocel_type"))


def _object(cells: Cells) -> Row:
    return ObjectRow(cells.place, cells.record, cells.text("ocel_id"), cells.text("ocel_type"))


def _event_detail(cells: Cells, kind: str) -> Row:
    stated = {name: value for name, value in cells.values.items() if name not in FIXED and value is not None}
    return EventDetailRow(cells.place, cells.record, cells.text("ocel_id"), kind, cells.text("ocel_time"), stated)


def _object_value(cells: Cells, kind: str) -> Row:
    changed = cells.values.get("ocel_changed_field")
    values: Mapping[str, str | None]
    if changed is None:
        values = {name: value for name, value in cells.values.items() if name not in FIXED and value is not None}
    elif changed not in cells.values or changed in FIXED:
        return Broken(cells.place, f"ocel_changed_field names {quoted(changed)}, which is no column", cells.record)
    else:
        values = {changed: cells.values[changed] or cells.values.get(CHANGED_VALUE)}
    return ObjectValueRow(cells.place, cells.record, cells.text("ocel_id"), kind, cells.text("ocel_time"), values)


def _event_object(cells: Cells) -> Row:
    event, target = cells.text("ocel_event_id"), cells.text("ocel_object_id")
    return EventObjectRow(cells.place, cells.record, event, target, cells.text("ocel_qualifier"))


def _object_object(cells: Cells) -> Row:
    source, target = cells.text("ocel_source_id"), cells.text("ocel_target_id")
    return ObjectObjectRow(cells.place, cells.record, source, target, cells.text("ocel_qualifier"))

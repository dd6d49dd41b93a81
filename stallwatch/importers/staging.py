"""Stages a log in a private temporary SQLite database and checks it there as a whole, before anything is sent.

Memory stays bounded for any size: SQLite spills to disk. Reading back is in a fixed order, so that the four forms of
one log give the same values in the same order.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import count, groupby
from pathlib import Path
from typing import Any

from core.sql import sql
from stallwatch.importers.broken import Broken, ImportFileError, quoted
from stallwatch.importers.forms import open_form
from stallwatch.importers.kinds import Kinds
from stallwatch.importers.log import Counts, OcelAttribute, OcelEvent, OcelObject, OcelReference
from stallwatch.importers.rows import (
    EventDetailRow,
    EventObjectRow,
    EventRow,
    Form,
    ObjectObjectRow,
    ObjectRow,
    ObjectValueRow,
    Row,
)
from stallwatch.importers.values import instant, microseconds

# In this order: what a later check compares with must already be free of what an earlier one found.
CHECKS = (
    "event_types",
    "object_types",
    "event_ids",
    "object_ids",
    "object_names",
    "nested",
    "detail_events",
    "detail_ids",
    "event_details",
    "value_objects",
    "relation_events",
    "relation_objects",
    "links",
)
REPORT_EVERY = 5_000  # rows between two reports of progress


@contextmanager
def open_log(path: Path, read: Callable[[int], None] = lambda _rows: None) -> Iterator["StagedLog"]:
    """Read and check a log of any form; `read` is told now and then how many rows were read.

    Raises ImportFileError where it is no OCEL 2.0 log or cannot be read to its end. Broken rows do not raise: they
    are in `broken()`, and everything else the log yields is sound.
    """
    form = open_form(path)
    with closing(sqlite3.connect("", isolation_level=None)) as connection:  # "": a temporary database of its own
        connection.create_function("quoted", 1, quoted, deterministic=True)
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(_sql("staging"))
        try:
            kinds = _stage(connection, form, read)
        except sqlite3.Error as error:
            message = f"cannot stage {path} in the directory of temporary files: {error}"
            raise ImportFileError(message) from None
        yield StagedLog(connection, kinds)


def _sql(name: str) -> str:
    return sql("stallwatch.importers", name)


def _stage(connection: sqlite3.Connection, form: Form, read: Callable[[int], None]) -> Kinds:
    types = form.types()
    kinds = Kinds(types)
    connection.execute("BEGIN")
    connection.executemany(_sql("stage_type"), types)
    writer = _Writer(connection, kinds, nested=form.nested)
    for number, row in enumerate(form.rows(), 1):
        writer.add(row)
        if number % REPORT_EVERY == 0:
            read(number)
    connection.execute("COMMIT")
    connection.executescript(_sql("staging_indexes"))
    connection.executescript(_sql("drop_broken"))
    for check in CHECKS:
        connection.execute(_sql(f"check_{check}"))
        connection.executescript(_sql("drop_broken"))
    connection.execute(_sql("forget_repeated"))
    return kinds


class _Writer:
    """Writes rows to the staging tables; a row that cannot stand by itself is written as broken."""

    def __init__(self, connection: sqlite3.Connection, kinds: Kinds, *, nested: bool) -> None:
        self._connection = connection
        self._kinds = kinds
        self._nested = nested
        self._owner: int | None = None
        self._sequence = count(1)

    def add(self, row: Row) -> None:
        seq = next(self._sequence)
        try:
            self._put(seq, row)
        except _UnsoundError as error:
            self._break(seq, row, str(error))
        except UnicodeEncodeError:
            self._break(seq, row, row.reason if isinstance(row, Broken) else "not UTF-8")

    def _put(self, seq: int, row: Row) -> None:
        match row:
            case Broken():
                self._insert("broken", seq, row.place, row.reason, row.record, row.event_id, row.object_id)
            case EventRow() | ObjectRow():
                self._owner = seq if self._nested else None
                table = "event" if isinstance(row, EventRow) else "object"
                self._insert(table, seq, row.place, row.record, row.id, row.type)
            case EventDetailRow():
                self._insert("event_detail", *self._timed(seq, row, _event_time(row.time)))
                self._kinds.observe("event", row.type, row.attributes)
            case ObjectValueRow():
                self._insert("object_value", *self._timed(seq, row, _value_time(row.time)))
                self._kinds.observe("object", row.type, row.attributes)
            case EventObjectRow():
                ends = row.event_id, row.object_id, row.qualifier
                self._insert("event_object", seq, row.place, row.record, self._owner, *ends)
            case ObjectObjectRow():
                ends = row.source_id, row.target_id, row.qualifier
                self._insert("object_object", seq, row.place, row.record, self._owner, *ends)

    def _timed(self, seq: int, row: EventDetailRow | ObjectValueRow, time: int) -> tuple[Any, ...]:
        misfit = self._kinds.misfit("event" if isinstance(row, EventDetailRow) else "object", row.type, row.attributes)
        if misfit:
            raise _UnsoundError(misfit)
        attributes = json.dumps(dict(row.attributes), ensure_ascii=False)
        return seq, row.place, row.record, self._owner, row.id, row.type, time, attributes

    def _break(self, seq: int, row: Row, reason: str) -> None:
        event = row.id if isinstance(row, EventRow | EventDetailRow) else None
        target = row.id if isinstance(row, ObjectRow) else None
        texts = (row.place, reason, row.record, event, target)
        self._insert("broken", seq, *(text and text.encode("utf-8", "replace").decode() for text in texts))

    def _insert(self, table: str, *values: object) -> None:
        self._connection.execute(_sql(f"stage_{table}"), values)


class _UnsoundError(Exception):
    """A row cannot stand by itself, whatever the others say."""


def _event_time(text: str) -> int:
    time = _time(text)
    if time <= 0:
        message = f"an event cannot be at {quoted(text)}: not after 1970-01-01"
        raise _UnsoundError(message)
    return time


def _value_time(text: str) -> int:
    time = _time(text)
    if time < 0:
        message = f"the time {quoted(text)} is before 1970-01-01, which stands for an initial value"
        raise _UnsoundError(message)
    return time


def _time(text: str) -> int:
    try:
        return microseconds(text)
    except (ValueError, OverflowError):
        message = f"{quoted(text)} is not an ISO 8601 time"
        raise _UnsoundError(message) from None


class StagedLog:
    """A staged and checked log: an OcelLog."""

    def __init__(self, connection: sqlite3.Connection, kinds: Kinds) -> None:
        self._connection = connection
        self._kinds = kinds

    def counts(self) -> Counts:
        """Return how much is sound."""
        return Counts(*self._connection.execute(_sql("log_counts")).fetchone())

    def events(self) -> Iterator[OcelEvent]:
        """Yield the sound events, in order of time and id."""
        rows = self._connection.execute(_sql("log_events"))
        for (identifier, kind, time, attributes), touched in groupby(rows, key=lambda row: row[:4]):
            values = tuple(sorted(self._kinds.typed("event", kind, json.loads(attributes)).items()))
            references = tuple(OcelReference(*row[4:]) for row in touched if row[4] is not None)
            yield OcelEvent(identifier, kind, instant(time), values, references)

    def objects(self) -> Iterator[OcelObject]:
        """Yield the sound objects, in order of id."""
        for identifier, kind in self._connection.execute(_sql("log_objects")):
            links = self._connection.execute(_sql("log_object_links"), {"id": identifier})
            references = tuple(OcelReference(*row) for row in links)
            yield OcelObject(identifier, kind, self.attributes_of(identifier), references)

    def attributes_of(self, object_id: str) -> tuple[OcelAttribute, ...]:
        """Return the attributes of one object, in order of time and name."""
        found: list[OcelAttribute] = []
        for kind, time, attributes in self._connection.execute(_sql("log_object_values"), {"id": object_id}):
            at = instant(time) if time else None
            values: Mapping[str, Any] = self._kinds.typed("object", kind, json.loads(attributes))
            found.extend(OcelAttribute(name, at, value) for name, value in values.items())
        return tuple(sorted(found, key=lambda attribute: (attribute.time is not None, attribute.time, attribute.name)))

    def first_event_at(self, object_id: str) -> datetime | None:
        """Return when an object was first touched; if never, when the log begins; None for a log without events."""
        (first,) = self._connection.execute(_sql("log_first_event"), {"id": object_id}).fetchone()
        return None if first is None else instant(first)

    def object_types(self) -> tuple[str, ...]:
        """Return the types of the sound objects, sorted."""
        return tuple(name for (name,) in self._connection.execute(_sql("log_object_types")))

    def broken(self, *, consequences: bool = True, limit: int | None = None) -> Iterator[Broken]:
        """Yield the broken rows in the order they were read; without `consequences`, only the first causes."""
        bound = {"consequences": int(consequences), "limit": -1 if limit is None else limit}
        yield from (Broken(*row) for row in self._connection.execute(_sql("log_broken"), bound))

    def broken_count(self, *, consequences: bool = True) -> int:
        """Return how many rows `broken` yields without a limit."""
        bound = {"consequences": int(consequences)}
        return int(self._connection.execute(_sql("log_broken_count"), bound).fetchone()[0])

"""The tables as a SQLite file, opened for reading only. A row is named by its position in its table, from 1."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from core.sql import sql
from stallwatch.importers.broken import Broken, ImportFileError
from stallwatch.importers.forms.tables import Cells
from stallwatch.importers.values import Kind, text_of


class SqliteTables:
    """A SQLite file of OCEL tables."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._path = path
        with self._reading() as connection:
            self._tables = {str(name) for (name,) in connection.execute(_sql("source_tables"))}

    def place(self, table: str) -> str:
        """Return file and table."""
        return f"{self._path}:{table}"

    def exists(self, table: str) -> bool:
        """Return whether the file has such a table or view."""
        return table in self._tables

    def kinds(self, table: str) -> Mapping[str, Kind]:
        """Return the columns declared BOOLEAN: SQLite keeps their values as 0 and 1."""
        return {name: Kind.BOOLEAN for name, declared in self._columns(table) if declared in {"BOOLEAN", "BOOL"}}

    def rows(self, table: str, required: Sequence[str]) -> Iterator[Cells | Broken]:
        """Yield the rows of a table; a BLOB makes its row broken, text that is not UTF-8 does in staging."""
        columns = [name for name, _ in self._columns(table)]
        missing = [column for column in required if column not in columns]
        if missing:
            message = f"{self.place(table)}: the column {missing[0]} is missing"
            raise ImportFileError(message)
        with self._reading() as connection:
            statement = _sql("source_rows").format(table='"' + table.replace('"', '""') + '"')
            for number, row in enumerate(connection.execute(statement), 1):
                yield _cells(f"{self.place(table)}:{number}", columns, row)

    def _columns(self, table: str) -> list[tuple[str, str]]:
        with self._reading() as connection:
            return connection.execute(_sql("source_columns"), {"table": table}).fetchall()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
                connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
                yield connection
        except sqlite3.Error as error:
            message = f"cannot read {self._path}: {error}"
            raise ImportFileError(message) from None


def _sql(name: str) -> str:
    return sql("stallwatch.importers", name)


def _cells(place: str, columns: Sequence[str], row: Sequence[Any]) -> Cells | Broken:
    record = json.dumps(dict(zip(columns, row, strict=True)), default=repr)
    if any(isinstance(value, bytes) for value in row):
        return Broken(place, "a BLOB, where OCEL has text and numbers", record)
    return Cells(place, record, {name: text_of(value) for name, value in zip(columns, row, strict=True)})

"""The tables as a folder of CSV files, one a table, the first line of each naming its columns; UTF-8."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from stallwatch.importers.broken import Broken, ImportFileError, quoted
from stallwatch.importers.forms.tables import Cells
from stallwatch.importers.values import Kind


@dataclass
class _Lines:
    """The lines of a file, remembering those since the last row: a row's own text, and the line it starts at."""

    file: TextIO
    read: list[str] = field(default_factory=list)
    first: int = 1

    def __iter__(self) -> Iterator[str]:
        for line in self.file:
            self.read.append(line)
            yield line

    def take(self) -> tuple[int, str]:
        first, record = self.first, "".join(self.read)
        self.first += len(self.read)
        self.read.clear()
        return first, record.rstrip("\r\n")


class CsvTables:
    """A folder of CSV tables."""

    def __init__(self, folder: Path) -> None:
        self.name = str(folder)
        self._folder = folder
        self._files = {file.stem: file for file in folder.glob("*.csv")}

    def place(self, table: str) -> str:
        """Return the path of a table's file."""
        return str(self._folder / f"{table}.csv")

    def exists(self, table: str) -> bool:
        """Return whether the folder itself has such a file."""
        return table in self._files

    def kinds(self, table: str) -> Mapping[str, Kind]:  # noqa: ARG002 - the port asks; a CSV file declares nothing
        """Return nothing: CSV declares no kinds."""
        return {}

    def rows(self, table: str, required: Sequence[str]) -> Iterator[Cells | Broken]:
        """Yield the rows of a file; a row that is not of the header's width is broken."""
        path = self._files[table]
        try:
            # Bytes that are not UTF-8 become lone surrogates: staging breaks that row alone.
            with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
                yield from _rows(path, _Lines(file), required)
        except OSError as error:
            message = f"cannot read {path}: {error.strerror}"
            raise ImportFileError(message) from None


def _rows(path: Path, lines: _Lines, required: Sequence[str]) -> Iterator[Cells | Broken]:
    reader = csv.reader(iter(lines), strict=True)
    header = _header(path, reader, required)
    lines.take()
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            first, record = lines.take()
            yield Broken(f"{path}:{first}", f"not valid CSV: {error}", record)
            continue
        if row is None:
            return
        first, record = lines.take()
        if row:  # an empty line is no row
            yield _cells(f"{path}:{first}", record, header, row)


def _header(path: Path, reader: Iterator[list[str]], required: Sequence[str]) -> list[str]:
    try:
        header = next(reader, [])
    except csv.Error as error:
        message = f"{path}:1: not valid CSV: {error}"
        raise ImportFileError(message) from None
    missing = [column for column in required if column not in header]
    repeated = {column for column in header if header.count(column) > 1}
    if missing or repeated:
        reason = (
            f"the column {missing[0]} is missing" if missing else f"the column {quoted(min(repeated))} stands twice"
        )
        message = f"{path}:1: {reason}"
        raise ImportFileError(message)
    return header


def _cells(place: str, record: str, header: Sequence[str], row: Sequence[str]) -> Cells | Broken:
    if len(row) != len(header):
        lost = row[0] if header[0] == "ocel_id" else None
        return Broken(place, f"{len(row)} columns instead of {len(header)}", record, lost, lost)
    return Cells(place, record, {name: cell or None for name, cell in zip(header, row, strict=True)})

"""A folder of CSV tables whose days and months are exchanged, as by a reader that takes 03/04 for the 4th of March."""

import csv
from collections.abc import Iterable
from pathlib import Path


def exchanged(text: str) -> str:
    """Return an ISO 8601 time with its day and month exchanged where that is a date, else as it is.

    >>> exchanged("2022-04-07T17:28:00.000Z"), exchanged("2022-04-13T17:28:00.000Z")
    ('2022-07-04T17:28:00.000Z', '2022-04-13T17:28:00.000Z')
    """
    year, month, day, rest = text[:4], text[5:7], text[8:10], text[10:]
    return f"{year}-{day}-{month}{rest}" if int(day) <= 12 else text


def exchange_events(folder: Path, into: Path) -> Path:
    """Copy the tables of an OCEL log with the times of its events exchanged; return the folder."""
    into.mkdir()
    for file in folder.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as source:
            head, *rows = list(csv.reader(source))
        if file.name.startswith("event_") and "ocel_time" in head:
            rows = list(_exchanged_in(rows, head.index("ocel_time")))
        with (into / file.name).open("w", encoding="utf-8", newline="") as target:
            csv.writer(target).writerows([head, *rows])
    return into


def _exchanged_in(rows: Iterable[list[str]], place: int) -> Iterable[list[str]]:
    for row in rows:
        yield [*row[:place], exchanged(row[place]), *row[place + 1 :]]

"""CSV: any list as rows, streamed in large chunks of one query each, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from core.paging import Page
from web.words import exact

FORMULA_STARTS = (*"=+-@\t\r\n", *"\uff1d\uff0b\uff0d\uff20")  # OWASP, "CSV Injection"; the latter in full width
AS_OF = (
    "stallwatch-as-of"  # the instant that a CSV is of, ISO 8601; RFC 6648 (2012): no "X-" before a name of one's own
)
Item = TypeVar("Item")


def csv_response(name: str, columns: Iterable[str], rows: Iterable[BaseModel], as_of: datetime) -> StreamingResponse:
    """Stream rows as a file: UTF-8, RFC 4180; nested values under dotted column names.

    RFC 4180 leaves no place for the instant that they are of: the file's name tells it, `name` and the instant to the
    second, and the header `AS_OF`, as `as_of` does in JSON. The first rows are read before the answer starts, so that a
    failing store still gives an error status.
    """
    lines = _lines(tuple(columns), rows)
    first = [line for _, line in zip(range(2), lines, strict=False)]
    return StreamingResponse(
        _chained(first, lines),
        media_type="text/csv; charset=utf-8",
        headers={
            "content-disposition": f'attachment; filename="{name}-{as_of.astimezone(UTC):%Y%m%dT%H%M%SZ}.csv"',
            AS_OF: exact(as_of),
        },
    )


def every(first: Page[Item], fetch: Callable[[str], Page[Item]]) -> Iterator[Item]:
    """Yield the items of every page, following cursors from the first."""
    page = first
    yield from page.items
    while page.next_cursor is not None:
        page = fetch(page.next_cursor)
        yield from page.items


def columns_of(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the columns of a wire model: its fields, a nested model's under "field.inner"."""
    found: list[str] = []
    for name, field in model.model_fields.items():
        inner = field.annotation
        nested = isinstance(inner, type) and issubclass(inner, BaseModel)
        found += [f"{name}.{part}" for part in columns_of(inner)] if nested else [name]  # type: ignore[arg-type]  # a nested one is a model
    return tuple(found)


def cell(value: object) -> str:
    """Return a value as a cell's text; text that a spreadsheet would run as a formula gets a leading apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return exact(value)
    if isinstance(value, Mapping):
        text = "; ".join(f"{key} {inner}" for key, inner in value.items())
    elif isinstance(value, list | tuple):
        text = "; ".join(_words(item) if isinstance(item, Mapping) else str(item) for item in value)
    else:
        text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _words(record: Mapping[str, Any]) -> str:
    """Return what a record says, in the order of its fields: "event erp 2026-03-04T12:00:00Z E-7"."""
    values = ((_words(value) if isinstance(value, Mapping) else value) for value in record.values())
    return " ".join(exact(value) if isinstance(value, datetime) else str(value) for value in values if value)


def _lines(columns: tuple[str, ...], rows: Iterable[BaseModel]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    for row in rows:
        yield _taken(buffer)
        values = row.model_dump()
        writer.writerow([cell(_at(values, column)) for column in columns])
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _chained(first: list[str], rest: Iterator[str]) -> Iterator[str]:
    yield from first
    yield from rest


def _at(values: Any, column: str) -> Any:
    for part in column.split("."):
        values = values[part]
    return values

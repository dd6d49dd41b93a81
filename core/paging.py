"""One page of a list: what every list returns, and where the next one starts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from core.errors import MisuseError

Item = TypeVar("Item")
LONGEST_CURSOR = 12  # digits: a row number, with room


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some items in order, where the next page starts (None: this is the last), and how many there are in all.

    `as_of` where they are of another instant than was asked for.
    """

    items: tuple[Item, ...]
    next_cursor: str | None
    total: int
    as_of: datetime | None = None


def page_of(
    ask: Callable[[int, int], list[dict[str, Any]]],
    read: Callable[[dict[str, Any]], Item],
    cursor: str | None,
    limit: int,
) -> Page[Item]:
    """Return a page of rows that each say the `total` of their list, read as items.

    `ask` takes how many rows come before the page and how many to return. Raises MisuseError for a bad cursor.
    """
    after = place(cursor)
    rows = ask(after, limit + 1)
    # Beyond the last page no row says how many there are.
    counted = rows or (ask(0, 1) if after else [])
    following = str(after + limit) if len(rows) > limit else None
    return Page(tuple(map(read, rows[:limit])), following, counted[0]["total"] if counted else 0)


def place(cursor: str | None) -> int:
    """Return how many rows come before the page that `cursor` names. Raises MisuseError for anything else."""
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= LONGEST_CURSOR):
        message = f"{cursor[:60]!r} is not a cursor of this list"
        raise MisuseError(message)
    return int(cursor)


def whole(items: Iterable[Any], as_of: datetime | None = None) -> Page[Any]:
    """Return a list that comes in one piece as its only page."""
    found = tuple(items)
    return Page(found, None, len(found), as_of)

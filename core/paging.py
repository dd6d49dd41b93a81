"""One page of a list: what every list returns, and where the next one starts."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from core.errors import MisuseError

Item = TypeVar("Item")
LONGEST_CURSOR = 12  # digits: a row number, with room


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some items in order, where the next page starts (None: this is the last), and how many there are in all."""

    items: tuple[Item, ...]
    next_cursor: str | None
    total: int


def place(cursor: str | None) -> int:
    """Return how many rows come before the page that `cursor` names. Raises MisuseError for anything else."""
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= LONGEST_CURSOR):
        message = f"{cursor[:60]!r} is not a cursor of this list"
        raise MisuseError(message)
    return int(cursor)

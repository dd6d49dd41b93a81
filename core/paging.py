"""One page of a list: what every list returns."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some items in order, where the next page starts (None: this is the last), and how many there are in all."""

    items: tuple[Item, ...]
    next_cursor: str | None
    total: int

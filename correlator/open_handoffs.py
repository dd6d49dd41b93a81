"""What is open: read from a small table where it has all of it, else from that of all instances there ever were.

`open_handoffs` lacks what had ended when it was derived. The newest such end is its horizon: whoever asks for an
instant from there on finds in it all that was open; any earlier one is answered from `handoffs` (record 23).
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from core.clickhouse import Database
from core.sql import sql

OPEN, ALL = "open_handoffs", "handoffs"
# Rows that say that something is gone are read with the others: they are cleaned away when they are more than these,
# and than what is open.
FEW_GONE = 50_000
Found = TypeVar("Found")


class Asks(Protocol):
    """What runs a query and returns its rows."""

    def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        """Return the rows."""


def read_open(database: Asks, models: Sequence[str], as_of: datetime, read: Callable[[str], Found]) -> Found:
    """Return what `read` finds in the table that it is given the name of; it may be called twice.

    The horizon is asked for again afterwards: what a tick closed meanwhile may have been open at `as_of`.
    """
    if _horizon(database, models) <= as_of:
        found = read(OPEN)
        if _horizon(database, models) <= as_of:
            return found
    return read(ALL)


def write_open(do: Callable[[str], None]) -> None:
    """Copy what is open of what a run derived beside what is in force: only a tick's rows are copied as they come.

    `do` executes a statement of the run.
    """
    do("write_open_handoffs")
    do("write_open_handoffs_since")


def clean(database: Database, model: str, *, few: int = FEW_GONE) -> bool:
    """Clean away what says that instances of a model are gone, once it is much; return whether it was.

    Nobody may derive the model meanwhile: what ended between noting the newest end and cleaning would not be noted.
    """
    cleaned = False
    for node in database.nodes:
        (found,) = node.rows(sql("correlator", "count_gone_handoffs"), model=model)
        if found["gone"] > max(few, found["instances"] - found["gone"]):
            node.execute(sql("correlator", "note_open_handoffs_since"), model=model)
            node.execute(sql("correlator", "clean_open_handoffs"), model=model)
            cleaned = True
    return cleaned


def _horizon(database: Asks, models: Sequence[str]) -> datetime:
    (row,) = database.rows(sql("correlator", "open_handoffs_horizon"), models=list(models))
    horizon: datetime = row["horizon"]
    return horizon if horizon.tzinfo else horizon.replace(tzinfo=UTC)

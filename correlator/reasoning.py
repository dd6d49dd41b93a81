"""Causes of some stalled instances, as many as a page shows: what they hang on first, then why each is stalled.

In queries of their own, with the instances bound: one that also finds them is planned for a second, whatever it finds.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

# Bytes of one bound list as Python writes it: on its way each quote takes two, and a store takes values of 128 KiB.
MOST_BOUND = 60_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = dict[str, Any]
Definitions = Sequence[tuple[Any, ...]]


def reasoned(rows: Sequence[Row], definitions: Definitions, ask: Callable[..., list[Row]]) -> list[Row] | None:
    """Return rows of stall_page_first, each with its cause; None where they are too many to be bound.

    `definitions` are of all handoffs, by model and key first; `ask` takes the name of a query and values to bind.
    """
    stalled = [_instance(place, row) for place, row in enumerate(rows)]
    if not stalled or _too_long(stalled):
        return None if stalled else []
    hangs = [tuple(row.values()) for row in ask("stall_hangs", objects=sorted({(it[1], *it[3:5]) for it in stalled}))]
    if _too_long(hangs):
        return None
    documents = [
        tuple(row.values()) for row in ask("stall_documents", needed_on=sorted({(it[0], *it[3:5]) for it in hangs}))
    ]
    if _too_long([*hangs, *documents]):
        return None
    handoffs = {it[1:3] for it in stalled}
    needed = [each for each in definitions if each[:2] in handoffs]
    causes = {
        row["place"]: row
        for row in ask("stall_causes", stalled=stalled, hangs=hangs, documents=documents, definitions=needed)
    }
    return [row | causes[place] for place, row in enumerate(rows)]


def _instance(place: int, row: Row) -> tuple[Any, ...]:
    opened_at = (row["opened_at"] - EPOCH) // timedelta(microseconds=1)
    named = (row["model"], row["handoff"], row["object_type"], row["object_id"])
    return place, *named, opened_at, row["opened_by"], row["flow_type"]


def _too_long(bound: Sequence[tuple[Any, ...]]) -> bool:
    return sum(len(str(each).encode()) for each in bound) > MOST_BOUND

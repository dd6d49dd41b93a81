"""Switching over to a rebuild: it writes beside what is in force (`<table>_next`) and takes its place as a whole.

Each derived table is replaced at once, one after the other. That the switch-over has begun is written down before, with
all that finishing it takes, and that it is done after: readers wait it out (`WholeReads`), and a process that died
within is made up for by the next run (`SwitchOver.unfinished`). See docs/adr/0015.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from core.clickhouse import Database
from core.clock import Clock
from core.errors import StoreUnavailableError
from core.sql import sql

DERIVED = (
    *("link_statements", "links", "parent_links"),
    *("journey_members", "object_journeys", "journeys", "handoffs"),
)
IN_FORCE = {table: table for table in DERIVED}
NEXT = {table: f"{table}_next" for table in DERIVED}
# Replacing seven tables takes milliseconds (hard links, no rows are read). Where its process died within, readers are
# told to come again.
WAITS, WAIT_SECONDS = 500, 0.02
Found = TypeVar("Found")


@dataclass(frozen=True)
class Rebuilt:
    """A rebuild that is complete: what its run is recorded with."""

    revision: int
    watermark: datetime
    definitions: str
    roots: int


@dataclass(frozen=True)
class SwitchOver:
    """The tables beside those in force, of one model."""

    database: Database
    model: str
    clock: Clock

    def empty(self) -> None:
        """Forget what a rebuild wrote beside."""
        for table in NEXT.values():
            self.database.execute(sql("correlator", "empty_next"), next=table, model=self.model)

    def begin(self, rebuilt: Rebuilt) -> None:
        """Write down that what stands beside is complete and takes the place of what is in force."""
        self._mark(rebuilt, is_done=False)

    def unfinished(self) -> Rebuilt | None:
        """Return the rebuild whose switch-over has begun and is not done."""
        rows = self.database.rows(sql("correlator", "unfinished_switch_over"), model=self.model)
        return Rebuilt(**rows[0]) if rows else None

    def replace(self) -> None:
        """Put what stands beside in force. Safe to repeat until it is done."""
        for table in DERIVED:
            self.database.execute(sql("correlator", f"replace_{table}"), model=self.model)

    def done(self, rebuilt: Rebuilt) -> None:
        """Write down that it is in force."""
        self._mark(rebuilt, is_done=True)

    def _mark(self, rebuilt: Rebuilt, *, is_done: bool) -> None:
        columns = ("model", "revision", "is_done", "watermark", "definitions", "roots", "at")
        told = (rebuilt.revision, is_done, rebuilt.watermark, rebuilt.definitions, rebuilt.roots, self.clock.now())
        self.database.insert("switch_overs", columns, [(self.model, *told)])


class WholeReads:
    """Reads over several derived tables that see one derivation whole: the one before a switch-over, or the one after.

    A read during which a switch-over was done is done again; one that meets a switch-over waits. Raises
    StoreUnavailableError where a switch-over does not end.
    """

    def __init__(self, database: Database, wait: Callable[[float], None] = time.sleep) -> None:
        """`wait` takes seconds."""
        self._database, self._wait = database, wait
        self._seen = -1  # switch-overs that were done at a moment when none was under way

    def __call__(self, read: Callable[[], Found]) -> Found:
        """Return what `read` found while no switch-over was under way. `read` may be called more than once."""
        before = self._seen if self._seen >= 0 else self._settled()
        while True:
            found = read()
            after = self._seen = self._settled()
            if after == before:
                return found
            before = after

    def _settled(self) -> int:
        for _ in range(WAITS):
            marks = self._database.rows(sql("correlator", "switch_over_marks"))[0]
            if marks["begun"] == marks["done"]:
                return int(marks["done"])
            self._wait(WAIT_SECONDS)
        message = (
            "what is derived is being replaced by a rebuild that does not come to its end; the correlator finishes it"
        )
        raise StoreUnavailableError(message)

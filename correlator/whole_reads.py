"""Reads of what is derived that see one derivation whole: the one before a switch-over, or the one after."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from core.clickhouse import Database
from core.errors import StoreUnavailableError
from core.sql import sql

# Replacing eight tables takes milliseconds (hard links, no rows are read). Where its process died within, readers are
# told to come again.
WAITS, WAIT_SECONDS = 500, 0.02
READ = (
    *("links", "parent_links", "journey_members", "object_journeys", "journeys"),
    *("handoffs", "open_handoffs", "correlator_runs"),
)
Found = TypeVar("Found")


def only(models: Sequence[str]) -> dict[str, str]:
    """Return the settings of queries to which nothing is derived but by `models`.

    What a model derived that is no longer configured stays until it is configured again, and nobody sees it.
    """
    named = ", ".join(f"\\'{model}\\'" for model in models)  # names of models have no quotes (correlator/model.py)
    return {"additional_table_filters": "{" + ", ".join(f"'{table}': 'model IN ({named})'" for table in READ) + "}"}


class WholeReads:
    """Reads over several derived tables that see one derivation whole.

    A read during which a switch-over was done is done again; one that meets a switch-over waits. Raises
    StoreUnavailableError where a switch-over does not end.
    """

    def __init__(
        self, database: Database, models: Sequence[str] = (), *, wait: Callable[[float], None] = time.sleep
    ) -> None:
        """Switch-overs of `models` count, of all where none is named; `wait` takes seconds."""
        self._database, self._models, self._wait = database, list(models), wait
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
            marks = self._database.rows(sql("correlator", "switch_over_marks"), models=self._models)[0]
            if not marks["under_way"]:
                return int(marks["done"])
            self._wait(WAIT_SECONDS)
        message = (
            "what is derived is being replaced by a rebuild that does not come to its end; the correlator finishes it"
        )
        raise StoreUnavailableError(message)

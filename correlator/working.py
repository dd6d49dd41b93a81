"""Where a run has its working rows: tables keyed by its `revision`, whose rows go when it ends.

Those of a rebuild are on disk (`run_*`), and so are those of a tick with much to do. Those of a small tick are in the
engine's memory (`tick_*`, of equal columns), where statements cost less; they bind the names of both. `run_links` is
always on disk: what a run that died had found changed is read by the next.

An engine that starts again has nothing in memory, and a run that does not notice would take what it works on for all
there is: it says at its beginning that it has rows there, and at its end whether that still stands. On a cluster
each node has a memory of its own, and everything is on disk.
"""

from dataclasses import dataclass

from core.clickhouse import Database
from core.errors import StallwatchError, StoreUnavailableError
from core.sql import sql
from correlator.handoffs import promise_values
from correlator.model import JourneyModel
from correlator.signals import looks_for_signals

RUN_TABLES = (
    *("run_objects", "run_identities", "run_standing", "run_roots", "run_members", "run_events", "run_contexts"),
    *("run_places", "run_cycles"),
)
SIGNALS = ("run_linked", "run_alike", "run_signals")  # of models whose handoffs look at linked objects or reasons
PROMISES = ("run_promised", "run_promises")  # of models whose handoffs are due from an attribute
# Touched objects. A tick has some 5 kB of an object in its journeys, mostly its events: about 150 MB.
MOST_IN_MEMORY = 30_000
LED_TO = 4  # objects of its journeys for one that is touched, of a good 1 kB each with their events
ABANDONED_AFTER = 24 * 3600 * 1_000_000  # a run's revision is its start in microseconds; none takes a day
FORGOTTEN_AFTER = 3600 * 1_000_000  # in memory: a run there takes seconds, and one whose rows go is begun anew


class OutgrownError(StallwatchError):
    """A run has more to do than is kept in memory: it is begun anew on disk."""


@dataclass(frozen=True)
class Working:
    """The working rows of one run of a model."""

    database: Database
    model: JourneyModel
    revision: int
    in_memory: bool
    most_in_memory: int

    @property
    def tables(self) -> dict[str, str]:
        """Where each table is that statements have working rows in, by the name that they bind."""
        return {table: f"tick_{table[4:]}" if self.in_memory else table for table in (*RUN_TABLES, *SIGNALS, *PROMISES)}

    def begin(self) -> None:
        """Say that the run has rows, before it has any."""
        if self.in_memory:
            self.database.insert("tick_runs", ("revision",), [(self.revision,)])

    def bound(self, objects: int) -> None:
        """Raise OutgrownError where what is touched leads to so many objects that the run is not to be in memory."""
        if self.in_memory and objects > LED_TO * self.most_in_memory:
            message = f"a run works on {objects} objects"
            raise OutgrownError(message)

    def check(self) -> None:
        """Raise StoreUnavailableError where the rows went while the run was under way."""
        if not self.in_memory:
            return
        if not self.database.rows(sql("correlator", "run_is_in_memory"), revision=self.revision)[0]["stands"]:
            message = "the store started again while a run was under way: the run is begun anew"
            raise StoreUnavailableError(message)

    def clear(self) -> None:
        """Let the rows go."""
        signals = SIGNALS if looks_for_signals(self.model) else ()
        promises = PROMISES if promise_values(self.model) else ()
        used = (*RUN_TABLES, *signals, *promises)
        if not self.in_memory:
            for table in used:
                self.database.execute(sql("correlator", f"clear_{table}"), revision=self.revision)
            return
        forget, before = sql("correlator", "forget_in_memory"), self.revision - FORGOTTEN_AFTER
        for table in ("tick_runs", *(self.tables[each] for each in used)):
            self.database.execute(forget, table=table, revision=self.revision, before=before)

"""Switching over to a rebuild: it writes into tables of its own beside those in force, and takes its place as a whole.

Each derived table is replaced at once, one after the other. That the switch-over has begun is written down before, with
all that finishing it takes, and that it is done after: readers wait it out (`whole_reads.py`), and whoever meets one
that has begun finishes it (`SwitchOver.finish`), be its process dead or slow. See docs/adr/0015.

- A rebuild's tables are made by it, never change once its switch-over has begun, and are gone before it is done. So
  what is late replaces by the same rows, or fails: never by fewer.
- Of several that have begun the newest wins as a whole. It drops the tables of the others before it replaces anything,
  so that none of them can do so after it.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clickhouse import Database
from core.clock import Clock
from core.cluster import gather, spread_more
from core.errors import StoreError
from core.sql import sql

DERIVED = (
    *("link_statements", "links", "parent_links"),
    *("journey_members", "object_journeys", "journeys", "handoffs", "open_handoffs"),
)
IN_FORCE = {table: table for table in DERIVED}
# The tables of a rebuild that died are dropped by a later one. A single statement of a rebuild takes minutes at most.
SILENCE = timedelta(minutes=15)


@dataclass(frozen=True)
class Rebuilt:
    """A rebuild that is complete: what its run is recorded with, the number of its tables, whether it was recorded."""

    revision: int
    watermark: datetime
    definitions: str
    roots: int
    beside: int
    is_recorded: bool = False


def tables_beside(number: int, tables: Iterable[str] = DERIVED) -> dict[str, str]:
    """Return the names of a rebuild's own tables, by the tables whose place they take."""
    return {table: f"{table}_next_{number}" for table in tables}


@dataclass(frozen=True)
class SwitchOver:
    """The tables beside those in force, of one model."""

    database: Database
    model: str
    clock: Clock
    silence: timedelta = SILENCE

    def create(self, beside: Mapping[str, str]) -> None:
        """Make a rebuild's own tables. Raises StoreError where another has made them; then none is made."""
        made = []
        try:
            for table, name in beside.items():
                for node in self.database.nodes:
                    node.execute(sql("correlator", "create_beside").replace("$table", table), beside=name)
                    made.append((node, name))
        except StoreError:
            for node, name in made:
                with suppress(StoreError):  # what failed first is told; `drop_abandoned` drops what stays
                    node.execute(sql("correlator", "drop_beside"), beside=name)
            raise
        spread_more(self.database, set(beside.values()))

    def replace(self, beside: Mapping[str, str]) -> None:
        """Put what stands beside in force. Raises StoreError where it is gone; safe to repeat until then."""
        for table, name in beside.items():
            statement = sql("correlator", "replace_by_beside").replace("$beside", name)
            self.database.execute(statement, table=table, model=self.model)

    def drop(self, beside: Mapping[str, str]) -> None:
        """Drop a rebuild's own tables."""
        for name in beside.values():
            for node in self.database.nodes:
                node.execute(sql("correlator", "drop_beside"), beside=name)
            gather(self.database, name)

    def drop_abandoned(self) -> None:
        """Drop the tables of rebuilds that died before their switch-over began."""
        silence = int(self.silence.total_seconds())
        for row in self.database.rows(sql("correlator", "abandoned_besides"), silence=silence):
            self.drop(tables_beside(row["beside"]))

    def begin(self, rebuilt: Rebuilt) -> None:
        """Write down that what stands beside is complete and takes the place of what is in force."""
        self._mark(rebuilt, is_done=False)

    def newest(self) -> int:
        """Return the revision of the newest switch-over that ever began; 0 where none did."""
        rows = self.database.rows(sql("correlator", "newest_switch_over"), model=self.model)
        return int(rows[0]["revision"])

    def unfinished(self) -> Rebuilt | None:
        """Return the rebuild whose switch-over was the last to begin, where it is not done."""
        rows = self.database.rows(sql("correlator", "unfinished_switch_over"), model=self.model)
        return Rebuilt(**rows[0]) if rows else None

    def finish(self, record: Callable[[Rebuilt], None]) -> bool:
        """Put in force what has begun to be, whoever began it; `record` records its run.

        Returns False where its tables are gone and it is not in force: everything is to be derived anew.
        """
        while rebuilt := self.unfinished():
            try:
                self.put_in_force(rebuilt, record)
            except StoreError:
                if self.unfinished() != rebuilt:
                    continue  # another has put it in force meanwhile, or what began after it
                if rebuilt.is_recorded or self._stands(rebuilt):
                    raise
                return False
        return True

    def put_in_force(self, rebuilt: Rebuilt, record: Callable[[Rebuilt], None]) -> None:
        """Do what is left of a switch-over that has begun. Raises StoreError where another has finished it."""
        if not rebuilt.is_recorded:
            for row in self.database.rows(
                sql("correlator", "overtaken_switch_overs"),
                model=self.model,
                revision=rebuilt.revision,
                beside=rebuilt.beside,
            ):
                self.drop(tables_beside(row["beside"]))
            self.replace(tables_beside(rebuilt.beside))
            record(rebuilt)
        self.drop(tables_beside(rebuilt.beside))
        self._mark(rebuilt, is_done=True)

    def _stands(self, rebuilt: Rebuilt) -> bool:
        names = list(tables_beside(rebuilt.beside).values())
        return len(self.database.rows(sql("correlator", "tables_beside"), besides=names)) == len(names)

    def _mark(self, rebuilt: Rebuilt, *, is_done: bool) -> None:
        columns = ("model", "revision", "is_done", "watermark", "definitions", "roots", "beside", "at")
        told = (rebuilt.revision, is_done, rebuilt.watermark, rebuilt.definitions, rebuilt.roots, rebuilt.beside)
        self.database.insert("switch_overs", columns, [(self.model, *told, self.clock.now())])

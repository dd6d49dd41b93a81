"""The correlator's two jobs: `tick` follows what new facts touched, `rebuild` derives everything; same result.

Each job is a sequence of set operations inside ClickHouse over one run's working tables (`run_*`), keyed by the run's
`revision`. A job that dies leaves its watermark unmoved, so the next one does its work again; every write is safe
to repeat. A rebuild writes beside what is in force and takes its place as a whole (correlator/switch_over.py).
"""

import secrets
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.clickhouse import INSERT_SECONDS, Database
from core.clock import Clock
from core.logs import get_logger
from core.sql import sql
from correlator import conflicts, links, touches
from correlator.changes import Change, beside_the_model
from correlator.conflicts import Conflicts
from correlator.handoffs import derive_handoffs
from correlator.identity import resolve
from correlator.model import JourneyModel
from correlator.naming_views import reading, sources
from correlator.open_handoffs import clean, write_open
from correlator.own_names import OwnNames, own_names
from correlator.slices import slices_of
from correlator.switch_over import IN_FORCE, Rebuilt, SwitchOver, tables_beside
from correlator.touches import Touches, before, named
from correlator.versions import Versions
from correlator.working import ABANDONED_AFTER, MOST_IN_MEMORY, PROMISES, RUN_TABLES, SIGNALS, OutgrownError, Working

BEGINNING = datetime(1970, 1, 2, tzinfo=UTC)
# A fact is stamped when its insert starts and visible when it ends; an insert is given up after core.clickhouse's
# INSERT_SECONDS, half of this, so what a slow one stored behind the watermark is still found.
OVERLAP = timedelta(seconds=2 * INSERT_SECONDS)
# `touched_objects` forgets after 14 days (core/migrations/0001_facts.sql): whoever was away longer cannot follow it.
FOLLOWED_FOR = timedelta(days=13)
# Rows of a run have no duplicates to be collapsed as they are written; looking for them costs more than writing them.
# With FINAL the engine tests a condition before it merges versions only where told to, and then only one on the key: a
# tick asks tables of any size for the keys that it touches.
WRITE = {"optimize_on_insert": 0, "optimize_move_to_prewhere_if_final": 1}
# A rebuild keeps about 2 kB of an object in memory while it gathers what its events say.
OBJECTS_A_SLICE = 500_000
IDLE_SECONDS = 10  # how far behind the watermark of a correlator without work may fall; a row each
ALL_EVENTS = {"run_events": "all_run_events"}  # a tick finds the events of its objects first, a rebuild reads all
# What the derived tables hold, as this code derives it: whoever meets tables of another edition rebuilds them first.
EDITION = 9

EVERYTHING = Change((), None)


@dataclass(frozen=True)
class RunReport:
    """What one run did: its revision, the facts it has followed up to, and how many journeys it derived anew."""

    model: str
    revision: int
    watermark: datetime
    roots: int
    worked: bool


class Correlator:
    """Derives one model's journeys and handoffs. One correlator at a time works on a model."""

    def __init__(
        self,
        database: Database,
        model: JourneyModel,
        clock: Clock,
        *,
        definitions: str = "",
        names: OwnNames | None = None,
        overlap: timedelta = OVERLAP,
        idle: timedelta = timedelta(seconds=IDLE_SECONDS),
        objects_a_slice: int = OBJECTS_A_SLICE,
        objects_in_memory: int = MOST_IN_MEMORY,
    ) -> None:
        """`definitions` is a fingerprint of registry and calendars: when it or the model changes, a tick rebuilds.

        `names` are those that all models give, as published (None: this one's), `idle` is how old the watermark may
        grow while there is nothing to follow, `objects_a_slice` how many objects a rebuild gathers the events of,
        `objects_in_memory` of how many a tick has its working rows in memory.
        """
        self._database, self._model, self._clock = database, model, clock
        self._overlap, self._idle, self._objects_a_slice = overlap, idle, objects_a_slice
        self._objects_in_memory = objects_in_memory
        self._names = own_names([model]) if names is None else names
        self._given, self._definitions = definitions, ""
        self._switch_over, self._versions = SwitchOver(database, model.model, clock), Versions(database)
        self._followed, self._revision_seen = Touches(), -1  # by the run of that revision
        self._one_at_a_time = threading.RLock()

    def tick(self) -> RunReport:
        """Derive anew what facts stored since the last run touched. Rebuilds where definitions changed."""
        with self._one_at_a_time:
            return self._tick()

    def tick_unless_busy(self) -> RunReport | None:
        """Tick, but where a rebuild is under way in this process, which takes long: then return None."""
        if not self._one_at_a_time.acquire(blocking=False):
            return None
        try:
            return self._tick()
        finally:
            self._one_at_a_time.release()

    def rebuild(self) -> RunReport:
        """Derive every journey and handoff from the facts."""
        with self._one_at_a_time:
            return self._rebuild()

    def _define(self) -> None:
        """Say by what this run derives: facts may have been read under the names of another process meanwhile."""
        stamp = self._names.stamp(EDITION, reading(self._database, self._names))
        self._definitions = f"{stamp}:{self._model.fingerprint}:{self._given}"

    def _tick(self) -> RunReport:
        self._define()
        is_whole = self._make_up()
        last = self._last_run()
        if not is_whole or last is None:
            return self._rebuild()
        if last["definitions"] != self._definitions:
            return self._take_up(last)
        found = touches.look(self._database, last["watermark"] - self._overlap)
        if found.until - last["watermark"] > FOLLOWED_FOR:
            return self._rebuild()
        inserts = found.beyond(self._followed if self._revision_seen == last["revision"] else Touches())
        if not inserts:
            return self._rest(last, found.until)
        contested = self._look(before(inserts), found.until, after=last["watermark"] - OVERLAP)
        if contested.were_derived:
            return self._rebuild()  # what the version that no longer holds had said is in links and members
        report = self._follow(last, inserts, found, contested=contested.are_touched)
        self._followed, self._revision_seen = found, report.revision
        return report

    def _take_up(self, last: dict[str, Any]) -> RunReport:
        """Derive anew what a change of definitions touches, and go on from there."""
        change = self._change(last["definitions"])
        if change.handoffs is None:
            return self._rebuild()
        self._meet()
        revision, watermark = self._revision(last), last["watermark"]
        if change.handoffs:
            self._derive_handoffs(change.handoffs, revision, last)
        if self._last_run() == last:
            self._record("model", revision, watermark, self._definitions, 0, change=change)
        report = self._tick()
        return report if report.worked else replace(report, worked=bool(change.handoffs))

    def _derive_handoffs(self, handoffs: Collection[str], revision: int, last: dict[str, Any]) -> None:
        """Derive some handoffs beside those in force, by journeys that stay; nothing reads both of the tables."""
        beside = tables_beside(revision, ("handoffs", "open_handoffs"))
        run = self._run(revision, IN_FORCE | links.IN_FORCE | beside | ALL_EVENTS)
        self._switch_over.create(beside)
        try:
            run.until_it_ends(lambda: run.some_handoffs(handoffs))
            if self._last_run() == last:  # else another process derived meanwhile: look again
                self._switch_over.replace(beside)
        finally:
            self._switch_over.drop(beside)

    def _change(self, former: str) -> Change:
        fingerprint = former.partition(":")[2].partition(":")[0]
        same = fingerprint == self._model.fingerprint
        change = Change(()) if same else self._versions.change(self._model, fingerprint)
        beside = beside_the_model(former, self._definitions)
        return Change((*beside, *change.what), None) if beside else change

    def _meet(self) -> None:
        met = self._versions.meet(self._model, self._clock)
        if met and met.warning:
            get_logger("correlator").warning("raise the version of the model", model=met.model, reason=met.warning)

    def _rest(self, last: dict[str, Any], until: datetime) -> RunReport:
        """Say now and then that everything up to now is followed: without, idle would look like slow."""
        revision, watermark = last["revision"], last["watermark"]
        if until - watermark >= self._idle and self._last_run() == last:
            follows_ours = revision == self._revision_seen
            revision, watermark = self._revision(last), until
            self._record("idle", revision, until, self._definitions, 0)
            self._revision_seen = revision if follows_ours else self._revision_seen
        return RunReport(self._model.model, revision, watermark, 0, worked=False)

    def _follow(
        self, last: dict[str, Any], inserts: Sequence[datetime], found: Touches, *, contested: bool
    ) -> RunReport:
        until, tables = found.until, IN_FORCE | links.IN_FORCE
        conflicts.begin(self._database, self._model.model, until)

        def follow(*, in_memory: bool) -> tuple[_Run, int]:
            run = self._run(self._revision(last), tables, in_memory=in_memory)
            after = last["revision"]
            return run, run.until_it_ends(lambda: run.follow(inserts, until, after=after, contested=contested))

        try:
            is_small = found.touches_of(inserts) <= self._objects_in_memory
            run, roots = follow(in_memory=is_small and not self._database.cluster)
        except OutgrownError:
            run, roots = follow(in_memory=False)
        if self._last_run() == last:  # else another process rebuilt meanwhile: follow again, from where that began
            self._record("tick", run.revision, until, self._definitions, roots)
        clean(self._database, self._model.model)
        return RunReport(self._model.model, run.revision, until, roots, worked=True)

    def _rebuild(self) -> RunReport:
        self._define()
        self._make_up()
        last = self._last_run()
        changed = self._change(last["definitions"]).what if last else ()
        newest = self._database.rows(sql("correlator", "newest_definitions"))[0]["definitions"]
        self._meet()
        now = self._database.rows(sql("correlator", "engine_time"))[0]["until"]
        found = touches.look(self._database, now - self._overlap)
        until = found.until
        self._look(BEGINNING, until, after=BEGINNING, whole=True)
        conflicts.begin(self._database, self._model.model, until)
        number = self._revision(self._last_run())
        beside = tables_beside(number)
        run = self._run(number, beside | links.beside(beside) | ALL_EVENTS)
        self._switch_over.drop_abandoned()
        self._switch_over.create(beside)
        try:
            roots = run.until_it_ends(lambda: run.everything(until, renamed=not self._names.noted(newest)))
            # Its rows count as older, as do runs of others who followed facts while this one read them all, and
            # a switch-over that has begun and can no longer be finished.
            revision = self._revision(self._last_run(), max(number, self._switch_over.newest()))
            rebuilt = Rebuilt(revision, until, self._definitions, roots, number)
        except BaseException:
            self._switch_over.drop(beside)
            raise
        self._switch_over.begin(rebuilt)
        self._make_up(rebuilt, Change(changed, None))
        self._followed, self._revision_seen = found, rebuilt.revision
        self._switch_over.drop(beside)  # where a rebuild that began after this one took its place
        return RunReport(self._model.model, rebuilt.revision, until, roots, worked=True)

    def _make_up(self, ours: Rebuilt | None = None, change: Change = EVERYTHING) -> bool:
        """Put in force the rebuild whose switch-over has begun; return whether what is derived is whole.

        `change` is what made `ours` necessary; of a rebuild that others began it is not known.
        """
        begun = self._switch_over.unfinished()
        if begun is None:
            return True
        if not begun.is_recorded and begun.definitions.split(":")[0].split("/")[0] != str(EDITION):
            self._switch_over.drop(tables_beside(begun.beside))  # an earlier version made them: they may not fit
        return self._switch_over.finish(
            lambda one: self._record(
                *("rebuild", one.revision, one.watermark, one.definitions, one.roots),
                change=change if one == ours else EVERYTHING,
            )
        )

    def _run(self, revision: int, tables: dict[str, str], *, in_memory: bool = False) -> "_Run":
        working = Working(self._database, self._model, revision, in_memory, self._objects_in_memory)
        return _Run(working, tables, self._names, objects_a_slice=self._objects_a_slice)

    def _look(self, since: datetime, until: datetime, *, after: datetime, whole: bool = False) -> Conflicts:
        return conflicts.look(self._database, self._model.model, since, until, after=after, whole=whole)

    def _revision(self, last: dict[str, Any] | None, ours: int = 0) -> int:
        """Return a number greater than `ours` and that of the last run and, but for a chance in a thousand, of no run.

        Runs of several models, and of several processes, may begin in the same microsecond.
        """
        after = max(last["revision"] if last else 0, ours, int(self._clock.now().timestamp() * 1_000_000))
        return after + 1 + secrets.randbelow(1000)

    def _record(
        self, kind: str, revision: int, at: datetime, definitions: str, roots: int, *, change: Change | None = None
    ) -> None:
        """Write down a run that ended; of one that a change made necessary, what changed and what was derived anew."""
        told = (list(change.what), change.derived) if change else ([], "")
        self._database.insert(
            "correlator_runs",
            ("model", "revision", "kind", "watermark", "definitions", "finished_at", "roots", "changed", "derived"),
            [(self._model.model, revision, kind, at, definitions, self._clock.now(), roots, *told)],
        )
        if change and change.what:
            get_logger("correlator").info(
                "definitions changed", model=self._model.model, changed=list(change.what), derived=change.derived
            )

    def _last_run(self) -> dict[str, Any] | None:
        runs = self._database.rows(sql("correlator", "last_run"), model=self._model.model)
        return runs[0] if runs else None


class _Run:
    """The set operations of one run, on the derived tables in force or on those beside them (`tables`)."""

    def __init__(self, working: Working, tables: dict[str, str], names: OwnNames, *, objects_a_slice: int) -> None:
        self._database, self._model, self.revision = working.database, working.model, working.revision
        self._working, self._names, self._objects_a_slice = working, names, objects_a_slice
        self._tables = working.tables | tables | sources(names)

    def until_it_ends(self, work: Callable[[], int]) -> int:
        """Do the work, and drop the run's working rows whatever became of it."""
        try:
            self._working.begin()
            return work()
        finally:
            self._working.clear()

    def follow(self, inserts: Sequence[datetime], until: datetime, after: int, *, contested: bool) -> int:
        """Derive anew the journeys that inserts touched, and of what a run that died since `after` owes; count them.

        `contested`: versions of events that do not hold touched objects too, which perhaps nothing else names.
        """
        since = before(inserts)
        links.note_statements(self._do, self._model, self._names, since, until)
        identified = resolve(self._do, self._rows, since, until)
        self._do("insert_touched", since=since, until=until, inserts=named(inserts), types=list(self._model.objects))
        if identified:
            self._do("insert_identified", types=list(self._model.objects))
        links.follow_corrections(self._do, self._rows, self._model)
        links.follow_links(self._do, self._rows, self._model, after)
        self._do("insert_standing")
        self._do("insert_former_roots")
        for children in reversed(self._depths()):
            self._do("climb", children=children)
        if contested:
            self._do("insert_unnamed")
        self._bound()
        roots = self._derive(whole=False)
        self._working.check()
        self._do("clear_run_links")
        return roots

    def everything(self, until: datetime, *, renamed: bool) -> int:
        """Derive anew every journey; return how many. `renamed`: under other names than the run before."""
        for table in ("run_links", *RUN_TABLES, *SIGNALS, *PROMISES):
            self._do(f"forget_abandoned_{table}", before=self.revision - ABANDONED_AFTER)
        resolve(self._do, self._rows, BEGINNING, until, whole=True, renamed=renamed)
        links.derive_links(self._do, self._model, self._names, BEGINNING, until)
        self._do("insert_every_object", types=list(self._model.objects))
        if self._rows("count_withdrawals")[0]["withdrawals"]:
            links.write_withdrawn_namings(self._do, self._model, whole=True)
        return self._derive(whole=True)

    def some_handoffs(self, changed: Collection[str]) -> int:
        """Derive some handoffs of every object anew, beside those in force; take over the others. Return how many."""
        handoffs = self._model.handoffs
        self._do("write_kept_handoffs", kept=[key for key in handoffs if key not in changed])
        some = {key: handoff for key, handoff in handoffs.items() if key in changed}
        if some:
            self._do("insert_every_object", types=list(self._model.objects))
            slices = slices_of(self._rows, self._objects_a_slice, whole=True)
            for slice_ in slices:
                self._do("insert_contexts", types=list(self._model.objects), **slice_)
            only_some = self._model.model_copy(update={"handoffs": some})
            derive_handoffs(self._do, self._rows, only_some, slices, whole=True)
        write_open(self._do)
        return len(some)

    def _derive(self, *, whole: bool) -> int:
        self._do("insert_roots", whole=whole)
        self._do("insert_root_members")
        for children in self._depths():
            parents = sorted({parent for child in children for parent in self._model.objects[child].attaches_via})
            self._do("insert_layer_members", whole=whole, children=children, parents=parents)
        if not whole:
            self._do("insert_left_members")
            self._do("insert_standing")
            self._bound()
            self._do("insert_run_events")
        self._do("write_members", whole=whole)
        if whole:
            self._do("insert_object_journeys_next")
        slices = slices_of(self._rows, self._objects_a_slice, whole=whole)
        for slice_ in slices:
            self._do("insert_contexts", types=list(self._model.objects), **slice_)
        self._do("write_journeys", whole=whole, anchor=self._model.anchor)
        derive_handoffs(self._do, self._rows, self._model, slices, whole=whole)
        if whole:
            write_open(self._do)
        else:
            self._do("write_gone_handoffs")
        return int(self._rows("count_roots")[0]["roots"])

    def _bound(self) -> None:
        """Leave memory where it would be too much: what was touched leads up to journeys, and these down to more."""
        self._working.bound(self._rows("count_led_to")[0]["objects"])

    def _depths(self) -> list[list[str]]:
        """Return the types that attach to others, by depth: those of one depth are found by one statement."""
        return [list(types) for types in self._model.depths[1:]]

    def _do(self, name: str, **values: Any) -> None:
        bound = {"revision": self.revision, "model": self._model.model, **self._tables, **values}
        self._database.execute(sql("correlator", name), WRITE, **bound)

    def _rows(self, name: str, **values: Any) -> list[dict[str, Any]]:
        bound: dict[str, Any] = {"revision": self.revision, **self._tables, **values}
        return self._database.rows(sql("correlator", name), **bound)

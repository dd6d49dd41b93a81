"""Which inserts a correlator has followed, so that a tick's work is what is new and not what is recent.

Each insert of facts has one time, `stored_at`, at which it began. What it stores becomes visible table by table, all of
it by the time it ends; so what a run reads of an insert is whole where that was over before the run read anything, and
such an insert is followed once. Whether it was is asked of the engine: a touch names its query, and a query that did
not run after its touches were seen has ended. Any other insert is followed as soon as it is seen, again when more of it
is, and once more when it is over. That is surely so OVER_AFTER its beginning, which is what is left to go by where a
touch names no query, the engine does not tell, or several engines share the work (a cluster).

An insert that failed has ended too, and left what it left. Repeated with its token it is another query with a time of
its own, which stores what is missing and touches all of its objects again (0043_inserts_of_touches.sql).

What is followed is kept in memory, with the run that followed it: whoever begins, or finds that others ran meanwhile,
follows all of the window again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from core.clickhouse import INSERT_SECONDS, Database
from core.errors import StoreError, StoreUnavailableError
from core.sql import sql

# An insert is given up after INSERT_SECONDS; half as much again for the engine to notice.
OVER_AFTER = timedelta(seconds=1.5 * INSERT_SECONDS)
MICROSECOND = timedelta(microseconds=1)
NEVER = datetime.min.replace(tzinfo=UTC)
MOST_NAMED = 4000  # a bound value reaches a listening store in at most 128 KiB
Seen = tuple[datetime, int, Collection[str]]  # when an insert began, its visible touches, the queries that it was


@dataclass(frozen=True)
class Touches:
    """Inserts by the microsecond they began at: how many touches were visible, and whether the insert was over."""

    inserts: Mapping[datetime, tuple[int, bool]] = field(default_factory=dict)
    until: datetime = NEVER

    @classmethod
    def found(cls, seen: Iterable[Seen], until: datetime, running: Collection[str] | None) -> "Touches":
        """Return what was visible at `until`, before the queries `running` ran (None: not known).

        What began later is left to the next run.
        """

        def over(at: datetime, queries: Collection[str]) -> bool:
            return at <= until - OVER_AFTER or (
                running is not None and all(query and query not in running for query in queries)
            )

        return cls({at: (count, over(at, queries)) for at, count, queries in seen if at <= until}, until)

    def beyond(self, followed: "Touches") -> tuple[datetime, ...]:
        """Return the inserts that are to be followed, in order, where `followed` already were."""
        return tuple(sorted(at for at, state in self.inserts.items() if followed.inserts.get(at) != state))

    def touches_of(self, inserts: Iterable[datetime]) -> int:
        """Return how many touches of some inserts were visible."""
        return sum(self.inserts[at][0] for at in inserts)


def look(database: Database, since: datetime) -> Touches:
    """Return the inserts that began after `since`, as they stand now; what a run reads later is no less than that."""
    window = database.rows(sql("correlator", "touched_window"), since=since)[0]
    return Touches.found(window["inserts"], window["until"], _running(database) if window["inserts"] else ())


def _running(database: Database) -> Collection[str] | None:
    """Return the queries that run now, None where that cannot be said of all who may store facts."""
    if database.cluster:
        return None
    try:
        return frozenset(database.rows(sql("correlator", "running_queries"))[0]["running"])
    except StoreUnavailableError:
        raise
    except StoreError:
        return None  # not granted (docs/operations.md)


def before(inserts: Sequence[datetime]) -> datetime:
    """Return an instant right before the first of some inserts."""
    return inserts[0] - MICROSECOND


def named(inserts: Sequence[datetime]) -> list[datetime]:
    """Return the inserts as they are bound; none where they are too many, which stands for all of the window."""
    return list(inserts) if len(inserts) <= MOST_NAMED else []

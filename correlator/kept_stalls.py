"""What is stalled at present, answered out of what was reasoned a moment ago: under any filters, however many look."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from core.clickhouse import Database
from core.clock import Clock
from core.filters import Filters
from core.kept_answers import GOOD_FOR, KeptAnswers
from core.paging import Page, page_of
from core.sql import sql
from core.vocabulary import ObjectRef
from correlator.open_handoffs import Asks
from correlator.reasoning import ask, divide, take
from correlator.stalls import (
    REASONED,
    Stall,
    StallGroup,
    Stalls,
    StallSummary,
    at_risk,
    check_sort,
    grouped,
    stall_of,
    summed,
)

# Whoever has begun to read a reckoning reads it to its end, if that takes no longer. Rows stay twice as long
# (core/migrations/0058_kept_stalls.sql), where nobody drops them before.
READ_FOR = 2 * GOOD_FOR
Found = TypeVar("Found")
Read = Callable[[Asks, dict[str, Any], str], Found]


@dataclass(frozen=True)
class _Reckoning:
    """What was kept by this name, and what everybody asks first of it: with no filter."""

    name: str
    groups: tuple[StallGroup, ...]
    summary: StallSummary


class KeptStalls:
    """Answers as `Stalls` does, and at once as of the instants that are kept.

    Whoever wants the present asks `as_of` first, and then of that instant (docs/adr/0024).
    """

    def __init__(self, stalls: Stalls, database: Database, kept: KeptAnswers, clock: Clock) -> None:
        """`database` is the one that `stalls` reads, `clock` the one that `kept` goes by."""
        self._stalls, self._database, self._kept, self._clock = stalls, database, kept, clock
        self._reckonings: dict[datetime, _Reckoning] = {}  # by their instants

    def as_of(self, asked: Filters) -> datetime:
        """Return of which instant to ask: where the present is asked for, of what is kept of a moment ago.

        Who asks first for everything waits until it is reckoned; for less, that little is reckoned faster by itself.
        Of no other instant is anything kept.
        """
        waits = self._kept.is_present(asked) and not any(asked.chosen())
        kept = (self._kept.of if waits else self._kept.at)("stalls", asked, self._reckon)
        return kept[1] if kept else asked.as_of

    def page(
        self, filters: Filters, *, limit: int = 50, cursor: str | None = None, sort: str = "overdue"
    ) -> Page[Stall]:
        """Return stalls in order of `sort`. Raises MisuseError for a bad sort or cursor."""
        reckoning = self._known(filters.as_of)
        if reckoning is None:
            return self._stalls.page(filters, limit=limit, cursor=cursor, sort=sort)
        check_sort(sort)
        bound = {**filters.parameters(), "reckoning": reckoning.name, "sort": sort}

        def read(after: int, most: int) -> list[dict[str, Any]]:
            return ask(self._database, "kept_page", bound | {"after": after, "limit": most})

        return page_of(read, stall_of, cursor, limit)

    def of_journey(self, root: ObjectRef, as_of: datetime, model: str = "") -> Sequence[Stall]:
        """Return what is stalled in the journey of a root, the longest overdue first."""
        return self._stalls.of_journey(root, as_of, model)

    def groups(self, filters: Filters) -> list[StallGroup]:
        """Return the causes, the one that stalls most first."""
        reckoning = self._known(filters.as_of)
        if reckoning is None:
            return self._stalls.groups(filters)
        return self._groups(filters, reckoning.name) if any(filters.chosen()) else list(reckoning.groups)

    def summary(self, filters: Filters) -> StallSummary:
        """Return how much is stalled and open."""
        reckoning = self._known(filters.as_of)
        if reckoning is None:
            return self._stalls.summary(filters)
        return self._summary(filters, reckoning.name) if any(filters.chosen()) else reckoning.summary

    def _reckon(self, as_of: datetime) -> str:
        name, everything = self._stalls.keep(as_of), Filters(as_of)
        groups = tuple(self._groups(everything, name))
        reckoning = _Reckoning(name, groups, self._summary(everything, name))
        kept = {at: each for at, each in self._reckonings.items() if as_of - at <= READ_FOR}
        gone = [each.name for at, each in self._reckonings.items() if at not in kept]
        self._reckonings = {**kept, as_of: reckoning}
        for old in gone:
            for table in ("kept_stalls", "kept_open_counts"):
                self._database.execute(sql("correlator", "drop_reckoning"), table=table, reckoning=old)
        return name

    def _known(self, as_of: datetime) -> _Reckoning | None:
        """Return what is kept of an instant, if its rows are not about to go."""
        return self._reckonings.get(as_of) if self._clock.now() - as_of <= READ_FOR else None

    def _groups(self, filters: Filters, reckoning: str) -> list[StallGroup]:
        return self._read(filters, reckoning, grouped)

    def _summary(self, filters: Filters, reckoning: str) -> StallSummary:
        def read(asked: Asks, bound: dict[str, Any], source: str) -> StallSummary:
            amounts = at_risk(asked, bound | {"of_causes": False}, source)[""]
            return summed(ask(asked, "kept_summary", bound)[0], amounts)

        return self._read(filters, reckoning, read)

    def _read(self, filters: Filters, reckoning: str, read: Read[Found]) -> Found:
        """Return what `read` finds in what is kept.

        How journeys share a document depends on what else the filters choose: under other ones it is divided anew.
        """
        bound = {**filters.parameters(), "reckoning": reckoning}

        def divided(database: Database) -> Found:
            if not any(filters.chosen(but=("cause",))) or not ask(database, "kept_shared", bound)[0]["shared"]:
                return read(database, bound, "stalls_kept")
            with database.in_steps() as steps:
                take(steps, "stalled_now", bound, by="stalled_now_kept")
                take(steps, "stalled_judged", bound, by="stalled_judged_kept")
                divide(steps, bound, shared=1)
                return read(steps, bound | REASONED, "stalls_reasoned")

        return self._database.together(divided)

"""What an objective's counts say of a stretch of time: shares, slices and budget. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import accumulate
from typing import Self

from slo.budgets import Budget, SlicedShare, Tally, Weighed, composite, ratio_timeslices, timeslices
from slo.coverage import Coverage
from slo.objectives import Objective, Part
from slo.outcomes import Cell


@dataclass(frozen=True)
class Counts:
    """Promises by outcome. `stale`: past due, and those who should tell their end fell silent before: neither.

    `corrected`: of the good and cancelled those whose outcome a late event amended; they are counted there too.
    """

    good: int = 0
    bad: int = 0
    cancelled: int = 0
    undecided: int = 0
    stale: int = 0
    corrected: int = 0

    @property
    def tally(self) -> Tally:
        """What was decided."""
        return Tally(self.good, self.bad)

    def __add__(self, other: Self) -> "Counts":
        return Counts(*(mine + theirs for mine, theirs in zip(self._values, other._values, strict=True)))

    def __sub__(self, other: Self) -> "Counts":
        return Counts(*(mine - theirs for mine, theirs in zip(self._values, other._values, strict=True)))

    @property
    def _values(self) -> tuple[int, ...]:
        return self.good, self.bad, self.cancelled, self.undecided, self.stale, self.corrected


class Ledger:
    """The counts of one part in order of time, for sums over any stretch whose ends its cells were cut at."""

    def __init__(self, counted: Iterable[tuple[datetime, Counts]]) -> None:
        """Take what was decided from an instant up to the next; several of one instant add up."""
        together: dict[datetime, Counts] = {}
        for since, counts in counted:
            together[since] = together.get(since, Counts()) + counts
        self.starts = sorted(together)
        self._sums = list(accumulate((together[since] for since in self.starts), initial=Counts()))

    def between(self, since: datetime, until: datetime) -> Counts:
        """Return what was decided from `since` up to but not at `until`."""
        return self._sums[bisect_left(self.starts, until)] - self._sums[bisect_left(self.starts, since)]

    def slices(self, since: datetime, until: datetime, anchor: datetime, length: timedelta) -> tuple[list[Tally], int]:
        """Return the slices of a stretch in which anything was decided, and how many there are of it in all.

        Slices follow one another from `anchor`; those that begin before the stretch or end after it are left out.
        """
        first, last = -((anchor - since) // length), (until - anchor) // length
        begins, ends = anchor + first * length, anchor + last * length
        inner = self.starts[bisect_left(self.starts, begins) : bisect_left(self.starts, ends)]
        numbers = dict.fromkeys((each - anchor) // length for each in inner)
        tallies = [self.between(anchor + n * length, anchor + (n + 1) * length).tally for n in numbers]
        return [each for each in tallies if each.decided], max(last - first, 0)


def ledger_of(cells: Iterable[tuple[Cell, Coverage]]) -> Ledger:
    """Return the counts of one part from its cells, each with the coverage of those whom its promises wait for.

    Cells have to be cut right after those who are silent were last heard: what fell due later is stale.
    """
    return Ledger((cell.since, _counts(cell, coverage)) for cell, coverage in cells)


def _counts(cell: Cell, coverage: Coverage) -> Counts:
    hidden = cell.overdue if any(each.hides(cell.since) for each in coverage.awaited) else 0
    return Counts(cell.good, cell.late + cell.overdue - hidden, cell.cancelled, cell.undecided, hidden, cell.corrected)


@dataclass(frozen=True)
class PartReading:
    """One part of an objective in a stretch of time. `sliced` where it counts slices."""

    part: Part
    counts: Counts
    sliced: SlicedShare | None

    @property
    def share(self) -> Fraction | None:
        """The share of the good; None where nothing was decided."""
        return self.sliced.share if self.sliced else self.counts.tally.share

    @property
    def budget(self) -> Budget:
        """The part's own budget, in instances or in slices."""
        decided = self.sliced.slices.decided if self.sliced else self.counts.tally.decided
        return Budget(self.part.target, self.share, decided)


@dataclass(frozen=True)
class Reading:
    """An objective in a stretch of time: its parts, and they together. `left_out` names those with nothing decided."""

    parts: tuple[PartReading, ...]
    budget: Budget
    left_out: tuple[str, ...] = ()

    @property
    def counts(self) -> Counts:
        """The instances of all parts."""
        return sum((each.counts for each in self.parts), Counts())


@dataclass(frozen=True)
class Reader:
    """Reads one objective's ledgers, one a part. `anchor`: where its slices are counted from."""

    objective: Objective
    ledgers: Sequence[Ledger]
    anchor: datetime

    def read(self, since: datetime, until: datetime) -> Reading:
        """Return the objective from `since` up to but not at `until`."""
        parts = tuple(
            PartReading(part, ledger.between(since, until), self._sliced(ledger, since, until))
            for part, ledger in zip(self.objective.parts, self.ledgers, strict=True)
        )
        if not self.objective.is_composite:
            return Reading(parts, parts[0].budget)
        weighed = [Weighed(each.part.indicator.name, each.share, each.part.target, each.part.weight) for each in parts]
        whole = composite(weighed)
        return Reading(parts, Budget(whole.target, whole.share), whole.left_out)

    def _sliced(self, ledger: Ledger, since: datetime, until: datetime) -> SlicedShare | None:
        if self.objective.slice is None:
            return None
        tallies, count = ledger.slices(since, until, self.anchor, self.objective.slice)
        target = self.objective.slice_target
        found = ratio_timeslices(tallies) if target is None else timeslices(tallies, target)
        return replace(found, gaps=count - len(tallies))

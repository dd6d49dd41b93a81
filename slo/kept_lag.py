"""Lag of the present, as it was reckoned a moment ago: each answer reads every handoff instance."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.filters import Filters
from core.kept_answers import KeptAnswers
from slo.lag import Lag, LagRow
from slo.lag_comparison import ComparedLag, LagComparisons
from slo.opened import EVER, Comparison, Opened, Windows

BY = ("facility", "handoff")
IGNORED = ("cause",)  # what closed has none


@dataclass(frozen=True)
class KeptLag:
    """Lag as `Lag` tells it, each answer with the instant that it is of: of the present that of a moment ago, maybe."""

    lag: Lag
    kept: KeptAnswers

    def by_facility(
        self, filters: Filters, *, group_by: Sequence[str] = BY, opened: Opened = EVER
    ) -> tuple[list[LagRow], datetime]:
        """Return what `Lag.by_facility` returns. Raises MisuseError.

        What is asked for most, all facilities and handoffs, is one question, whichever of them are looked at.
        """

        def reckon(as_of: datetime) -> list[LagRow]:
            return self.lag.by_facility(filters.at(as_of), group_by=group_by, opened=opened)

        def whole(as_of: datetime) -> list[LagRow]:
            return self.lag.by_facility(Filters(as_of), group_by=BY)

        is_plain = (tuple(group_by), opened) == (BY, EVER) and not any(filters.chosen(but=(*BY, *IGNORED)))
        if not is_plain or not (filters.facility or filters.handoff):
            return self.kept.of(_question("lag", filters, tuple(group_by), opened), filters, reckon)
        found = self.kept.at(_question("lag", Filters(filters.as_of), BY, EVER), filters, whole)
        return (_chosen(found[0], filters), found[1]) if found else (reckon(filters.as_of), filters.as_of)

    def trend(
        self, filters: Filters, step: str = "week", *, group_by: Sequence[str] = (), opened: Opened = EVER
    ) -> tuple[list[LagRow], datetime]:
        """Return what `Lag.trend` returns. Raises MisuseError."""

        def reckon(as_of: datetime) -> list[LagRow]:
            return self.lag.trend(filters.at(as_of), step, group_by=group_by, opened=opened)

        return self.kept.of(_question("lag/trend", filters, step, tuple(group_by), opened), filters, reckon)


@dataclass(frozen=True)
class KeptLagComparisons:
    """Comparisons as `LagComparisons` tells them, each answer with its windows: they end when it was reckoned."""

    comparisons: LagComparisons
    kept: KeptAnswers

    def compare(
        self, filters: Filters, windows: Windows, group_by: Sequence[str] = BY
    ) -> tuple[list[ComparedLag], Comparison]:
        """Return what `LagComparisons.compare` returns. Raises MisuseError."""

        def reckon(as_of: datetime) -> list[ComparedLag]:
            return self.comparisons.compare(filters.at(as_of), windows.at(as_of), group_by)

        question = _question("lag/comparison", filters, tuple(group_by), windows)
        found, as_of = self.kept.of(question, filters, reckon)
        return found, windows.at(as_of)


def _question(name: str, filters: Filters, *others: Hashable) -> Hashable:
    return (name, filters.chosen(but=IGNORED), *others)


def _chosen(rows: Sequence[LagRow], filters: Filters) -> list[LagRow]:
    """Return the rows of the facilities and handoffs that are looked at."""
    looked_at = {key: getattr(filters, key) for key in BY}
    return [row for row in rows if all(not values or row.keys[key] in values for key, values in looked_at.items())]

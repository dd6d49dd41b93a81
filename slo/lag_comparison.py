"""Whether handoffs of one window of opening close sooner or later than those of another, both seen at the same age."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import erfc, sqrt
from typing import Literal

from core.clickhouse import Database
from core.filters import Filters
from core.sql import sql
from slo.lag import GROUPS, Lag, LagRow, check_groups, group_values
from slo.opened import Comparison, Opened

FALSE_DISCOVERIES = 0.05  # the share of the differences told that may be none
Verdict = Literal["slower", "faster", "alike", "unknown"]


@dataclass(frozen=True)
class ComparedLag:
    """One group in two windows; None where a window has no instance of it.

    `chi_square`, `p_value`: of the log-rank test with cancellation as a competing end (Gray, Annals of Statistics 16,
    1988, in the form of Fine and Gray, Journal of the American Statistical Association 94, 1999, for data whose
    censoring is known for everyone: here the instant that all are seen as of). Without cancellations it is the plain
    log-rank test. None where nothing closed while both had any at risk.

    `verdict`: how the later window closes. A difference is told where the false discovery rate over all groups that
    are compared stays within 5 % (Benjamini and Hochberg, Journal of the Royal Statistical Society B 57, 1995): of 400
    groups that are all alike, 20 would have p below 0.05. "alike" means that no difference is shown, "unknown" that
    none could be.
    """

    keys: dict[str, str]
    earlier: LagRow | None
    later: LagRow | None
    chi_square: float | None
    p_value: float | None
    verdict: Verdict


@dataclass(frozen=True)
class LagComparisons:
    """Queries over the handoff instances of a database."""

    database: Database

    def compare(
        self, filters: Filters, comparison: Comparison, group_by: Sequence[str] = ("facility", "handoff")
    ) -> list[ComparedLag]:
        """Return a row for each combination of `group_by` that either window has, in order of its values.

        The later window is seen as of `comparison.as_of`, whatever `filters` say, the earlier as of when it was as old.
        `filters.cause` does not apply. Raises MisuseError for a group that does not exist.
        """
        check_groups(group_by, GROUPS)
        later = self._rows(filters, comparison.later, comparison.as_of, group_by)
        earlier = self._rows(filters, comparison.earlier, comparison.earlier_as_of, group_by)
        tests = self._tests(filters, comparison, group_by)
        verdicts = verdicts_of([tests[key] for key in sorted(tests)])
        return [
            ComparedLag(
                keys=dict(zip(group_by, key, strict=True)),
                earlier=earlier.get(key),
                later=later.get(key),
                chi_square=tests[key].chi_square,
                p_value=tests[key].p_value,
                verdict=verdict,
            )
            for key, verdict in zip(sorted(tests), verdicts, strict=True)
        ]

    def _rows(
        self, filters: Filters, opened: Opened, as_of: datetime, group_by: Sequence[str]
    ) -> dict[tuple[str, ...], LagRow]:
        found = Lag(self.database).by_facility(replace(filters, as_of=as_of), group_by=group_by, opened=opened)
        return {tuple(row.keys.values()): row for row in found}

    def _tests(
        self, filters: Filters, comparison: Comparison, group_by: Sequence[str]
    ) -> "dict[tuple[str, ...], LogRank]":
        windows = {
            "as_of": comparison.as_of,
            "earlier_as_of": comparison.earlier_as_of,
            "earlier_since": comparison.earlier.since,
            "earlier_until": comparison.earlier.until,
        }
        values = filters.parameters() | group_values(group_by) | vars(comparison.later) | windows
        rows = self.database.rows(sql("slo", "lag_comparison"), **values)
        return {
            tuple(row["keys"]): LogRank(row["closed_later"], row["expected_later"], row["variance"]) for row in rows
        }


@dataclass(frozen=True)
class LogRank:
    """Closings of the later window: `observed`, `expected` were both alike, and the variance of their difference."""

    observed: float
    expected: float
    variance: float

    @property
    def chi_square(self) -> float | None:
        """The statistic, of one degree of freedom; None where there was nothing to compare."""
        return (self.observed - self.expected) ** 2 / self.variance if self.variance > 0 else None

    @property
    def p_value(self) -> float | None:
        """How likely a difference at least as large is where there is none."""
        return None if self.chi_square is None else erfc(sqrt(self.chi_square / 2))


def verdicts_of(tests: Sequence[LogRank]) -> list[Verdict]:
    """Return what each test says, with all of them in sight (Benjamini and Hochberg)."""
    ranked = sorted(test.p_value for test in tests if test.p_value is not None)
    passed = [p for rank, p in enumerate(ranked, start=1) if p <= FALSE_DISCOVERIES * rank / len(ranked)]
    largest = max(passed, default=-1.0)
    return [_verdict(test, largest) for test in tests]


def _verdict(test: LogRank, largest: float) -> Verdict:
    if test.p_value is None:
        return "unknown"
    if test.p_value > largest:
        return "alike"
    return "faster" if test.observed > test.expected else "slower"

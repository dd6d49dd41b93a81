"""How long handoffs take: closed-only percentiles, and beside them those that know about the ones still open.

Closed items alone understate: the slow ones are still open (design: no figure rests on closed items alone unsaid).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from core.clickhouse import Database
from core.errors import MisuseError
from core.filters import Filters
from core.sql import sql
from slo.opened import EVER, Opened

GROUPS = ("facility", "handoff", "supplier", "spend_category", "department", "criticality", "model")
STEPS = ("day", "week", "month")  # of opening, in UTC; weeks begin on Monday (ISO 8601)
SLOTS = 8  # keys of a row that the statements have room for: every group and a step
PERCENTILES = (50, 75, 90, 95)  # as slo/sql/lag.sql writes them out
CONFIDENCE = 0.95
QUANTILE = NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / 2)


@dataclass(frozen=True)
class Percentile:
    """The duration by which `percentile` % have closed, in clock seconds.

    `closed_only`: of those that have closed, None where none has. `censor_aware`: of all, open ones counted as not
    closed yet and cancelled ones as a competing end (Aalen and Johansen, Scandinavian Journal of Statistics 5, 1978;
    without cancellations it is that of Kaplan and Meier). None where too few have closed to tell: it is then not less
    than `at_least`.

    `lower` to `upper` is its band of 95 % confidence: the durations at which the band of the share that has closed
    reaches the percentile (Brookmeyer and Crowley, Biometrics 38, 1982). That band is the complementary log-log one,
    log(-log(1 - F)) give or take 1.96 standard errors (Kalbfleisch and Prentice, The Statistical Analysis of Failure
    Time Data, 2nd ed., 2002), on the variance of Aalen and Johansen by the delta method (Gaynor and others, Journal of
    the American Statistical Association 88, 1993); without cancellations it is the exponential Greenwood band. `upper`
    is None where nothing yet bounds it from above, `lower` where nothing can be told.
    """

    percentile: int
    closed_only: float | None
    censor_aware: float | None
    lower: float | None
    upper: float | None
    at_least: float | None


@dataclass(frozen=True)
class LagRow:
    """The handoff instances of one group, as of an instant. Durations are clock seconds, pauses included, from opening.

    What was reopened and whose clock goes on (`reopen: first`, `resume`) is one instance, from its first opening.

    `decided_good`: closed by its due time. `decided_bad`: still running when its due time passed, whatever came after
    (so a late close counts in `closed` too). Instances without a due time are in neither.
    """

    keys: dict[str, str]
    open: int
    decided_good: int
    decided_bad: int
    cancelled: int
    closed: int
    percentiles: tuple[Percentile, ...]

    def at(self, percentile: int) -> Percentile:
        """Return one of `PERCENTILES`."""
        return self.percentiles[PERCENTILES.index(percentile)]

    def flat(self) -> dict[str, Any]:
        """Return the row as one record: its keys, its counts, and each percentile as `closed_only_p50` and so on."""
        counts = {name: value for name, value in vars(self).items() if name not in {"keys", "percentiles"}}
        shown = {
            f"{name}_p{each.percentile}": getattr(each, name)
            for name in ("closed_only", "censor_aware", "at_least", "lower", "upper")
            for each in self.percentiles
        }
        return {**self.keys, **counts, **shown}


@dataclass(frozen=True)
class Lag:
    """Queries over the handoff instances of a database."""

    database: Database

    def by_facility(
        self, filters: Filters, *, group_by: Sequence[str] = ("facility", "handoff"), opened: Opened = EVER
    ) -> list[LagRow]:
        """Return a row for each combination of `group_by`, in order of its values, as of `filters.as_of`.

        Of the instances opened in `opened`. `filters.cause` does not apply: what closed has none. Raises MisuseError
        for a group that does not exist.
        """
        check_groups(group_by, GROUPS)
        return self._rows(filters, tuple(group_by), opened)

    def trend(
        self, filters: Filters, step: str = "week", *, group_by: Sequence[str] = (), opened: Opened = EVER
    ) -> list[LagRow]:
        """Return a row for each day, week or month of opening that any was opened in, oldest first, as of `as_of`.

        Its first key is `step`: the date that it begins on. What was opened lately has had little time to close: its
        percentiles say so by what they are not less than. Raises MisuseError for a step or group that does not exist.
        """
        check_groups([step], STEPS)
        check_groups(group_by, GROUPS)
        return self._rows(filters, (step, *group_by), opened)

    def _rows(self, filters: Filters, names: tuple[str, ...], opened: Opened) -> list[LagRow]:
        values = filters.parameters() | group_values(names) | vars(opened)
        return [_row(names, found) for found in self.database.rows(sql("slo", "lag"), **values, quantile=QUANTILE)]


def check_groups(asked: Sequence[str], known: Sequence[str]) -> None:
    """Raise MisuseError for a group that does not exist, or one that is asked for twice."""
    if unknown := [name for name in asked if name not in known]:
        message = f"lag cannot be grouped by {', '.join(unknown)}: choose from {', '.join(known)}"
        raise MisuseError(message)
    if len(set(asked)) < len(asked):
        message = f"lag is grouped by each only once: not {', '.join(asked)}"
        raise MisuseError(message)


def group_values(names: Sequence[str]) -> dict[str, Any]:
    """Return what the statements bind as their keys: column names in the slots, `nothing` in those left over."""
    slots = [*names, *["nothing"] * (SLOTS - len(names))]
    return {f"group_{place}": name for place, name in enumerate(slots, start=1)} | {"groups": len(names)}


def _row(names: Sequence[str], found: Mapping[str, Any]) -> LagRow:
    return LagRow(
        keys=dict(zip(names, found["keys"], strict=True)),
        open=found["open"],
        decided_good=found["decided_good"],
        decided_bad=found["decided_bad"],
        cancelled=found["cancelled"],
        closed=found["closed"],
        percentiles=tuple(_percentile(found, place) for place in range(len(PERCENTILES))),
    )


def _percentile(found: Mapping[str, Any], place: int) -> Percentile:
    # A duration stands for something where a step reached the share: its place among the closings is then not 0.
    closed_only, censor_aware, lower, upper = (
        found[f"{name}_us"][place] / 1e6 if found[f"{name}_place"][place] else None
        for name in ("closed_only", "censor_aware", "lower", "upper")
    )
    at_least = found["longest"] if censor_aware is None else None
    return Percentile(PERCENTILES[place], closed_only, censor_aware, lower, upper, at_least)

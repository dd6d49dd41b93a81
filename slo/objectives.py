"""Objectives as values: which promises count, what share of them must be kept, in what window, and what tells early.

They are read from OpenSLO files (`openslo.py`); whoever evaluates them takes nothing but these values and an instant.
Shares, targets and weights are exact fractions: 0.95 is 19/20, and a budget that is spent whole leaves nothing at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from core.durations import Duration
from core.vocabulary import Criticality

Method = Literal["Occurrences", "Timeslices", "RatioTimeslices"]
CalendarUnit = Literal["day", "week", "month", "quarter", "year"]

DIMENSIONS = ("facility", "supplier", "spend_category", "department", "criticality")


@dataclass(frozen=True)
class Selection:
    """Which handoff instances an indicator counts. Of each dimension one of the values; empty does not restrict."""

    model: str
    handoff: tuple[str, ...]  # never empty: keys of handoffs of the model
    facility: tuple[str, ...] = ()
    supplier: tuple[str, ...] = ()
    spend_category: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    criticality: tuple[Criticality, ...] = ()

    def parameters(self) -> dict[str, Any]:
        """Return the values to bind: `model` is text, all others are lists, by the names of `core.filters`."""
        lists = {name: list(getattr(self, name)) for name in ("handoff", *DIMENSIONS)}
        return {"model": self.model, **lists}


@dataclass(frozen=True)
class Indicator:
    """What is good: closed by its own `due_at`, or, with `within`, within a duration of its opening.

    An instance is decided at the earlier of its close and that moment; bad once that passed; cancelled before it, it is
    in neither count. Closing at that very moment is good, unless `strictly`: then it must close before.
    """

    name: str
    title: str
    selection: Selection
    within: Duration | None = None
    strictly: bool = False


@dataclass(frozen=True)
class RollingWindow:
    """The last so many seconds, up to the instant that is asked for."""

    length: timedelta


@dataclass(frozen=True)
class CalendarWindow:
    """Periods of `count` units that follow one another from `starts` on, local time of `zone` (IANA name)."""

    unit: CalendarUnit
    count: int
    starts: datetime  # naive: local time
    zone: str


Window = RollingWindow | CalendarWindow


@dataclass(frozen=True)
class Part:
    """One indicator of an objective with its target, over 0 and below 1; several make it composite, by weight."""

    indicator: Indicator
    target: Fraction
    weight: Fraction = Fraction(1)


@dataclass(frozen=True)
class BurnAlert:
    """A burn rate that somebody must hear of: over `long` and over `short`, each above `factor` times the even pace.

    `factor` 1 spends the budget in exactly the objective's window. `or_equal`: reaching it is enough. `after`: how long
    both must hold.
    """

    name: str
    severity: str  # the workbook's are page and ticket; the specification leaves the word open
    long: timedelta
    short: timedelta
    factor: Fraction
    description: str = ""
    after: timedelta = timedelta()
    or_equal: bool = False


@dataclass(frozen=True)
class Objective:
    """A share of promises to be kept in a window.

    Occurrences counts instances. Timeslices counts slices of length `slice` whose share reaches `slice_target`;
    RatioTimeslices takes the mean of the slices' shares. Both leave out slices in which nothing was decided: gaps.
    `left_out`: burn windows that ship and cannot tell anything here, each with its reason.
    """

    name: str
    title: str
    description: str
    service: str
    owner: str
    method: Method
    slice: timedelta | None  # None for Occurrences
    slice_target: Fraction | None  # of Timeslices alone
    window: Window
    parts: tuple[Part, ...]  # at least one
    alerts: tuple[BurnAlert, ...]
    file: Path
    line: int
    left_out: tuple[str, ...] = ()

    @property
    def target(self) -> Fraction:
        """The share that must be reached: of several parts, the weighted mean of theirs."""
        return sum((part.target * part.weight for part in self.parts), Fraction()) / self.weight

    @property
    def weight(self) -> Fraction:
        """The weight of all parts."""
        return sum((part.weight for part in self.parts), Fraction())

    @property
    def is_composite(self) -> bool:
        """Whether it is of several indicators."""
        return len(self.parts) > 1


def values_selected(objectives: Iterable[Objective]) -> Mapping[str, frozenset[str]]:
    """Return the values of each filter that any of the objectives selects."""
    selections = [part.indicator.selection for objective in objectives for part in objective.parts]
    return {
        name: frozenset(value for each in selections for value in getattr(each, name))
        for name in ("handoff", *DIMENSIONS)
    }

"""An objective as of an instant: budget, burn rates, who is heard, and how it came to this. Pure.

`instants_of` says at which instants its counts have to be cut, `evaluated` reads them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from slo.budget_words import budget_share
from slo.budgets import Outcome, State, judged
from slo.coverage import Coverage
from slo.objectives import BurnAlert, CalendarWindow, Objective, Window
from slo.periods import EPOCH, Period, period_at
from slo.readings import Counts, Ledger, Reader, Reading

MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)
STEPS = 24  # points of a rolling window that is shorter than two days


@dataclass(frozen=True)
class Burn:
    """How fast the budget is spent over an alert's two windows: 1 spends it in just the objective's window.

    `spent`: which part of a whole window's budget went in the long one. None: nothing was decided there.
    """

    alert: BurnAlert
    long: Fraction | None
    short: Fraction | None
    spent: Fraction | None
    outcome: Outcome


@dataclass(frozen=True)
class PastBudget:
    """The budget as it stood at an instant, by what is known now. `remaining`: None where nothing was decided."""

    at: datetime
    remaining: Fraction | None
    decided: int


@dataclass(frozen=True)
class Evaluation:
    """An objective as of an instant. `history`: one point a day of its window, empty where it was not asked for."""

    objective: Objective
    as_of: datetime
    period: Period
    reading: Reading
    burns: tuple[Burn, ...]
    coverage: Coverage
    history: tuple[PastBudget, ...] = ()

    @property
    def counts(self) -> Counts:
        """The promises of its window by outcome."""
        return self.reading.counts

    @property
    def state(self) -> State:
        """Kept or missed; frozen where nothing was decided, or nobody is heard who could tell."""
        return "frozen" if self.coverage.is_frozen else self.reading.budget.state

    @property
    def is_stale(self) -> bool:
        """Whether somebody is silent whom it waits for: its figures may tell too little."""
        return bool(self.coverage.lost)

    @property
    def gaps(self) -> int:
        """In how many slices nothing was decided, of all parts."""
        return sum(each.sliced.gaps for each in self.reading.parts if each.sliced)


def instants_of(objective: Objective, coverage: Coverage, as_of: datetime, *, history: bool) -> Iterator[datetime]:
    """Yield where an objective's counts have to be cut; the first instant of its window among them."""
    yield period_at(objective.window, as_of).starts_at
    yield as_of
    for alert in objective.alerts:
        yield as_of - alert.long
        yield as_of - alert.short
    for each in coverage.lost:
        if each.last_heard is not None:
            yield each.last_heard + MICROSECOND
    for at in points_of(objective.window, as_of) if history else ():
        yield at
        yield _start(objective.window, at, as_of)


def points_of(window: Window, as_of: datetime) -> list[datetime]:
    """Return when the past of a budget is told, in order, `as_of` the last.

    Of a calendar window at each midnight of its zone since it began, of a rolling one as many days (or twenty-fourths)
    before `as_of` as it is long.
    """
    start = period_at(window, as_of).starts_at
    if isinstance(window, CalendarWindow):
        return [*_midnights(start, as_of, ZoneInfo(window.zone)), as_of]
    step = DAY if window.length >= 2 * DAY else window.length / STEPS
    return [as_of - number * step for number in range(window.length // step, -1, -1)]


def evaluated(
    objective: Objective, ledgers: Sequence[Ledger], coverage: Coverage, as_of: datetime, *, history: bool
) -> Evaluation:
    """Return an objective as of an instant, from the counts of each part, cut where `instants_of` says."""
    period = period_at(objective.window, as_of)
    reader = Reader(objective, ledgers, anchor_of(objective.window, as_of))
    return Evaluation(
        objective=objective,
        as_of=as_of,
        period=period,
        reading=reader.read(period.starts_at, as_of + MICROSECOND),
        burns=tuple(_burn(alert, reader, coverage, as_of) for alert in objective.alerts),
        coverage=coverage,
        history=tuple(_past(at, reader, as_of) for at in points_of(objective.window, as_of)) if history else (),
    )


def anchor_of(window: Window, as_of: datetime) -> datetime:
    """Return where slices are counted from: the period's start, of a rolling window 1970, so that they stay put."""
    return period_at(window, as_of).starts_at if isinstance(window, CalendarWindow) else EPOCH


def _burn(alert: BurnAlert, reader: Reader, coverage: Coverage, as_of: datetime) -> Burn:
    long, short = (
        reader.read(as_of - length, as_of + MICROSECOND).budget.spent for length in (alert.long, alert.short)
    )
    spent = None if long is None else budget_share(long, alert.long, reader.objective.window)
    outcome: Outcome = "frozen" if coverage.is_frozen else judged(alert, long, short)
    return Burn(alert, long, short, spent, outcome)


def _past(at: datetime, reader: Reader, as_of: datetime) -> PastBudget:
    until = at + MICROSECOND if at == as_of else at
    reading = reader.read(_start(reader.objective.window, at, as_of), until)
    return PastBudget(at, reading.budget.remaining, reading.counts.tally.decided)


def _start(window: Window, at: datetime, as_of: datetime) -> datetime:
    """Return when the window began that counted at an instant of the past."""
    return period_at(window, as_of).starts_at if isinstance(window, CalendarWindow) else at - window.length


def _midnights(after: datetime, before: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    day = after.astimezone(zone).date() + DAY
    while (midnight := datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)) < before:
        yield midnight
        day += DAY

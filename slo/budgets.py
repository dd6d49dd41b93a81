"""Error budgets and burn rates: pure arithmetic on what was decided, exact and signed.

A budget is 1 - target. Shares are fractions from 0 to 1; where nothing was decided they are None, and the figure is
frozen: neither good nor bad. Nothing here reads a clock, a window or a store.
Source of the mathematics: Google, The Site Reliability Workbook (2018), chapter 5.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Literal, Self

from slo.objectives import BurnAlert

State = Literal["kept", "missed", "frozen"]
Outcome = Literal["matched", "healthy", "frozen"]


@dataclass(frozen=True)
class Tally:
    """How many were decided, and how: instances, or slices. Cancelled and undecided ones are in neither."""

    good: int = 0
    bad: int = 0

    @property
    def decided(self) -> int:
        """Good and bad together."""
        return self.good + self.bad

    @property
    def share(self) -> Fraction | None:
        """The share of the good; None where nothing was decided."""
        return Fraction(self.good, self.decided) if self.decided else None

    def __add__(self, other: Self) -> "Tally":
        return Tally(self.good + other.good, self.bad + other.bad)


@dataclass(frozen=True)
class SlicedShare:
    """The share of a window that is counted in slices. `gaps` are slices in which nothing was decided.

    `slices` counts good and bad slices. Of Timeslices `share` is theirs; of RatioTimeslices it is the mean of the
    shares of all slices that are no gaps, and a slice is good where all of it was.
    """

    share: Fraction | None
    slices: Tally
    gaps: int


def timeslices(slices: Iterable[Tally], slice_target: Fraction) -> SlicedShare:
    """Return the share of slices whose own share reaches `slice_target`; reaching it exactly is good."""
    counted = list(slices)
    shares = [each.share for each in counted if each.share is not None]
    good = sum(share >= slice_target for share in shares)
    tally = Tally(good, len(shares) - good)
    return SlicedShare(tally.share, tally, len(counted) - len(shares))


def ratio_timeslices(slices: Iterable[Tally]) -> SlicedShare:
    """Return the mean of the slices' shares: a slice with two instances weighs as much as one with a thousand."""
    counted = list(slices)
    shares = [each.share for each in counted if each.share is not None]
    mean = sum(shares, Fraction()) / len(shares) if shares else None
    good = sum(share == 1 for share in shares)
    return SlicedShare(mean, Tally(good, len(shares) - good), len(counted) - len(shares))


@dataclass(frozen=True)
class Weighed:
    """One part of a composite objective: its share, its target and its weight."""

    name: str
    share: Fraction | None
    target: Fraction
    weight: Fraction = Fraction(1)


@dataclass(frozen=True)
class Composite:
    """The weighted mean of shares, and of the targets of the same parts; `left_out` names parts with nothing decided.

    `share` is None, and `target` that of all, where no part has anything decided.
    """

    share: Fraction | None
    target: Fraction
    left_out: tuple[str, ...]


def composite(parts: Sequence[Weighed]) -> Composite:
    """Return what parts are together. One with nothing decided weighs nothing, in the share and in the target alike."""
    told = [(part, part.share) for part in parts if part.share is not None]
    left_out = tuple(part.name for part in parts if part.share is None)
    weight = sum((part.weight for part, _ in told), Fraction())
    share = sum((found * part.weight for part, found in told), Fraction()) / weight if told else None
    counted = [part for part, _ in told] or parts
    target = sum((part.target * part.weight for part in counted), Fraction())
    return Composite(share, target / sum((part.weight for part in counted), Fraction()), left_out)


@dataclass(frozen=True)
class Budget:
    """An error budget: what a target allows, and how much of it is spent. `target` is from 0 up to but not 1.

    `decided`: how many the share is of, instances or slices that are no gaps; None for a composite, which has no items.
    """

    target: Fraction
    share: Fraction | None
    decided: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.target < 1:
            message = f"a target is from 0 up to but not 1, not {self.target}: a target of 1 leaves no budget"
            raise ValueError(message)

    @property
    def spent(self) -> Fraction | None:
        """Which part of the budget is spent: 0 nothing, 1 all, above 1 overspent."""
        return None if self.share is None else (1 - self.share) / (1 - self.target)

    @property
    def remaining(self) -> Fraction | None:
        """Which part of the budget is left, signed: (share - target) / (1 - target)."""
        return None if self.spent is None else 1 - self.spent

    @property
    def allowed_items(self) -> Fraction | None:
        """How many of the decided may be bad; None without items."""
        return None if self.decided is None else self.decided * (1 - self.target)

    @property
    def spent_items(self) -> Fraction | None:
        """How many are bad; a fraction where slices count by their share."""
        return None if self.decided is None or self.share is None else self.decided * (1 - self.share)

    @property
    def left_items(self) -> int | None:
        """How many more may be bad, in whole items; below 0: how many are too many."""
        if self.allowed_items is None or self.spent_items is None:
            return None
        return floor(self.allowed_items - self.spent_items)

    @property
    def state(self) -> State:
        """Whether the target is reached; reaching it exactly is. Frozen where nothing was decided."""
        if self.share is None:
            return "frozen"
        return "kept" if self.share >= self.target else "missed"


def burn_rate(share: Fraction | None, target: Fraction) -> Fraction | None:
    """Return how fast a budget is spent: 1 spends it in exactly the objective's window. None: nothing was decided."""
    return Budget(target, share).spent


def fastest_burn(target: Fraction) -> Fraction:
    """Return the burn rate at which everything is bad: no rate is above it."""
    return 1 / (1 - target)


def judged(alert: BurnAlert, long: Fraction | None, short: Fraction | None) -> Outcome:
    """Return what two burn rates say, over the alert's long window and its short one.

    One that stays below the factor settles it: healthy. Where that is not known it is frozen, which is not healthy.
    """
    rates = (long, short)
    if any(rate is not None and not _exceeds(rate, alert) for rate in rates):
        return "healthy"
    return "frozen" if None in rates else "matched"


def still_burning(before: bool, outcome: Outcome | None) -> bool:  # noqa: FBT001 - what was, and what is found now
    """Return whether a burn holds after an evaluation: frozen, and None for a query that failed, change nothing."""
    return before if outcome in {None, "frozen"} else outcome == "matched"


def _exceeds(rate: Fraction, alert: BurnAlert) -> bool:
    return rate >= alert.factor if alert.or_equal else rate > alert.factor

"""Budgets and burn: by hand, by numpy where means are weighed, and by laws that always hold."""

from datetime import timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.budgets import (
    Budget,
    Outcome,
    Tally,
    Weighed,
    burn_rate,
    composite,
    fastest_burn,
    judged,
    ratio_timeslices,
    still_burning,
    timeslices,
)
from slo.objectives import BurnAlert

counts = st.integers(0, 10_000)
tallies = st.builds(Tally, counts, counts)
targets = st.fractions(0, Fraction(9999, 10_000))
shares = st.fractions(0, 1)


def alert(factor: str, *, or_equal: bool = False) -> BurnAlert:
    return BurnAlert("a", "page", timedelta(hours=6), timedelta(minutes=30), Fraction(factor), or_equal=or_equal)


# 1,000 decided at a target of 95 % may have 50 bad ones.
@pytest.mark.parametrize(
    ("bad", "spent", "remaining", "left", "state"),
    [
        (0, 0, 1, 50, "kept"),
        (20, Fraction(2, 5), Fraction(3, 5), 30, "kept"),
        (50, 1, 0, 0, "kept"),
        (51, Fraction(51, 50), Fraction(-1, 50), -1, "missed"),
        (1000, 20, -19, -950, "missed"),
    ],
)
def test_a_budget_is_spent_by_what_is_bad(
    bad: int, spent: Fraction, remaining: Fraction, left: int, state: str
) -> None:
    tally = Tally(1000 - bad, bad)
    budget = Budget(Fraction(95, 100), tally.share, tally.decided)

    assert (budget.spent, budget.remaining, budget.left_items, budget.state) == (spent, remaining, left, state)
    assert (budget.allowed_items, budget.spent_items) == (50, bad)


def test_a_budget_that_is_spent_whole_leaves_nothing_rather_than_nearly_nothing() -> None:
    floats = (0.9 - 0.9000000000000001) / (1 - 0.9)
    budget = Budget(Fraction("0.9"), Tally(9, 1).share, 10)

    assert floats != 0  # what floats make of it
    assert (budget.remaining, budget.state) == (0, "kept")


@pytest.mark.parametrize(
    ("good", "bad", "left"),
    [(25, 2, 0), (24, 3, -1), (27, 0, 2), (18, 9, -7)],  # 27 decided at 90 % allow 2.7
)
def test_what_is_left_is_in_whole_items(good: int, bad: int, left: int) -> None:
    tally = Tally(good, bad)

    assert Budget(Fraction(9, 10), tally.share, tally.decided).left_items == left


def test_where_nothing_was_decided_a_budget_is_frozen_and_has_no_figures() -> None:
    budget = Budget(Fraction(9, 10), Tally().share, 0)

    assert budget.state == "frozen"
    assert (budget.spent, budget.remaining, budget.spent_items, budget.left_items) == (None, None, None, None)
    assert burn_rate(None, Fraction(9, 10)) is None


def test_a_composite_has_no_items() -> None:
    budget = Budget(Fraction(9, 10), Fraction(95, 100))

    assert (budget.allowed_items, budget.spent_items, budget.left_items) == (None, None, None)
    assert budget.remaining == Fraction(1, 2)


@pytest.mark.parametrize("target", [Fraction(1), Fraction(11, 10), Fraction(-1, 10)])
def test_a_target_without_a_budget_is_refused_instead_of_answered_with_infinity(target: Fraction) -> None:
    with pytest.raises(ValueError, match="a target is from 0 up to but not 1"):
        Budget(target, Fraction(1))


@given(tallies, targets)
def test_remaining_is_what_the_share_has_over_the_target_by_the_budget(tally: Tally, target: Fraction) -> None:
    budget = Budget(target, tally.share, tally.decided)

    if tally.share is None:
        assert budget.remaining is None
        return
    assert budget.remaining == (tally.share - target) / (1 - target)
    assert budget.spent_items == tally.bad
    assert budget.allowed_items is not None
    assert budget.left_items is not None
    assert budget.left_items <= budget.allowed_items - tally.bad < budget.left_items + 1
    assert (budget.state == "kept") == (budget.remaining >= 0) == (budget.left_items >= 0)


@given(tallies, targets)
def test_a_bad_instance_more_never_leaves_more_budget(tally: Tally, target: Fraction) -> None:
    worse = Tally(tally.good, tally.bad + 1)
    before, after = (Budget(target, each.share, each.decided).remaining for each in (tally, worse))

    assert after is not None
    assert after <= 1
    assert before is None or after <= before


def test_slices_are_good_at_their_target_and_gaps_are_neither() -> None:
    slices = [Tally(9, 1), Tally(8, 2), Tally(), Tally(10, 0), Tally()]

    found = timeslices(slices, Fraction(9, 10))

    assert (found.share, found.slices, found.gaps) == (Fraction(2, 3), Tally(2, 1), 2)


def test_the_mean_of_slices_weighs_a_quiet_slice_as_much_as_a_busy_one() -> None:
    slices = [Tally(1000, 0), Tally(0, 1), Tally()]

    found = ratio_timeslices(slices)

    assert (found.share, found.slices, found.gaps) == (Fraction(1, 2), Tally(1, 1), 1)


@pytest.mark.parametrize("slices", [[], [Tally(), Tally()]])
def test_slices_that_are_all_gaps_have_no_share(slices: list[Tally]) -> None:
    for found in (timeslices(slices, Fraction(1, 2)), ratio_timeslices(slices)):
        assert (found.share, found.slices, found.gaps) == (None, Tally(), len(slices))


@given(st.lists(tallies, min_size=1))
def test_the_mean_of_slices_is_numpys_over_slices_that_are_no_gaps(slices: list[Tally]) -> None:
    ratios = [each.good / (each.good + each.bad) for each in slices if each.good + each.bad]

    found = ratio_timeslices(slices)

    assert found.gaps == len(slices) - len(ratios)
    if ratios:
        assert found.share is not None
        assert float(found.share) == pytest.approx(np.mean(ratios))
    else:
        assert found.share is None


@given(st.lists(st.tuples(shares, targets, st.fractions(Fraction(1, 100), 100)), min_size=1, max_size=6))
def test_a_composite_is_numpys_weighted_mean(parts: list[tuple[Fraction, Fraction, Fraction]]) -> None:
    found = composite([Weighed(str(n), *part) for n, part in enumerate(parts)])

    weights = [float(weight) for *_, weight in parts]
    assert found.share is not None
    assert float(found.share) == pytest.approx(np.average([float(share) for share, *_ in parts], weights=weights))
    assert float(found.target) == pytest.approx(np.average([float(target) for _, target, _ in parts], weights=weights))


def test_a_part_with_nothing_decided_weighs_neither_in_the_share_nor_in_the_target() -> None:
    told = Weighed("told", Fraction(8, 10), Fraction(9, 10), Fraction(1))
    silent = Weighed("silent", None, Fraction(1, 2), Fraction(3))

    both, none = composite([told, silent]), composite([silent])

    assert (both.share, both.target, both.left_out) == (Fraction(8, 10), Fraction(9, 10), ("silent",))
    assert (none.share, none.target, none.left_out) == (None, Fraction(1, 2), ("silent",))


@pytest.mark.parametrize(
    ("long", "short", "outcome"),
    [
        ("7", "7", "matched"),
        ("7", "6", "healthy"),  # 6 does not exceed 6
        ("6", "7", "healthy"),
        ("7", None, "frozen"),
        (None, None, "frozen"),
        ("5", None, "healthy"),  # the long window alone settles it
    ],
)
def test_both_windows_must_exceed_the_factor(long: str | None, short: str | None, outcome: Outcome) -> None:
    rates = [Fraction(rate) if rate else None for rate in (long, short)]

    assert judged(alert("6"), *rates) == outcome


def test_where_reaching_is_enough_the_factor_itself_matches() -> None:
    assert judged(alert("6", or_equal=True), Fraction(6), Fraction(6)) == "matched"
    assert judged(alert("6", or_equal=True), Fraction(6), Fraction(599, 100)) == "healthy"


@pytest.mark.parametrize("before", [True, False])
def test_what_is_frozen_and_what_failed_changes_nothing(*, before: bool) -> None:
    assert still_burning(before, "frozen") is before
    assert still_burning(before, None) is before
    assert still_burning(before, "matched") is True
    assert still_burning(before, "healthy") is False


@given(tallies, targets)
def test_no_burn_is_faster_than_that_of_everything_being_bad(tally: Tally, target: Fraction) -> None:
    rate = burn_rate(tally.share, target)

    assert rate is None or 0 <= rate <= fastest_burn(target)
    assert burn_rate(Fraction(0), target) == fastest_burn(target)
    assert burn_rate(target, target) == 1

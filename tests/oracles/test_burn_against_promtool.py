"""Our burn rates and what fires, against Prometheus: `promtool test rules` over counters of the same decisions."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from support.promtool import PROMTOOL, BurnCase, Decisions, promtool_says, write_rules

from slo.budgets import Tally, burn_rate, judged
from slo.burn_windows import alerts_of, load_windows
from slo.objectives import BurnAlert

MISSING = "BURN RATES WERE NOT HELD AGAINST PROMETHEUS: promtool is missing; install the Debian package prometheus"
# Per hour of the long window, the newest last: a share of it, with how many good and bad ones a step has.
COURSES: dict[str, list[tuple[Fraction, int, int]]] = {
    "healthy": [(Fraction(1), 1000, 1)],
    "all-bad": [(Fraction(1), 0, 10)],
    "bad-at-last": [(Fraction(1, 2), 100, 0), (Fraction(1, 2), 41, 59)],
    "over": [(Fraction(1, 2), 0, 100), (Fraction(1, 2), 100, 0)],  # the short window no longer burns
    "quiet-at-last": [(Fraction(1, 2), 0, 100), (Fraction(1, 2), 0, 0)],  # the short window has nothing decided
    "silent": [(Fraction(1), 0, 0)],
    "few": [(Fraction(11, 12), 0, 0), (Fraction(1, 12), 1, 2)],
}
TARGETS = ("0.999", "0.95", "0.9", "0.85", "0.5")
WINDOWS = (timedelta(days=30), timedelta(days=90))


def course(alert: BurnAlert, parts: list[tuple[Fraction, int, int]]) -> Decisions:
    """Return decisions over the long window and, before it, as many that must not count."""
    steps = alert.long // alert.short
    told = [Tally(good, bad) for share, good, bad in parts for _ in range(int(share * steps))]
    return Decisions(alert.short, (*(Tally(7, 5) for _ in range(steps)), *told))


def case(name: str, target: Fraction, alert: BurnAlert, decisions: Decisions) -> BurnCase:
    long, short = (burn_rate(decisions.last(window).share, target) for window in (alert.long, alert.short))
    return BurnCase(name, target, alert, decisions, long, short, judged(alert, long, short) == "matched")


def cases() -> Iterator[BurnCase]:
    for text in TARGETS:
        target = Fraction(text)
        for window in WINDOWS:
            for alert in alerts_of(load_windows(), window, target).alerts:
                for name, parts in COURSES.items():
                    yield case(f"{name}-{alert.name}-{window.days}-{text[2:]}", target, alert, course(alert, parts))


def chance() -> Iterator[BurnCase]:
    """Yield cases of any target, factor and volume, seeded; factors are none that floats cannot tell apart."""
    random = Random(20260304)  # noqa: S311 - seeded, so that a failure can be seen again
    for number in range(60):
        target = Fraction(random.randint(1, 999), 1000)
        long = random.choice([timedelta(minutes=12), timedelta(hours=5), timedelta(days=2)])
        factor = Fraction(random.randint(1, 400), 100) + Fraction(1, 3001)
        alert = BurnAlert("any", "ticket", long, long / 12, factor, or_equal=number % 2 == 0)
        busy = random.choice([1, 20])
        parts = [(Fraction(1, 12), random.randint(0, busy), random.randint(0, busy)) for _ in range(12)]
        yield case(f"chance-{number}", target, alert, course(alert, parts))


@pytest.fixture(scope="module")
def promtool() -> None:
    if PROMTOOL is None:
        pytest.skip(MISSING)


def test_promtool_is_there_where_it_must_be(*, in_ci: bool) -> None:
    if PROMTOOL is None:
        (pytest.fail if in_ci else pytest.skip)(MISSING)


@pytest.mark.usefixtures("promtool")
def test_burn_rates_and_what_fires_are_those_of_prometheus(tmp_path: Path) -> None:
    every = [*cases(), *chance()]

    assert promtool_says(write_rules(tmp_path, every)) == ""
    # What is compared is of every kind: what fires, what does not, and what cannot be told.
    assert {each.fires for each in every} == {True, False}
    assert {(each.long is None, each.short is None) for each in every} == {(True, True), (False, True), (False, False)}
    assert len(every) > 250


@pytest.mark.usefixtures("promtool")
def test_prometheus_contradicts_a_figure_or_a_firing_that_is_wrong(tmp_path: Path) -> None:
    right = next(each for each in cases() if each.fires and each.long is not None)
    wrong = (
        replace(right, fires=False),
        replace(right, long=right.long + Fraction(1, 1000) if right.long is not None else None),
        replace(right, short=None),
        replace(right, decisions=replace(right.decisions, tallies=(*right.decisions.tallies[:-1], Tally(10**6, 0)))),
    )

    for each in wrong:
        assert "FAILED" in promtool_says(write_rules(tmp_path, [each]))


@pytest.mark.usefixtures("promtool")
@pytest.mark.parametrize("or_equal", [True, False])
def test_reaching_the_factor_fires_only_where_that_is_enough(tmp_path: Path, *, or_equal: bool) -> None:
    # A target of 50 % and half of what is decided bad burn at exactly 1, in fractions and in floats alike.
    alert = BurnAlert("even", "ticket", timedelta(hours=12), timedelta(hours=1), Fraction(1), or_equal=or_equal)
    even = case("even", Fraction(1, 2), alert, course(alert, [(Fraction(1), 4, 4)]))

    assert (even.long, even.short, even.fires) == (1, 1, or_equal)
    assert promtool_says(write_rules(tmp_path, [even])) == ""


@pytest.mark.usefixtures("promtool")
def test_prometheus_agrees_that_a_factor_out_of_reach_never_fires(tmp_path: Path) -> None:
    window, target = timedelta(days=30), Fraction("0.9")
    page = next(each for each in alerts_of(load_windows(), window, Fraction("0.999")).alerts if each.name == "page-1h")

    worst = case("worst", target, page, course(page, COURSES["all-bad"]))

    assert page.name not in {each.name for each in alerts_of(load_windows(), window, target).alerts}
    assert (worst.long, worst.fires) == (10, False)
    assert promtool_says(write_rules(tmp_path, [worst])) == ""

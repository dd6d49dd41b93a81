import numpy as np
import pytest

from slo.counts_of_chances import Sums


def sums_of(chances: np.ndarray) -> Sums:
    spread = chances * (1 - chances)
    return Sums(len(chances), chances.sum(), spread.sum(), (spread * (1 - 2 * chances)).sum())


def exact(chances: np.ndarray) -> np.ndarray:
    """The distribution function of how many happen, by convolution."""
    mass = np.ones(1)
    for chance in chances:
        mass = np.convolve(mass, [1 - chance, chance])
    return np.cumsum(mass)


@pytest.mark.parametrize("seed", range(6))
def test_the_approximation_is_near_the_exact_distribution(seed: int) -> None:
    random = np.random.default_rng(seed)
    chances = random.beta(
        *[(1, 3), (1, 9), (3, 1), (2, 2), (0.5, 0.5), (1, 20)][seed], size=(60, 40, 50, 30, 80, 90)[seed]
    )

    sums, distribution = sums_of(chances), exact(chances)

    assert max(abs(sums.at_most(n) - share) for n, share in enumerate(distribution)) < 0.01
    for share in (0.025, 0.5, 0.975):
        assert abs(sums.quantile(share) - int(np.argmax(distribution >= share))) <= 1


def test_what_is_certain_has_no_interval() -> None:
    assert [Sums(5, 5.0, 0.0, 0.0).quantile(share) for share in (0.025, 0.975)] == [5, 5]
    assert Sums().quantile(0.975) == 0


def test_no_more_are_expected_than_there_are() -> None:
    sums = sums_of(np.array([0.9, 0.95]))

    assert (sums.quantile(0.975), sums.at_most(2), sums.quantile(0.025)) == (2, 1.0, 1)


def test_sums_of_two_days_are_the_sums_of_both() -> None:
    chances = np.linspace(0.05, 0.9, 20)

    added = sums_of(chances[:8]) + sums_of(chances[8:])

    assert vars(added) == pytest.approx(vars(sums_of(chances)))

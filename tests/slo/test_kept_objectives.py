from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.console_objectives import make_evaluation
from support.objective_values import make_objective

from core.clock import ManualClock
from core.errors import NotFoundError
from core.filters import Filters
from core.kept_answers import KeptAnswers
from slo.evaluation import Evaluation
from slo.kept_objectives import KeptObjectives

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FOUND = [make_evaluation(9, 1, objective=make_objective(name=name)) for name in ("match", "receipt")]


@dataclass
class Asked:
    """Two objectives that note what they were asked for; each answer takes three seconds."""

    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def all(self, filters: Filters, *, history: bool) -> list[Evaluation]:
        self.asked.append(("all", filters, history))
        return FOUND

    def one(self, name: str, filters: Filters) -> Evaluation:
        self.asked.append((name, filters))
        for each in FOUND:
            if each.objective.name == name:
                return each
        raise NotFoundError(name)

    def monotonic(self) -> float:
        return 3.0 * len(self.asked)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def objectives(clock: ManualClock, asked: Asked) -> KeptObjectives:
    stand_in: Any = asked
    return KeptObjectives(stand_in, KeptAnswers(clock, asked.monotonic, pause=20))


def test_all_objectives_are_one_question_and_the_page_of_one_chooses_from_it(
    objectives: KeptObjectives, asked: Asked, clock: ManualClock
) -> None:
    every = objectives.all(Filters(NOW))
    clock.advance(30 * SECOND)

    assert objectives.all(Filters(clock.now())) == every == (FOUND, NOW)
    assert objectives.one("receipt", Filters(clock.now())) == FOUND[1]
    assert asked.asked == [("all", Filters(NOW), True)]


def test_who_asks_for_one_first_is_not_kept_waiting_for_all(
    objectives: KeptObjectives, asked: Asked, clock: ManualClock
) -> None:
    objectives.one("match", Filters(NOW))
    clock.advance(SECOND)
    objectives.kept.keep()
    objectives.one("receipt", Filters(clock.now()))

    assert asked.asked == [("match", Filters(NOW)), ("all", Filters(NOW + SECOND), True)]


def test_what_filters_restrict_is_a_question_of_its_own_and_told_without_its_past(
    objectives: KeptObjectives, asked: Asked, clock: ManualClock
) -> None:
    def west() -> Filters:
        return Filters(clock.now(), facility=("MWEST",))

    for _ in range(2):
        objectives.all(west())
        objectives.one("match", west())
        clock.advance(SECOND)

    assert asked.asked == [
        ("all", Filters(NOW, facility=("MWEST",)), False),
        ("match", Filters(NOW, facility=("MWEST",))),
    ]


def test_an_objective_that_there_is_not_is_not_found_whether_or_not_all_are_kept(objectives: KeptObjectives) -> None:
    with pytest.raises(NotFoundError):
        objectives.one("nothing", Filters(NOW))
    objectives.all(Filters(NOW))
    with pytest.raises(NotFoundError):
        objectives.one("nothing", Filters(NOW))


def test_the_past_is_evaluated_for_whoever_asks(objectives: KeptObjectives, asked: Asked) -> None:
    past = Filters(NOW - timedelta(days=1))
    objectives.all(Filters(NOW))
    asked.asked.clear()

    objectives.one("match", past)
    assert objectives.all(past)[1] == past.as_of

    assert asked.asked == [("match", past), ("all", past, True)]

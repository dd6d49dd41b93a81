from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from core.clock import ManualClock
from core.filters import Filters
from core.kept_answers import KeptAnswers
from slo.journey_lags import JourneyLag
from slo.kept_kpis import KeptKpis
from slo.kpis import Kpi

MINUTE = timedelta(minutes=1)


@dataclass
class Counting:
    """Measures how often it was asked, three seconds each time."""

    clock: ManualClock
    asked: list[Filters] = field(default_factory=list)

    def all(self, filters: Filters) -> list[Kpi]:
        self.asked.append(filters)
        return [Kpi("k", "K", "What.", len(self.asked), "invoices", 1, 1, "Nothing.", "Ours")]

    def journey_lags(self, filters: Filters) -> list[JourneyLag]:
        self.asked.append(filters)
        return []

    def monotonic(self) -> float:
        return 3.0 * len(self.asked)


@pytest.fixture
def counting(clock: ManualClock) -> Counting:
    return Counting(clock)


def kept_of(counting: Counting) -> KeptKpis:
    stand_in: Any = counting
    return KeptKpis(stand_in, KeptAnswers(counting.clock, counting.monotonic, pause=20))


def test_the_present_is_measured_once_for_each_choice_of_filters(counting: Counting) -> None:
    kpis, now = kept_of(counting), Filters(as_of=counting.clock.now())

    first = kpis.all(now)
    elsewhere = kpis.all(replace(now, facility=("west",)))
    counting.clock.advance(MINUTE)
    later = Filters(as_of=counting.clock.now())

    assert kpis.all(later) == first == ([*first[0]], now.as_of)
    assert kpis.all(replace(later, facility=("west",))) == elsewhere
    assert counting.asked == [now, replace(now, facility=("west",))]


def test_handoffs_and_causes_choose_nothing_of_a_kpi(counting: Counting) -> None:
    kpis, now = kept_of(counting), Filters(as_of=counting.clock.now())

    assert kpis.all(now) == kpis.all(replace(now, handoff=("invoice_to_match",), cause=("silence",)))
    assert len(counting.asked) == 1


def test_the_background_measures_the_present_anew(counting: Counting) -> None:
    clock = counting.clock
    kpis = kept_of(counting)
    for _ in range(2):
        kpis.all(Filters(clock.now()))
        clock.advance(MINUTE)

    kpis.kept.keep()

    (kpi,), as_of = kpis.all(Filters(clock.now()))
    assert (kpi.value, as_of) == (2, clock.now())


def test_the_past_is_measured_whenever_it_is_asked_for(counting: Counting) -> None:
    kpis, past = kept_of(counting), Filters(as_of=counting.clock.now() - timedelta(days=1))

    assert [kpis.all(past)[1] for _ in range(2)] == [past.as_of, past.as_of]
    assert counting.asked == [past, past]


def test_days_between_milestones_are_a_question_of_their_own(counting: Counting) -> None:
    kpis, now = kept_of(counting), Filters(as_of=counting.clock.now())
    kpis.all(now)
    kpis.journey_lags(now)
    counting.clock.advance(MINUTE)

    assert kpis.journey_lags(Filters(counting.clock.now())) == ([], now.as_of)
    assert counting.asked == [now, now]

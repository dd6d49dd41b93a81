from dataclasses import dataclass, field, replace
from datetime import timedelta

from core.clock import ManualClock
from core.filters import Filters
from slo.kpis import Kpi
from slo.remembered_kpis import Remembered


@dataclass
class Counting:
    """Measures how often it was asked."""

    asked: list[Filters] = field(default_factory=list)

    def all(self, filters: Filters) -> list[Kpi]:
        self.asked.append(filters)
        return [Kpi("k", "K", "What.", len(self.asked), "invoices", 1, 1, "Nothing.", "Ours")]


def test_the_present_is_measured_once_a_minute_for_each_choice_of_filters(clock: ManualClock) -> None:
    counting = Counting()
    remembered = Remembered(counting, clock)
    now = Filters(as_of=clock.now())

    first, again = remembered.all(now), remembered.all(now)
    elsewhere = remembered.all(replace(now, facility=("west",)))
    clock.advance(timedelta(seconds=61))
    later = remembered.all(Filters(as_of=clock.now()))

    assert [each[0].value for each in (first, again, elsewhere, later)] == [1, 1, 2, 3]


def test_the_past_is_measured_whenever_it_is_asked_for(clock: ManualClock) -> None:
    counting = Counting()
    past = Filters(as_of=clock.now() - timedelta(days=1))

    for _ in range(2):
        Remembered(counting, clock).all(past)

    assert counting.asked == [past, past]

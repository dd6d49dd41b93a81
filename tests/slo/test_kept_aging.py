from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from core.clock import ManualClock
from core.filters import Filters
from core.kept_answers import KeptAnswers
from slo.aging import AgingBucket
from slo.kept_aging import KeptAging

MINUTE = timedelta(minutes=1)


@dataclass
class Counting:
    """Counts exceptions, one more each time it is asked, three seconds each time."""

    clock: ManualClock
    bounds_days: tuple[float, ...] = (0, 7)
    asked: list[tuple[Filters, Sequence[float], Sequence[str]]] = field(default_factory=list)

    def buckets(self, filters: Filters, bounds_days: Sequence[float], *, group_by: Sequence[str]) -> list[AgingBucket]:
        self.asked.append((filters, bounds_days, group_by))
        return [AgingBucket({}, 0, None, len(self.asked), {})]

    def monotonic(self) -> float:
        return 3.0 * len(self.asked)


@pytest.fixture
def counting(clock: ManualClock) -> Counting:
    return Counting(clock)


def kept_of(counting: Counting) -> KeptAging:
    stand_in: Any = counting
    return KeptAging(stand_in, KeptAnswers(counting.clock, counting.monotonic, pause=20))


def test_the_present_is_told_as_of_when_it_was_counted(counting: Counting) -> None:
    aging, now = kept_of(counting), Filters(counting.clock.now())
    first = aging.buckets(now)
    counting.clock.advance(MINUTE)

    again = aging.buckets(Filters(counting.clock.now()))
    earlier = aging.buckets(now.at(now.as_of - 60 * MINUTE))

    assert first == again == ([AgingBucket({}, 0, None, 1, {})], now.as_of)
    assert earlier == ([AgingBucket({}, 0, None, 2, {})], now.as_of - 60 * MINUTE)
    assert [asked[1:] for asked in counting.asked] == [((0, 7), ("facility", "reason"))] * 2


@pytest.mark.parametrize(
    "other",
    [
        {"filters": {"facility": ("west",)}},
        {"filters": {"handoff": ("exception_to_resolution",)}},
        {"bounds_days": (0, 1, 2)},
        {"group_by": ("owner",)},
    ],
)
def test_other_questions_have_answers_of_their_own(counting: Counting, other: dict[str, Any]) -> None:
    aging, now = kept_of(counting), Filters(counting.clock.now())
    first, _ = aging.buckets(now)

    asked = {**other, "filters": replace(now, **other.get("filters", {}))}

    assert aging.buckets(**asked)[0] != first
    assert aging.buckets(replace(now, cause=("silence",)))[0] == first

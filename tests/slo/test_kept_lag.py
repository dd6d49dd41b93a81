from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.console_figures import make_lag

from core.clock import ManualClock
from core.filters import Filters
from slo.kept_lag import KeptLag
from slo.lag import LagRow
from slo.opened import EVER, Opened

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ROWS = [make_lag(facility, handoff, 3600) for facility in ("MEAST", "MWEST") for handoff in ("match", "receipt")]


@dataclass
class Asked:
    """A lag that notes what it was asked for, and takes as long as told."""

    seconds: Iterator[float]
    asked: list[Filters] = field(default_factory=list)
    time: float = 0.0

    def by_facility(self, filters: Filters, *, group_by: Sequence[str], opened: Opened = EVER) -> list[LagRow]:
        self.asked.append(filters)
        self.time += next(self.seconds, 0.0)
        return ROWS

    def monotonic(self) -> float:
        return self.time


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


def kept_of(clock: ManualClock, *seconds: float) -> tuple[KeptLag, Asked]:
    asked = Asked(iter(seconds))
    lag: Any = asked
    return KeptLag(lag, clock, asked.monotonic), asked


def test_the_present_is_answered_as_of_when_it_was_reckoned_and_nothing_is_read(clock: ManualClock) -> None:
    kept, asked = kept_of(clock, 3.0)
    kept.keep()
    clock.advance(40 * SECOND)

    as_of = kept.as_of(Filters(clock.now()))

    assert (as_of, kept.by_facility(Filters(as_of))) == (NOW, ROWS)
    assert [each.as_of for each in asked.asked] == [NOW]


def test_facilities_and_handoffs_are_chosen_of_what_is_kept(clock: ManualClock) -> None:
    kept, asked = kept_of(clock, 3.0)
    kept.keep()

    found = kept.by_facility(Filters(NOW, facility=("MWEST",), handoff=("match", "other")))

    assert [row.keys for row in found] == [{"facility": "MWEST", "handoff": "match"}]
    assert len(asked.asked) == 1


@pytest.mark.parametrize(
    "asked_for",
    [
        {"filters": Filters(NOW - timedelta(days=1))},
        {"filters": Filters(NOW + timedelta(days=1))},
        {"filters": Filters(NOW, supplier=("Medline",))},
        {"filters": Filters(NOW, criticality=("low",))},
        {"group_by": ("supplier",)},
        {"opened": Opened(NOW - timedelta(days=7))},
    ],
)
def test_whatever_else_is_asked_for_is_reckoned_for_whoever_asks(clock: ManualClock, asked_for: dict[str, Any]) -> None:
    kept, asked = kept_of(clock, 3.0)
    kept.keep()
    filters = asked_for.pop("filters", Filters(NOW))

    kept.by_facility(filters, **asked_for)

    assert asked.asked == [Filters(NOW), filters]
    assert kept.as_of(filters, **asked_for) == filters.as_of


def test_a_moment_later_than_what_is_kept_is_reckoned_where_just_that_is_asked_for(clock: ManualClock) -> None:
    kept, asked = kept_of(clock, 3.0)
    kept.keep()

    kept.by_facility(Filters(NOW + SECOND))

    assert [each.as_of for each in asked.asked] == [NOW, NOW + SECOND]


def test_what_is_reckoned_quickly_is_not_kept(clock: ManualClock) -> None:
    kept, asked = kept_of(clock, 3.0, 0.01)
    kept.keep()
    asked.time += 3600
    kept.keep()

    assert kept.as_of(Filters(NOW + SECOND)) == NOW + SECOND
    assert len(asked.asked) == 2


def test_what_was_kept_long_ago_answers_nobody(clock: ManualClock) -> None:
    kept, _ = kept_of(clock, 3.0)
    kept.keep()
    clock.advance(timedelta(minutes=5) + SECOND)

    assert kept.as_of(Filters(clock.now())) == clock.now()


def test_reckoning_takes_a_twentieth_of_the_time_at_most(clock: ManualClock) -> None:
    kept, asked = kept_of(clock, 3.0, 3.0)

    def again_after(seconds: float) -> bool:
        asked.time += seconds
        return kept.keep()

    assert (kept.keep(), again_after(59), again_after(2)) == (True, False, True)


def test_a_request_of_before_it_was_reckoned_is_not_told_what_came_after(clock: ManualClock) -> None:
    kept, _ = kept_of(clock, 3.0)
    kept.keep()

    assert kept.as_of(Filters(NOW - SECOND)) == NOW - SECOND

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.console_figures import make_lag

from core.clock import ManualClock
from core.errors import MisuseError
from core.filters import Filters
from core.kept_answers import KeptAnswers
from slo.kept_lag import KeptLag, KeptLagComparisons
from slo.lag import GROUPS, LagRow, check_groups
from slo.lag_comparison import ComparedLag
from slo.opened import EVER, Comparison, Opened, Windows

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WEEK = timedelta(days=7)
ROWS = [make_lag(facility, handoff, 3600) for facility in ("MEAST", "MWEST") for handoff in ("match", "receipt")]


@dataclass
class Store:
    """A lag that notes what it was asked for, and takes as long as told."""

    clock: ManualClock = field(default_factory=lambda: ManualClock(NOW))
    takes: float = 3.0
    time: float = 0.0
    asked: list[Any] = field(default_factory=list)

    def by_facility(self, filters: Filters, *, group_by: Sequence[str], opened: Opened = EVER) -> list[LagRow]:
        return self._answer(filters, group_by)

    def trend(self, filters: Filters, step: str, *, group_by: Sequence[str], opened: Opened) -> list[LagRow]:
        return self._answer((filters, step), group_by)

    def compare(self, filters: Filters, comparison: Comparison, group_by: Sequence[str]) -> list[ComparedLag]:
        self._answer(comparison, group_by)
        return []

    def _answer(self, asked: object, group_by: Sequence[str]) -> list[LagRow]:
        check_groups(group_by, GROUPS)
        self.asked.append(asked)
        self.time += self.takes
        return ROWS

    def wait(self, seconds: float) -> None:
        self.time += seconds
        self.clock.advance(seconds * SECOND)


@dataclass
class Console:
    """What asks the store for the present, and what keeps its answers."""

    store: Store = field(default_factory=Store)

    def __post_init__(self) -> None:
        stand_in: Any = self.store
        self.kept = KeptAnswers(self.store.clock, lambda: self.store.time, pause=20)
        self.lag = KeptLag(stand_in, self.kept)
        self.comparisons = KeptLagComparisons(stand_in, self.kept)

    def now(self, **chosen: tuple[str, ...]) -> Filters:
        return Filters(self.store.clock.now(), **chosen)


@pytest.fixture
def console() -> Console:
    """Return a console whose background has reckoned the lag by facility and handoff at noon."""
    made = Console()
    made.lag.by_facility(made.now())
    made.store.asked.clear()
    return made


def test_the_present_is_answered_as_of_when_it_was_reckoned_and_nothing_is_read(console: Console) -> None:
    console.store.wait(40)

    assert console.lag.by_facility(console.now()) == (ROWS, NOW)
    assert console.store.asked == []


def test_facilities_and_handoffs_are_chosen_of_what_is_kept_and_causes_do_not_matter(console: Console) -> None:
    console.store.wait(40)
    chosen = console.now(facility=("MWEST",), handoff=("match", "other"), cause=("silence",))

    rows, as_of = console.lag.by_facility(chosen)

    assert ([row.keys for row in rows], as_of) == ([{"facility": "MWEST", "handoff": "match"}], NOW)
    assert console.store.asked == []


def test_whoever_looks_at_one_facility_has_the_background_reckon_all_of_them() -> None:
    console = Console()
    console.lag.by_facility(console.now(facility=("MWEST",)))
    console.store.wait(1)

    console.kept.keep()

    assert console.store.asked == [Filters(NOW, facility=("MWEST",)), Filters(NOW + SECOND)]
    assert console.lag.by_facility(console.now(facility=("MEAST",)))[1] == NOW + SECOND


@pytest.mark.parametrize(
    "asked_for",
    [
        {"filters": Filters(NOW - timedelta(days=1))},
        {"filters": Filters(NOW + timedelta(days=1))},
        {"filters": Filters(NOW, supplier=("Medline",))},
        {"filters": Filters(NOW, criticality=("low",))},
        {"group_by": ("supplier",)},
        {"opened": Opened(NOW - WEEK)},
    ],
)
def test_whatever_else_is_asked_for_is_another_question(console: Console, asked_for: dict[str, Any]) -> None:
    filters = asked_for.pop("filters", Filters(NOW))

    found = console.lag.by_facility(filters, **asked_for)

    assert console.store.asked == [filters]
    assert found == (ROWS, filters.as_of)


def test_other_questions_about_the_present_are_kept_each_for_itself(console: Console) -> None:
    for supplier in ("Medline", "Stryker"):
        console.lag.by_facility(console.now(supplier=(supplier,)))
    console.store.asked.clear()
    console.store.wait(40)

    for supplier in ("Medline", "Stryker"):
        assert console.lag.by_facility(console.now(supplier=(supplier,)))[1] == NOW
    assert console.store.asked == []


def test_a_trend_is_kept_by_what_it_is_of_and_by_its_step(console: Console) -> None:
    match, receipt = ({"handoff": (handoff,)} for handoff in ("match", "receipt"))
    console.lag.trend(console.now(**match), "week")
    console.store.wait(1)

    assert console.lag.trend(console.now(**match), "week")[1] == NOW
    assert console.lag.trend(console.now(**match), "day")[1] == NOW + SECOND
    assert console.lag.trend(console.now(**receipt), "week")[1] == NOW + SECOND
    assert [step for _, step in console.store.asked] == ["week", "day", "week"]


def test_a_comparison_is_told_with_the_windows_that_ended_when_it_was_reckoned(console: Console) -> None:
    console.comparisons.compare(console.now(), Windows(), ("handoff",))
    console.store.wait(60)

    _, windows = console.comparisons.compare(console.now(), Windows(), ("handoff",))

    assert (windows.later, windows.earlier) == (Opened(NOW - 4 * WEEK, NOW), Opened(NOW - 8 * WEEK, NOW - 4 * WEEK))
    assert console.store.asked == [windows]


def test_the_background_compares_the_weeks_before_its_own_present(console: Console) -> None:
    for _ in range(2):
        console.comparisons.compare(console.now(), Windows(), ("handoff",))
        console.store.wait(60)

    assert console.kept.keep()
    assert console.store.asked[-1] == Windows().at(NOW + 120 * SECOND)


def test_a_group_that_there_is_not_is_refused_and_troubles_the_background_no_more(console: Console) -> None:
    for ask in (console.lag.by_facility, console.lag.trend):
        with pytest.raises(MisuseError):
            ask(console.now(), group_by=("colour",))
    console.store.wait(1)

    assert not console.kept.keep()

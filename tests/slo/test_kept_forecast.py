from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from core.clock import ManualClock
from core.filters import Filters
from core.kept_answers import LONGEST, KeptAnswers
from slo.forecast import Expected, Outlook
from slo.kept_forecast import KeptForecasts

MINUTE = timedelta(minutes=1)


@dataclass
class Foretelling:
    """Foretells one more late handoff each time it is asked, which takes three seconds each time."""

    clock: ManualClock
    rows: int = 1
    asked: list[tuple[Filters, int, object]] = field(default_factory=list)

    def expected(self, filters: Filters, days: int, *, group_by: Sequence[str]) -> list[Expected]:
        self.asked.append((filters, days, group_by))
        late = len(self.asked)
        return [Expected({}, filters.as_of + days * timedelta(days=1), late, late, late, late, 0, 0)] * self.rows

    def outlook(self, filters: Filters, days: int, *, likeliest: int) -> Outlook:
        return Outlook(tuple(self.expected(filters, days, group_by=str(likeliest))), ())

    def monotonic(self) -> float:
        return 3.0 * len(self.asked)


@pytest.fixture
def foretelling(clock: ManualClock) -> Foretelling:
    return Foretelling(clock)


def kept_of(foretelling: Foretelling) -> KeptForecasts:
    stand_in: Any = foretelling
    return KeptForecasts(stand_in, KeptAnswers(foretelling.clock, foretelling.monotonic, pause=20))


@pytest.mark.parametrize("name", ["expected", "outlook"])
def test_the_present_is_foretold_as_of_when_it_was_reckoned(foretelling: Foretelling, name: str) -> None:
    ask, now = getattr(kept_of(foretelling), name), Filters(foretelling.clock.now())
    first = ask(now)
    foretelling.clock.advance(MINUTE)

    again = ask(Filters(foretelling.clock.now(), cause=("silence",)))
    _, earlier = ask(now.at(now.as_of - 60 * MINUTE))

    assert first == again
    assert (again[1], earlier) == (now.as_of, now.as_of - 60 * MINUTE)
    assert [asked.as_of for asked, *_ in foretelling.asked] == [now.as_of, earlier]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("outlook", {"filters": {"facility": ("west",)}}),
        ("outlook", {"days": 3}),
        ("outlook", {"likeliest": 5}),
        ("expected", {"days": 3}),
        ("expected", {"group_by": ("handoff",)}),
    ],
)
def test_other_questions_have_answers_of_their_own(foretelling: Foretelling, name: str, other: dict[str, Any]) -> None:
    ask, now = getattr(kept_of(foretelling), name), Filters(foretelling.clock.now())
    first = ask(now)

    assert ask(**{**other, "filters": replace(now, **other.get("filters", {}))}) != first
    assert ask(now) == first


def test_the_background_foretells_anew_what_is_looked_at(foretelling: Foretelling) -> None:
    forecasts = kept_of(foretelling)
    for _ in range(2):
        forecasts.outlook(Filters(foretelling.clock.now()))
        foretelling.clock.advance(MINUTE)

    assert forecasts.kept.keep()
    assert forecasts.outlook(Filters(foretelling.clock.now()))[1] == foretelling.clock.now()


@pytest.mark.parametrize(("rows", "asked"), [(LONGEST, 1), (LONGEST + 1, 2)])
@pytest.mark.parametrize("name", ["expected", "outlook"])
def test_what_has_more_rows_than_are_kept_is_foretold_for_whoever_asks(
    clock: ManualClock, name: str, rows: int, asked: int
) -> None:
    foretelling = Foretelling(clock, rows)
    ask = getattr(kept_of(foretelling), name)

    for _ in range(2):
        ask(Filters(clock.now()))

    assert len(foretelling.asked) == asked

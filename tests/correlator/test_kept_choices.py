from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from core.clock import ManualClock
from core.filters import Filters
from core.kept_answers import KeptAnswers
from correlator.kept_choices import KeptChoices


def test_the_values_of_filters_are_read_once_for_the_pages_of_the_present_and_anew_for_the_past(
    clock: ManualClock,
) -> None:
    asked = list[datetime]()

    def read(as_of: datetime) -> Mapping[str, Sequence[str]]:
        asked.append(as_of)
        return {"facility": [f"{as_of:%H:%M}"]}

    choices = KeptChoices(read, KeptAnswers(clock, lambda: float(len(asked)), pause=20))
    began = clock.now()
    first = choices.choices(Filters(began))
    clock.advance(timedelta(seconds=40))

    assert choices.choices(Filters(clock.now())) == first
    past = began - timedelta(days=1)
    assert choices.choices(Filters(past)) == {"facility": [f"{past:%H:%M}"]}
    assert asked == [began, past]

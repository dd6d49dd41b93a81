"""What filters can be set to, as it was a moment ago: it reads every handoff, and each page with filters asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.filters import Filters
from core.kept_answers import KeptAnswers

Choices = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class KeptChoices:
    """The values of filters. `reckon` asks for them anew (correlator.stalls.Stalls.choices)."""

    reckon: Callable[[datetime], Choices]
    kept: KeptAnswers

    def choices(self, asked: Filters) -> Choices:
        """Return the values that each filter can take, of the present maybe those of a moment ago."""
        return self.kept.of(("choices",), asked, self.reckon)[0]

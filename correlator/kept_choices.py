"""What filters can be set to, as it was a moment ago: it reads every handoff, and each page with filters asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.kept_answers import KeptAnswers

Choices = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class KeptChoices:
    """The values of filters. `reckon` asks for them anew (correlator.stalls.Stalls.choices)."""

    reckon: Callable[[datetime], Choices]
    kept: KeptAnswers

    def choices(self, as_of: datetime) -> Choices:
        """Return the values that each filter can take: of the present those of a moment ago, maybe."""
        return self.kept.of(("choices",), as_of, self.reckon)[0]

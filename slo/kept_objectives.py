"""Objectives of the present, as they stood a moment ago: all of them are one pass over the promises."""

from dataclasses import dataclass
from datetime import datetime

from core.filters import Filters
from core.kept_answers import KeptAnswers
from slo.evaluation import Evaluation
from slo.evaluations import Evaluations

IGNORED = ("cause",)  # what was kept has none


@dataclass(frozen=True)
class KeptObjectives:
    """Objectives as `Evaluations` tells them; of the present maybe of a moment ago, as `Evaluation.as_of` says."""

    evaluations: Evaluations
    kept: KeptAnswers

    def all(self, filters: Filters) -> tuple[list[Evaluation], datetime]:
        """Return every objective that the filters leave anything of, in their order, and the instant that they are of.

        Where nothing is filtered, each comes with its past: it costs little beside the rest, and `one` chooses of it.
        """
        chosen = filters.chosen(but=IGNORED)

        def reckon(as_of: datetime) -> list[Evaluation]:
            return self.evaluations.all(filters.at(as_of), history=not any(chosen))

        return self.kept.of(("objectives", chosen), filters, reckon)

    def one(self, name: str, filters: Filters) -> Evaluation:
        """Return one objective with its past. Raises NotFoundError."""
        chosen = filters.chosen(but=IGNORED)

        def reckon(as_of: datetime) -> Evaluation:
            return self.evaluations.one(name, filters.at(as_of))

        if any(chosen):
            return self.kept.of(("objective", name, chosen), filters, reckon)[0]
        return self._of_all(name, filters, chosen) or reckon(filters.as_of)

    def _of_all(self, name: str, filters: Filters, chosen: tuple[tuple[str, ...], ...]) -> Evaluation | None:
        def reckon(as_of: datetime) -> list[Evaluation]:
            return self.evaluations.all(Filters(as_of), history=True)

        found = self.kept.at(("objectives", chosen), filters, reckon)
        return next((each for each in found[0] if each.objective.name == name), None) if found else None

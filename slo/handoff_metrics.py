"""Metric sources of `type: stallwatch`: which handoffs an indicator counts, and when one of them is good.

The part of an OpenSLO file that the specification leaves to each tool: `metricSource.spec`.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from core.durations import Duration, Unit
from core.problems import LooseEnd, one_of
from core.vocabulary import Criticality
from correlator.model import JourneyModel
from slo.objectives import DIMENSIONS, Selection

TYPE = "stallwatch"
# Measure of a threshold, to the unit that its value is in and how many of the unit's own steps that is.
MEASURES: dict[str, tuple[Unit, int]] = {
    "elapsed_minutes": ("clock", 60),
    "elapsed_hours": ("clock", 3600),
    "elapsed_days": ("clock", 86_400),
    "business_hours": ("business_seconds", 3600),
    "business_days": ("business_days", 1),
}
LONGEST = 315_360_000  # seconds: ten years


def _one_or_several(given: Any) -> Any:
    return [given] if isinstance(given, str) else given


Several = Annotated[tuple[str, ...], BeforeValidator(_one_or_several), Field(min_length=1)]
Criticalities = Annotated[tuple[Criticality, ...], BeforeValidator(_one_or_several), Field(min_length=1)]


class HandoffMetric(BaseModel):
    """Which handoff instances: of a model, of one or several handoffs, and of dimensions, where they are given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str
    handoff: Several
    facility: Several = ()
    supplier: Several = ()
    spend_category: Several = ()
    department: Several = ()
    criticality: Criticalities = ()

    @property
    def selection(self) -> Selection:
        """What it selects; the order in which values are written says nothing."""
        chosen = {name: tuple(sorted(set(getattr(self, name)))) for name in DIMENSIONS}
        return Selection(self.model, tuple(sorted(set(self.handoff))), **chosen)

    def loose_ends(self, models: Sequence[JourneyModel]) -> list[LooseEnd]:
        """Return what it names that no model has."""
        named = {model.model: model for model in models}
        if self.model not in named:
            return [(("model",), f"there is no model {self.model!r}{one_of(self.model, named)}")]
        known = named[self.model].handoffs
        return [
            (("handoff",), f"the model {self.model!r} has no handoff {handoff!r}{one_of(handoff, known)}")
            for handoff in self.handoff
            if handoff not in known
        ]


class HandoffCount(HandoffMetric):
    """How many of them: the good, the bad, or all that are decided."""

    outcome: Literal["good", "bad", "decided"]


class HandoffMeasure(HandoffMetric):
    """How long each took, from its opening."""

    measure: Literal["elapsed_minutes", "elapsed_hours", "elapsed_days", "business_hours", "business_days"]

    def within(self, value: Fraction) -> Duration:
        """Return the duration of a value of this measure. Raises ValueError for one that cannot be."""
        unit, size = MEASURES[self.measure]
        amount = value * size
        if amount.denominator != 1 or amount > LONGEST:
            steps = "whole days" if unit == "business_days" else "whole seconds"
            message = f"{float(value):g} of {self.measure} is not in {steps}, or is longer than ten years"
            raise ValueError(message)
        return Duration(int(amount), unit)

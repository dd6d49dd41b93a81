"""Burn windows as data: which pace of spending is told, and what of it an objective can have.

The sets that ship are `slo/windows/*.yaml`, each citing its source. A set is written for one window; an objective over
another has its alerts in proportion. What can never fire at an objective's target is left out, with the reason.
"""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema, model_validator

from core.definitions import read_definition
from core.durations import parse_duration
from slo.budget_words import in_words, plain
from slo.budgets import fastest_burn
from slo.objectives import BurnAlert
from slo.openslo_values import share_below_one

SHORT_OF_LONG = 12  # the workbook's rule: the short window is a twelfth of the long one
DEFAULT = "google-30d"


def _clock(text: str) -> str:
    if parse_duration(text).unit != "clock":
        message = f"{text!r} is business time; a window is clock time: write 30m, 6h or 3d"
        raise ValueError(message)
    return text


ClockText = Annotated[str, AfterValidator(_clock)]
Share = Annotated[Fraction, PlainValidator(share_below_one), WithJsonSchema({"type": "number"})]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PaceDefinition(_Strict):
    """One alert of a set, for the window that the set is `of`."""

    name: str
    severity: str
    spends: Share = Field(description="Which part of the budget is gone after all of `long` at that pace.")
    long: ClockText
    short: ClockText

    @model_validator(mode="after")
    def _short_is_a_twelfth(self) -> Self:
        if _length(self.long) != SHORT_OF_LONG * _length(self.short):
            message = f"short is a twelfth of long: {in_words(_length(self.long) / SHORT_OF_LONG)}, not {self.short}"
            raise ValueError(message)
        return self


class BurnWindows(_Strict):
    """A set of burn windows, as read from its file."""

    windows: str
    title: str
    source: str = Field(min_length=1)
    of: ClockText
    alerts: tuple[PaceDefinition, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Reachable:
    """The alerts that an objective can have, and why it has not the others."""

    alerts: tuple[BurnAlert, ...]
    left_out: tuple[str, ...]


def shipped_windows() -> dict[str, Path]:
    """Return the sets that ship with Stallwatch, name to file."""
    folder = Path(str(resources.files("slo") / "windows"))
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))}


def load_windows(name: str = DEFAULT) -> BurnWindows:
    """Read a set that ships. Raises DefinitionError."""
    return read_definition(BurnWindows, shipped_windows()[name])


def alerts_of(
    windows: BurnWindows, window: timedelta, target: Fraction, slice_length: timedelta | None = None
) -> Reachable:
    """Return the alerts of a set for an objective over `window` with a target, and the reasons of those left out."""
    scale = Fraction(window // timedelta(seconds=1), _length(windows.of) // timedelta(seconds=1))
    every = [_scaled(pace, scale, _length(windows.of)) for pace in windows.alerts]
    reasons = [(alert, out_of_reach(alert, target) or holds_no_slice(alert, slice_length)) for alert in every]
    left_out = tuple(f"{alert.name}: {reason}" for alert, reason in reasons if reason)
    return Reachable(tuple(alert for alert, reason in reasons if not reason), left_out)


def out_of_reach(alert: BurnAlert, target: Fraction) -> str | None:
    """Return why an alert can never fire at a target, with what could; None where it can.

    Everything being bad burns at 1 / (1 - target): a factor above that, or at it where it must be exceeded, is out of
    reach.
    """
    most = fastest_burn(target)
    if alert.factor < most or (alert.factor == most and alert.or_equal):
        return None
    bound = "at most" if alert.or_equal else "below"
    return (
        f"a burn rate of {plain(alert.factor)} is out of reach at a target of {plain(target * 100)} %: with "
        f"everything bad it is {plain(most)}; the factor must be {bound} that"
    )


def holds_no_slice(alert: BurnAlert, slice_length: timedelta | None) -> str | None:
    """Return why an alert of an objective in slices is never decided; None where it can be."""
    if slice_length is None or alert.short >= slice_length:
        return None
    return (
        f"its short window of {in_words(alert.short)} is shorter than a slice of {in_words(slice_length)}, and "
        "holds none that is over"
    )


def _scaled(pace: PaceDefinition, scale: Fraction, of: timedelta) -> BurnAlert:
    # To the second: whole parts of a set's own window are, and a twelfth of an hour times anything is no less.
    long, short = (_times(_length(each), scale) for each in (pace.long, pace.short))
    factor = pace.spends * (of // timedelta(seconds=1)) / (_length(pace.long) // timedelta(seconds=1))
    return BurnAlert(pace.name, pace.severity, long, short, factor)


def _times(length: timedelta, scale: Fraction) -> timedelta:
    return timedelta(seconds=round(scale * (length // timedelta(seconds=1))))


def _length(text: str) -> timedelta:
    return timedelta(seconds=parse_duration(text).amount)

"""How long things take: skewed lags around the targets of the model, and the hours in which people work."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import RootModel

from core.definitions import read_definition
from core.durations import parse_duration
from core.registry import Facility

# A lag's median is a third of its target; with this spread one in about twenty takes longer than its target, and one
# in sixty is forgotten for several times as long. The figures are ours; they make a believable board, no more.
MEDIAN_SHARE_OF_TARGET = 0.33
SPREAD = 0.65
FORGOTTEN = 1 / 60
FIRST_HOUR, LAST_HOUR = 7, 18
SATURDAY = 5
MODELS = ("procure-to-pay", "supplier-master")


def read_model(name: str = "procure-to-pay") -> dict[str, Any]:
    """Read a shipped journey model as plain YAML: the simulator takes its targets, not the correlator's reading."""
    file = Path(str(resources.files("correlator") / "models" / f"{name}.yaml"))
    return read_definition(RootModel[dict[str, Any]], file).root


def read_handoffs() -> dict[str, Any]:
    """Read the handoffs of every model whose telemetry the simulator sends."""
    return {key: handoff for name in MODELS for key, handoff in read_model(name)["handoffs"].items()}


@dataclass(frozen=True)
class Pace:
    """Draws lags in seconds."""

    handoffs: dict[str, Any]
    rng: Random

    def lag(self, handoff: str, criticality: str, facility: Facility, *, prompt: bool = False) -> float:
        """Draw the seconds until a handoff is answered; a `prompt` one is answered well within its target."""
        target = self.allowance(handoff, criticality, facility)
        drawn = target * MEDIAN_SHARE_OF_TARGET * self.rng.lognormvariate(0, SPREAD)
        if prompt:
            return max(30.0, min(drawn, target * 0.7))
        return max(30.0, drawn * self.rng.uniform(4, 15) if self.rng.random() < FORGOTTEN else drawn)

    def allowance(self, handoff: str, criticality: str, facility: Facility) -> float:
        """Return the seconds of the target, roughly."""
        return _clock_seconds(self.handoffs[handoff]["target"][criticality], never_closes=facility.kind == "hospital")


def _clock_seconds(target: str, *, never_closes: bool) -> float:
    """Roughly how much clock time a target allows: weekends and nights stretch it where the place closes."""
    duration = parse_duration(target)
    if duration.unit == "clock":
        return duration.amount
    stretch = 1.0 if never_closes else 24 / 9 if duration.unit == "business_seconds" else 7 / 5
    return duration.amount * stretch * (86_400 if duration.unit == "business_days" else 1)


def when_people_work(at: datetime, zone: ZoneInfo, rng: Random) -> datetime:
    """Move an instant that falls in a night or weekend to the next working morning of the zone; UTC in and out."""
    local = at.astimezone(zone)
    if FIRST_HOUR <= local.hour < LAST_HOUR and local.weekday() < SATURDAY:
        return at
    day = local if local.hour < FIRST_HOUR else local + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    morning = day.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0) + timedelta(minutes=rng.uniform(5, 240))
    return max(at, morning.astimezone(at.tzinfo))

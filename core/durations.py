"""Durations as definition files write them: clock time, business hours, business days."""

import re
from dataclasses import dataclass
from typing import Literal

from core.errors import DefinitionError

Unit = Literal["clock", "business_seconds", "business_days"]
# Longest first, so that "8bh" is not read as "8b" and an "h".
SUFFIXES: dict[str, tuple[Unit, int]] = {
    "bd": ("business_days", 1),
    "bh": ("business_seconds", 3600),
    "bm": ("business_seconds", 60),
    "w": ("clock", 604_800),
    "d": ("clock", 86_400),
    "h": ("clock", 3600),
    "m": ("clock", 60),
    "s": ("clock", 1),
}
WRITTEN = re.compile(rf"([0-9]{{1,6}})({'|'.join(SUFFIXES)})")


class DurationError(DefinitionError, ValueError):
    """The text is no duration. A ValueError too, so that a definition file's error names its line."""


@dataclass(frozen=True)
class Duration:
    """A length of time: `amount` is whole days for `business_days`, else whole seconds."""

    amount: int
    unit: Unit


def parse_duration(text: str, *, allow_zero: bool = False) -> Duration:
    """Read "30m", "4h", "2d", "1w" (clock), "8bh", "90bm" (business time) or "3bd" (business days of the calendar).

    Raises DurationError for anything else, a sign, a fraction and, unless it is allowed, a length of zero included.
    """
    written = WRITTEN.fullmatch(text.strip())
    if written is None or (int(written[1]) == 0 and not allow_zero):
        message = f"{text!r} is not a duration: write 30m, 4h or 2d (clock), 8bh (business hours), 3bd (business days)"
        raise DurationError(message)
    unit, size = SUFFIXES[written[2]]
    return Duration(int(written[1]) * size, unit)

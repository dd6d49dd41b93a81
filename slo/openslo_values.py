"""The values of OpenSLO v1: durations, shares, local times and zones, read strictly.

Source: the OpenSLO specification, version v1. Its durations tell case: m is a minute, M a month.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.problems import shown

Postfix = Literal["m", "h", "d", "w", "M", "Q", "Y"]
# A month and a quarter as SLO tools commonly take them where a length is needed and no calendar is given.
DAYS: dict[str, Fraction] = {
    "m": Fraction(1, 1440),
    "h": Fraction(1, 24),
    "d": Fraction(1),
    "w": Fraction(7),
    "M": Fraction(30),
    "Q": Fraction(91),
    "Y": Fraction(365),
}
WRITTEN = re.compile(r"([1-9][0-9]{0,4})([mhdwMQY])")
ZERO = re.compile(r"0+[mhdwMQY]")
LONGEST_DAYS = 3650  # ten years: no budget is planned further
STARTS = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?")
YEARS = range(1970, 2200)  # what Stallwatch answers for
WHOLE = 100


@dataclass(frozen=True)
class Shorthand:
    """A duration as it is written: so many of a unit."""

    number: int
    postfix: Postfix

    def __str__(self) -> str:
        """Return it as it is written: "4w"."""
        return f"{self.number}{self.postfix}"

    @property
    def length(self) -> timedelta:
        """How long it is; a month counts 30 days, a quarter 91, a year 365."""
        return timedelta(minutes=int(self.number * DAYS[self.postfix] * 1440))


def read_shorthand(value: Any) -> Shorthand:
    """Read "5m", "12h", "30d", "4w", "1M", "1Q", "1Y". Raises ValueError."""
    written = WRITTEN.fullmatch(value) if isinstance(value, str) else None
    if written is None:
        message = f"{shown(value)} is not a duration: write 30m, 12h, 30d, 4w, 1M (month), 1Q or 1Y"
        raise ValueError(message)
    found = Shorthand(int(written[1]), written[2])  # type: ignore[arg-type]  # the pattern has these letters alone
    if found.number * DAYS[found.postfix] > LONGEST_DAYS:
        message = f"{value} is longer than ten years"
        raise ValueError(message)
    return found


def read_delay(value: Any) -> timedelta:
    """Read a duration that may be nothing: "0m", "5m". Raises ValueError."""
    return timedelta() if isinstance(value, str) and ZERO.fullmatch(value) else read_shorthand(value).length


def read_slice(value: Any) -> timedelta:
    """Read the length of a time slice: a duration, or a whole number of minutes. Raises ValueError."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return read_shorthand(f"{value}m").length
    return read_shorthand(value).length


def read_number(value: Any) -> Fraction:
    """Read a number exactly as it is written: 0.95 is 19/20. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        message = f"{shown(value)} where a number is expected"
        raise ValueError(message)  # noqa: TRY004 - pydantic reports ValueError with its place
    return Fraction(str(value))


def share_below_one(value: Any) -> Fraction:
    """Read a share from 0 up to but not 1. Raises ValueError."""
    share = read_number(value)
    if share == 1:
        message = "a target of 1 leaves no budget: the first failure would spend more than all of it; write 0.999"
        raise ValueError(message)
    if not 0 <= share < 1:
        hint = f"; did you mean targetPercent: {value}?" if 1 < share < WHOLE else ""
        message = f"{value} is no share: it is from 0.0 up to but not 1.0{hint}"
        raise ValueError(message)
    return share


def percent_below_hundred(value: Any) -> Fraction:
    """Read a percentage from 0 up to but not 100, as a share. Raises ValueError."""
    percent = read_number(value)
    if percent == WHOLE:
        message = "a target of 100 leaves no budget: the first failure would spend more than all of it; write 99.9"
        raise ValueError(message)
    if not 0 <= percent < WHOLE:
        message = f"{value} is no percentage: it is from 0 up to but not 100"
        raise ValueError(message)
    return percent / WHOLE


def share_of_slice(value: Any) -> Fraction:
    """Read a share above 0, up to 1. Raises ValueError."""
    share = read_number(value)
    if not 0 < share <= 1:
        message = f"{value} is no share of a slice: it is above 0.0, up to 1.0"
        raise ValueError(message)
    return share


def above_zero(value: Any) -> Fraction:
    """Read a number above 0. Raises ValueError."""
    number = read_number(value)
    if number <= 0:
        message = f"{value} must be above 0"
        raise ValueError(message)
    return number


def read_start(value: Any) -> datetime:
    """Read a local time without a zone: "2026-01-01 00:00:00". Raises ValueError."""
    text = value if isinstance(value, str) else ""
    try:
        start = datetime.fromisoformat(text) if STARTS.fullmatch(text) else None
    except ValueError:
        start = None
    if start is None or start.year not in YEARS:
        message = f"{shown(value)} is no start: write date and time without a zone, as in 2026-01-01 00:00:00"
        raise ValueError(message)
    return start


def read_zone(value: Any) -> str:
    """Read the name of a time zone of the IANA database. Raises ValueError."""
    try:
        ZoneInfo(value if isinstance(value, str) else "")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"{shown(value)} is not an IANA time zone: write America/Chicago, or UTC"
        raise ValueError(message) from None
    return str(value)

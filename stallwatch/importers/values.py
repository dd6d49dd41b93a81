"""Values and times of a log: what a piece of text means.

JSON and XML declare the kind of each attribute. Tables do not, so there the narrowest kind that fits every value of a
column holds, and only text that is written as a number would be is a number: "003", "+1" and "1e5" stay text.
"""

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum

Value = str | int | float | bool | None
Native = str | int | float | bool | None

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")  # at most 18 digits: always within 64 bits
FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
EXACT_DIGITS = 15  # a decimal of so many digits survives a 64-bit float and back
LARGEST = 2**63


class Kind(StrEnum):
    """The attribute types of OCEL 2.0; a time stays text once it is known to be one."""

    STRING = "string"
    TIME = "time"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"


def text_of(native: Native) -> str | None:
    """Return a JSON or SQLite value as text; nothing and empty are both None: OCEL has no value for "no value"."""
    if isinstance(native, bool):
        return "true" if native else "false"
    if native is None or native == "":
        return None
    return repr(native) if isinstance(native, float) else str(native)


def inferred(text: str) -> Kind:
    """Return the narrowest kind that the text is written as."""
    if INTEGER.fullmatch(text):
        return Kind.INTEGER
    if FLOAT.fullmatch(text) and _survives(text):
        return Kind.FLOAT
    return Kind.BOOLEAN if text.lower() in {"true", "false"} else Kind.STRING


def _survives(text: str) -> bool:
    return sum(map(str.isdigit, text)) <= EXACT_DIGITS or repr(float(text)) == text


def widened(one: Kind, other: Kind) -> Kind:
    """Return the kind that holds values of both."""
    if one == other:
        return one
    return Kind.FLOAT if {one, other} == {Kind.INTEGER, Kind.FLOAT} else Kind.STRING


def typed(text: str, kind: Kind) -> Value:
    """Return the value that the text stands for. Raises ValueError where the text is not of that kind."""
    if kind is Kind.INTEGER:
        return _integer(text)
    if kind is Kind.FLOAT:
        return _float(text)
    if kind is Kind.BOOLEAN:
        return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
    if kind is Kind.TIME:
        microseconds(text)
    return text


def fits(text: str, kind: Kind) -> bool:
    """Return whether the text is of that kind."""
    try:
        typed(text, kind)
    except (ValueError, KeyError):
        return False
    return True


def _integer(text: str) -> int:
    number = int(text)
    if not -LARGEST <= number < LARGEST:
        message = f"{text} does not fit 64 bits"
        raise ValueError(message)
    return number


def _float(text: str) -> float:
    number = float(text)
    if number - number != 0:  # infinite or not a number
        message = f"{text} is not finite"
        raise ValueError(message)
    return number


def microseconds(text: str) -> int:
    """Read an ISO 8601 time as microseconds since 1970; one without an offset is in UTC. Raises ValueError."""
    time = datetime.fromisoformat(text.strip())
    return ((time if time.tzinfo else time.replace(tzinfo=UTC)) - EPOCH) // MICROSECOND


def instant(since_epoch: int) -> datetime:
    """Return the time of so many microseconds since 1970."""
    return EPOCH + since_epoch * MICROSECOND

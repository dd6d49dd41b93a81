"""Single values of OTLP in JSON: each kind of field has one reader, which says what it expected."""

import base64
import binascii
import math
import re
from collections.abc import Callable
from typing import Any, NoReturn, Self

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor

from collector.errors import TooLargeError

MOST_CONTAINERS, MOST_VALUES = 1_000_000, 5_000_000  # of one body: some hundred megabytes when read
IDS = {"trace_id", "span_id", "parent_span_id"}
INTEGER = re.compile(r"-?[0-9]{1,20}", re.ASCII)
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)
NO_NUMBERS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}  # as protobuf writes them in JSON
KINDS = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "an array", dict: "an object"}


class MisfitError(Exception):
    """A value that is not what its place asks for; its words name places and kinds, never what a sender wrote.

    It stays between the two modules of OTLP in JSON: callers see RequestError.
    """

    def __init__(self, problem: str, path: str = "") -> None:
        super().__init__(f"{path}: {problem}" if path else problem)
        self.problem = problem
        self.path = path

    def inside(self, step: str | int) -> Self:
        """Return it one step further out: a key, or a place in an array."""
        joint = "." if self.path and not self.path.startswith("[") else ""
        return type(self)(self.problem, f"{f'[{step}]' if isinstance(step, int) else step}{joint}{self.path}")


def expected(kind: str, value: Any) -> NoReturn:
    """Raise MisfitError that says what was expected, and what kind of thing came."""
    refuse(f"expected {kind}, got {KINDS.get(type(value), 'null')}")


def refuse(problem: str) -> NoReturn:
    """Raise MisfitError."""
    raise MisfitError(problem) from None


def converter(field: FieldDescriptor) -> Callable[[Any], Any]:
    """Return what reads a value of the field; it raises MisfitError."""
    match field.type:
        case FieldDescriptor.TYPE_STRING:
            return _text
        case FieldDescriptor.TYPE_BOOL:
            return _bool
        case FieldDescriptor.TYPE_DOUBLE | FieldDescriptor.TYPE_FLOAT:
            return _number
        case FieldDescriptor.TYPE_BYTES:
            return _hex if field.name in IDS else _base64
        case FieldDescriptor.TYPE_ENUM:
            return _enum(field.enum_type)
        case _:
            return _integer


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return expected("text", value)


def _bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return expected("true or false", value)


def _integer(value: Any) -> int:
    """Exact: as a number, or as text, which holds 64 bits everywhere."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and INTEGER.fullmatch(value):
        return int(value)
    return expected("a whole number, or one as text", value)


def _number(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _finite(value)
    if isinstance(value, str) and value in NO_NUMBERS:
        return NO_NUMBERS[value]
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return _finite(float(value))
    return expected("a number, or one as text", value)


def _finite(value: float) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if math.isfinite(number):
        return number
    return refuse("the number is too large")


def _hex(value: Any) -> bytes:
    """Of any length: a wrong one is the record's fault, which ClickHouse finds, and not the whole request's."""
    try:
        return binascii.unhexlify(_text(value))
    except ValueError:
        return refuse("ids are written in hex (32 digits for a trace, 16 for a span), not in base64")


def _base64(value: Any) -> bytes:
    """Read the standard alphabet and the one for addresses, padded or not, as protobuf does."""
    text = _text(value).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        return refuse("bytes are written in base64")


def _enum(described: EnumDescriptor | None) -> Callable[[Any], int]:
    numbers = {each.name: each.number for each in described.values} if described else {}

    def read(value: Any) -> int:
        if isinstance(value, str) and value in numbers:
            return numbers[value]
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        return expected("a number, or a name of the standard", value)

    return read


def within_bounds(body: bytes) -> None:
    """Refuse JSON of more values than memory is meant for: each takes a hundred bytes and more when it is read.

    Raises TooLargeError.
    """
    if body.count(b"{") + body.count(b"[") > MOST_CONTAINERS or body.count(b",") > MOST_VALUES:
        message = "the JSON has more values than are taken at once; send smaller batches"
        raise TooLargeError(message)

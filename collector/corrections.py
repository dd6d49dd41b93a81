"""What an operator may say anew of a quarantined record before it is judged again: promoted fields, never free text.

A correction is kept in the record's history, so it must not hold private values: these are refused, not redacted.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from core.errors import MisuseError
from core.instants import parse_instant

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST = 1000  # characters of one value: a reference or a name, not a text
IBAN_REMAINDER, IBAN_MODULUS = 1, 97  # ISO 13616
Check = Callable[[str], str]
Classes = Sequence[tuple[str, str]]


def _plain(text: str) -> str:
    return text.strip()


def _hex(digits: int, *, optional: bool) -> Check:
    def check(text: str) -> str:
        given = text.strip().lower()
        if not (optional and not given) and not (re.fullmatch(rf"[0-9a-f]{{{digits}}}", given) and int(given, 16)):
            message = f"{digits} hex digits, not all of them zero"
            raise ValueError(message)
        return given

    return check


def _amount(text: str) -> str:
    try:
        value = Decimal(text.strip() or "0")
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        message = "a number such as 12.50"
        raise ValueError(message)
    return text.strip()


def _nanoseconds(text: str) -> str:
    try:
        since = parse_instant(text.strip()) - EPOCH
    except MisuseError:
        message = "an instant such as 2026-03-04T09:30:00Z"
        raise ValueError(message) from None
    return str(((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1000)


def _reference(text: str) -> str:
    kind, colon, number = text.strip().partition(":")
    if text.strip() and not (kind and colon and number):
        message = "type:id, such as invoice:INV-881"
        raise ValueError(message)
    return text.strip()


def _references(text: str) -> str:
    return ",".join(filter(None, (_reference(part) for part in text.split(","))))


def _needed(text: str) -> str:
    if not text.strip():
        message = "it cannot be left out"
        raise ValueError(message)
    return text.strip()


def _specversion(text: str) -> str:
    if text.strip() != "1.0":
        message = "1.0 is the one there is"
        raise ValueError(message)
    return "1.0"


TEXTS = (
    "facility",
    "supplier",
    "department",
    "spend_category",
    "criticality",
    "flow_type",
    "currency",
    "actor",
    "reason",
)
# What can be said anew: the name, as what the replay takes it, and how it is read.
EVENT_FIELDS: dict[str, tuple[str, Check]] = {
    "type": ("type", _needed),
    "time": ("time", _nanoseconds),
    "integration": ("integration", _needed),
    "event_id": ("stallwatch.event.id", _plain),
    "subject": ("stallwatch.subject", _reference),
    "objects": ("objects", _references),
    "amount": ("stallwatch.amount", _amount),
    **{name: (f"stallwatch.{name}", _plain) for name in TEXTS},
    "trace_id": ("trace_id", _hex(32, optional=True)),
    "span_id": ("span_id", _hex(16, optional=True)),
    "specversion": ("specversion", _specversion),
}
SPAN_FIELDS: dict[str, tuple[str, Check]] = {
    "start": ("start", _nanoseconds),
    "end": ("end", _nanoseconds),
    "integration": ("integration", _needed),
    "objects": ("objects", _references),
    "trace_id": ("trace_id", _hex(32, optional=False)),
    "span_id": ("span_id", _hex(16, optional=False)),
    "parent_span_id": ("parent_span_id", _hex(16, optional=True)),
}


def fields_of(signal: str) -> tuple[str, ...]:
    """Return what can be corrected in a record of this signal."""
    return tuple(_fields(signal))


def correction(signal: str, given: Mapping[str, str], classes: Classes) -> dict[str, str]:
    """Return a correction as a replay takes it; '' leaves a field out. `classes` of private values: name, pattern.

    Raises MisuseError for a field that cannot be corrected, a value that cannot be one of it, and a private value.
    """
    fields, read = _fields(signal), {}
    for name, text in given.items():
        if name not in fields:
            message = f"{name[:60]!r} cannot be corrected here; what can: {', '.join(fields) or 'nothing'}"
            raise MisuseError(message)
        if len(text) > LONGEST or "\n" in text or "\0" in text:
            message = f"{name}: at most {LONGEST} characters in one line"
            raise MisuseError(message)
        if private := private_class(text, classes):
            message = f"{name} holds a private value ({private}), which is not kept; say it without"
            raise MisuseError(message)
        key, check = fields[name]
        try:
            read[key] = check(text)
        except ValueError as error:
            message = f"{name}: {error}"
            raise MisuseError(message) from None
    return read


def private_class(text: str, classes: Classes) -> str:
    """Return the class of the first private value in a text, '' where there is none; judged as the landing views do."""
    for name, pattern in classes:
        for found in re.finditer(pattern, text, re.ASCII):  # as the engine reads patterns: é is no letter to it
            if name not in CHECK_DIGITS or CHECK_DIGITS[name](found[0]):
                return name
    return ""


def _luhn(text: str) -> bool:
    digits = [int(digit) for digit in reversed(re.findall("[0-9]", text))]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _mod_97(text: str) -> bool:
    plain = re.sub("[^A-Z0-9]", "", text.upper())
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % IBAN_MODULUS == IBAN_REMAINDER


CHECK_DIGITS: dict[str, Callable[[str], bool]] = {"card": _luhn, "iban": _mod_97}


def _fields(signal: str) -> dict[str, tuple[str, Check]]:
    return {"traces": SPAN_FIELDS, "logs": EVENT_FIELDS, "cloudevents": EVENT_FIELDS}.get(signal, {})

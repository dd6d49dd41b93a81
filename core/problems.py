"""What is wrong in a definition file, told so that it can be mended: where, what, and what to write instead."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from core.errors import DefinitionError
from core.strict_yaml import Place

Details = Any  # what pydantic tells of one error: type, loc, input, msg and perhaps ctx
Model = TypeVar("Model", bound=BaseModel)
LooseEnd = tuple[Place, str]  # a place that does not hang together with the rest, and how to mend it
LONGEST_SHOWN = 60
LIKE_ENOUGH = 0.6  # difflib's own default: a letter or two of a short word
OF_A_KEY = "[key]"  # how pydantic ends the place of a key that cannot be
FORMS = (
    "[text]",
    "[keys]",
)  # how pydantic tells in a place which of several forms was tried: it is no step into the content
NO_LIST, NO_MAPPING, NO_TEXT = ("where a list is expected", "where keys with values are expected", "is not text")


class LooseEndError(ValueError):
    """What pydantic is told of a loose end, which takes a ValueError; a reader of definitions makes a problem of it."""


@dataclass(frozen=True)
class Problem:
    """One thing to mend. `file` is None, and `line` 0, where it is in no file; lines and columns count from 1."""

    file: Path | None
    line: int
    column: int
    place: str
    reason: str

    def __str__(self) -> str:
        """Return "file:line:column: place: reason"."""
        where = [f"{self.file}:{self.line}:{self.column}"] if self.file else []
        return ": ".join([*where, *([self.place] if self.place else []), self.reason])


class WrongDefinitionError(DefinitionError):
    """Definition files are wrong: every problem that was found in them, in order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


def problems_of(error: DefinitionError) -> tuple[Problem, ...]:
    """Return what an error tells of, problem by problem."""
    return error.problems if isinstance(error, WrongDefinitionError) else (Problem(None, 0, 0, "", str(error)),)


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Return "; did you mean 'owner'?" where a known word is much like this one, else nothing."""
    options = {option.lower(): option for option in known}
    near = get_close_matches(str(word).lower(), list(options), n=1, cutoff=LIKE_ENOUGH)
    return f"; did you mean {options[near[0]]!r}?" if near else ""


def one_of(word: object, known: Iterable[str]) -> str:
    """Return the known word that is meant, or else all of them."""
    listed = list(known)
    return did_you_mean(word, listed) or f"; known are: {', '.join(listed) or 'none'}"


def place_of(details: Details) -> Place:
    """Return where pydantic found an error."""
    return tuple(step for step in details["loc"] if step not in (OF_A_KEY, *FORMS))


def all_at_once(
    kind: type[BaseModel], content: Any, read: Callable[[Any], Model], loose_ends: Callable[[Any], Iterable[LooseEnd]]
) -> Model:
    """Read a definition whose parts must hang together; what a wrap validator of pydantic does.

    Raises ValidationError for what is wrong in itself and, beside it, for what does not hang together.
    """
    try:
        found = read(content)
    except ValidationError as error:
        raise _joined(kind, error.errors(), loose_ends(content)) from None
    # As it is written: a default is nothing that leads anywhere.
    if loose := list(loose_ends(found.model_dump(by_alias=True, exclude_unset=True))):
        raise _joined(kind, [], loose)
    return found


def _joined(kind: type[BaseModel], errors: Iterable[Any], loose: Iterable[LooseEnd]) -> ValidationError:
    names = ("type", "loc", "input", "ctx")
    told: list[Any] = [{name: each[name] for name in names if name in each} for each in errors]
    for place, reason in loose:
        told.append({"type": "value_error", "loc": place, "input": None, "ctx": {"error": LooseEndError(reason)}})
    return ValidationError.from_exception_data(kind.__name__, told)


def is_loose_end(details: Details) -> bool:
    """Whether an error is that something does not hang together with the rest."""
    return isinstance(details.get("ctx", {}).get("error"), LooseEndError)


def is_echo(details: Details) -> bool:
    """Whether an error only follows from others: a list is called too short where its entries are wrong."""
    return bool(details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"])


def reason_of(details: Details, known: Sequence[str]) -> str:
    """Return what is wrong and how to mend it, of an error of pydantic; `known` are the keys that its place takes."""
    kind, value = details["type"], details["input"]
    if kind == "extra_forbidden":
        return f"unknown key{one_of(details['loc'][-1], known)}"
    if kind == "missing":
        return "is missing; add it"
    if kind == "literal_error":
        options = re.findall(r"'([^']*)'", details.get("ctx", {}).get("expected", ""))
        is_key = details["loc"][-1] == OF_A_KEY
        return f"unknown key{one_of(value, options)}" if is_key else _not_one_of(value, options)
    if kind in _EXPECTED:
        return _unexpected(value, _EXPECTED[kind])
    if kind in _LENGTHS:
        return _LENGTHS[kind].format(length=len(value), **details["ctx"])
    return str(details["msg"]).removeprefix("Value error, ").replace("Input should be", f"{shown(value)} must be")


def one_line(text: str) -> str:
    """Return a text from a file as part of one line: nothing in it may break the line or steer a terminal."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def shown(value: Any) -> str:
    """Return what stands there, in the words of YAML and in a few characters."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return "keys with values" if isinstance(value, dict) else "a list"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _not_one_of(value: Any, options: Sequence[str]) -> str:
    hint = did_you_mean(value, options) if isinstance(value, str) else ""
    return f"{shown(value)} is none of {', '.join(options)}{hint}"


def _unexpected(value: Any, expected: str) -> str:
    nested = value is None or isinstance(value, dict | list)
    if expected == NO_TEXT:
        return f"{shown(value)} where text is expected" if nested else f"{shown(value)} is not text; put it in quotes"
    if expected == NO_LIST and isinstance(value, str):
        return f"{shown(value)} {expected}; write [{value}]"
    if expected == NO_MAPPING:
        return f"{shown(value)} {expected}; write key: value"
    return f"{shown(value)} {expected}"


_LENGTHS = {
    "too_short": "needs at least one entry",
    "too_long": "has {length} entries; at most {max_length:,}",
    "string_too_long": "has {length:,} characters; at most {max_length:,}",
}
_EXPECTED = {
    "bool_type": "where true or false is expected",
    "bool_parsing": "where true or false is expected",
    "string_type": NO_TEXT,
    "tuple_type": NO_LIST,
    "list_type": NO_LIST,
    "dict_type": NO_MAPPING,
    "mapping_type": NO_MAPPING,
    "model_type": NO_MAPPING,
    "model_attributes_type": NO_MAPPING,
    "int_type": "where a whole number is expected",
    "int_parsing": "where a whole number is expected",
    "int_from_float": "where a whole number is expected",
}

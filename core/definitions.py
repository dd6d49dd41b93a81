"""Definition files are YAML, read strictly: no duplicate keys, no surprise types.

What is wrong is told with file, line, column and how to mend it, and all that is wrong in a file at once.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from core.errors import DefinitionError
from core.problems import Details, Problem, WrongDefinitionError, is_echo, is_loose_end, one_line, place_of, reason_of
from core.strict_yaml import NotYamlError, Page, Place, read_page, read_pages

Definition = TypeVar("Definition", bound=BaseModel)
Read = TypeVar("Read")
MOST_BYTES = 4 * 1024**2  # of one file: what ships has 10 KB, and a megabyte takes seconds to read
Schema = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """One of several definitions in a file, not yet read: its content, and the page that knows where it stands."""

    file: Path
    page: Page

    @property
    def content(self) -> Any:
        """What it holds."""
        return self.page.content

    @property
    def line(self) -> int:
        """Where it begins, from 1."""
        return self.page.mark(())[0]

    def problem(self, place: Place, reason: str) -> Problem:
        """Return a problem at a place in it."""
        return Problem(self.file, *self.page.mark(place), _named(place), reason)

    def read(self, kind: type[Definition], place: Place = ()) -> Definition:
        """Read it, or the part at a place, as what it is. Raises WrongDefinitionError with all that is wrong in it."""
        inner = _inside(self.content, place)
        twice = "this key is given twice; keep one"
        problems = [Problem(self.file, *mark, _named(at), twice) for at, mark in self.page.repeated if not place]
        try:
            found = kind.model_validate(inner)
        except ValidationError as error:
            told = partial(_told, kind.model_json_schema(), self, place)
            found_wrong = (*error.errors(), *_hidden(kind, inner, error))
            problems += [told(details) for details in found_wrong if not is_echo(details)]
        problems += self._empty(problems) if not place else []
        if problems:
            raise WrongDefinitionError(sorted(dict.fromkeys(problems), key=lambda each: (each.line, each.column)))
        return found

    def _empty(self, told: list[Problem]) -> list[Problem]:
        """Return the keys without a value, which would pass for keys that are not there, but those told of already."""
        marks = {(each.line, each.column) for each in told}
        reason = "nothing stands after this key; write its value, or remove the key"
        return [self.problem(place, reason) for place in self.page.empty if self.page.mark(place) not in marks]


def _inside(content: Any, place: Place) -> Any:
    for step in place:
        content = content[step]
    return content


def read_documents(file: Path) -> tuple[Document, ...]:
    """Read a file of several definitions, each after a line ---. Raises DefinitionError; judges none of them yet."""
    return tuple(Document(file, page) for page in _yaml(file, read_pages))


def read_definition(kind: type[Definition], file: Path) -> Definition:
    """Read and validate one definition file.

    Raises DefinitionError: "<file>:<line>:<column>: <key>: <reason>", one clause for each problem.
    """
    page = _page(file)
    if page.content is None:
        return _of_nothing(kind, file)
    return Document(file, page).read(kind)


def _of_nothing(kind: type[Definition], file: Path) -> Definition:
    try:
        return kind.model_validate({})
    except ValidationError as error:
        needed = ", ".join(str(details["loc"][0]) for details in error.errors() if details["loc"])
        raise WrongDefinitionError([Problem(file, 1, 1, "", f"the file is empty; write {needed}")]) from None


def located(file: Path, place: Place, reason: str) -> Problem:
    """Return a problem at a place in a file that has been read before."""
    return Problem(file, *_page(file).mark(place), _named(place), reason)


def _page(file: Path) -> Page:
    return _yaml(file, read_page)


def _yaml(file: Path, read: Callable[[str], Read]) -> Read:
    text = _text(file)
    try:
        return read(text)
    except NotYamlError as error:
        raise WrongDefinitionError([Problem(file, *error.mark, "", str(error))]) from None


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        message = f"cannot read {file}: {error.strerror}"
        raise DefinitionError(message) from None
    if len(content) > MOST_BYTES:
        message = f"cannot read {file}: it is larger than the {MOST_BYTES // 1024**2} MiB that a definition may have"
        raise DefinitionError(message)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1
        reason = f"byte 0x{content[error.start]:02x} is not UTF-8 text; save the file as UTF-8"
        raise WrongDefinitionError([Problem(file, before.count(b"\n") + 1, column, "", reason)]) from None


def _told(schema: Schema, document: Document, outer: Place, details: Details) -> Problem:
    place = place_of(details)
    return document.problem((*outer, *place), reason_of(details, _known(schema, place[:-1])))


def _named(place: Place) -> str:
    return one_line(".".join(map(str, place))) or "the file"


def _hidden(kind: type[BaseModel], content: Any, error: ValidationError) -> Iterable[Details]:
    """Return what else is found without the keys that nobody knows, which keep a part from being judged whole.

    Not what does not hang together: that was found before, and without a key that is misspelt there may be more of it.
    """
    unknown = [place_of(details) for details in error.errors() if details["type"] == "extra_forbidden"]
    if not unknown:
        return ()
    try:
        kind.model_validate(_without(content, set(unknown), ()))
    except ValidationError as further:
        return [details for details in further.errors() if not is_loose_end(details)]
    return ()


def _without(content: Any, unknown: set[Place], place: Place) -> Any:
    if isinstance(content, dict):
        left = {key: value for key, value in content.items() if (*place, key) not in unknown}
        return {key: _without(value, unknown, (*place, key)) for key, value in left.items()}
    if isinstance(content, list):
        return [_without(value, unknown, (*place, index)) for index, value in enumerate(content)]
    return content


def _known(schema: Schema, place: Place) -> list[str]:
    """Return the keys that a place takes, by the JSON Schema of the whole."""
    nodes = list(_variants(schema, schema))
    for step in place:
        # What is no step into the content says which of several forms was tried.
        nodes = [
            variant for node in nodes for inner in _inner(node, step) for variant in _variants(schema, inner)
        ] or nodes
    return list(dict.fromkeys(key for node in nodes for key in node.get("properties", ())))


def _inner(node: Schema, step: str | int) -> Iterator[Schema]:
    if step in node.get("properties", ()):
        yield node["properties"][step]
        return
    inside = [node.get("items" if isinstance(step, int) else "additionalProperties")]
    yield from (each for each in (*inside, *node.get("patternProperties", {}).values()) if isinstance(each, dict))


def _variants(schema: Schema, node: Schema) -> Iterator[Schema]:
    if "$ref" in node:
        yield from _variants(schema, schema["$defs"][node["$ref"].rpartition("/")[2]])
        return
    yield node
    for form in (*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ())):
        yield from _variants(schema, form)

"""Definition files are YAML, read strictly: no duplicate keys, no surprise types, errors with file and line."""

import re
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from core.errors import DefinitionError

Definition = TypeVar("Definition", bound=BaseModel)
Place = tuple[str | int, ...]


class _StrictLoader(yaml.SafeLoader):
    """The plain values of YAML 1.2 only: `no`, `2026-03-04`, `22:30` and `0123` stay text; nothing is merged in."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose as YAML does, but refuse an alias: a few lines of them can unfold to billions."""
        if self.check_event(yaml.AliasEvent):
            event = self.get_event()  # type: ignore[no-untyped-call]  # the types of yaml leave it out
            message = f"*{event.anchor} is an alias, which definition files do not take; write the value out"
            raise yaml.composer.ComposerError(None, None, message, event.start_mark)
        return super().compose_node(parent, index)


_StrictLoader.yaml_implicit_resolvers = {}
for tag, pattern, firsts in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ["n", "~", ""]),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)", "-+0123456789"),
):
    _StrictLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"(?:{pattern})\Z"), list(firsts))


def read_definition(kind: type[Definition], file: Path) -> Definition:
    """Read and validate one definition file.

    Raises DefinitionError: "<file>:<line>: <key>: <reason>", one clause for each problem.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot read {file}: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}"
        raise DefinitionError(message) from None
    lines: dict[Place, int] = {}
    try:
        loader = _StrictLoader(text)
        node = loader.get_single_node()
        _check(node, (), lines, file)
        content = loader.construct_document(node) if node is not None else {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = f"{file}:{mark.line + 1 if mark else 1}: not valid YAML: {getattr(error, 'problem', None) or error}"
        raise DefinitionError(message) from None
    except RecursionError:
        message = f"{file}:1: the file is nested too deeply"
        raise DefinitionError(message) from None
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        raise DefinitionError("; ".join(_explain(file, problem, lines) for problem in error.errors())) from None


def _check(node: yaml.Node | None, place: Place, lines: dict[Place, int], file: Path) -> None:
    """Note the line of every place, and refuse a repeated key."""
    if node is not None:
        lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                where = ".".join(map(str, (*place, name)))
                message = f"{file}:{key.start_mark.line + 1}: {where}: this key is given twice"
                raise DefinitionError(message)
            seen.add(name)
            lines[(*place, name)] = key.start_mark.line + 1
            _check(value, (*place, name), lines, file)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _check(value, (*place, index), lines, file)


def _explain(file: Path, problem: Any, lines: dict[Place, int]) -> str:
    place: Place = tuple(problem["loc"])
    known = place
    while known and known not in lines:
        known = known[:-1]
    reason = "unknown key" if problem["type"] == "extra_forbidden" else problem["msg"].removeprefix("Value error, ")
    where = ".".join(map(str, place)) or "the file"
    return f"{file}:{lines.get(known, 1)}: {where}: {reason}"

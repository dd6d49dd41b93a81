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
    """YAML 1.1 without its traps: only true/false are booleans, dates stay text, a repeated key is an error."""


_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_StrictLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def read_definition(kind: type[Definition], file: Path) -> Definition:
    """Read and validate one definition file.

    Raises DefinitionError: "<file>:<line>: <key>: <reason>", one clause for each problem.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot read {file}: {error}"
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
                message = f"{file}:{key.start_mark.line + 1}: {'.'.join(map(str, (*place, name)))}: this key is given twice"
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

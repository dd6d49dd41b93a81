"""YAML as definition files are written: the plain values of YAML 1.2, no tags, no aliases, and each key once.

What is read knows where it stands, so that whoever finds it wrong can say so.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

Place = tuple[str | int, ...]
Mark = tuple[int, int]  # line and column, from 1
# What the parser says, to how it is mended.
MENDS = (
    (r"found character '\\t'", "a tab; indent with spaces"),
    (r"expected a single document", "one file holds one definition; remove the line ---"),
    (r"mapping values are not allowed", "a text that holds a colon needs quotes, and a key a line of its own"),
    (r"could not find expected ':'|while scanning a simple key", "a key needs a colon after it: key: value"),
    (r"unexpected end of stream|found unexpected document separator", "a quote is opened and not closed"),
    (
        r"expected ',' or '[\]}]'|expected the node content, but found '<stream end>'",
        "a bracket is opened and not closed",
    ),
    (r"expected <block end>", "the lines of one list or mapping begin in one column"),
    (r"special characters are not allowed", "a control character; remove it"),
    (r"found character '[@`%]'", "a text that begins like this needs quotes"),
)


class NotYamlError(Exception):
    """The text cannot be read: why, where, and how to mend it."""

    def __init__(self, mark: Mark, reason: str) -> None:
        self.mark = mark
        super().__init__(reason)


@dataclass(frozen=True)
class Page:
    """What a text holds: its content (None: nothing) and the mark of every place.

    `repeated` are the places whose key was there before, `empty` those after whose key nothing stands.
    """

    content: Any = None
    marks: dict[Place, Mark] = field(default_factory=dict)
    repeated: tuple[tuple[Place, Mark], ...] = ()
    empty: tuple[Place, ...] = ()

    def mark(self, place: Place) -> Mark:
        """Return the mark of a place, or of the innermost around it that is there."""
        while place and place not in self.marks:
            place = place[:-1]
        return self.marks.get(place, (1, 1))


def read_page(text: str) -> Page:
    """Read a text. Raises NotYamlError for the first that no YAML is."""
    with _marked(text):
        loader = _StrictLoader(text)
        return _page(loader, loader.get_single_node())


def read_pages(text: str) -> tuple[Page, ...]:
    """Read a text of several documents, each after a line ---; empty ones are left out. Raises NotYamlError."""
    pages = []
    with _marked(text):
        loader = _StrictLoader(text)
        while loader.check_node():
            pages.append(_page(loader, loader.get_node()))
    return tuple(page for page in pages if page.content is not None)


def _page(loader: "_StrictLoader", node: yaml.Node | None) -> Page:
    marks: dict[Place, Mark] = {}
    repeated = []
    for place, mark, is_repeated in _places(node, ()):
        if is_repeated:
            repeated.append((place, mark))
        marks[place] = mark
    content = None if node is None else loader.construct_document(node)
    return Page(content, marks, tuple(repeated), tuple(_empty(node, ())))


@contextmanager
def _marked(text: str) -> Iterator[None]:
    """Tell what the parser raises as one error, with where it is."""
    try:
        yield
    except yaml.YAMLError as error:
        met = getattr(error, "problem_mark", None)
        raise NotYamlError(_mark(met) if met else _position(text, error), _told(error)) from None
    except RecursionError:
        raise NotYamlError((1, 1), "the file is nested too deeply") from None


class _StrictLoader(yaml.SafeLoader):
    """`no`, `2026-03-04`, `22:30` and `0123` stay text; nothing is merged in, nothing made by a tag."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose as YAML does, but refuse an alias, a few lines of which can unfold to billions, and a tag."""
        if self.check_event(yaml.AliasEvent):
            event = self.get_event()  # type: ignore[no-untyped-call]  # the types of yaml leave it out
            _refuse(
                f"*{event.anchor} is an alias, which definition files do not take; write the value out",
                event.start_mark,
            )
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the types of yaml leave it out
        if getattr(event, "tag", None) is not None:
            _refuse("a tag (!…), which definition files do not take; write the plain value", event.start_mark)
        return super().compose_node(parent, index)


def _refuse(message: str, mark: Any) -> NoReturn:
    raise yaml.composer.ComposerError(None, None, message, mark)


_StrictLoader.yaml_implicit_resolvers = {}
for tag, pattern, firsts in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ["n", "~", ""]),
    # Numbers that no definition needs stay text: the longest would be work without end.
    ("int", r"[-+]?(?:0|[1-9][0-9]{0,17})", "-+0123456789"),
    ("float", r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)", "-+0123456789"),
):
    _StrictLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"(?:{pattern})\Z"), list(firsts))


def _places(node: yaml.Node | None, place: Place) -> Iterator[tuple[Place, Mark, bool]]:
    """Yield every place with its mark (of a key, where it has one), and whether its key is given again."""
    if node is not None and not place:
        yield place, _mark(node.start_mark), False
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = _name(key)
            yield (*place, name), _mark(key.start_mark), name in seen
            seen.add(name)
            yield from _places(value, (*place, name))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield (*place, index), _mark(value.start_mark), False
            yield from _places(value, (*place, index))


def _empty(node: yaml.Node | None, place: Place) -> Iterator[Place]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(value, yaml.ScalarNode) and value.value == "" and value.style is None:
                yield (*place, _name(key))
            yield from _empty(value, (*place, _name(key)))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _empty(value, (*place, index))


def _name(key: yaml.Node) -> str:
    if isinstance(key, yaml.ScalarNode):
        return str(key.value)
    _refuse("a key must be a word; this one is a list or a mapping", key.start_mark)


def _mark(mark: yaml.Mark) -> Mark:
    return mark.line + 1, mark.column + 1


def _position(text: str, error: yaml.YAMLError) -> Mark:
    """Return where the reader met what it refused, which it tells in characters."""
    before = text[: getattr(error, "position", 0)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _told(error: yaml.YAMLError) -> str:
    said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    whole = f"{said} {getattr(error, 'context', '')}"
    mend = next((f" ({mend})" for pattern, mend in MENDS if re.search(pattern, whole)), "")
    return f"not valid YAML: {said}{mend}"

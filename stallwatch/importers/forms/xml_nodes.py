"""Streams an XML log: the children of each section one at a time, with the line and column that each element starts at.

A document type declaration is refused: no OCEL log needs one, and entities are how a small file fills the memory.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from stallwatch.importers.broken import ImportFileError

CHUNK = 1 << 16  # bytes read at a time
LEVEL = 3  # <log> / <events> / <event>


@dataclass(slots=True)
class Node:
    """An element: where it starts ("line:column", from 1), its attributes, its text, its children."""

    tag: str
    attributes: Mapping[str, str]
    place: str
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def each(self, *path: str) -> Iterator["Node"]:
        """Yield the descendants along a path of tags."""
        for child in self.children:
            if child.tag == path[0]:
                yield from child.each(*path[1:]) if len(path) > 1 else (child,)

    def written(self) -> str:
        """Return the element as XML, without white space between elements."""
        attributes = "".join(f" {name}={quoteattr(value)}" for name, value in self.attributes.items())
        inside = "".join(child.written() for child in self.children) or escape(self.text)
        return f"<{self.tag}{attributes}>{inside}</{self.tag}>" if inside else f"<{self.tag}{attributes}/>"


@dataclass
class _Builder:
    """Builds one row's element at a time; finished ones wait in `done`."""

    path: Path
    sections: set[str]
    parser: expat.XMLParserType
    open: list[Node] = field(default_factory=list)
    depth: int = 0
    done: list[Node] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 1 and tag != "log":
            message = f"{self.path} is not an OCEL 2.0 log: its root is <{tag}>, not <log>"
            raise ImportFileError(message)
        if self.depth == LEVEL - 1:
            self.sections.add(tag)
        if self.depth >= LEVEL:
            place = f"{self.parser.CurrentLineNumber}:{self.parser.CurrentColumnNumber + 1}"
            node = Node(tag, attributes, place)
            if self.open:
                self.open[-1].children.append(node)
            self.open.append(node)

    def text(self, text: str) -> None:
        if self.open:
            self.open[-1].text += text

    def end(self, _tag: str) -> None:
        self.depth -= 1
        if self.open:
            node = self.open.pop()
            if not self.open:
                self.done.append(node)

    def refuse_declaration(self, *_: object) -> None:
        line = self.parser.CurrentLineNumber
        message = f"{self.path}:{line}: a document type declaration (DOCTYPE) is not accepted; remove it"
        raise ImportFileError(message)

    def take(self) -> list[Node]:
        done, self.done = self.done, []
        return done


def stream(path: Path, sections: set[str]) -> Iterator[Node]:
    """Yield each child of each section, and note the sections' names in `sections`.

    Raises ImportFileError where the file cannot be read, is not well-formed, or does not begin with `<log>`.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    builder = _Builder(path, sections, parser)
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = builder.refuse_declaration
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                parser.Parse(chunk, False)
                yield from builder.take()
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        message = f"{path}:{error.lineno}: not well-formed XML in UTF-8: {expat.errors.messages[error.code]}"
        raise ImportFileError(message) from None
    except OSError as error:
        message = f"cannot read {path}: {error.strerror}"
        raise ImportFileError(message) from None

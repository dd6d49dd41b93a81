"""One input of the fuzzing: a request as it goes over the wire, what is known of it, and how it is kept for a replay."""

import gzip
import json
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from support.fuzz_wire import records_in

TRACES, LOGS, EVENTS = "/v1/traces", "/v1/logs", "/v1/events"
WAYS = {TRACES: ("resourceSpans", "scopeSpans", "spans"), LOGS: ("resourceLogs", "scopeLogs", "logRecords")}
PROTOBUF = "application/x-protobuf"


@dataclass(frozen=True)
class Input:
    """A POST of `body` to `path`; header names in lower case."""

    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    def plain(self) -> bytes:
        """The body without its compression, undone by the standard library. Raises ValueError, zlib.error, OSError, EOFError."""
        match self.header("content-encoding").strip().lower():
            case "" | "identity":
                return self.body
            case "gzip" | "x-gzip":
                return gzip.decompress(self.body)
            case "deflate":
                return _inflate(self.body)
            case "zstd":
                from backports import zstd  # noqa: PLC0415 - not every installation has it

                return zstd.decompress(self.body)
            case other:
                raise ValueError(other)

    def as_json(self) -> str:
        return json.dumps({"path": self.path, "headers": self.headers, "body": self.body.hex()})

    @classmethod
    def from_json(cls, text: str) -> "Input":
        kept = json.loads(text)
        return cls(kept["path"], tuple((name, value) for name, value in kept["headers"]), bytes.fromhex(kept["body"]))


def read_inputs(file: Path) -> list[Input]:
    """The inputs of a file, one a line."""
    return [Input.from_json(line) for line in file.read_text().splitlines() if line]


def records_of(given: Input) -> int:
    """How many records an accepted request holds, counted without the code under test. Raises as `Input.plain` does."""
    body = given.plain()
    if given.path == EVENTS:
        content_type = given.header("content-type").lower()
        return len(read_json(body)) if content_type.startswith("application/cloudevents-batch") else 1
    return (
        records_in(body)
        if "json" not in given.header("content-type").lower()
        else _records_in_json(body, WAYS[given.path])
    )


def identity(given: Input) -> Any:
    """What two requests with the same content have in common, whatever their spelling: the same is stored once."""
    body = given.plain()
    if given.path == EVENTS and not given.header("content-type").lower().startswith("application/cloudevents"):
        named = sorted((k, unquote_to_bytes(v.strip('"'))) for k, v in given.headers if k.startswith("ce-"))
        return given.path, given.header("content-type"), repr(named), body
    if given.path == EVENTS or "json" in given.header("content-type").lower():
        content = read_json(body)
        return given.path, repr(content if isinstance(content, list) else [content])
    return given.path, body


def read_json(body: bytes) -> Any:
    """Read JSON that may nest deeper than this thread has room for in Python's own limit."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(5000)
    try:
        return json.loads(body)
    finally:
        sys.setrecursionlimit(limit)


def _records_in_json(body: bytes, way: tuple[str, str, str]) -> int:
    groups = read_json(body).get(way[0]) or []
    return sum(len(scope.get(way[2]) or []) for group in groups for scope in group.get(way[1]) or [])


def _inflate(body: bytes) -> bytes:
    try:
        return zlib.decompress(body)
    except zlib.error:
        return zlib.decompress(body, -zlib.MAX_WBITS)

"""Whole requests: bodies of every kind under headers and compression, good and bad; and mutations of valid ones."""

import gzip
import random
import zlib
from collections.abc import Callable, Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from support import fuzz_json, fuzz_protobuf
from support.fuzz_inputs import EVENTS, LOGS, PROTOBUF, TRACES, Input
from support.fuzz_protobuf import SEEDS
from support.fuzz_wire import damaged, varint

STRUCTURED, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
ENCODINGS = ("gzip", "x-gzip", "deflate", "zstd", "identity", "br", "gzip, gzip", "\x00", "", "GZIP ")
CONTENT_TYPES = (
    PROTOBUF, f"{PROTOBUF}; charset=utf-8", "APPLICATION/X-PROTOBUF", "application/json", "application/json;charset=utf-16", "text/plain",
    "", "application/protobuf", "application/cloudevents", STRUCTURED, BATCH, "application/cloudevents-batch", "a" * 300, ";", "\x7f",
)  # fmt: skip
LENGTHS = ("0", "-1", "abc", "99999999999999999999", "1e3", "", "\u0661".encode().decode("latin-1"))


def compressed(body: bytes, encoding: str) -> bytes:
    match encoding.strip().lower():
        case "gzip" | "x-gzip":
            return gzip.compress(body, 1, mtime=0)
        case "deflate":
            return zlib.compress(body, 1)
        case "zstd":
            from backports import zstd  # noqa: PLC0415 - not every installation has it

            return zstd.compress(body, 1)
        case _:
            return body


def _sent(path: str, content_type: str, body: bytes, *more: tuple[str, str]) -> Input:
    return Input(path, (("content-type", content_type), *more), body)


def _encoded(given: Input, encoding: str) -> Input:
    return Input(given.path, (*given.headers, ("content-encoding", encoding)), compressed(given.body, encoding))


plain = st.one_of(
    fuzz_protobuf.traces.map(lambda body: _sent(TRACES, PROTOBUF, body)),
    fuzz_protobuf.traces.map(lambda body: _sent(TRACES, PROTOBUF, body)),
    fuzz_protobuf.logs.map(lambda body: _sent(LOGS, PROTOBUF, body)),
    fuzz_protobuf.logs.map(lambda body: _sent(LOGS, PROTOBUF, body)),
    fuzz_json.event.map(lambda text: _sent(EVENTS, STRUCTURED, fuzz_json.in_bytes(text))),
    fuzz_json.batch.map(lambda text: _sent(EVENTS, BATCH, fuzz_json.in_bytes(text))),
    fuzz_json.otlp(span=True).map(lambda text: _sent(TRACES, "application/json", fuzz_json.in_bytes(text))),
    fuzz_json.otlp(span=False).map(lambda text: _sent(LOGS, "application/json", fuzz_json.in_bytes(text))),
)
header_values = st.one_of(
    st.sampled_from(
        ("", '"', "%", "%zz", "%ff%fe", "%00", "%e2%82%ac", "1.0", "0.3", "/erp", "invoice/1", "x" * 3000, "\xe9")
    ),
    st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_characters="\x7f"), max_size=12),
)
header_names = st.one_of(
    st.sampled_from(
        ("id", "source", "type", "time", "subject", "integration", "traceparent", "specversion", "", "x-y", "a" * 200)
    ),
    st.text("abcxyz019-_", max_size=6),
).map(lambda name: f"ce-{name}")
binary = st.builds(
    lambda seed, headers, content_type, body: _sent(
        EVENTS, content_type, body,
        *({"ce-id": seed.hex(), "ce-specversion": "1.0", "ce-source": "/fuzz", "ce-type": "invoice.received", "ce-time": "2026-03-04T09:30:00Z"}
          | dict(headers)).items(),
    ),
    SEEDS,
    st.lists(st.tuples(header_names, header_values), max_size=3),
    st.sampled_from(("application/json", "", "text/plain", "application/vnd.x+json", "application/octet-stream")),
    st.one_of(fuzz_json.data.map(fuzz_json.in_bytes), fuzz_json.values.map(fuzz_json.in_bytes), st.binary(max_size=12)),
)  # fmt: skip
badly_headed = st.one_of(
    st.builds(lambda given, kind: _sent(given.path, kind, given.body), plain, st.sampled_from(CONTENT_TYPES)),
    st.builds(
        lambda given, size: Input(given.path, (*given.headers, ("content-length", size)), given.body),
        plain,
        st.sampled_from(LENGTHS),
    ),
    st.builds(lambda given: Input(given.path, (), given.body), plain),
    st.builds(
        lambda given, encoding: Input(given.path, (*given.headers, ("content-encoding", encoding)), given.body),
        plain,
        st.sampled_from(ENCODINGS),
    ),
)
packed = st.builds(_encoded, plain, st.sampled_from(ENCODINGS[:5]))
REQUESTS: SearchStrategy[Input] = st.one_of(plain, plain, plain, binary, packed, badly_headed)


class Mutator:
    """Makes new inputs out of old ones, from a seed: bits, bytes, lengths, order; the body or what it is packed in."""

    def __init__(self, valid: Sequence[Input], seed: int) -> None:
        self._valid = list(valid)
        self._random = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self._kinds: tuple[Callable[[bytearray], None], ...] = (
            self._flip, self._flip, self._replace, self._cut, self._remove, self._repeat, self._splice, self._lengthen, self._insert,
        )  # fmt: skip

    def next(self) -> Input:
        given = self._random.choice(self._valid)
        if given.header("content-type") == PROTOBUF and self._random.random() < 0.6:
            return Input(given.path, given.headers, damaged(given.body, self._random))
        body = bytearray(given.body)
        for _ in range(self._random.choice((1, 1, 1, 1, 2, 4))):
            self._random.choice(self._kinds)(body)
        if self._random.random() > 0.15:
            return Input(given.path, given.headers, bytes(body))
        encoding = self._random.choice(("gzip", "deflate", "zstd"))
        broken = bytearray(compressed(bytes(body), encoding))
        if self._random.random() < 0.7:
            self._random.choice(self._kinds)(broken)
        return Input(given.path, (*given.headers, ("content-encoding", encoding)), bytes(broken))

    def _place(self, body: bytearray) -> int:
        return self._random.randrange(len(body)) if body else 0

    def _flip(self, body: bytearray) -> None:
        if body:
            body[self._place(body)] ^= 1 << self._random.randrange(8)

    def _replace(self, body: bytearray) -> None:
        if body:
            body[self._place(body)] = self._random.choice((0, 1, 0x7F, 0x80, 0xFF, self._random.randrange(256)))

    def _cut(self, body: bytearray) -> None:
        del body[self._place(body) :]

    def _remove(self, body: bytearray) -> None:
        at = self._place(body)
        del body[at : at + self._random.randint(1, 16)]

    def _repeat(self, body: bytearray) -> None:
        at = self._place(body)
        body[at:at] = body[at : at + self._random.randint(1, 64)] * self._random.choice((1, 1, 2, 20))

    def _splice(self, body: bytearray) -> None:
        other = self._random.choice(self._valid).body
        at, start = self._place(body), self._random.randrange(len(other) + 1)
        body[at : at + self._random.choice((0, 8, 64))] = other[start : start + self._random.randint(1, 64)]

    def _lengthen(self, body: bytearray) -> None:
        if body:
            body[self._place(body)] = (body[self._place(body)] + self._random.choice((-2, -1, 1, 2))) % 256

    def _insert(self, body: bytearray) -> None:
        at = self._place(body)
        body[at:at] = self._random.choice(
            (varint(2**64 - 1), varint(2**31), b"\xff" * 10, b"\x00", b"\x0b", b"\x0c", b'"', b"\\u", b"[" * 50)
        )

"""Hypothesis strategies of OTLP protobuf in wire form: each record begins well formed, and hostile fields follow it.

A later field overrides or extends an earlier one, so each hostile field is met in a record that is otherwise good.
"""

from hashlib import sha256
from itertools import count

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from support.fuzz_wire import DELIMITED, FIXED32, FIXED64, VARINT, delimited, fixed64, group, tag, varint

Bytes = SearchStrategy[bytes]
# Of each message: field number, and a scalar kind or the name of the message that stands there (opentelemetry-proto 1.11).
SCHEMA: dict[str, dict[int, str]] = {
    "Traces": {1: "ResourceSpans"},
    "ResourceSpans": {1: "Resource", 2: "ScopeSpans", 3: "text"},
    "ScopeSpans": {1: "Scope", 2: "Span", 3: "text"},
    "Span": {
        1: "id",
        2: "id",
        3: "text",
        4: "id",
        5: "text",
        6: "varint",
        7: "time",
        8: "time",
        9: "KeyValue",
        10: "varint",
        11: "SpanEvent",
        12: "varint",
        13: "SpanLink",
        14: "varint",
        15: "Status",
        16: "fixed32",
    },
    "SpanEvent": {1: "time", 2: "text", 3: "KeyValue", 4: "varint"},
    "SpanLink": {1: "id", 2: "id", 3: "text", 4: "KeyValue", 5: "varint", 6: "fixed32"},
    "Status": {2: "text", 3: "varint"},
    "Logs": {1: "ResourceLogs"},
    "ResourceLogs": {1: "Resource", 2: "ScopeLogs", 3: "text"},
    "ScopeLogs": {1: "Scope", 2: "LogRecord", 3: "text"},
    "LogRecord": {
        1: "time",
        2: "varint",
        3: "text",
        5: "AnyValue",
        6: "KeyValue",
        7: "varint",
        8: "fixed32",
        9: "id",
        10: "id",
        11: "time",
        12: "text",
    },
    "Resource": {1: "KeyValue", 2: "varint", 3: "EntityRef"},
    "Scope": {1: "text", 2: "text", 3: "KeyValue", 4: "varint"},
    "EntityRef": {1: "text", 2: "text", 3: "text", 4: "text"},
    "KeyValue": {1: "key", 2: "AnyValue", 3: "varint"},
    "AnyValue": {
        1: "text",
        2: "varint",
        3: "varint",
        4: "double",
        5: "ArrayValue",
        6: "KeyValueList",
        7: "id",
        8: "varint",
    },
    "ArrayValue": {1: "AnyValue"},
    "KeyValueList": {1: "KeyValue"},
}
GOOD_TIME = 1_772_616_600_000_000_000  # 2026-03-04T09:30:00Z
_numbers = count()
# 24 bytes that no other record has: identities do not collide by chance, and hardly any input comes twice.
SEEDS = st.builds(lambda: sha256(str(next(_numbers)).encode()).digest()[:24])
EXTREMES = (0, 1, 2**31 - 1, 2**31, 2**32, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1, -1, -(2**31))
KEYS = (
    "", "service.name", "stallwatch.integration", "stallwatch.event.id", "stallwatch.subject", "stallwatch.objects",
    "stallwatch.facility", "stallwatch.supplier", "stallwatch.criticality", "stallwatch.flow_type", "stallwatch.amount",
    "stallwatch.currency", "stallwatch.actor", "stallwatch.reason", "exception.type", "plain",
)  # fmt: skip
TEXTS = (
    b"", b"invoice.received", b"object.described", b"invoice:INV-1", b":", b"a:", b":b", b"a:b:c", b"12.34", b"-0", b"1e309",
    b"NaN", b"9" * 40, b"0x1F", b"'", b'"', b"\\", b"\x00", b"\n", b"{}", b"[1", b"\xef\xbb\xbf", "é漢🧾\u202e".encode(), b"%s%n",
    b"x" * 5000, b"SELECT 1", b"clinical-critical", b"\xed\x9f\xbf", b"\xf4\x8f\xbf\xbf",
)  # fmt: skip
BROKEN_TEXTS = (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"abc\xe2\x82")  # no valid UTF-8
IDS = (
    b"",
    b"\x00" * 16,
    b"\x00" * 8,
    b"\x01" * 16,
    b"\x02" * 8,
    b"\x03" * 15,
    b"\x04" * 17,
    b"\x05" * 7,
    b"\x06" * 9,
    b"f" * 32,
)


def _usually(often: Bytes, rarely: Bytes, times: int = 12) -> Bytes:
    return st.integers(0, times).flatmap(lambda n: often if n else rarely)


integers = st.one_of(st.sampled_from(EXTREMES), st.integers(-(2**63), 2**64 - 1))
texts = _usually(
    st.one_of(st.sampled_from(TEXTS), st.text(max_size=12).map(lambda t: t.encode("utf-8", "replace"))),
    st.sampled_from(BROKEN_TEXTS),
    60,
)
ids = st.one_of(st.sampled_from(IDS), st.binary(max_size=20))
times = st.one_of(
    st.just(GOOD_TIME),
    st.sampled_from(EXTREMES),
    st.sampled_from([631_152_000 * 10**9, 7_258_118_400 * 10**9 - 1]),
    integers,
)
doubles = st.one_of(
    st.sampled_from((b"\x00" * 8, b"\x00" * 6 + b"\xf0\x7f", b"\x00" * 6 + b"\xf8\x7f", b"\xff" * 8)),
    st.binary(min_size=8, max_size=8),
)


def _scalar(number: int, kind: str) -> Bytes:  # noqa: PLR0911 - one line a kind
    match kind:
        case "text":
            return texts.map(lambda value: delimited(number, value))
        case "key":
            return st.one_of(st.sampled_from(KEYS).map(str.encode), texts).map(lambda value: delimited(number, value))
        case "id":
            return ids.map(lambda value: delimited(number, value))
        case "time":
            return times.map(lambda value: fixed64(number, value))
        case "double":
            return doubles.map(lambda value: tag(number, FIXED64) + value)
        case "fixed32":
            return st.binary(min_size=4, max_size=4).map(lambda value: tag(number, FIXED32) + value)
        case _:
            return integers.map(lambda value: tag(number, VARINT) + varint(value))


def _alien(number: int) -> Bytes:
    """A field that does not belong: of the wrong wire type, as a group, or with bytes that are no message."""
    return st.one_of(
        integers.map(lambda value: tag(number, VARINT) + varint(value)),
        integers.map(lambda value: fixed64(number, value)),
        st.binary(min_size=4, max_size=4).map(lambda value: tag(number, FIXED32) + value),
        st.lists(integers, max_size=4).map(
            lambda values: delimited(number, b"".join(map(varint, values)))
        ),  # as if packed
        st.binary(max_size=8).map(lambda value: delimited(number, value)),
        st.integers(1, 40).map(lambda depth: _nested_groups(number, depth)),
        st.just(tag(number, VARINT) + b"\x80" * 9 + b"\x01"),  # the longest number there is
        st.just(tag(number, VARINT) + b"\x81\x80\x00"),  # longer than it need be
    )


def _nested_groups(number: int, depth: int) -> bytes:
    made = tag(1, VARINT) + b"\x07"
    for _ in range(depth):
        made = group(number, made)
    return made


unknown = st.one_of(
    st.sampled_from((18, 99, 1000, 1001, 1002, 1003, 19_000, 2**29 - 1)).flatmap(_alien),
    st.sampled_from(((1001, b"\x01" * 8), (1002, b"forged"))).map(lambda stamp: delimited(*stamp)),
    st.just(fixed64(1001, 1)),
)
raw = st.one_of(
    st.binary(min_size=1, max_size=6), st.just(tag(1, DELIMITED) + varint(2**31)), st.just(b"\x0b"), st.just(b"\x0c")
)


def deep_value(depth: int, *, lists: bool) -> bytes:
    """An AnyValue that nests `depth` levels of arrays or key-value lists."""
    made = delimited(1, b"deep")
    for _ in range(depth):
        made = (
            delimited(5, delimited(1, made))
            if lists
            else delimited(6, delimited(1, delimited(1, b"k") + delimited(2, made)))
        )
    return made


def value() -> Bytes:
    """An AnyValue: one kind, none, several at once, or nested deeply."""
    plain = st.one_of(
        *(_scalar(number, kind) for number, kind in SCHEMA["AnyValue"].items() if kind.islower() and number < 8)
    )
    leaf = st.one_of(plain, plain, plain, st.tuples(plain, plain).map(b"".join), st.just(b""), unknown)
    nested = st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner.map(lambda v: delimited(1, v)), max_size=3).map(lambda vs: delimited(5, b"".join(vs))),
            st.lists(st.tuples(_scalar(1, "key"), inner.map(lambda v: delimited(2, v))).map(lambda kv: delimited(1, b"".join(kv))), max_size=3)
            .map(lambda vs: delimited(6, b"".join(vs))),
        ),
        max_leaves=4,
    )  # fmt: skip
    return st.integers(0, 25).flatmap(
        lambda n: nested if n else st.builds(deep_value, st.integers(2, 60), lists=st.booleans())
    )


VALUE = value()
ATTRIBUTE = st.builds(lambda key, val: delimited(1, key.encode()) + delimited(2, val), st.sampled_from(KEYS), VALUE)


def _hostile(name: str, depth: int) -> Bytes:
    """One more field for a message: known with any value, known by number only, unknown, or rubbish."""
    known = [_field(number, kind, depth) for number, kind in SCHEMA[name].items()]
    return _usually(st.one_of(*known, *known, st.sampled_from(sorted(SCHEMA[name])).flatmap(_alien), unknown), raw, 120)


def _field(number: int, kind: str, depth: int) -> Bytes:
    if kind == "AnyValue":
        return VALUE.map(lambda payload: delimited(number, payload))
    if kind == "KeyValue":
        return ATTRIBUTE.map(lambda payload: delimited(number, payload))
    if kind.islower():
        return _scalar(number, kind)
    if depth <= 0:
        return st.just(delimited(number, b""))
    return st.lists(_hostile(kind, depth - 1), max_size=3).map(lambda made: delimited(number, b"".join(made)))


def _extended(base: Bytes, name: str) -> Bytes:
    return st.tuples(base, st.lists(_hostile(name, 2), max_size=4)).map(lambda parts: parts[0] + b"".join(parts[1]))


good_span = SEEDS.map(
    lambda seed: delimited(1, seed[:16]) + delimited(2, seed[16:]) + delimited(5, b"post") + fixed64(7, GOOD_TIME) + fixed64(8, GOOD_TIME + 10**9)
)  # fmt: skip
good_record = SEEDS.map(
    lambda seed: (
        fixed64(1, GOOD_TIME)
        + delimited(6, delimited(1, b"stallwatch.event.id") + delimited(2, delimited(1, seed.hex().encode())))
        + delimited(
            6, delimited(1, b"stallwatch.subject") + delimited(2, delimited(1, b"invoice:" + seed.hex().encode()))
        )
        + delimited(12, b"invoice.received")
    )
)
SERVICE = delimited(1, delimited(1, delimited(1, b"service.name") + delimited(2, delimited(1, b"fuzz"))))


def _request(record: Bytes, record_name: str, scope_name: str, group_name: str, request_name: str) -> Bytes:
    records = st.lists(_extended(record, record_name).map(lambda one: delimited(2, one)), min_size=1, max_size=5).map(
        b"".join
    )
    scope = _rarely_extended(records, scope_name).map(lambda one: delimited(2, one))
    grouped = _rarely_extended(st.tuples(st.just(SERVICE), scope).map(b"".join), group_name).map(
        lambda one: delimited(1, one)
    )
    return _rarely_extended(grouped, request_name)


def _rarely_extended(base: Bytes, name: str) -> Bytes:
    return st.integers(0, 5).flatmap(lambda n: base if n else _extended(base, name))


traces = _request(good_span, "Span", "ScopeSpans", "ResourceSpans", "Traces")
logs = _request(good_record, "LogRecord", "ScopeLogs", "ResourceLogs", "Logs")

"""Hypothesis strategies of JSON as text, so that it can hold what no JSON writer makes: CloudEvents and OTLP/JSON."""

import json

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from support.fuzz_protobuf import SEEDS

Text = SearchStrategy[str]
ODD_NUMBERS = (
    "0", "-0", "1e400", "-1e400", "1E-400", "9" * 18, "9223372036854775807", "9223372036854775808", "-9223372036854775809",
    "18446744073709551615", "9" * 400, "0.1", "1.5e3", "123456789012345.67891", "99999999999999.99995", "1e25", "1e-30",
    "01", "+1", ".5", "NaN", "Infinity", "-Infinity", "0x10", "1_000",
)  # fmt: skip
ODD_STRINGS = (
    '""', '"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\x01"', '"\n"', '"\\x"', '"\\ud83e\\uddfe"', '"' + "x" * 4000 + '"', '"\\""',
    '"invoice/INV-1"', '"invoice:INV-1"', '"/"', '":"', '"a:"', '"2026-03-04T09:30:00Z"', '"2026-03-04T09:30:00+14:59"', '"12.34"',
    '"2026-02-30T25:61:61Z"', '"0000-00-00T00:00:00Z"', '"9999-12-31T23:59:60Z"', '"object.described"', '"invoice.received"',
    '"2026-03-04T09:30:00.' + "9" * 40 + 'Z"', '"' + "9" * 50 + '"', '"\\u0661"', '"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"',
    '"00-zz-b7-01"', '"\ufeff"', '"é漢🧾"',
)  # fmt: skip
MEMBERS = (
    "id", "source", "type", "time", "subject", "data", "data_base64", "integration", "traceparent", "datacontenttype", "dataschema",
    "extra", "", "ID",
)  # fmt: skip
FIELDS = (
    "objects", "facility", "supplier", "amount", "currency", "criticality", "flow_type", "actor", "reason", "department",
    "spend_category", "more", "",
)  # fmt: skip


def _usually(often: Text, rarely: Text, times: int) -> Text:
    return st.integers(0, times).flatmap(lambda n: often if n else rarely)


strings = st.one_of(st.sampled_from(ODD_STRINGS), st.text(max_size=10).map(json.dumps))
numbers = st.one_of(
    st.sampled_from(ODD_NUMBERS[:17]),
    st.integers().map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
)
leaves = _usually(
    st.one_of(strings, numbers, st.sampled_from(("null", "true", "false"))), st.sampled_from(ODD_NUMBERS[17:]), 80
)


def members(names: Text, values: Text, most: int = 3) -> Text:
    """The inside of an object; a name may come twice."""
    one = st.builds(lambda name, val: f"{json.dumps(name)}:{val}", names, values)
    return st.lists(one, max_size=most).map(",".join)


def deep(depth: int, opening: str, closing: str) -> str:
    return opening * depth + ("null" if opening != "[" else "") + closing * depth


values = _usually(
    st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda items: f"[{','.join(items)}]"),
            members(st.text(max_size=4), inner).map(lambda inside: f"{{{inside}}}"),
        ),
        max_leaves=4,
    ),
    st.builds(
        deep,
        st.sampled_from((2, 30, 90, 101, 300, 990, 2000, 20_000)),
        st.sampled_from(("[", '{"a":')),
        st.sampled_from(("]", "}")),
    ),
    80,
)
references = st.one_of(
    st.lists(st.one_of(strings, st.just('{"type":"invoice","id":"1"}'), values), max_size=3).map(
        lambda items: f"[{','.join(items)}]"
    ),
    values,
)
data = st.builds(
    lambda objects, inside: f'{{"objects":{objects}{"," if inside else ""}{inside}}}',
    references,
    members(st.sampled_from(FIELDS), values),
)


def _event(seed: bytes, inside: str) -> str:
    good = (
        f'"specversion":"1.0","id":"{seed.hex()}","source":"/fuzz","type":"invoice.received",'
        f'"time":"2026-03-04T09:30:00Z","subject":"invoice/{seed.hex()}"'
    )
    return f"{{{good}{',' if inside else ''}{inside}}}"


hostile_members = st.one_of(
    members(st.sampled_from(MEMBERS), values),
    data.map(lambda text: f'"data":{text}'),
    st.just(""),
    members(st.text(max_size=8), values),
)
event = st.builds(_event, SEEDS, hostile_members)
batch = st.lists(_usually(event, values, 8), max_size=4).map(lambda events: f"[{','.join(events)}]")


def in_bytes(text: str) -> bytes:
    """As UTF-8; a lone surrogate becomes the three bytes that UTF-8 forbids."""
    return text.encode("utf-8", "surrogatepass")


# OTLP/JSON: the same idea: a good record first, then members that override it.
OTLP_NAMES = (
    "traceId", "spanId", "parentSpanId", "name", "kind", "startTimeUnixNano", "endTimeUnixNano", "timeUnixNano", "observedTimeUnixNano",
    "attributes", "events", "links", "status", "body", "eventName", "severityNumber", "severityText", "flags", "trace_id", "unknown",
)  # fmt: skip
OTLP_VALUE_NAMES = (
    "stringValue",
    "boolValue",
    "intValue",
    "doubleValue",
    "arrayValue",
    "kvlistValue",
    "bytesValue",
    "odd",
)
otlp_leaf = members(st.sampled_from(OTLP_VALUE_NAMES), values, 2).map(lambda inside: f"{{{inside}}}")
otlp_value = st.recursive(
    otlp_leaf,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2).map(lambda items: f'{{"arrayValue":{{"values":[{",".join(items)}]}}}}'),
        inner.map(lambda one: f'{{"kvlistValue":{{"values":[{{"key":"k","value":{one}}}]}}}}'),
    ),
    max_leaves=3,
)
otlp_attributes = st.lists(
    st.builds(
        lambda key, val: f'{{"key":{json.dumps(key)},"value":{val}}}',
        st.sampled_from(
            ("stallwatch.objects", "stallwatch.subject", "stallwatch.amount", "stallwatch.event.id", "more", "")
        ),
        otlp_value,
    ),
    max_size=3,
).map(lambda items: f"[{','.join(items)}]")
otlp_more = st.one_of(
    st.just(""),
    otlp_attributes.map(lambda text: f'"attributes":{text}'),
    members(st.sampled_from(OTLP_NAMES), values, 2),
)


def _otlp_record(seed: bytes, inside: str, *, span: bool) -> str:
    good = (
        f'"traceId":"{seed[:16].hex()}","spanId":"{seed[16:].hex()}","name":"post","startTimeUnixNano":"1772616600000000000",'
        '"endTimeUnixNano":1772616601000000000'
        if span
        else f'"eventName":"invoice.received","timeUnixNano":"1772616600000000000","observedTimeUnixNano":"17726166000000{seed[0]:05}"'
    )
    return f"{{{good}{',' if inside else ''}{inside}}}"


def _otlp_request(records: list[str], inside: str, *, span: bool) -> str:
    group, scope, record = (
        ("resourceSpans", "scopeSpans", "spans") if span else ("resourceLogs", "scopeLogs", "logRecords")
    )
    resource = '{"attributes":[{"key":"service.name","value":{"stringValue":"fuzz"}}]}'
    more = f",{inside}" if inside else ""
    return f'{{"{group}":[{{"resource":{resource},"{scope}":[{{"{record}":[{",".join(records)}]}}]{more}}}]}}'


def otlp(*, span: bool) -> Text:
    record = st.builds(lambda seed, inside: _otlp_record(seed, inside, span=span), SEEDS, otlp_more)
    more = _usually(
        st.just(""), members(st.sampled_from(("schemaUrl", "resource", "scopeSpans", "scopeLogs", "x")), values, 2), 8
    )
    return st.builds(
        lambda records, inside: _otlp_request(records, inside, span=span),
        st.lists(_usually(record, values, 20), max_size=3),
        more,
    )

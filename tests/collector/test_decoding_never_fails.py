"""One hostile record must not fail its neighbours: whatever the values are, each record is stored or in quarantine."""

import secrets
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from support.otlp import cloudevent, key_values, logs, span, traces

from collector.service import Collector
from core.clickhouse import Database

pytestmark = pytest.mark.database

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
NUMBERS = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.sampled_from(["9" * n + "." + "9" * m for n in (13, 14, 15, 25, 26, 27, 40) for m in (0, 4, 5, 12, 30)]),
    st.sampled_from(["-0", "+.5e-3", "1e26", "-1e25", "9e99999", "inf", "NaN", "0b1", "\u0661", " ", "1_000"]),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXT, st.binary(max_size=4)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=5,
)
NANOSECONDS = st.one_of(st.integers(0, 2**64 - 1), st.sampled_from([0, 1, 2**63 - 1, 2**63, 631_152_000 * 10**9]))
REFERENCES = st.one_of(TEXT, st.lists(st.one_of(TEXT, st.sampled_from(["a:b", ":", "a:"]), VALUES), max_size=3), VALUES)
NAMES = st.sampled_from(("", "invoice.received", "object.described"))
ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "stallwatch.subject": st.one_of(TEXT, VALUES),
        "stallwatch.objects": REFERENCES,
        "stallwatch.amount": st.one_of(NUMBERS, VALUES),
        "stallwatch.event.id": VALUES,
        "stallwatch.facility": VALUES,
        "": VALUES,
        "more": VALUES,
    },
)
RECORDS = st.builds(
    lambda name, at, ids, attributes: LogRecord(
        event_name=name, time_unix_nano=at, trace_id=ids, span_id=ids[:9], attributes=key_values(attributes)
    ),
    NAMES,
    NANOSECONDS,
    st.binary(max_size=20),
    ATTRIBUTES,
)
SPANS = st.builds(
    lambda times, ids, attributes, kind: span(
        attributes=attributes,
        trace_id=ids,
        span_id=ids[:8],
        start_time_unix_nano=times[0],
        end_time_unix_nano=times[1],
        kind=kind,
        events=[{"time_unix_nano": times[1], "attributes": key_values(attributes)}],
    ),
    st.tuples(NANOSECONDS, NANOSECONDS),
    st.binary(min_size=16, max_size=17),
    ATTRIBUTES,
    st.integers(-(2**31), 2**31 - 1),
)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
TIME = r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,20})?(Z|\+[0-9]{2}:[0-9]{2})\Z"
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), FINITE, TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=5,
)
EVENTS = st.one_of(
    JSON,
    st.builds(
        lambda time, subject, data, amount, extra: cloudevent(
            time=time,
            subject=subject,
            traceparent=subject,
            extra=extra,
            data={"objects": data, "amount": amount, "x": extra},
        ),
        st.one_of(TEXT, st.from_regex(TIME), JSON),
        JSON,
        JSON,
        JSON,
        JSON,
    ),
)
FEW = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),  # to shrink a failure takes minutes here
)
# Each record of a request is given an identity of its own, so that rows can be counted.
STANDING = """
SELECT
    (SELECT count() FROM events FINAL) + (SELECT count() FROM object_states FINAL) + (SELECT count() FROM spans FINAL) AS facts,
    (SELECT count() FROM quarantine) AS quarantined
"""


def standing(database: Database) -> tuple[int, int]:
    row = database.rows(STANDING)[0]
    return row["facts"], row["quarantined"]


def empty(database: Database) -> None:
    for table in ("events", "object_states", "spans", "quarantine"):
        database.execute(f"TRUNCATE TABLE {table}")


@FEW
@given(records=st.lists(RECORDS, min_size=10, max_size=40))
def test_any_log_record_is_stored_or_in_quarantine(
    collector: Collector, database: Database, records: list[LogRecord]
) -> None:
    empty(database)
    for number, record in enumerate(records):
        record.attributes.insert(0, key_values({"stallwatch.event.id": f"{secrets.token_hex(4)}-{number}"})[0])

    receipt = collector.accept_logs(logs(*records))

    assert (receipt.accepted, receipt.rejected) == standing(database)
    assert sum(standing(database)) == len(records)


@FEW
@given(spans=st.lists(SPANS, min_size=10, max_size=40))
def test_any_span_is_stored_or_in_quarantine(collector: Collector, database: Database, spans: list[Span]) -> None:
    empty(database)
    for item in spans:
        item.span_id = secrets.token_bytes(8)

    receipt = collector.accept_traces(traces(*spans))

    assert (receipt.accepted, receipt.rejected) == standing(database)
    assert sum(standing(database)) == len(spans)


@FEW
@given(events=st.lists(EVENTS, min_size=10, max_size=40))
def test_any_json_is_stored_or_in_quarantine(collector: Collector, database: Database, events: list[Any]) -> None:
    empty(database)
    events = [{**item, "id": secrets.token_hex(8)} if isinstance(item, dict) else item for item in events]

    receipt = collector.accept_cloudevents([*events, secrets.token_hex(8)])  # no repeat of an earlier example

    assert (receipt.accepted, receipt.rejected) == standing(database)
    assert sum(standing(database)) == len(events) + 1

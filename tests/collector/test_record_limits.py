"""A record at a limit is stored; one beyond it goes to quarantine with the limit's reason, whatever it came in."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from support.otlp import AT, cloudevent, event, key_values, logs, nanoseconds, span, traces

from collector.policy import Policy, RecordLimits
from collector.receipts import Receipt
from collector.service import Collector
from core.clickhouse import Database
from core.clock import ManualClock

pytestmark = pytest.mark.database

LIMITS = RecordLimits(
    max_attributes=6, max_key_bytes=40, max_value_bytes=300, max_array_elements=5, max_nesting=2,
    max_age=timedelta(days=10), max_skew=timedelta(hours=1),
)  # fmt: skip


@pytest.fixture
def limited(database: Database, clock: ManualClock) -> Iterator[Collector]:
    collector = Collector(database, clock, policy=Policy(LIMITS))
    yield collector
    collector.close()


Send = Callable[[Collector, Any], Receipt]


def span_with(collector: Collector, **changes: Any) -> Receipt:
    """Send one span: `attributes`, `resource`, `event` and its attributes, or fields of the span."""
    resource = {"service.name": "erp", **changes.pop("resource", {})}
    events, links = changes.pop("events", []), changes.pop("links", 0)
    sent = span(1, changes.pop("attributes", None), **changes)
    for attributes in events:
        sent.events.add(name="e", time_unix_nano=nanoseconds(AT)).attributes.extend(key_values(attributes))
    for _ in range(links):
        sent.links.add(trace_id=sent.trace_id, span_id=sent.span_id)
    return collector.accept_traces(traces(sent, resource=resource))


def log_with(collector: Collector, **changes: Any) -> Receipt:
    """Send one event that names neither an id nor a subject."""
    resource = {"service.name": changes.pop("service", "erp")}
    return collector.accept_logs(logs(event(**{"subject": None, **changes}), resource=resource))


def cloudevent_with(collector: Collector, **changes: Any) -> Receipt:
    """Send one CloudEvent."""
    return collector.accept_cloudevents([cloudevent(**changes)])


def named(count: int, value: object = "x") -> dict[str, object]:
    """So many attributes."""
    return {f"a{n}": value for n in range(count)}


@dataclass(frozen=True)
class Limit:
    """What is at the limit when given `size`, and beyond it with one more."""

    name: str
    reason: str
    size: int
    send: Send


def nested(depth: int) -> object:
    """Lists within lists."""
    return "x" if depth == 0 else [nested(depth - 1)]


ATTRIBUTES, KEY, VALUE, ARRAY, NESTING = (
    "too_many_attributes", "key_too_long", "value_too_long", "array_too_long", "nested_too_deep",
)  # fmt: skip
CASES = [
    Limit("span attributes", ATTRIBUTES, 6, lambda c, n: span_with(c, attributes=named(n))),
    Limit("resource attributes", ATTRIBUTES, 5, lambda c, n: span_with(c, resource=named(n))),
    Limit("attributes of a span event", ATTRIBUTES, 6, lambda c, n: span_with(c, events=[named(n)])),
    Limit("log attributes", ATTRIBUTES, 6, lambda c, n: log_with(c, attributes=named(n))),
    Limit("members of data", ATTRIBUTES, 6, lambda c, n: cloudevent_with(c, data=named(n))),
    Limit("span key", KEY, 40, lambda c, n: span_with(c, attributes={"k" * n: 1})),
    Limit("resource key", KEY, 40, lambda c, n: span_with(c, resource={"k" * n: 1})),
    Limit("key of a span event", KEY, 40, lambda c, n: span_with(c, events=[{"k" * n: 1}])),
    Limit("log key", KEY, 40, lambda c, n: log_with(c, attributes={"k" * n: 1})),
    Limit("member of data", KEY, 40, lambda c, n: cloudevent_with(c, data={"k" * n: 1})),
    Limit("event type", KEY, 40, lambda c, n: log_with(c, type="t" * n)),
    Limit("event id", KEY, 40, lambda c, n: log_with(c, event_id="i" * n)),
    Limit("CloudEvent id", KEY, 40, lambda c, n: cloudevent_with(c, id="i" * n)),
    Limit("service", KEY, 40, lambda c, n: log_with(c, service="s" * n)),
    Limit("subject", KEY, 40, lambda c, n: log_with(c, subject="invoice:" + "i" * (n - 8))),
    Limit("object of a log", KEY, 40, lambda c, n: log_with(c, objects=["invoice:" + "i" * (n - 8)])),
    Limit("object of a span", KEY, 40, lambda c, n: span_with(c, attributes={"stallwatch.objects": "po:" + "i" * (n - 3)})),
    Limit("span text", VALUE, 300, lambda c, n: span_with(c, attributes={"a": "v" * n})),
    Limit("bytes, not characters", VALUE, 300, lambda c, n: span_with(c, attributes={"a": "é" * 150 + "v" * (n - 300)})),
    Limit("span name", VALUE, 300, lambda c, n: span_with(c, name="v" * n)),
    Limit("resource text", VALUE, 300, lambda c, n: span_with(c, resource={"a": "v" * n})),
    Limit("text of a span event", VALUE, 300, lambda c, n: span_with(c, events=[{"a": "v" * n}])),
    Limit("log text", VALUE, 300, lambda c, n: log_with(c, attributes={"a": "v" * n})),
    Limit("reason", VALUE, 300, lambda c, n: log_with(c, reason="v" * n)),
    Limit("text of data", VALUE, 300, lambda c, n: cloudevent_with(c, data={"a": "v" * n})),
    Limit("span array", ARRAY, 5, lambda c, n: span_with(c, attributes={"a": [1] * n})),
    Limit("span list", ARRAY, 5, lambda c, n: span_with(c, attributes={"a": named(n)})),
    Limit("objects of a span", ARRAY, 5, lambda c, n: span_with(c, attributes={"stallwatch.objects": [f"po:{i}" for i in range(n)]})),
    Limit("events of a span", ARRAY, 5, lambda c, n: span_with(c, events=[{}] * n)),
    Limit("links of a span", ARRAY, 5, lambda c, n: span_with(c, links=n)),
    Limit("log array", ARRAY, 5, lambda c, n: log_with(c, attributes={"a": [1] * n})),
    Limit("objects of a log", ARRAY, 5, lambda c, n: log_with(c, objects=[f"po:{i}" for i in range(n)])),
    Limit("array of data", ARRAY, 5, lambda c, n: cloudevent_with(c, data={"a": [1] * n})),
    Limit("objects of data", ARRAY, 5, lambda c, n: cloudevent_with(c, data={"objects": [f"po:{i}" for i in range(n)]})),
    Limit("span nesting", NESTING, 2, lambda c, n: span_with(c, attributes={"a": nested(n)})),
    Limit("resource nesting", NESTING, 1, lambda c, n: span_with(c, resource={"a": nested(n)})),
    Limit("nesting of a span event", NESTING, 1, lambda c, n: span_with(c, events=[{"a": nested(n)}])),
    Limit("log nesting", NESTING, 2, lambda c, n: log_with(c, attributes={"a": nested(n)})),
    Limit("nesting of data", NESTING, 2, lambda c, n: cloudevent_with(c, data={"a": nested(n)})),
]  # fmt: skip


def test_at_each_limit_a_record_is_stored_and_one_beyond_it_is_not(limited: Collector) -> None:
    with ThreadPoolExecutor(len(CASES)) as senders:  # all at once, so that they share inserts
        within = list(senders.map(lambda limit: limit.send(limited, limit.size), CASES))
        beyond = list(senders.map(lambda limit: limit.send(limited, limit.size + 1), CASES))

    assert {limit.name: receipt.message for limit, receipt in zip(CASES, within, strict=True) if receipt.rejected} == {}
    told = {limit.name: receipt.message for limit, receipt in zip(CASES, beyond, strict=True)}
    assert {limit.name: told[limit.name] for limit in CASES if limit.reason not in told[limit.name]} == {}


TIMED = {
    "span": lambda c, at: span_with(c, start_time_unix_nano=nanoseconds(at), end_time_unix_nano=nanoseconds(at)),
    "log": lambda c, at: log_with(c, at=at),
    "cloudevent": lambda c, at: cloudevent_with(c, time=at.isoformat()),
}


@pytest.mark.parametrize("send", TIMED.values(), ids=TIMED.keys())
def test_a_record_may_be_so_old_and_so_far_ahead_but_no_more(
    limited: Collector, database: Database, clock: ManualClock, send: Callable[[Collector, Any], Receipt]
) -> None:
    now, moment = clock.now(), timedelta(microseconds=1)

    within = [send(limited, now - LIMITS.max_age), send(limited, now + LIMITS.max_skew)]
    beyond = [send(limited, now - LIMITS.max_age - moment), send(limited, now + LIMITS.max_skew + moment)]

    assert [receipt.rejected for receipt in (*within, *beyond)] == [0, 0, 1, 1]
    rows = database.rows("SELECT reason FROM quarantine ORDER BY reason")
    assert [row["reason"] for row in rows] == ["too_far_ahead", "too_old"]


@pytest.mark.parametrize("most", [0, 1, 2])
def test_objects_and_flat_attributes_nest_nothing(database: Database, clock: ManualClock, most: int) -> None:
    collector = Collector(database, clock, policy=Policy(RecordLimits(max_nesting=most)))
    given = {"stallwatch.objects": ["po:1", "po:2"], "a": "x"}

    receipts = [
        span_with(collector, attributes=given),
        log_with(collector, attributes=given),
        cloudevent_with(collector, data={"objects": ["po:1"], "a": "x"}),
    ]
    deeper = [send(collector, nested(most + 1)) for send in NESTED]
    collector.close()

    assert [receipt.rejected for receipt in receipts] == [0, 0, 0]
    assert [receipt.rejected for receipt in deeper] == [1, 1, 1]


@pytest.mark.parametrize("depth", [255, 256, 257, 300])
def test_however_deep_data_nests_it_is_too_deep(collector: Collector, depth: int) -> None:
    receipt = cloudevent_with(collector, data={"a": nested(depth)})

    assert "nested_too_deep" in receipt.message


NESTED: list[Send] = [
    lambda c, value: span_with(c, attributes={"a": value}),
    lambda c, value: log_with(c, attributes={"a": value}),
    lambda c, value: cloudevent_with(c, data={"a": value}),
]


def test_a_huge_value_is_refused_and_its_neighbour_stored(collector: Collector, database: Database) -> None:
    huge = span(1, {"a": "4111-1111-1111-1111 x " * 1_500_000})  # 32 MiB

    receipt = collector.accept_traces(traces(huge, span(2)))

    assert (receipt.accepted, receipt.rejected) == (1, 1)
    [row] = database.rows("SELECT reason, detail, position(record, '4111-1111') AS found FROM quarantine")
    assert (row["reason"], row["detail"], row["found"]) == ("value_too_long", "33000000", 0)

"""A trace is found whole and each span once, in the order of its tree; what is read follows the trace."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from support.explained import reading
from support.facts import store_many_traces
from support.otlp import AT, TRACE_ID, nanoseconds, span, traces

from collector.service import Collector
from collector.traces import LATEST, NO_SPAN, Traces, in_tree_order
from core.clickhouse import Database
from core.errors import MisuseError, NotFoundError
from core.sql import sql

HEX = TRACE_ID.hex()


def child(number: int, parent: int, after_ms: int = 0, **fields: Any) -> Span:
    started = nanoseconds(AT) + after_ms * 1_000_000
    times = {"start_time_unix_nano": started, "end_time_unix_nano": started + 5_000_000}
    return span(number, parent_span_id=parent.to_bytes(8, "big") if parent else b"", **{**times, **fields})


def ordered(*pairs: tuple[str, str]) -> list[tuple[str, int, bool]]:
    rows = [{"span_id": name, "parent_id": parent} for name, parent in pairs]
    return [(row["span_id"], depth, orphan) for row, depth, orphan in in_tree_order(rows)]


def test_each_span_comes_after_its_parent_and_siblings_in_the_order_given() -> None:
    assert ordered(("a", NO_SPAN), ("b", "a"), ("c", "a"), ("d", "b")) == [
        ("a", 0, False),
        ("b", 1, False),
        ("d", 2, False),
        ("c", 1, False),
    ]


def test_a_span_whose_parent_is_not_there_stands_at_the_top_and_says_so() -> None:
    assert ordered(("a", NO_SPAN), ("b", "gone")) == [("a", 0, False), ("b", 0, True)]


@pytest.mark.parametrize("pairs", [[("a", "a")], [("a", "b"), ("b", "a")], [("r", NO_SPAN), ("a", "b"), ("b", "a")]])
def test_spans_that_are_each_others_parents_come_once(pairs: Sequence[tuple[str, str]]) -> None:
    assert sorted(name for name, *_ in ordered(*pairs)) == sorted(name for name, _ in pairs)


def test_a_chain_as_long_as_a_page_does_not_overflow() -> None:
    chain = [(str(number), str(number - 1)) for number in range(5000)]

    assert ordered(*chain)[-1] == ("4999", 4999, False)


@pytest.mark.database
def test_a_trace_is_told_whole_with_what_its_spans_say(collector: Collector, database: Database) -> None:
    failed = {"status": Status(code=Status.STATUS_CODE_ERROR, message="timed out")}
    collector.accept_traces(
        traces(child(1, 0, kind=3, end_time_unix_nano=nanoseconds(AT) + 9_000_000), child(2, 1, 4, **failed))
    )
    collector.accept_traces(traces(child(2, 1, 4, **failed), resource={"service.name": "erp", "again": 1}))
    collector.accept_traces(
        traces(span(3, {"stallwatch.objects": ["invoice:1"], "lines": 7}), resource={"service.name": "wms"})
    )

    found = Traces(database).trace(HEX.upper())

    assert (found.trace_id, found.total, found.errors, found.services) == (HEX, 3, 1, ("erp", "wms"))
    assert [(s.span_id[-1], s.depth, s.offset_ns, s.duration_ns) for s in found.spans] == [
        ("1", 0, 0, 9_000_000),
        ("2", 1, 4_000_000, 5_000_000),
        ("3", 0, 0, 1_000_000_000),
    ]
    assert found.duration_ns == 1_000_000_000
    assert (found.spans[1].error, found.spans[1].status_message, found.spans[0].kind) == (True, "timed out", "client")
    assert (str(found.spans[2].objects[0]), found.spans[2].attributes["lines"]) == ("invoice:1", 7)


@pytest.mark.database
def test_of_a_huge_trace_the_beginning_is_shown_and_what_failed(collector: Collector, database: Database) -> None:
    failed = {"status": Status(code=Status.STATUS_CODE_ERROR, message="no")}
    spans = [
        child(number, 1 if number > 1 else 0, number, **(failed if number > 40 else {})) for number in range(1, 51)
    ]
    collector.accept_traces(traces(*reversed(spans)))

    found = Traces(database, shown=3).trace(HEX)

    assert (found.total, found.errors) == (50, 10)
    assert [int(s.span_id, 16) for s in found.spans] == [1, 2, 3, 41, 42, 43]


@pytest.mark.database
def test_as_of_an_instant_a_trace_has_the_spans_that_had_begun(collector: Collector, database: Database) -> None:
    collector.accept_traces(traces(child(1, 0), child(2, 1, 40), child(3, 1, 90)))

    found = Traces(database).trace(HEX, AT + timedelta(milliseconds=40))

    assert (found.total, [int(s.span_id, 16) for s in found.spans]) == (2, [1, 2])
    with pytest.raises(NotFoundError, match=r"no trace .* as of"):
        Traces(database).trace(HEX, AT - timedelta(milliseconds=1))


@pytest.mark.database
def test_what_is_no_trace_is_refused_and_an_unknown_one_is_not_found(database: Database) -> None:
    with pytest.raises(MisuseError, match="32 hexadecimal"):
        Traces(database).trace("4bf9")
    with pytest.raises(NotFoundError, match="no trace"):
        Traces(database).trace("f" * 32)


@pytest.mark.database
def test_of_the_spans_only_the_granules_of_the_trace_are_read(database: Database) -> None:
    trace = store_many_traces(database)

    for name in ("trace_outline", "trace_waterfall"):
        spans = reading(database, sql("collector", name), "spans", trace_id=trace, limit=100, as_of=LATEST)
        assert {"by_trace_id", "Min-Max"} <= spans.indexes
        assert spans.read / spans.total < 0.3
    assert Traces(database).trace(trace).total == 4

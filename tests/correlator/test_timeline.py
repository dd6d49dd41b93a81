"""The spans of every trace that touched a journey are on its timeline, each once, and only they are read."""

from datetime import timedelta

import pytest
from support.explained import reading
from support.facts import MONDAY, fact, store, store_many_traces, store_span

from core.clickhouse import Database
from core.clock import ManualClock
from core.sql import sql
from core.vocabulary import ObjectRef
from correlator.journeys import Journey, Journeys
from correlator.loading import load_models
from correlator.tick import Correlator

pytestmark = pytest.mark.database
(P2P,) = load_models(["procure-to-pay"])
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
FACTS = [
    fact("a", "purchase_order.created", MONDAY, "purchase_order:1", trace=8),
    fact("b", "invoice.received", MONDAY + HOUR, "invoice:1", "purchase_order:1"),
    fact("c", "invoice.received", MONDAY + HOUR, "invoice:2", "purchase_order:2", trace=9),
]


def journey(database: Database, clock: ManualClock, hours: float = 9) -> Journey:
    store(database, FACTS)
    Correlator(database, P2P, clock).tick()
    return Journeys(database, [P2P]).journey(ObjectRef("purchase_order", "1"), MONDAY + hours * HOUR)


def spans(found: Journey) -> list[tuple[str | None, str | None, str, bool]]:
    return [
        (str(entry.trace_id)[-2:], str(entry.span_id)[-2:], str(entry.object or ""), entry.error)
        for entry in found.timeline
        if entry.kind == "span"
    ]


def test_the_whole_trace_of_a_span_that_names_an_object_is_told(database: Database, clock: ManualClock) -> None:
    store_span(database, "invoice:1", MONDAY + HOUR, trace=7, span=1)
    store_span(database, None, MONDAY + HOUR + SECOND, trace=7, span=2, error="timed out", service="wms")
    store_span(database, None, MONDAY + HOUR, trace=5, span=3)
    store_span(database, "invoice:2", MONDAY + HOUR, trace=6, span=4)

    found = journey(database, clock)

    assert spans(found) == [("07", "01", "invoice:1", False), ("07", "02", "", True)]
    (outline,) = found.traces
    assert (outline.trace_id, outline.spans, outline.errors) == (f"{7:032x}", 2, 1)
    assert (outline.services, outline.started_at, outline.duration_ms) == (("erp-adapter", "wms"), MONDAY + HOUR, 1005)


def test_the_trace_in_which_an_event_was_sent_is_told_even_where_its_spans_name_nothing(
    database: Database, clock: ManualClock
) -> None:
    store_span(database, None, MONDAY, trace=8, span=1)
    store_span(database, None, MONDAY, trace=9, span=2)

    assert spans(journey(database, clock)) == [("08", "01", "", False)]


def test_a_trace_is_followed_over_weeks_and_stops_at_the_moment_that_is_asked_for(
    database: Database, clock: ManualClock
) -> None:
    store_span(database, "invoice:1", MONDAY + HOUR, trace=7, span=1)
    store_span(database, None, MONDAY + 24 * 21 * HOUR, trace=7, span=2)

    assert [ids[1] for ids in spans(journey(database, clock, hours=24 * 30))] == ["01", "02"]
    assert [ids[1] for ids in spans(journey(database, clock, hours=2))] == ["01"]
    assert journey(database, clock, hours=2).traces[0].spans == 1
    assert journey(database, clock, hours=0.5).traces == ()


def test_a_span_that_is_stored_twice_is_told_once(database: Database, clock: ManualClock) -> None:
    for _ in range(3):
        store_span(database, "invoice:1", MONDAY + HOUR, trace=7, span=1)

    found = journey(database, clock)

    assert spans(found) == [("07", "01", "invoice:1", False)]
    assert found.traces[0].spans == 1


def test_of_a_long_trace_what_names_the_journey_and_what_failed_is_told_first(
    database: Database, clock: ManualClock
) -> None:
    for number in range(1, 31):
        store_span(database, None, MONDAY + number * SECOND, trace=7, span=number, error="no" if number == 29 else "")
    store_span(database, "invoice:1", MONDAY + 30 * SECOND, trace=7, span=31)

    found = journey(database, clock)

    assert [int(ids[1] or "", 16) for ids in spans(found)] == [*range(1, 19), 29, 31]
    assert (found.traces[0].spans, found.traces[0].errors) == (31, 1)


def test_of_the_spans_only_the_granules_of_the_traces_are_read(database: Database) -> None:
    trace = store_many_traces(database)
    week = (MONDAY - timedelta(days=49)).date()  # the spans of the trace started 200 hours after 5 January
    named = {"model": "m", "root_type": "t", "root_id": "i", "as_of": MONDAY, "limit": 20}

    for name in ("journey_spans", "trace_totals"):
        found = reading(database, sql("correlator", name), "spans", traces=[trace], weeks=[week], **named)
        assert {"by_trace_id", "Min-Max"} & found.indexes, found
        assert found.read / found.total < 0.3

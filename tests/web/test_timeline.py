from dataclasses import replace
from datetime import timedelta

import pytest
from support.console_journeys import make_event, make_handoff, make_journey, make_span
from support.console_network import NOW, ORDER

from correlator.timeline import TraceOutline
from web.timeline import timeline, traces_of


def test_what_happened_in_one_instant_reads_as_cause_and_effect():
    journey = replace(
        make_journey(),
        timeline=(make_event(5, "invoice.matched", ORDER, "ap_automation"),),
        handoffs=(make_handoff("next", "Next", ORDER, 5, None, None), make_handoff("match", "Match", ORDER, 9, 1, 5)),
    )

    assert [moment.kind for moment in timeline(journey, NOW)] == ["opened", "event", "closed", "opened"]


def test_a_due_time_is_told_when_it_passed_unkept_or_is_still_ahead_and_not_when_it_was_kept():
    kept = make_handoff("a", "A", ORDER, 9, 4, 5)
    late = make_handoff("b", "B", ORDER, 9, 6, 5)
    ahead = make_handoff("c", "C", ORDER, 9, -3, None)

    told = [
        (m.kind, m.handoff.handoff)
        for m in timeline(replace(make_journey(), timeline=(), handoffs=(kept, late, ahead)), NOW)
    ]

    assert ("breached", "b") in told
    assert ("due", "c") in told
    assert not {("due", "a"), ("breached", "a")} & set(told)


def test_a_cancelled_handoff_is_told_as_cancelled():
    cancelled = make_handoff("a", "A", ORDER, 9, None, None, state="cancelled", cancelled_at=NOW - timedelta(hours=2))

    told = timeline(replace(make_journey(), timeline=(), handoffs=(cancelled,)), NOW)

    assert [(moment.kind, moment.at) for moment in told][-1] == ("cancelled", NOW - timedelta(hours=2))


def test_spans_are_gathered_by_trace_and_laid_out_over_its_time():
    spans = [
        make_span(2, "erp", "outer", 200, trace_id="aa" * 16),
        make_span(1, "erp", "other trace", 5, trace_id="bb" * 16),
        make_span(2, "inventory", "inner", 50, trace_id="aa" * 16, error="timeout", after_ms=100),
    ]

    first, second = traces_of(spans)

    assert [(bar.entry.title, bar.offset, bar.width) for bar in first.bars] == [
        ("outer", 0.0, 100.0),
        ("inner", 50.0, 25.0),
    ]
    assert (first.duration_ms, first.errors) == (200, 1)
    assert [bar.entry.title for bar in second.bars] == ["other trace"]


def test_a_trace_says_how_many_of_its_spans_are_not_listed():
    outline = TraceOutline("aa" * 16, NOW - timedelta(hours=2), 1000, 3402, 7, ("erp",))
    span = make_span(2, "erp", "late", 100, trace_id="aa" * 16, after_ms=500)

    (trace,) = traces_of([span], [outline])

    assert (trace.total, trace.errors, trace.duration_ms) == (3402, 7, 1000)
    assert (trace.bars[0].offset, trace.bars[0].width) == (50, 10)


@pytest.mark.parametrize("ms", [0, 0.000001])
def test_a_trace_without_measurable_length_still_shows(ms):
    (trace,) = traces_of([make_span(2, "erp", "instant", ms)])

    assert 0 < trace.bars[0].width <= 100

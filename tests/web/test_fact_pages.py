"""A cause leads to the facts that say so: an event on its page, a span in the waterfall of its trace."""

from dataclasses import replace

import pytest
from support.console_client import ConsoleClient
from support.console_facts import FakeFacts, FakeTraces, make_event_fact, make_trace, make_trace_span
from support.console_fakes import make_services
from support.console_network import OUTAGE, RECEIPT, SILENCE, TRACE, VARIANCE
from support.console_stalls import FakeStalls, make_stall

from core.vocabulary import ObjectRef
from web.links import event_path, evidence_path
from web.waterfall import waterfall

HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def console():
    return ConsoleClient()


def test_each_kind_of_evidence_leads_to_where_it_can_be_seen():
    paths = [evidence_path(cause.evidence[0]) for cause in (OUTAGE, SILENCE, VARIANCE, RECEIPT)]

    assert paths == [
        f"/traces/{TRACE}#span-00f067aa0ba902b7",
        "/integrations#integration-supplier_network",
        "/events/evt-7%2F7?integration=ap_automation",
        "/objects/purchase_order/4500017",
    ]


@pytest.mark.parametrize("path", ["/?facility=MWEST", "/journeys/purchase_order/4500017"])
def test_evidence_is_a_link_on_the_board_and_on_the_journey(path):
    stalls = [make_stall("order_to_receipt", 17), make_stall("invoice_to_match", 17)]
    links = ConsoleClient(make_services(stalls=FakeStalls(stalls))).page(path).links

    assert links["failed span, trace 4bf92f3577b34da6"] == f"/traces/{TRACE}#span-00f067aa0ba902b7"
    assert links["no goods receipt posted on purchase order 4500017"] == "/objects/purchase_order/4500017"


def test_the_journey_says_why_it_is_stalled_and_leads_to_all_that_is_for_the_same_cause(console):
    page = ConsoleClient(make_services(stalls=FakeStalls([make_stall(number=17)]))).page(
        "/journeys/purchase_order/4500017?as_of=2026-03-04T11:00"
    )

    assert "Why it is stalled" in page.text
    assert page.links["Missing prerequisite"] == (
        "/?as_of=2026-03-04T11%3A00&cause=missing_prerequisite%3Agoods_receipt"
    )


def test_the_csv_and_the_json_of_stalls_hold_the_evidence():
    console = ConsoleClient(make_services(stalls=FakeStalls([make_stall(number=17)])))
    journey = console.get("/api/v1/journeys/purchase_order/4500017").json()

    assert "missing goods_receipt.posted purchase_order 4500017; event ap_automation 2026-03-02T12:00:00Z" in (
        console.get("/api/v1/stalls.csv").text
    )
    assert [each["kind"] for each in journey["stalls"][0]["cause"]["evidence"]] == ["missing", "event"]


def test_an_event_is_shown_with_its_documents_attributes_and_trace(console):
    page = console.page("/events/evt-881?integration=ap_automation")

    assert "Invoice received" in page.text
    assert "erp.plant 1010" in page.text
    assert "Mercy West Hospital" in page.text
    assert page.links["Invoice INV-881"] == "/objects/invoice/INV-881"
    assert page.links["4bf92f3577b34da6"] == f"/traces/{TRACE}#span-00f067aa0ba902b7"


def test_an_event_that_was_sent_under_other_names_says_which():
    sent = {"sent_type": "INVOIC", "sent_objects": (ObjectRef("bill", "INV-881"),), "sent_facility": "west"}
    page = ConsoleClient(make_services(facts=FakeFacts([make_event_fact(**sent)]))).page("/events/evt-881")

    assert "Event INVOIC Facility west Documents bill:INV-881" in page.text
    assert "As it was sent" not in ConsoleClient(make_services()).page("/events/evt-881").text


def test_an_event_in_json_holds_all_that_was_received(console):
    (event,) = console.get("/api/v1/events/evt-881").json()

    assert (event["subject"], event["amount"]) == ({"type": "invoice", "id": "INV-881"}, "46100.0000")
    assert event["attributes"] == {
        "erp.plant": "1010",
        "lines": 14,
        "partial": True,
        "source.file": "inbound/2026-03-02.edi",
    }


def test_of_one_id_each_integrations_event_is_shown_unless_one_is_named():
    known = [make_event_fact(event_id="a/7"), make_event_fact(event_id="a/7", integration="/default/erp")]
    console = ConsoleClient(make_services(facts=FakeFacts(known)))

    assert console.page("/events/a%2F7").text.count("Invoice received") == 2
    assert console.page(event_path("a/7", "/default/erp")).text.count("Invoice received") == 1
    assert len(console.get(f"/api/v1{event_path('a/7', '/default/erp')}").json()) == 1


@pytest.mark.parametrize("path", ["events/none", "events/evt-881?integration=erp", f"traces/{'f' * 32}"])
def test_a_fact_that_is_not_there_is_a_404(console, path):
    assert (console.get(f"/{path}").status_code, console.get(f"/api/v1/{path}").status_code) == (404, 404)


def test_a_trace_is_a_waterfall_in_the_order_of_its_tree(console):
    page = console.page(f"/traces/{TRACE}")

    assert page.text.index("match invoice") < page.text.index("GET /receipts") < page.text.index("SELECT receipts")
    assert "Spans 4 Errors 2 Services AP automation, Inventory and receiving" in page.text
    assert "503 Service Unavailable: upstream connect error" in page.text
    assert "not received: 00f067aa0ba902b9" in page.text
    assert {"id": "span-00f067aa0ba902b7"} in [attrs for tag, attrs in page.tags if tag == "li"]
    assert page.links["Purchase order 4500017"] == "/objects/purchase_order/4500017"


def test_a_trace_in_json_says_where_each_span_stands(console):
    trace = console.get(f"/api/v1/traces/{TRACE}").json()

    assert [(span["depth"], span["error"]) for span in trace["spans"]] == [(0, False), (1, True), (2, False), (1, True)]
    assert (trace["total"], trace["duration_ns"]) == (4, 5_230_000_000)


def test_a_trace_can_be_seen_as_of_a_moment_and_the_journey_leads_to_that(console):
    page = console.page(f"/traces/{TRACE}?as_of=2026-03-04T11:00")

    assert "As of 4 Mar 2026, 11:00 UTC" in page.text
    assert page.links["Back to now"] == f"/traces/{TRACE}"
    assert page.links["JSON"] == f"/api/v1/traces/{TRACE}?as_of=2026-03-04T11%3A00"
    for path in (f"/traces/{TRACE}", f"/api/v1/traces/{TRACE}"):
        assert console.get(f"{path}?as_of=2001-01-01").status_code == 404
    journey = console.page("/journeys/purchase_order/4500017?as_of=2026-03-04T11:00")
    assert journey.links["match invoice"] == f"/traces/{TRACE}?as_of=2026-03-04T11%3A00%3A00%2B00%3A00#span-{0:016x}"


def test_a_huge_trace_says_how_much_of_it_is_shown():
    trace = replace(make_trace(), total=48_210, errors=3)

    text = ConsoleClient(make_services(traces=FakeTraces({TRACE: trace}))).page(f"/traces/{TRACE}").text

    assert "4 of 48,210: the first, and the first that failed" in text
    assert "not shown: 00f067aa0ba902b9" in text


def test_bars_stay_inside_the_picture_whatever_clocks_say():
    odd = [(-5, 1), (0, 0), (9000, 10), (5230, 0), (0, 99_999_999)]
    spans = tuple(make_trace_span(number, number * 40, "x", *times) for number, times in enumerate(odd))
    lines = waterfall(replace(make_trace(), spans=spans))

    assert all(line.offset >= 0 and line.width > 0 and line.offset + line.width <= 100.01 for line in lines)
    assert max(line.indent for line in lines) == 12
    assert waterfall(replace(make_trace(), duration_ns=0))


def test_hostile_facts_are_shown_as_text():
    event = make_event_fact(
        event_id=HOSTILE,
        type=HOSTILE,
        actor=HOSTILE,
        attributes_string={HOSTILE: HOSTILE},
        objects=(ObjectRef(HOSTILE, HOSTILE),),
    )
    span = make_trace_span(
        1, 0, HOSTILE, 0, 5, service=HOSTILE, error=True, status_message=HOSTILE, attributes={HOSTILE: HOSTILE}
    )
    trace = replace(make_trace(), spans=(span,), services=(HOSTILE,))
    console = ConsoleClient(make_services(facts=FakeFacts([event]), traces=FakeTraces({TRACE: trace})))

    for path in (event_path(HOSTILE, "ap_automation"), f"/traces/{TRACE}"):
        assert {attrs.get("src") for tag, attrs in console.page(path).tags if tag == "script"} == {
            "/static/theme-early.js",
            "/static/console.js",
        }

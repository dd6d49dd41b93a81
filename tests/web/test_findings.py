"""Data quality on the console and in the API: counts, what they rest on, and the way to the events."""

from dataclasses import replace

import pytest
from support.console_client import ConsoleClient
from support.console_fakes import make_services
from support.console_findings import FakeFindings, make_finding


@pytest.fixture
def console():
    return ConsoleClient()


def test_each_integration_stands_with_what_was_found_and_how_often(console):
    text = console.page("/findings").text

    assert "Inventory and receiving Impossible order 412, Day and month exchanged? 1,840" in text
    assert "Inventory and receiving 412 5,020 8.2 %" in text
    assert "Suspected from many events together, not certain of any." in text
    assert "412 are out of order as told and would not if exchanged, 2 the other way" in text


def test_an_example_leads_to_its_object_and_a_refused_record_to_quarantine(console):
    page = console.page("/findings")

    assert page.links["Purchase order 4500017"] == "/objects/purchase_order/4500017"
    assert page.links["Too old"] == "/quarantine?integration=erp&reason=too_old"
    assert "before purchase_order.created of 2026-03-03 09:12 UTC from procurement" in page.text


def test_the_window_is_chosen_by_links_that_keep_filters_and_moment(console):
    page = console.page("/findings?as_of=2026-03-04T11:00&facility=MWEST&window=7d")

    assert page.links["24 hours"] == "/findings?as_of=2026-03-04T11%3A00&facility=MWEST&window=24h"
    assert page.links["JSON"] == "/api/v1/findings?as_of=2026-03-04T11%3A00&facility=MWEST&window=7d"


@pytest.mark.parametrize("path", ["/findings", "/api/v1/findings", "/api/v1/findings.csv", "/api/v1/findings/examples"])
def test_a_window_or_filter_that_findings_have_not_is_refused(console, path):
    assert console.get(f"{path}?window=1h").status_code == 400
    if path != "/findings":
        assert console.get(f"{path}?cause=silence").status_code == 400


def test_the_api_tells_what_the_page_shows(console):
    answer = console.get("/api/v1/findings").json()

    assert answer["total"] == 4
    assert answer["items"][0] == {
        "integration": "inventory", "kind": "impossible_order", "title": "Impossible order", "suspected": False,
        "found": 412, "checked": 5020, "summary": "412 of 5,020", "figures": {}, "hours": [],
    }  # fmt: skip
    examples = console.get("/api/v1/findings/examples").json()["items"]
    assert [each["object"] for each in examples][:2] == ["purchase_order:4500017", "goods_receipt:GR-9001"]


def test_examples_are_exported_with_their_object_in_one_column(console):
    lines = console.get("/api/v1/findings/examples.csv").text.split("\r\n")

    assert lines[0] == "integration,kind,occurred_at,event_id,event_type,object,note"
    assert ",purchase_order:4500017," in lines[1]


def test_nothing_found_says_of_what_and_that_silence_is_no_quality():
    page = ConsoleClient(make_services(findings=FakeFindings([]))).page("/findings?window=7d")

    assert "Nothing was found" in page.text
    assert "received in the 7 days before 4 Mar 2026, 12:00 UTC" in page.text
    assert page.links["integrations"] == "/integrations"


def test_a_suspected_time_zone_shows_the_hours_at_which_events_occur():
    hours = (0,) * 14 + (40, 300, 12) + (0,) * 7
    found = replace(make_finding("time_zone", "erp", 340, 352, "340 of 352 events stand 6 h after"), hours=hours)
    console = ConsoleClient(make_services(findings=FakeFindings([found])))
    page = console.page("/findings")

    assert console.get("/api/v1/findings").json()["items"][0]["hours"] == list(hours)
    assert "Most events occur in the hour from 15:00, by the facilities' clocks" in page.text
    assert [attrs["height"] for tag, attrs in page.tags if tag == "rect" and attrs.get("class") == "run"] == [
        "4.3",
        "32.0",
        "1.5",
    ]


def test_a_hostile_name_is_shown_as_text():
    hostile = "<script>alert(1)</script>"
    findings = FakeFindings([make_finding("unknown_facility", hostile, 1, 1, hostile, hostile)])
    page = ConsoleClient(make_services(findings=findings)).page("/findings")

    assert [attrs for tag, attrs in page.tags if tag == "script" and not attrs] == []

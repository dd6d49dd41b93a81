"""A figure leads to itself apart and to its documents; ready views are pages, lists and files."""

import pytest
from support.console_client import ConsoleClient
from support.console_fakes import make_services
from support.console_figures import FakeKpis

from slo.kpis import Kpi
from slo.views import VIEWS


@pytest.fixture
def console():
    return ConsoleClient()


def test_a_kpi_leads_to_its_own_page_under_the_same_filters(console):
    page = console.page("/kpis?facility=MWEST&as_of=2026-03-04T11:00")

    assert (
        page.links["Three-way match, first pass"]
        == "/kpis/first_pass_match_rate?facility=MWEST&as_of=2026-03-04T11%3A00"
    )


def test_the_page_of_a_kpi_lists_the_documents_that_are_asked_for(console):
    counted, lacking = console.page("/kpis/touch_rate"), console.page("/kpis/touch_rate?part=lacking")

    assert "of the numerator" in counted.text
    assert "of the lacking" in lacking.text
    assert counted.links["Invoice INV/881"] == "/objects/invoice/INV%2F881"


def test_a_kpi_that_no_event_allows_to_measure_says_so_and_how_many_lack_it():
    found = Kpi("on_time_payment", "On-time payment", "What.", None, "share", 0, 0, "Nothing.", "Ours",
                needs="`due_date`", lacking=1204, not_measured="not measured: no event states `due_date`")  # fmt: skip
    text = ConsoleClient(make_services(kpis=FakeKpis([found]))).page("/kpis").text

    assert "Not measured: no event states due_date: 1,204 lack it" in text
    assert "0.0 %" not in text


def test_a_figure_that_rests_on_finished_ones_alone_says_so_and_leads_to_its_twin():
    found = Kpi("invoice_cycle_time", "Cycle time", "What.", 4.2, "days", None, 12, "Nothing.", "APQC",
                closed_only=True, twin="invoice_cycle_time_all")  # fmt: skip
    page = ConsoleClient(make_services(kpis=FakeKpis([found]))).page("/kpis")

    assert "Finished ones only" in page.text
    assert page.links["with open ones included"] == "/kpis/invoice_cycle_time_all"


def test_the_documents_and_the_figures_apart_are_lists_of_the_api_and_files(console):
    (item,) = console.get("/api/v1/kpis/touch_rate/items?part=denominator").json()["items"]
    (apart,) = console.get("/api/v1/kpis/touch_rate/breakdown?by=facility").json()["items"]

    assert (item["object"], item["amount"], item["note"]) == (
        {"type": "invoice", "id": "INV/881"},
        "12.50",
        "of the denominator",
    )
    assert (apart["key"], apart["value"], apart["amounts"]) == ("MWEST", 0.5, {"USD": "700"})
    assert "object.type,object.id" in console.get("/api/v1/kpis/touch_rate/items.csv").text
    assert "MWEST,0.5" in console.get("/api/v1/kpis/touch_rate/breakdown.csv").text


def test_a_kpi_or_a_view_that_there_is_not_is_not_found(console):
    for path in ("/api/v1/kpis/nope/items", "/views/nope", "/kpis/nope"):
        assert console.get(path).status_code == 404


def test_a_filter_that_documents_do_not_know_is_refused(console):
    assert console.get("/api/v1/kpis/touch_rate/items?cause=silence").status_code == 400


def test_each_view_says_how_much_it_holds_and_whose_move_it_is(console):
    page = console.page("/views?facility=MWEST")

    assert page.links["Blocked invoices"] == "/views/blocked_invoices?facility=MWEST"
    assert "1 USD 700 3 d ago Accounts payable 1" in page.text


def test_each_view_is_a_page_a_list_and_a_file(console):
    for view in VIEWS:
        assert "Accounts payable" in console.page(f"/views/{view.key}").text
        (item,) = console.get(f"/api/v1/views/{view.key}").json()["items"]
        assert (item["owner"], item["age_seconds"]) == ("Accounts payable", 259_200)
        assert "INV/881" in console.get(f"/api/v1/views/{view.key}.csv").text


def test_the_balance_of_receipts_and_invoices_says_by_what_it_is(console):
    assert "10 8 +2 by quantity" in console.page("/views/gr_ir_balance").text

"""What a journey shares is on its page; the whole family is on a page of its own, summed up."""

from dataclasses import replace

import pytest
from support.console_client import ConsoleClient
from support.console_fakes import make_services
from support.console_families import FakeFamilies, make_family
from support.console_network import ORDER

PATH = "/families/purchase_order/4500017"


@pytest.fixture
def console():
    return ConsoleClient()


def test_the_journey_names_what_it_shares_and_leads_to_its_family(console):
    page = console.page("/journeys/purchase_order/4500017?as_of=2026-03-04T11:00")

    assert "RUN-2026-03-02 with 2,140 other journeys" in page.text
    assert "and 2,130 more" in page.text
    assert page.links["the whole family"] == f"{PATH}?as_of=2026-03-04T11%3A00"


def test_a_family_is_summed_up_with_its_nearest_journeys(console):
    page = console.page(PATH)

    assert "Journeys 2,141" in page.text
    assert "USD 8.25 M" in page.text
    assert "50 of 2,140 others" in page.text
    assert page.links["Purchase order 4500018"] == "/journeys/purchase_order/4500018"


def test_a_family_that_was_not_followed_to_its_end_says_at_least():
    family = replace(make_family(), complete=False)

    assert "at least 2,141" in ConsoleClient(make_services(families=FakeFamilies({ORDER: family}))).page(PATH).text


def test_a_family_in_json_holds_what_is_shared_and_the_nearest(console):
    family = console.get(f"/api/v1{PATH}").json()

    assert (family["journeys"], family["complete"], family["amounts"]["USD"]) == (2141, True, "8250000")
    assert family["shared"][1] == {
        "object": {"type": "invoice", "id": "INV-902"}, "others": 1, "named": ["purchase_order:4500018"]
    }  # fmt: skip
    assert len(family["nearest"]) == 50


def test_a_journey_that_shares_nothing_has_no_such_section_and_an_unknown_one_no_family():
    console = ConsoleClient(make_services(families=FakeFamilies({})))

    assert "Related journeys" not in console.page("/journeys/purchase_order/4500017").text
    assert (console.get(PATH).status_code, console.get(f"/api/v1{PATH}").status_code) == (404, 404)

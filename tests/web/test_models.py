"""Models in the console and the API: what is promised, since when, and what each version changed."""

import pytest
from support.console_client import ConsoleClient


@pytest.fixture
def console() -> ConsoleClient:
    return ConsoleClient()


def test_the_list_says_which_models_are_in_force_since_when_and_which_no_longer(console: ConsoleClient) -> None:
    text = console.page("/models").text

    assert "Procure to pay procure-to-pay In force 20 Feb 2026, 12:00 1 26 13 2 places" in text
    assert "Supplier master supplier-master Not yet taken up" in text
    assert "leases leases No longer configured" in text


def test_a_handoff_reads_as_a_promise_with_whose_move_it_is(console: ConsoleClient) -> None:
    page = console.page("/models/procure-to-pay")

    assert "A journey is one purchase order with all that attaches to it" in page.text
    assert (
        "Requisition → approval for each requisition Requisition created Requisition approved Clinical-critical "
        "4 business hours Standard 1 business day Low 3 business days Given up by: Requisition rejected, Requisition "
        "cancelled Stands still from: Requisition returned Goes on from: Requisition resubmitted Department approvers waits for "
        "Procurement SaaS" in page.text
    )
    assert "Due when events promise it (promised at); within this where none does" in page.text
    assert page.links["Requisition → approval"] == "/?handoff=requisition_approval"


def test_a_version_says_what_it_changed_what_that_derived_and_what_is_doubtful(console: ConsoleClient) -> None:
    text = console.page("/models/procure-to-pay?as_of=2026-03-04T11:00").text

    assert "It changed, and its version is 1 after 1" in text
    assert "handoffs.invoice_to_match.target handoffs.invoice_to_match.owner handoffs: invoice_to_match" in text
    assert "As of 4 Mar 2026, 11:00 UTC" in text


def test_a_definition_that_can_no_longer_be_read_is_said_to_be_so(console: ConsoleClient) -> None:
    assert "cannot be read by this version" in console.page("/models/leases").text


def test_a_journey_leads_to_its_model_and_a_handoff_to_its_promise(console: ConsoleClient) -> None:
    links = console.page("/journeys/purchase_order/4500017?as_of=2026-03-04T11:00").links

    assert links["Procure to pay"] == "/models/procure-to-pay?as_of=2026-03-04T11%3A00"
    assert links["Invoice → match"].endswith("#handoff-invoice_to_match")


def test_the_api_lists_versions_and_tells_one_definition(console: ConsoleClient) -> None:
    listed = console.get("/api/v1/models").json()["items"]
    told = console.get("/api/v1/models/procure-to-pay").json()

    assert [(each["model"], each["in_force"], each["until"]) for each in listed] == [
        ("procure-to-pay", True, None),
        ("procure-to-pay", False, "2026-02-20T12:00:00Z"),
        ("leases", False, None),
    ]
    assert listed[0]["changed"] == ["handoffs.invoice_to_match.target", "handoffs.invoice_to_match.owner"]
    assert told["definition"]["handoffs"]["requisition_approval"]["target"]["standard"] == "1bd"
    assert (told["in_force_since"], len(told["versions"])) == ("2026-02-20T12:00:00Z", 2)
    assert console.get("/api/v1/models/leases").json()["definition"] is None


@pytest.mark.parametrize("path", ["/models/none", "/api/v1/models/none"])
def test_an_unknown_model_is_not_found(console: ConsoleClient, path: str) -> None:
    assert console.get(path).status_code == 404

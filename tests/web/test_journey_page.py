import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from support.console_client import ConsoleClient
from support.console_fakes import make_services
from support.console_journeys import FakeJourneys, make_event, make_handoff, make_header, make_journey, make_span
from support.console_network import NOW, ORDER
from support.console_stalls import FakeStalls, make_stall

from core.errors import NotFoundError
from core.vocabulary import ObjectRef
from correlator.journeys import JourneysOfObject
from correlator.naming import OtherIds
from web.links import journey_path

PATH = "/journeys/purchase_order/4500017"
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def console():
    return ConsoleClient()


def test_the_head_says_what_it_is_where_from_whom_how_critical_and_how_much(console):
    text = console.page(PATH).text

    assert "Purchase order 4500017 1 stalled handoff Clinical-critical Three way USD 48,250.00" in text
    assert "Facility Mercy West Hospital Supplier Stryker Orthopaedics Department Surgery" in text


def test_progress_shows_milestones_reached_and_not_reached(console):
    text = console.page(PATH).text

    assert "6 of 11 milestones" in text
    assert "Goods received 1 Mar, 08:00" in text
    assert "Invoice matched not reached" in text


def test_handoffs_show_state_due_time_and_lag(console):
    text = console.page(PATH).text

    assert "Requisition → approval Requisition REQ-2201 Closed 23 Feb, 12:00 23 Feb, 16:00 23 Feb, 14:00 2 h" in text
    assert "Closed late 24 Feb, 04:00 28 Feb, 08:00 1 d late" in text
    assert (
        "Stalled 1 Mar, 14:00 4 Mar, 02:00 10 h overdue \N{EN DASH} 2 d 22 h so far 23 h 20 min in business hours Accounts"
        in text
    )
    assert "Open 4 Mar, 04:00 5 Mar, 08:00 in 20 h" in text
    assert "Paused since 4 Mar, 09:00 4 Mar, 03:00 its clock stands still" in text


@pytest.mark.parametrize(("cycle", "said"), [(1, "before it opened"), (2, "before it opened again")])
def test_what_was_due_before_it_opened_says_so_in_its_row_and_on_the_timeline(cycle, said):
    # As after a reversal, where the first due time holds: it opened again 50 hours ago, and was due 60 hours ago.
    reopened = make_handoff("order_to_receipt", "Order to receipt", ORDER, 50, 60, None, cycle=cycle)
    journey = replace(make_journey(), handoffs=(reopened,))

    page = ConsoleClient(make_services(journeys=FakeJourneys({ORDER: journey}))).page(PATH)

    assert f"2 Mar, 00:00 2 d 12 h overdue was due {said} " in page.text
    assert f"Due time passed: Order to receipt {said} Purchase order" in page.text
    assert f"Handoff opened: Order to receipt was due 2 Mar, 00:00 , {said} Purchase order" in page.text


def test_what_was_due_after_it_opened_says_nothing_of_the_kind(console):
    assert "before it opened" not in console.page(PATH).text


def test_an_outcome_that_a_late_event_amended_says_when_it_was_told():
    amended = make_handoff("match", "Match", ORDER, 9, 6, 7, corrected_at=NOW - timedelta(hours=2))
    kept = make_handoff("erp", "ERP", ORDER, 9, 6, 7)
    console = ConsoleClient(
        make_services(journeys=FakeJourneys({ORDER: replace(make_journey(), handoffs=(amended, kept))}))
    )

    assert console.page(PATH).text.count("corrected: told after it was due, 4 Mar, 10:00") == 1
    found = console.get(f"/api/v1{PATH}").json()["handoffs"]
    assert [each["corrected_at"] for each in found] == ["2026-03-04T10:00:00Z", None]


def test_the_timeline_merges_events_promises_and_traces(console):
    text = console.page(PATH).text
    lines = text[text.index("Timeline") :]

    assert lines.index("Goods receipt posted") < lines.index("Handoff closed: Purchase order → goods receipt")
    assert "Due time passed: Invoice → match" in lines
    assert "3 spans in 5.23 s 2 errors trace 4bf92f3577b34da6" in lines
    assert "Inventory and receiving GET /receipts?po=4500017 5.00 s 503 Service Unavailable" in lines


def test_the_documents_of_the_journey_are_links(console):
    links = console.page(PATH).links

    assert links["GR-9001"] == "/objects/goods_receipt/GR-9001"


def test_a_journey_as_of_a_moment_leads_on_as_of_that_moment(console):
    links = console.page(f"{PATH}?as_of=2026-03-04T11:00").links

    assert links["GR-9001"] == "/objects/goods_receipt/GR-9001?as_of=2026-03-04T11%3A00"
    assert links["Goods receipt GR-9001"] == "/objects/goods_receipt/GR-9001?as_of=2026-03-04T11%3A00"


def test_a_provisional_journey_says_so():
    header = make_header(provisional=True)
    console = ConsoleClient(make_services(journeys=FakeJourneys({ORDER: replace(make_journey(), header=header)})))

    assert "Provisional" in console.page(PATH).text


def test_a_journey_without_handoffs_or_events_still_has_a_page():
    bare = replace(make_journey(), handoffs=(), timeline=(), milestones=(), members=(ORDER,))
    text = ConsoleClient(make_services(journeys=FakeJourneys({ORDER: bare}))).page(PATH).text

    assert "No handoff has opened" in text
    assert "Nothing had happened" in text


def test_hostile_telemetry_is_shown_as_text():
    root = ObjectRef("purchase_order", HOSTILE)
    journey = replace(
        make_journey(),
        header=make_header(root=root, supplier=HOSTILE, facility=HOSTILE),
        members=(ObjectRef(HOSTILE, HOSTILE),),
        timeline=(make_event(3, HOSTILE, ObjectRef(HOSTILE, HOSTILE), HOSTILE, actor=HOSTILE), make_span(2, HOSTILE, HOSTILE, 5, trace_id=HOSTILE, error=HOSTILE)),
    )  # fmt: skip
    page = ConsoleClient(make_services(journeys=FakeJourneys({root: journey}))).page(journey_path(root))

    assert {attrs.get("src") for tag, attrs in page.tags if tag == "script"} == {
        "/static/theme-early.js",
        "/static/console.js",
    }


def test_an_object_of_one_journey_leads_straight_to_it(console):
    answer = console.get("/objects/invoice/INV-881?as_of=2026-03-04T11:00")

    assert answer.status_code == 303
    assert answer.headers["location"] == f"{PATH}?as_of=2026-03-04T11%3A00"


@pytest.fixture
def known_twice():
    others = (OtherIds(ORDER, ("SAAS-7",)), OtherIds(ObjectRef("invoice", "INV-881"), ("881", "R-881")))
    journey = replace(make_journey(), other_ids=others)
    return ConsoleClient(make_services(journeys=FakeJourneys({ORDER: journey})))


def test_another_id_of_the_order_leads_to_its_journey(known_twice):
    answer = known_twice.get("/journeys/purchase_order/SAAS-7?as_of=2026-03-04T11:00")

    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}?as_of=2026-03-04T11%3A00")


def test_the_journey_shows_the_other_ids_of_its_documents(known_twice):
    text = known_twice.page(PATH).text

    assert "Also known as SAAS-7" in text
    assert "INV-881 also 881 , R-881" in text


def test_the_api_answers_under_every_id_and_names_the_others(known_twice):
    journey = known_twice.get("/api/v1/journeys/purchase_order/SAAS-7").json()
    of_object = known_twice.get("/api/v1/objects/purchase_order/4500017").json()

    assert (journey["header"]["root"]["id"], journey["other_ids"][0]["ids"]) == ("4500017", ["SAAS-7"])
    assert (of_object["own_id"], of_object["journeys"]) == ("4500017", ["purchase_order:4500017"])


def test_a_shared_object_lists_its_journeys():
    other, run = ObjectRef("purchase_order", "4500018"), ObjectRef("payment", "RUN-7")
    made = replace(make_journey(), members=(run,))
    page = ConsoleClient(make_services(journeys=FakeJourneys({ORDER: made, other: made}))).page(
        "/objects/payment/RUN-7"
    )

    assert "belongs to 2 journeys" in page.text
    assert page.links["Purchase order 4500018"] == "/journeys/purchase_order/4500018"


def test_an_object_of_more_journeys_than_a_page_holds_says_how_many():
    others = {ObjectRef("purchase_order", str(number)): make_journey() for number in range(3)}
    console = ConsoleClient(make_services(journeys=FakeJourneys(others, most=2)))

    text, told = console.page("/objects/invoice/INV-881").text, console.get("/api/v1/objects/invoice/INV-881").json()

    assert "belongs to 3 journeys" in text
    assert "The first 2 are listed." in text
    assert (len(told["journeys"]), told["total"], told["truncated"]) == (2, 3, True)


def test_a_timeline_that_begins_later_than_the_journey_says_so():
    made = replace(make_journey(), truncated=True)
    console = ConsoleClient(make_services(journeys=FakeJourneys({ORDER: made})))

    assert "its newest 2,000 events and 100 traces are shown" in console.page(PATH).text
    assert console.get(f"/api/v1{PATH}").json()["truncated"]


def test_a_journey_of_thousands_of_documents_shows_the_most_telling_and_says_of_how_many():
    invoices = [ObjectRef("invoice", f"I{number:04}") for number in range(1000)]
    kept = [make_handoff("posted", "Posting", ref, 900 - place / 10, 10, 700) for place, ref in enumerate(invoices)]
    late = [make_handoff("paid", "Payment", ref, 100, place + 1, None) for place, ref in enumerate(invoices[:400])]
    ahead = [make_handoff("reported", "Reporting", ref, 1, -24, None) for ref in invoices[:50]]
    made = replace(make_journey(), handoffs=(*kept, *late, *ahead), members=(ORDER, *invoices), timeline=())
    console = ConsoleClient(make_services(journeys=FakeJourneys({ORDER: made})))

    page = console.page(PATH)

    assert "Handoffs 500 of 1,450: the stalled, then the open, then the newest" in page.text
    rows = re.findall(r"(Payment|Reporting|Posting) Invoice I(\d{4}) (?:Stalled|Open|Closed) ", page.text)
    assert Counter(title for title, _ in rows) == {"Payment": 400, "Reporting": 50, "Posting": 50}
    assert [number for title, number in rows if title == "Posting"] == [f"{number:04}" for number in range(950, 1000)]
    assert "Invoice 1,000" in page.text
    assert "The first 200 are listed; all as JSON ." in page.text
    assert page.links["all as JSON"] == f"/api/v1{PATH}"
    assert len(console.get(f"/api/v1{PATH}").json()["handoffs"]) == 1450


def test_a_document_that_two_models_follow_leads_from_one_to_the_other():
    header = make_header(provisional=True)
    made = replace(make_journey(), header=header, known_to=("procure-to-pay", "supplier-master"))
    console = ConsoleClient(make_services(journeys=FakeJourneys({ORDER: made}, headers=[header])))

    other = console.page(PATH).links["supplier master"]

    assert other == f"{PATH}?model=supplier-master"
    assert console.page("/journeys").links["Purchase order 4500017"] == f"{PATH}?model=procure-to-pay"
    assert console.get(f"/api/v1{PATH}?model=procure-to-pay").json()["known_to"] == list(made.known_to)


def test_a_stall_of_a_second_model_of_the_same_order_is_on_the_page_its_link_leads_to_and_on_the_orders_own():
    documents = make_stall("order_to_receipt", 17, model="procure-to-pay-documents", journey=ORDER)
    console = ConsoleClient(make_services(stalls=FakeStalls([documents])))
    link = console.page("/").links["Purchase order 4500017"]

    assert link == f"{PATH}?model=procure-to-pay-documents"
    for path in (link, PATH):
        assert "Why it is stalled" in console.page(path).text
        assert len(console.get(f"/api/v1{path}").json()["stalls"]) == 1
    assert console.page(PATH).links["procure to pay documents"] == link
    assert console.get(f"/api/v1{PATH}?model=procure-to-pay").json()["stalls"] == []


@pytest.mark.parametrize("path", ["/journeys/purchase_order/NONE", "/objects/invoice/NONE", "/nowhere"])
def test_what_is_not_there_is_a_404_page_with_a_way_back(console, path):
    answer = console.get(path)

    assert answer.status_code == 404
    assert "Not found" in answer.text
    assert 'href="/"' in answer.text


def test_the_list_of_journeys_pages_and_links():
    headers = [make_header(ObjectRef("purchase_order", str(number))) for number in range(70)]
    page = ConsoleClient(make_services(journeys=FakeJourneys(headers=headers))).page("/journeys?facility=MWEST")

    assert "70 journeys" in page.text
    assert page.links["Purchase order 7"] == "/journeys/purchase_order/7?model=procure-to-pay"
    assert page.links["Next page"] == "/journeys?facility=MWEST&cursor=50"


def test_a_document_that_a_journey_holds_leads_to_the_journeys_that_hold_it(console):
    page = console.get("/journeys/invoice/INV-881?as_of=2026-03-04T11:00&model=procure-to-pay")
    further = console.get(page.headers["location"])
    told = console.get("/api/v1/journeys/invoice/INV-881")

    asked = "as_of=2026-03-04T11%3A00&model=procure-to-pay"
    assert (page.status_code, page.headers["location"]) == (303, f"/objects/invoice/INV-881?{asked}")
    assert (further.status_code, further.headers["location"]) == (303, f"{PATH}?{asked}")
    assert told.status_code == 404
    assert "it is held by the journey of purchase_order:4500017" in told.text


def test_a_journey_that_is_not_there_yet_leads_nowhere():
    class NotYet(FakeJourneys):
        def journey(self, root, as_of, model=""):
            message = f"there is no journey {root} as of {as_of:%Y-%m-%d %H:%M} UTC"
            raise NotFoundError(message)

    assert ConsoleClient(make_services(journeys=NotYet())).get("/journeys/purchase_order/4500017").status_code == 404


def test_an_object_that_several_models_follow_names_them_with_their_links():
    class Followed(FakeJourneys):
        def of_object(self, ref, model=""):
            other = ObjectRef("purchase_order", "4500018")
            return JourneysOfObject((ORDER, other), 2, (("procure-to-pay", "second"), ("second",)))

    page = ConsoleClient(make_services(journeys=Followed())).page("/objects/invoice/INV-881")

    assert "Purchase order 4500017 in procure to pay , second" in page.text
    assert page.links["procure to pay"] == "/journeys/purchase_order/4500017?model=procure-to-pay"

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from support.console_client import ConsoleClient
from support.console_fakes import make_services
from support.console_journeys import FakeJourneys
from support.console_network import NOW
from support.console_stalls import FakeStalls, make_stall
from support.console_watch import FakeTelemetry

from core.vocabulary import ObjectRef
from correlator.journeys import Progress

HOSTILE = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>"


@pytest.fixture
def console():
    return ConsoleClient()


def test_the_headline_says_how_many_how_much_where_and_since_when():
    stalls = [
        make_stall(number=1, amount=Decimal(1_000_000)),
        make_stall(number=2, amount=Decimal(240_000), facility="MEAST"),
        make_stall(number=3, amount=Decimal(5_000), currency="CAD", due_at=NOW - timedelta(days=3, hours=4)),
    ]
    text = ConsoleClient(make_services(stalls=FakeStalls(stalls, open_handoffs=60))).page("/").text

    assert "Stalled handoffs 3 of 60 open (5.0 %)" in text
    assert "Amount at risk USD 1.24 M CAD 5.00 k" in text
    assert "Facilities affected 2 of 5 registered" in text
    assert "Oldest overdue 3 d 4 h due 1 Mar 2026, 08:00" in text
    assert "Alerts firing 1" in text


def test_the_present_board_may_be_of_a_moment_ago_and_says_so():
    stalls = FakeStalls([make_stall()], kept_at=NOW - timedelta(seconds=12))

    page = ConsoleClient(make_services(stalls=stalls)).page("/")

    assert "reckoned 12 s ago" in page.text
    assert set(stalls.asked) == {NOW - timedelta(seconds=12)}
    assert "reckoned" not in ConsoleClient(make_services(stalls=FakeStalls())).page("/").text


def test_the_next_page_is_of_the_same_moment():
    kept_at = NOW - timedelta(seconds=12, microseconds=345)
    console = ConsoleClient(make_services(stalls=FakeStalls(kept_at=kept_at)))

    assert console.page("/?facility=MWEST&limit=3").links["Next page"] == (
        "/?facility=MWEST&limit=3&as_of=2026-03-04T11%3A59%3A47.999655Z&cursor=3"
    )


def test_facilities_are_not_counted_among_the_registered_where_one_of_them_is_not():
    text = ConsoleClient(make_services(stalls=FakeStalls([make_stall(facility="NOWHERE")]))).page("/").text

    assert "Facilities affected 1 with a stall" in text


def test_causes_are_listed_largest_first_with_what_they_hit_and_whose_move_it_is():
    stalls = [make_stall("order_to_receipt", n, facility=f) for n, f in enumerate(("MWEST", "MEAST", "STLUK"))]
    text = ConsoleClient(make_services(stalls=FakeStalls([make_stall(number=9), *stalls]))).page("/").text

    causes = text[text.index("Why") : text.index("Which")]
    assert causes.index("Integration failing Inventory and receiving: 503") < causes.index("Missing prerequisite")
    assert "Mercy East Hospital and 2 more" in causes
    assert "Receiving" in causes


def test_a_cause_is_a_link_that_narrows_the_board_to_it(console):
    page = console.page("/?facility=MWEST")

    narrowed = console.page(page.links["Integration silent"])

    assert page.links["Integration silent"] == "/?facility=MWEST&cause=silence%3Asupplier_network"
    assert "1 cause" in narrowed.text
    assert "Open exception" not in narrowed.text[narrowed.text.index("Why") :]


def test_stalls_stand_under_their_cause_with_names_not_keys(console):
    page = console.page("/?facility=CDC01")

    assert "Central Distribution Center" in page.text
    assert "CDC01" not in page.text
    assert "Purchase order → goods receipt" in page.text
    assert [attrs["scope"] for tag, attrs in page.tags if tag == "th" and attrs.get("scope") == "rowgroup"]


def test_a_stall_leads_to_its_journey_at_the_same_moment(console):
    page = console.page("/?as_of=2026-03-04T11:00&facility=MWEST")
    hrefs = [href for words, href in page.links.items() if words.startswith("Invoice INV-")]

    assert hrefs[0].startswith("/journeys/purchase_order/45000")
    assert hrefs[0].endswith("?as_of=2026-03-04T11%3A00&model=procure-to-pay")


def test_filters_in_force_are_chips_that_can_be_taken_off_one_by_one(console):
    page = console.page("/?facility=MWEST&criticality=low")

    assert page.links["Facility Mercy West Hospital : remove this filter"] == "/?criticality=low"
    assert page.links["Criticality Low : remove this filter"] == "/?facility=MWEST"
    assert page.links["Clear all"] == "/"


def test_the_form_holds_the_state_of_the_address_so_that_it_works_without_scripts(console):
    page = console.page("/?facility=MWEST&sort=amount&as_of=2026-03-01T08:30:00Z")
    inputs = [attrs for tag, attrs in page.tags if tag == "input"]

    assert [attrs["value"] for attrs in inputs if attrs.get("name") == "facility" and "checked" in attrs] == ["MWEST"]
    assert [attrs["value"] for attrs in inputs if attrs.get("name") == "sort"] == ["amount"]
    assert [attrs["value"] for attrs in inputs if attrs.get("name") == "as_of"] == ["2026-03-01T08:30"]
    assert ("form", {"method": "get", "action": "/", "data-filters": None}) in page.tags


def test_the_form_carries_what_it_does_not_offer_under_its_own_name(console):
    carried = [
        (attrs["name"], attrs["value"])
        for tag, attrs in console.page("/journeys?limit=20&cause=silence").tags
        if tag == "input" and attrs.get("type") == "hidden"
    ]

    assert carried == [("limit", "20"), ("cause", "silence")]


def test_the_sorted_column_says_so_and_the_others_are_links(console):
    page = console.page("/?sort=amount")

    assert [attrs["aria-sort"] for tag, attrs in page.tags if tag == "th" and "aria-sort" in attrs] == ["descending"]
    assert page.links["Overdue"] == "/?sort=overdue"


def test_pages_follow_cursors_and_lead_back_to_the_first(console):
    first = console.page("/?limit=100")
    second = console.page(first.links["Next page"])

    assert "100 of 143 stalls on this page" in first.text
    assert "43 of 143 stalls on this page" in second.text
    assert second.links["First page"] == "/?limit=100"
    assert "Next page" not in second.links


def test_exports_take_the_filter_of_the_page(console):
    links = console.page("/?facility=MWEST&as_of=2026-03-04T11:00&sort=amount").links

    assert links["CSV"] == "/api/v1/stalls.csv?facility=MWEST&as_of=2026-03-04T11%3A00"
    assert links["JSON"] == "/api/v1/stalls?facility=MWEST&as_of=2026-03-04T11%3A00"


def test_hostile_ids_and_names_are_shown_as_text():
    stall = make_stall(object=ObjectRef(HOSTILE, HOSTILE), journey=ObjectRef("po", HOSTILE), supplier=HOSTILE, owner=HOSTILE,
                       facility=HOSTILE, department=HOSTILE, criticality=HOSTILE, currency=HOSTILE, handoff_title=HOSTILE)  # fmt: skip
    stall = replace(stall, cause=replace(stall.cause, code=HOSTILE, summary=HOSTILE, signature=HOSTILE))
    console = ConsoleClient(make_services(stalls=FakeStalls([stall])))

    page = console.page("/")
    filtered = console.page("/?supplier=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")

    assert "alert(1)" in page.text
    for shown in (page, filtered):
        assert {attrs.get("src") for tag, attrs in shown.tags if tag == "script"} == {
            "/static/theme-early.js",
            "/static/console.js",
        }
        assert not [tag for tag, attrs in shown.tags if tag == "img" or any(name.startswith("on") for name in attrs)]


def test_before_the_first_event_the_board_shows_how_to_send_one():
    services = make_services(stalls=FakeStalls([], 0), journeys=FakeJourneys({}, reached=Progress(None, 0, 0)))
    text = ConsoleClient(services).page("/").text

    assert "No events yet" in text
    assert "curl -s http://127.0.0.1:4318/v1/events" in text
    assert "not a healthy one" in text


def test_nothing_stalled_says_what_was_checked_and_when():
    text = ConsoleClient(make_services(stalls=FakeStalls([], 412))).page("/").text

    assert "Nothing is stalled" in text
    assert "412 open handoffs checked" in text
    assert "from 48,211 events followed up to 4 Mar 2026, 11:59 UTC" in text


def test_no_open_handoff_is_not_called_healthy():
    text = ConsoleClient(make_services(stalls=FakeStalls([], 0))).page("/").text

    assert "Nothing to judge" in text
    assert "not a sign of health" in text
    assert "Nothing is stalled" not in text


def test_filters_that_match_nothing_offer_the_way_back():
    page = ConsoleClient().page("/?supplier=Nobody&as_of=2026-03-04T11:00")

    assert "No stall matches these filters" in page.text
    assert page.links["show every facility and cause"] == "/?as_of=2026-03-04T11%3A00"


def test_a_correlator_that_is_behind_is_announced_on_the_page():
    waiting = FakeTelemetry(waiting=NOW - timedelta(minutes=17))
    text = ConsoleClient(make_services(telemetry=waiting)).page("/").text

    assert "These figures are behind. Events have waited 17 min" in text


def test_facts_that_have_just_arrived_do_not_make_the_board_stale():
    waiting = FakeTelemetry(waiting=NOW - timedelta(seconds=2))

    assert "These figures are behind" not in ConsoleClient(make_services(telemetry=waiting)).page("/").text


def test_the_past_is_marked_as_past(console):
    page = console.page("/?as_of=2026-03-01T12:00&facility=MWEST")

    assert "As of 1 Mar 2026, 12:00 UTC (3 d ago)" in page.text
    assert page.links["Back to now"] == "/?facility=MWEST"


def test_a_value_that_nothing_can_have_is_told_with_those_near_it(console):
    page = console.page("/?facility=MWETS&supplier=Nobody&handoff=invoice_to_match")

    assert "No facility is called 'MWETS'; near it: 'MWEST', 'MEAST'. Nothing can be found under it." in page.text
    assert page.text.count("Nothing can be found under it") == 1


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/journeys",
        "/objectives",
        "/objectives/missed",
        "/lag",
        "/lag/trend",
        "/forecast",
        "/exceptions",
        "/kpis",
        "/views",
    ],
)
def test_the_lists_that_a_page_leads_to_take_the_filters_that_it_carries(console, path):
    links = console.page(f"{path}?facility=MWEST&cause=silence&limit=20&cursor=20").links

    for name in {"CSV", "JSON"} & links.keys():
        assert console.get(links[name]).status_code == 200, links[name]


def test_a_page_tells_nothing_of_filters_that_it_does_not_take(console):
    assert "Nothing can be found under it" in console.page("/?cause=nobody").text
    assert "Nothing can be found under it" not in console.page("/lag?cause=nobody").text


def test_a_moment_that_is_yet_to_come_gets_an_error_page(console):
    answer = console.get("/?as_of=2026-03-05T12:00")

    assert answer.status_code == 400
    assert "is yet to come: answers are as of now (2026-03-04T12:00:00Z) or earlier" in answer.text


def test_a_moment_that_is_none_gets_an_error_page(console):
    answer = console.get("/?as_of=soon")

    assert answer.status_code == 400
    assert "is not an instant: write ISO 8601" in answer.text
    assert answer.headers["content-type"].startswith("text/html")

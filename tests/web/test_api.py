from dataclasses import replace
from datetime import timedelta

import pytest
from support.console_client import ConsoleClient
from support.console_fakes import make_services
from support.console_journeys import FakeJourneys, make_journey
from support.console_network import NOW
from support.console_stalls import FakeStalls, make_stall
from support.objective_values import make_objective, make_part

from core.errors import StoreUnavailableError
from core.filters import Filters
from core.vocabulary import ObjectRef
from slo.objectives import values_selected
from web.api.lists import LISTS
from web.links import journey_path, object_path
from web.objective_words import HANDOFFS, chosen


@pytest.fixture
def console():
    return ConsoleClient()


@pytest.mark.parametrize("path", ["stalls", "stalls.csv", "stalls/groups", "stalls/groups.csv"])
def test_lists_of_stalls_are_of_one_instant_and_say_which(path):
    stalls = FakeStalls(kept_at=NOW - timedelta(seconds=12))

    answer = ConsoleClient(make_services(stalls=stalls)).get(f"/api/v1/{path}")

    assert set(stalls.asked) == {NOW - timedelta(seconds=12)}
    assert path.endswith("csv") or answer.json()["as_of"] == "2026-03-04T11:59:48Z"


def test_a_stall_has_exactly_the_agreed_shape():
    console = ConsoleClient(make_services(stalls=FakeStalls([make_stall("order_to_receipt", 17)])))

    answer = console.get("/api/v1/stalls").json()

    assert answer.pop("reach")["awaited"] == 7
    assert answer == {
        "items": [
            {
                "model": "procure-to-pay",
                "journey": "purchase_order:4500017",
                "handoff": "order_to_receipt",
                "object": {"type": "purchase_order", "id": "4500017"},
                "facility": "MWEST",
                "supplier": "Medline Industries",
                "department": "Surgery",
                "spend_category": "implants",
                "criticality": "standard",
                "amount": "12500.0000",
                "currency": "USD",
                "opened_at": "2026-03-02T09:55:00Z",
                "due_at": "2026-03-04T09:55:00Z",
                "overdue_seconds": 7500,
                "owner": "Receiving",
                "cause": {
                    "code": "integration_failure",
                    "summary": "Inventory and receiving: 503 Service Unavailable",
                    "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
                    "evidence": [
                        {
                            "kind": "span",
                            "integration": "inventory",
                            "at": "2026-03-04T02:00:00Z",
                            "event_type": "",
                            "event_id": "",
                            "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
                            "span_id": "00f067aa0ba902b7",
                            "object": {"type": "purchase_order", "id": "4500017"},
                        }
                    ],
                },
            }
        ],
        "next_cursor": None,
        "total": 1,
        "as_of": "2026-03-04T12:00:00Z",
    }


def test_cursors_lead_through_every_stall_once(console):
    seen, path = [], "/api/v1/stalls?limit=60&sort=amount"
    while path:
        answer = console.get(path).json()
        seen += [f"{item['object']['type']}:{item['object']['id']}" for item in answer["items"]]
        path = answer["next_cursor"] and f"/api/v1/stalls?limit=60&sort=amount&cursor={answer['next_cursor']}"

    assert len(seen) == len(set(seen)) == 143


def test_several_values_of_a_filter_are_alternatives_and_filters_combine(console):
    answer = console.get("/api/v1/stalls?facility=MWEST&facility=MEAST&criticality=low&limit=500").json()

    assert answer["items"]
    assert {item["facility"] for item in answer["items"]} == {"MWEST", "MEAST"}
    assert {item["criticality"] for item in answer["items"]} == {"low"}


def test_a_facility_is_asked_for_by_any_name_that_the_registry_gives_it(console):
    by_key, by_name = (
        console.get(f"/api/v1/stalls?facility={one}&limit=500").json() for one in ("MWEST", "mercy-west")
    )

    assert by_key["items"]
    assert by_name["items"] == by_key["items"]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z"),
        ("2026-03-01T00:00:00%2B02:00", "2026-02-28T22:00:00Z"),
        ("2026-03-01T00:00:00+02:00", "2026-02-28T22:00:00Z"),
        ("2026-03-01T08:30", "2026-03-01T08:30:00Z"),
        ("2026-03-01", "2026-03-01T00:00:00Z"),
        ("", "2026-03-04T12:00:00Z"),
    ],
)
def test_as_of_is_any_iso_instant_and_utc_where_it_names_no_zone(console, given, meant):
    assert console.get(f"/api/v1/stalls?as_of={given}").json()["as_of"] == meant


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("as_of=yesterday", "'yesterday' is not an instant: write ISO 8601"),
        ("as_of=0001-01-01", "1970 to 2199"),
        ("as_of=2200-01-01", "1970 to 2199"),
        ("as_of=0001-01-01T00:00%2B02:00", "is not an instant"),
        (
            "as_of=2026-03-04T12:01:01Z",
            "'2026-03-04T12:01:01Z' is yet to come: answers are as of now (2026-03-04T12:00:00Z) or earlier",
        ),
        ("as_of=2199-12-31", "is yet to come"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=many", "limit"),
        ("sort=colour", "sort must be one of"),
        ("facilty=MWEST", "this list takes no 'facilty'; did you mean 'facility'?"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_the_reason(console, query, words):
    answer = console.get(f"/api/v1/stalls?{query}")

    assert answer.status_code == 400
    assert words in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "path", ["lag?cause=silence", "alerts?facility=MWEST", "exceptions/aging?handoff=x", "integrations.csv?supplier=x"]
)
def test_a_filter_that_would_change_nothing_is_refused_rather_than_ignored(console, path):
    answer = console.get(f"/api/v1/{path}")

    assert answer.status_code == 400
    assert "this list takes no" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("facility=MWETS", "no facility is called 'MWETS'; near it: 'MWEST', 'MEAST'"),
        ("facility=MWEST&facility=mercy+west", "no facility is called 'mercy west'; near it: 'MWEST'"),
        ("criticality=high", "no criticality is called 'high'"),
        (
            "handoff=invoice_to_mach",
            "no handoff of the models is called 'invoice_to_mach'; near it: 'invoice_to_match'",
        ),
        ("cause=silenc", "no cause is called 'silenc'; near it: 'silence'"),
        ("cause=quiet:erp&facility=X", "no facility is called 'X'; no cause is called 'quiet:erp'"),
    ],
)
@pytest.mark.parametrize("path", ["stalls", "stalls.csv"])
def test_a_value_that_nothing_can_have_is_refused_with_those_near_it(console, path, query, words):
    answer = console.get(f"/api/v1/{path}?{query}")

    assert (answer.status_code, answer.json()["error"]["message"]) == (400, words)


@pytest.mark.parametrize("query", ["supplier=Nobody", "department=X", "spend_category=Y", "cause=silence:nobody_yet"])
def test_what_facts_alone_can_tell_may_come_and_is_an_empty_list(console, query):
    answer = console.get(f"/api/v1/stalls?{query}")

    assert (answer.status_code, answer.json()["items"]) == (200, [])


def test_where_an_objective_leads_is_answered_though_nobody_registered_its_facility():
    objective = make_objective(make_part("invoice_to_match", selecting={"facility": ("WHSE7",)}))
    console = ConsoleClient(make_services(selected=values_selected([objective])))
    leads = str(chosen(objective, Filters(NOW), "", HANDOFFS))

    assert "facility=WHSE7" in leads
    assert [console.get(path).status_code for path in (leads, leads.replace("WHSE7", "WHSE6"))] == [200, 400]


@pytest.mark.parametrize("parameter", ["limit=5", "cursor=5"])
@pytest.mark.parametrize(
    "path",
    [
        *(listing.path for listing in LISTS if not listing.paged),
        *(f"{listing.path}.csv" for listing in LISTS),
        *("kpis/touch_rate/items.csv", "kpis/touch_rate/breakdown", "kpis/touch_rate/breakdown.csv"),
        *("objectives/missed", "objectives/missed.csv"),
    ],
)
def test_a_list_that_comes_whole_takes_no_pages(console, path, parameter):
    answer = console.get(f"/api/v1/{path}?{parameter}")

    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == f"this list takes no {parameter[:-2]!r}: it comes whole"


def test_alerts_are_of_the_present_alone(console):
    answer = console.get("/api/v1/alerts?as_of=2026-03-01")

    assert answer.status_code == 400
    assert "this list takes no 'as_of'" in answer.json()["error"]["message"]


@pytest.mark.parametrize("path", ["journeys?sort=amount", "stalls?state=firing", "lag.csv?sort=x"])
def test_an_order_or_state_that_a_list_has_not_is_refused(console, path):
    answer = console.get(f"/api/v1/{path}")

    assert answer.status_code == 400
    assert "this list takes no" in answer.json()["error"]["message"]


@pytest.mark.parametrize("listing", LISTS, ids=lambda listing: listing.path)
def test_every_list_answers_as_json_and_as_csv_with_the_same_number_of_rows(console, listing):
    asked = f"/api/v1/{listing.path}{'?limit=500' if listing.paged else ''}"
    as_json, as_csv = console.get(asked), console.get(f"/api/v1/{listing.path}.csv")

    assert (as_json.status_code, as_csv.status_code) == (200, 200)
    assert len(as_csv.text.split("\r\n")) == as_json.json()["total"] + 2
    assert as_json.json()["items"]


def test_a_journey_is_whole(console):
    answer = console.get("/api/v1/journeys/purchase_order/4500017").json()

    assert answer["header"]["root"] == {"type": "purchase_order", "id": "4500017"}
    assert {"type": "goods_receipt", "id": "GR-9001"} in answer["members"]
    assert [m["key"] for m in answer["milestones"] if m["reached_at"]][-1] == "invoice_received"
    assert sum(handoff["stalled"] for handoff in answer["handoffs"]) == 1
    assert any(entry["error"] for entry in answer["timeline"])


def test_an_id_with_slashes_is_found():
    odd = ObjectRef("purchase_order", "A/7 ü")
    made = FakeJourneys().journeys[ObjectRef("purchase_order", "4500017")]
    console = ConsoleClient(make_services(journeys=FakeJourneys({odd: made})))

    assert console.get("/api/v1/journeys/purchase_order/A%2F7%20%C3%BC").status_code == 200


@pytest.mark.parametrize("id_", ["line\nbreak", "at the end\n", "\n", "a/b\r\nc"])
@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_an_id_with_newlines_can_be_opened(prefix, id_):
    journey = make_journey()
    ref = ObjectRef("purchase_order", id_)
    odd = replace(journey, header=replace(journey.header, root=ref), members=(ref,))
    console = ConsoleClient(make_services(journeys=FakeJourneys({ref: odd})))

    assert console.get(f"{prefix}{journey_path(ref)}").status_code == 200
    assert console.get(f"{prefix}{object_path(ref)}").status_code == (200 if prefix else 303)


def test_an_object_leads_to_its_journeys_and_an_unknown_one_is_not_found(console):
    assert console.get("/api/v1/objects/invoice/INV-881").json()["journeys"] == ["purchase_order:4500017"]
    assert console.get("/api/v1/objects/invoice/NONE").status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/journeys/purchase_order/NONE"])
def test_what_is_not_there_is_a_404_in_json(console, path):
    answer = console.get(path)

    assert answer.status_code == 404
    assert answer.json()["error"]["status"] == 404


def test_a_store_that_is_down_is_a_503_that_says_to_try_again():
    down = FakeJourneys()
    down.page = _failing
    answer = ConsoleClient(make_services(journeys=down)).get("/api/v1/journeys")

    assert answer.status_code == 503
    assert answer.json() == {"error": {"status": 503, "message": "the store does not answer", "retryable": True}}
    assert answer.headers["retry-after"] == "5"


def _failing(*_args, **_values):
    message = "the store does not answer"
    raise StoreUnavailableError(message)


def test_the_description_names_every_path_and_the_shape_of_errors(console):
    described = console.get("/api/v1/openapi.json").json()

    assert {f"/api/v1/{listing.path}" for listing in LISTS} | {"/api/v1/stalls.csv"} <= set(described["paths"])
    assert not [path for path in described["paths"] if not path.startswith("/api/v1/")]
    stalls = described["paths"]["/api/v1/stalls"]["get"]
    assert {"facility", "cause", "as_of", "cursor", "sort"} <= {parameter["name"] for parameter in stalls["parameters"]}
    alerts = described["paths"]["/api/v1/alerts"]["get"]
    assert {parameter["name"] for parameter in alerts["parameters"]} == {"limit", "cursor", "state"}
    assert {"200", "400", "503"} <= set(stalls["responses"])


def test_every_list_of_figures_tells_how_far_they_reach_and_who_is_silent(console):
    reach = console.get("/api/v1/stalls").json()["reach"]

    assert reach["watermark"] == "2026-03-04T11:59:57Z"
    assert [each["integration"] for each in reach["silent"]] == ["supplier_network"]
    assert reach["awaited"] == 7
    assert console.get("/api/v1/lag").json()["reach"] == reach
    assert console.get("/api/v1/alerts").json()["reach"] is None

"""The console over the stores it will stand on: the ports fit, on an empty database and on a small story."""

import time
from datetime import timedelta
from decimal import Decimal

import pytest
from support.console_client import ConsoleClient
from support.console_network import NOW, REGISTRY
from support.facts import fact, store

from alerts.store import AlertStore
from collector.lookup import Lookup
from collector.quarantine import QuarantineStore
from collector.replay import Replayer
from collector.traces import Traces
from core.integrations import Integrations
from core.kept_answers import KeptAnswers
from core.keys import KeyRing, KeyStore
from correlator.catalogue import Models
from correlator.families import Families
from correlator.findings import Findings
from correlator.held_values import HeldValues
from correlator.journeys import Journeys
from correlator.kept_choices import KeptChoices
from correlator.kept_stalls import KeptStalls
from correlator.loading import load_models
from correlator.rebuilding import Rebuilds
from correlator.stalls import Stalls
from correlator.tick import Correlator
from slo.aging import Aging
from slo.awaiting import Awaiting
from slo.calendars import publish_calendars
from slo.evaluations import Evaluations
from slo.forecast import Forecasts
from slo.kept_aging import KeptAging
from slo.kept_forecast import KeptForecasts
from slo.kept_kpis import KeptKpis
from slo.kept_lag import KeptLag, KeptLagComparisons
from slo.kept_objectives import KeptObjectives
from slo.kpis import Kpis
from slo.lag import Lag
from slo.lag_comparison import LagComparisons
from slo.objective_loading import load_objectives
from slo.views import VIEWS, Views
from web.api.lists import LISTS
from web.services import Services
from web.telemetry import Telemetry

pytestmark = pytest.mark.database
PAGES = ("/", "/journeys", "/objectives", "/objectives/order-to-receipt-standard", "/lag", "/lag/trend", "/forecast", "/exceptions", "/views", *(f"/views/{view.key}" for view in VIEWS),
         "/kpis", "/kpis/touch_rate", "/kpis/sync_latency", "/alerts", "/integrations", "/findings", "/quarantine", "/models",
         "/models/procure-to-pay")  # fmt: skip
MIDDLE = f"{NOW - timedelta(days=19, hours=23):%Y-%m-%dT%H:%M}"
AHEAD = f"{NOW + timedelta(minutes=1):%Y-%m-%dT%H:%M}"  # as far as a clock may be


@pytest.fixture
def console(database, clock):
    models = load_models(["procure-to-pay"])
    publish_calendars(database, REGISTRY, clock)
    objectives = load_objectives(["procure-to-pay"], models).objectives
    kept = KeptAnswers(clock, time.monotonic, pause=20)
    services = Services(
        clock=clock,
        registry=REGISTRY,
        stalls=KeptStalls(Stalls(database, models), database, KeptAnswers(clock, time.monotonic, pause=4), clock),
        choices=KeptChoices(Stalls(database, models).choices, kept),
        held=HeldValues(database),
        journeys=Journeys(database, models),
        models=Models(database, models),
        rebuilds=Rebuilds(dict, clock),
        families=Families(database),
        findings=Findings(database, models),
        lag=KeptLag(Lag(database), kept),
        lag_comparisons=KeptLagComparisons(LagComparisons(database), kept),
        forecasts=KeptForecasts(Forecasts(database, models), kept),
        aging=KeptAging(Aging(database, models), kept),
        kpis=KeptKpis(Kpis(database), kept),
        awaiting=Awaiting(database, models),
        views=Views(database, models),
        objectives=KeptObjectives(Evaluations(database, models, objectives), kept),
        alerts=AlertStore(database),
        quarantine=QuarantineStore(database),
        replays=Replayer(database, clock),
        keys=KeyRing(KeyStore(database, clock), clock),
        integrations=Integrations(database, clock),
        telemetry=Telemetry(database, REGISTRY),
        facts=Lookup(database),
        traces=Traces(database),
        keys_required=False,
        handoff_titles={key: handoff.title for model in models for key, handoff in model.handoffs.items()},
    )
    return ConsoleClient(services)


def tell_a_story(database, clock):
    """An order was acknowledged ten days ago and its goods never came."""
    started = NOW - timedelta(days=20)
    about = {"facility": "MWEST", "supplier": "Stryker", "criticality": "standard", "flow_type": "three_way"}
    order = "purchase_order:PO/7"
    store(
        database,
        [
            fact("e1", "purchase_order.created", started, order, amount=Decimal(48_250), **about),
            fact("e2", "purchase_order.synced", started + timedelta(minutes=20), order, **about),
            fact("e2i", "purchase_order.synced_to_inventory", started + timedelta(minutes=40), order, integration="inventory", **about),
            fact("e2a", "purchase_order.synced_to_ap", started + timedelta(minutes=50), order, integration="ap_automation", **about),
            fact("e3", "purchase_order.acknowledged", started + timedelta(hours=2), order, integration="supplier_network", **about),
        ],
    )  # fmt: skip
    (model,) = load_models(["procure-to-pay"])
    Correlator(database, model, clock).rebuild()


def test_on_an_empty_database_every_page_answers_and_the_board_shows_how_to_begin(console):
    assert {path: console.get(path).status_code for path in PAGES} == dict.fromkeys(PAGES, 200)
    assert "No events yet" in console.page("/").text
    assert console.get("/readyz").status_code == 503


def test_on_an_empty_database_every_list_is_empty_or_says_that_nothing_was_measured(console):
    for listing in LISTS:
        answer = console.get(f"/api/v1/{listing.path}")
        assert answer.status_code == 200, answer.text
        assert console.get(f"/api/v1/{listing.path}.csv").status_code == 200


def test_a_missing_receipt_stands_on_the_board_and_leads_to_its_journey(console, database, clock):
    tell_a_story(database, clock)

    board = console.page("/")
    journey = console.page(board.links["Purchase order PO/7"])

    assert "Stalled handoffs 1 of 1 open" in board.text
    assert "Purchase order → goods receipt" in board.text
    assert "Mercy West Hospital" in board.text
    assert "48,250.00" in journey.text
    assert "Purchase order acknowledged" in journey.text
    assert "1 stalled handoff" in journey.text
    assert console.get("/readyz").status_code == 200


@pytest.mark.parametrize("query", ["", f"?as_of={MIDDLE}", "?as_of=1970-01-01", f"?as_of={AHEAD}"])
def test_every_page_and_list_answers_on_a_story_in_its_middle_and_at_the_ends_of_time(console, database, clock, query):
    tell_a_story(database, clock)

    lists = [listing for listing in LISTS if listing.of_any or not query]
    for path in [*PAGES, *(f"/api/v1/{listing.path}{kind}" for listing in lists for kind in ("", ".csv"))]:
        assert console.get(path + query).status_code == 200, path


def test_nothing_is_stalled_in_the_middle_of_a_story(console, database, clock):
    tell_a_story(database, clock)

    assert "Nothing is stalled" in console.page(f"/?as_of={MIDDLE}").text


def test_a_facilitys_open_exceptions_are_as_many_on_the_board_that_they_lead_to(console, database, clock):
    about = {"facility": "MWEST", "criticality": "standard", "flow_type": "three_way", "integration": "ap_automation"}
    began = NOW - timedelta(days=30)
    raised = [
        fact(f"x{n}", "exception.raised", began, f"exception:{n}", f"invoice:{n}", reason=reason, **about)
        for n, reason in enumerate(("price_variance", "tax_variance", "another"))
    ]
    resolved = fact("r", "exception.resolved", began + timedelta(hours=1), "exception:2", **about)
    received = [fact(f"i{n}", "invoice.received", began, f"invoice:{n}", **about) for n in range(3)]
    store(database, [*received, *raised, resolved])
    (model,) = load_models(["procure-to-pay"])
    Correlator(database, model, clock).rebuild()

    exceptions = console.page("/exceptions")
    board = console.page(exceptions.links["Mercy West Hospital"])

    assert "2 open exceptions" in exceptions.text
    assert "Stalled handoffs 2 of 2 open" in board.text


def test_the_summary_the_groups_and_the_list_agree(console, database, clock):
    tell_a_story(database, clock)

    stalls = console.get("/api/v1/stalls?facility=MWEST").json()
    (group,) = console.get("/api/v1/stalls/groups?facility=MWEST").json()["items"]

    assert (stalls["total"], group["count"]) == (1, 1)
    assert stalls["items"][0]["cause"]["code"] == group["code"]
    assert console.get("/api/v1/stalls?facility=HARBR").json()["items"] == []


def note_at_a_warehouse_that_nobody_registered(database, clock):
    noted = NOW - timedelta(hours=4)
    about = {"facility": "WHSE9", "criticality": "urgent"}
    store(database, [fact("x", "invoice.noted", noted, "invoice:I9", received_at=noted, **about)])
    (model,) = load_models(["procure-to-pay"])
    Correlator(database, model, clock).rebuild()


@pytest.mark.parametrize("query", ["facility=WHSE9", "criticality=urgent"])
def test_what_facts_name_is_listed_though_nobody_defined_it_and_no_handoff_has_it(console, database, clock, query):
    tell_a_story(database, clock)
    before = console.get(f"/api/v1/journeys?{query}")
    note_at_a_warehouse_that_nobody_registered(database, clock)

    paths = ("journeys", "findings", "kpis", "kpis/touch_rate/items", "exceptions/aging", "views", "stalls", "lag")
    answers = {path: console.get(f"/api/v1/{path}?{query}") for path in paths}
    page = console.page(f"/journeys?{query}")

    assert (before.status_code, before.json()["error"]["message"][:3]) == (400, "no ")
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(paths, 200)
    assert [each["root"]["id"] for each in answers["journeys"].json()["items"]] == ["I9"]
    assert "is called" not in page.text


def test_nothing_can_be_found_is_said_only_above_a_list_that_is_empty(console, database, clock):
    tell_a_story(database, clock)

    alone, beside = (console.page(f"/journeys?facility=X{more}").text for more in ("", "&facility=MWEST"))

    assert "No facility is called 'X'. Nothing can be found under it." in alone
    assert "No facility is called 'X'." in beside
    assert "PO/7" in beside
    assert "Nothing can be found" not in beside

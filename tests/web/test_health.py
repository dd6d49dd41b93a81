from support.console_client import ConsoleClient
from support.console_fakes import make_services
from support.console_journeys import FakeJourneys

from core.errors import StoreUnavailableError
from correlator.journeys import Progress


def test_alive_asks_nothing_of_the_store():
    down = FakeJourneys(fault=StoreUnavailableError("the store does not answer"))

    assert ConsoleClient(make_services(journeys=down)).get("/livez").json() == {"status": "alive"}


def test_ready_once_the_store_answers_and_the_correlator_has_run():
    answer = ConsoleClient().get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "watermark": "2026-03-04T11:59:57Z", "revision": 812}


def test_not_ready_before_the_first_run_of_the_correlator():
    answer = ConsoleClient(make_services(journeys=FakeJourneys(reached=Progress(None, 0, 0)))).get("/readyz")

    assert (answer.status_code, answer.json()["reason"]) == (503, "the correlator has not run yet")


def test_not_ready_while_the_store_is_down_and_says_why():
    down = FakeJourneys(fault=StoreUnavailableError("the store does not answer"))
    answer = ConsoleClient(make_services(journeys=down)).get("/readyz")

    assert (answer.status_code, answer.json()["reason"]) == (503, "the store does not answer")


def test_a_page_without_its_store_says_so_and_offers_to_try_again():
    down = FakeJourneys(fault=StoreUnavailableError("the store does not answer"))
    answer = ConsoleClient(make_services(journeys=down)).get("/?facility=MWEST")

    assert answer.status_code == 503
    assert "the store does not answer" in answer.text
    assert 'href="/?facility=MWEST">Try again' in answer.text


def test_an_error_nobody_foresaw_is_a_500_without_its_inner_life():
    broken = FakeJourneys(fault=ZeroDivisionError("secret detail"))
    answer = ConsoleClient(make_services(journeys=broken)).get("/")

    assert answer.status_code == 500
    assert "secret detail" not in answer.text


def test_metrics_count_requests_by_route_not_by_address():
    console = ConsoleClient()
    console.get("/api/v1/objects/invoice/INV-881")
    console.get("/made/up/address")

    text = console.get("/metrics").text

    assert (
        'stallwatch_console_request_seconds_count{method="GET",route="/api/v1/objects/{type}/{id:any_text}",status="200"} 1.0'
        in text
    )
    assert "INV-881" not in text
    assert "made/up" not in text

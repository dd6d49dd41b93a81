"""Figures of the present may be those of a moment ago: every page and list says so."""

from datetime import timedelta

import pytest
from support.console_client import ConsoleClient
from support.console_fakes import make_services
from support.console_figures import FakeAging, FakeForecasts, FakeKpis, FakeLag, FakeLagComparisons
from support.console_journeys import FakeJourneys
from support.console_network import NOW
from support.console_objectives import FakeObjectives

from correlator.journeys import Progress

KEPT = NOW - timedelta(seconds=40)
PAGES = ("/lag", "/lag/trend", "/forecast", "/objectives", "/kpis", "/exceptions")
LISTS = (
    *("lag", "lag/percentiles", "lag/trend", "lag/comparison"),
    *("forecast", "objectives", "kpis", "exceptions/aging"),
)


def console(kept_at):
    figures = {
        "lag": FakeLag,
        "lag_comparisons": FakeLagComparisons,
        "forecasts": FakeForecasts,
        "aging": FakeAging,
        "objectives": FakeObjectives,
        "kpis": FakeKpis,
    }
    return ConsoleClient(make_services(**{name: fake(reckoned_at=kept_at) for name, fake in figures.items()}))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_kept_figures_says_when_they_were_reckoned(path):
    assert "reckoned 40 s ago" in console(KEPT).page(path).text
    assert "reckoned 40 s ago" not in console(None).page(path).text


@pytest.mark.parametrize("path", LISTS)
def test_a_list_of_kept_figures_is_as_of_when_they_were_reckoned(path):
    assert console(KEPT).get(f"/api/v1/{path}").json()["as_of"] == "2026-03-04T11:59:20Z"
    assert console(None).get(f"/api/v1/{path}").json()["as_of"] == "2026-03-04T12:00:00Z"


@pytest.mark.parametrize("path", LISTS)
def test_a_csv_of_kept_figures_tells_their_instant_by_its_name_and_in_a_header(path):
    answer = console(KEPT).get(f"/api/v1/{path}.csv")

    assert answer.headers["stallwatch-as-of"] == "2026-03-04T11:59:20Z"
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="stallwatch-{path.replace("/", "-")}-20260304T115920Z.csv"'
    )


def test_days_between_milestones_say_where_they_were_reckoned_at_another_moment():
    # The fake tells them as of the instant that is asked for, the KPIs as of 40 seconds before.
    assert "Days between milestones median over journeys, reckoned now" in console(KEPT).page("/kpis").text
    assert "median over journeys, reckoned" not in console(None).page("/kpis").text


def test_a_comparison_tells_the_windows_that_ended_when_it_was_reckoned():
    kept = console(NOW - timedelta(minutes=3))

    assert "opened 4 Feb, 11:57 to 4 Mar, 11:57, against 7 Jan, 11:57 to 4 Feb, 11:57" in kept.page("/lag/trend").text
    assert kept.get("/api/v1/lag/comparison").json()["items"][0]["earlier_as_of"] == "2026-02-04T11:57:00Z"


def test_the_page_of_an_objective_says_when_it_was_evaluated():
    # The fake's objectives are of noon.
    page = ConsoleClient().page("/objectives/missed?as_of=2026-03-04T12:01")

    assert "reckoned 1 min ago" in page.text


def test_kept_figures_say_how_far_the_facts_were_followed_when_they_were_reckoned():
    then, now = (Progress(NOW - timedelta(seconds=behind), 812, 48_211) for behind in (50, 3))
    services = make_services(
        journeys=FakeJourneys(reached=now, reached_before={KEPT: then}), aging=FakeAging(reckoned_at=KEPT)
    )
    console = ConsoleClient(services)

    assert console.get("/api/v1/exceptions/aging").json()["reach"]["watermark"] == "2026-03-04T11:59:10Z"
    assert console.get("/api/v1/stalls").json()["reach"]["watermark"] == "2026-03-04T11:59:57Z"
    assert 'datetime="2026-03-04T11:59:10Z"' in console.get("/exceptions").text

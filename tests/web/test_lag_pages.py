"""Pages about where lag goes: the trend, the comparison, and what will be late."""

import json

import pytest
from support.console_client import ConsoleClient
from support.console_fakes import make_services
from support.console_figures import FakeForecasts, make_expected

from web.pages.forecast import sentence


@pytest.fixture
def console():
    return ConsoleClient()


def test_what_became_slower_comes_first_with_its_figures_at_the_same_age(console):
    text = console.page("/lag/trend").text

    assert "opened 4 Feb, 12:00 to 4 Mar, 12:00, against 7 Jan, 12:00 to 4 Feb, 12:00" in text
    assert "seen as of 4 Feb 2026, 12:00 UTC" in text
    first = text.index("Slower p below 0.001 1 d 1 h 1 d 14 h 1 d 11 h to 1 d 22 h")
    assert first < text.index("Faster p 0.011") < text.index("No difference shown") < text.index("Too little closed")


def test_the_trend_is_of_the_handoff_that_the_filter_names_and_keeps_its_step(console):
    page = console.page("/lag/trend?handoff=order_to_erp&step=month")

    assert "by month of opening" in page.text
    assert page.links["week"] == "/lag/trend?handoff=order_to_erp&step=week"
    exports = [attrs["href"] for tag, attrs in page.tags if tag == "a" and "lag/trend.csv" in attrs.get("href", "")]
    assert exports == ["/api/v1/lag/trend.csv?handoff=order_to_erp&step=month"]


def test_the_trend_has_its_figures_in_the_page_where_a_percentile_is_unknown_as_its_bound(console):
    page = console.page("/lag/trend")
    figures = json.loads(page.html.split('id="trend-figures">')[1].split("</script>")[0])

    assert figures["starts"][-1] == "2026-03-02"
    half = figures["lines"][0]
    assert half["days"][0] == round(90_000 / 86_400, 4)
    assert (half["days"][-1], half["at_least"][-1]) == (None, 4.0)
    assert (half["lower"][0], half["upper"][0]) == (round(81_000 / 86_400, 4), 1.25)


def test_a_leader_is_told_in_a_sentence_what_will_be_late(console):
    page = console.page("/forecast?days=2")

    assert "Mercy West Hospital : about 12 more handoffs will be late by Friday 6 March (8 to 17)." in page.text
    assert "Mercy West Hospital 64 12.3 8 to 17 20 % 4 1 like none that was watched until due" in page.text
    assert page.links["7 days"] == "/forecast?days=7"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"late": 1.2, "low": 0, "high": 3}, "about 1 more handoff will be late by Friday 6 March (0 to 3)"),
        ({"late": 0.3, "low": 0, "high": 2}, "hardly any handoff will be late by Friday 6 March (up to 2)"),
        ({"late": 0.0, "low": 0, "high": 0}, "none of 60 open handoffs is likely to be late by Friday 6 March"),
        (
            {"late": 0.0, "forecast": 0, "beyond": 0},
            "3 open handoffs cannot be forecast: too few like them have closed",
        ),
    ],
)
def test_a_sentence_says_no_more_than_is_known(changes, words):
    assert sentence(make_expected("MWEST", **changes)) == words


def test_the_likeliest_lead_to_their_documents_and_say_what_they_are_judged_by(console):
    page = console.page("/forecast")

    assert (
        "Invoice INV-1 Invoice → match Mercy West Hospital Clinical-critical USD 12,500.00 4 Mar, 19:00 81 % 9 %"
        in page.text
    )
    assert "212 closed at this facility" in page.text
    assert "INV-3" not in page.text


def test_with_nothing_due_the_page_says_so():
    services = make_services(forecasts=FakeForecasts([], []))

    assert "Nothing open falls due within 3 days" in ConsoleClient(services).page("/forecast").text


def test_the_api_tells_chances_that_add_up_and_why_others_are_withheld(console):
    rows = console.get("/api/v1/forecast/handoffs?days=3").json()["items"]

    assert (rows[0]["object"], rows[0]["journey"]) == ({"type": "invoice", "id": "INV-1"}, "purchase_order:4500017")
    assert rows[0]["late"] + rows[0]["in_time"] + rows[0]["cancelled"] == pytest.approx(1)
    assert (rows[2]["late"], rows[2]["withheld"]) == (None, "few")


def test_the_api_tells_what_to_expect_by_each_day(console):
    assert console.get("/api/v1/forecast").json()["items"][0] == {
        "facility": "MWEST", "handoff": None, "supplier": None, "spend_category": None, "department": None,
        "criticality": None, "model": None, "until": "2026-03-06T12:00:00Z", "late": 12.3, "low": 8, "high": 17,
        "forecast": 60, "too_few": 3, "beyond": 1,
    }  # fmt: skip


@pytest.mark.parametrize("days", ["0", "61", "many"])
def test_days_out_of_range_are_refused(console, days):
    assert console.get(f"/api/v1/forecast?days={days}").status_code == 400

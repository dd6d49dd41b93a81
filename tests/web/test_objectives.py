import json
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from support.console_client import ConsoleClient
from support.console_fakes import make_services
from support.console_network import NOW
from support.console_objectives import HEARD, SILENT, FakeObjectives, make_evaluation
from support.objective_values import make_objective, make_part

from core.filters import Filters
from slo.objectives import CalendarWindow, Objective
from slo.readings import Counts
from web import objective_words as words


@pytest.fixture
def console() -> ConsoleClient:
    return ConsoleClient()


def showing(*found) -> ConsoleClient:
    return ConsoleClient(make_services(objectives=FakeObjectives(list(found))))


def named(name: str, **changes: object) -> Objective:
    return make_objective(name=name, title=name.capitalize(), **changes)


def test_an_objective_reads_as_what_leaders_can_quote() -> None:
    # By hand: 28 of 300 late where 30 may be: 6.7 % of the budget is left, two more. 12 of 12 lately burn ten times the
    # even pace: six hours of it are 10 / 120 of the budget.
    page = showing(make_evaluation(272, 16, objective=named("it"), lately=Counts(bad=12))).page("/objectives")

    assert "It last 30 d 90.7 % target 90 %" in page.text
    assert "6.7 % left 2 more promises may be late" in page.text
    assert "Spent 8.3 % of the budget of 30 d in 6 h 272 28 Burning" in page.text


def test_what_needs_somebody_comes_first_and_each_state_is_counted(console: ConsoleClient) -> None:
    text = console.page("/objectives").text

    titles = ["Order → ERP, standard", "Order → receipt, clinical-critical", "Order → acknowledgement", "Invoice → match, standard", "Credit memo → posting, low"]  # fmt: skip
    assert sorted(titles, key=text.index) == titles
    assert "Burning 1 budget goes too fast Missed 2 target not reached Frozen, not heard 1" in text


def test_an_overspent_budget_says_by_how_much_and_how_many_are_too_many() -> None:
    text = showing(make_evaluation(80, 20, objective=named("it"))).page("/objectives").text

    assert "80 % target 90 % overspent by 100 % 10 promises too many" in text


def test_a_share_is_never_rounded_to_its_target() -> None:
    text = showing(make_evaluation(89_999, 10_001, objective=named("it"))).page("/objectives").text

    assert "89.999 % target 90 %" in text


def test_nothing_decided_is_frozen_and_has_no_figures(console: ConsoleClient) -> None:
    text = console.page("/objectives/frozen").text

    assert "nothing decided" in text
    assert "Frozen: nothing decided" in text
    assert "Nothing decided in 6 h" in text
    assert "0.0 %" not in text


def test_a_silent_integration_is_named_with_what_its_silence_means(console: ConsoleClient) -> None:
    silent, partly = console.page("/objectives/silent"), console.page("/objectives/composite")

    assert "Supplier network is silent since 4 Mar 2026, 02:10 UTC" in silent.text
    assert "Nobody else is heard who could tell, so this objective is frozen" in silent.text
    assert "4 not yet due, 0 cancelled, 31 stale" in silent.text
    assert silent.links["Supplier network"] == "/integrations#integration-supplier_network"
    assert "1 of 2 heard" in partly.text
    assert "is frozen" not in partly.text


def test_every_figure_leads_to_its_promises_under_the_filters_and_as_of_the_moment(console: ConsoleClient) -> None:
    page = console.page("/objectives/missed?facility=MWEST&as_of=2026-03-04T11:00")

    chosen = "facility=MWEST&criticality=standard&handoff=invoice_to_match&as_of=2026-03-04T11%3A00"
    assert page.links["handoff instances (JSON)"] == f"/api/v1/handoffs?{chosen}"
    assert page.links["stalled now"] == f"/?{chosen}"
    assert page.links["171 late"] == f"/?{chosen}"
    assert page.links["Invoice → match"].startswith("/?facility=MWEST&criticality=standard")
    assert console.get(page.links["handoff instances (JSON)"]).status_code == 200


def test_an_objective_of_several_parts_leads_to_what_all_of_them_allow() -> None:
    parts = (make_part(selecting={"criticality": ("low",), "facility": ("A", "B")}), make_part("order_to_erp", selecting={"criticality": ("standard",)}))  # fmt: skip
    it = named("it", parts=parts)

    every = words.chosen(it, Filters(NOW), "", "/")
    some = words.chosen(it, Filters(NOW, facility=("B", "C"), criticality=("low",)), "", "/")

    assert str(every) == "/?criticality=low&criticality=standard&handoff=invoice_to_match&handoff=order_to_erp"
    assert str(some) == "/?facility=B&facility=C&criticality=low&handoff=invoice_to_match&handoff=order_to_erp"
    assert str(words.of_part(parts[0].indicator.selection, Filters(NOW, facility=("B", "C")), "", "/")) == (
        "/?facility=B&criticality=low&handoff=invoice_to_match"
    )


def test_the_chart_has_its_figures_in_the_page_and_a_table_that_leads_to_each_day(console: ConsoleClient) -> None:
    page = console.page("/objectives/missed")
    figures = json.loads(page.html.split('id="budget-figures">')[1].split("</script>")[0])

    assert len(figures["at"]) == len(figures["left"]) == len(figures["texts"]) == 31
    assert figures["left"][0] is None  # nothing was decided before the window
    assert figures["left"][-1] == pytest.approx(100 * (910 / 1081 - 0.9) / 0.1)
    assert page.links["3 Mar 2026, 12:00"] == "/objectives/missed?as_of=2026-03-03T12%3A00%3A00Z"


def test_a_hostile_title_cannot_leave_its_place() -> None:
    hostile = "</script><script>alert(1)</script>"
    page = showing(make_evaluation(9, 1, objective=named("it", description=hostile))).page("/objectives/it")

    assert [attributes for tag, attributes in page.tags if tag == "script" and not attributes] == []


def test_a_window_by_the_calendar_says_since_when(console: ConsoleClient) -> None:
    assert "month since 1 Mar 2026, 06:00 UTC" in console.page("/objectives").text


def test_an_objective_that_there_is_not_is_a_page_that_says_so(console: ConsoleClient) -> None:
    assert console.get("/objectives/nothing").status_code == 404
    assert console.get("/api/v1/objectives/nothing").status_code == 404


def test_how_many_outcomes_late_events_amended_is_said_beside_the_counts() -> None:
    amended = make_evaluation(272, 16, HEARD, objective=named("it"), cancelled=2, corrected=5)
    console = showing(amended)

    assert "5 corrected by late events" in console.page("/objectives/it").text
    assert console.get("/api/v1/objectives").json()["items"][0]["corrected"] == 5
    assert [each["corrected"] for each in console.get("/api/v1/objectives/it").json()["parts"]] == [5]
    assert "corrected" not in showing(make_evaluation(272, 16, objective=named("it"))).page("/objectives/it").text


def test_no_objectives_say_where_they_come_from() -> None:
    assert "STALLWATCH_OBJECTIVES" in showing().page("/objectives").text


def test_the_api_tells_what_the_page_shows() -> None:
    alone = make_evaluation(272, 16, HEARD, SILENT, objective=named("it"), lately=Counts(bad=12), stale=3)
    (item,) = showing(alone).get("/api/v1/objectives").json()["items"]

    assert item == {
        "name": "it", "title": "It", "service": "accounts-payable", "owner": "AP team", "method": "Occurrences",
        "window": "last 30 d", "starts_at": "2026-02-02T12:00:00Z", "ends_at": "2026-03-04T12:00:00Z",
        "target": 0.9, "share": float(Fraction(272, 300)), "state": "kept", "attention": "burning",
        "good": 272, "bad": 28, "cancelled": 0, "undecided": 0, "stale_promises": 3, "corrected": 0, "gaps": 0,
        "allowed_items": 30.0, "spent_items": 28.0, "left_items": 2,
        "spent": float(Fraction(28, 30)), "remaining": float(Fraction(2, 30)),
        "burns": [{
            "name": "fast", "severity": "page", "long": 21600.0, "short": 1800.0, "factor": 6.0, "long_rate": 10.0,
            "short_rate": 10.0, "spent": float(Fraction(10, 120)), "outcome": "matched",
            "text": "spent 8.3 % of the budget of 30 d in 6 h",
        }],
        "stale": True, "awaited": 2, "heard": 1, "silent_since": "2026-03-04T02:10:00Z",
        "watermark": "2026-03-04T11:59:57Z",
    }  # fmt: skip


def test_one_objective_has_its_parts_those_whom_it_waits_for_and_its_past(console: ConsoleClient) -> None:
    found = console.get("/api/v1/objectives/composite").json()

    assert [(each["handoffs"], each["target"], each["weight"]) for each in found["parts"]] == [
        (["invoice_to_match"], 0.9, 1.0), (["order_to_receipt"], 0.95, 2.0),
    ]  # fmt: skip
    assert found["target"] == pytest.approx((0.9 + 2 * 0.95) / 3)
    assert [(each["integration"], each["hearing"]) for each in found["integrations"]] == [
        ("ap_automation", "heard"), ("supplier_network", "silent"),
    ]  # fmt: skip
    assert [each["at"] for each in found["history"]][-2:] == ["2026-03-04T06:00:00Z", "2026-03-04T12:00:00Z"]
    assert (found["as_of"], found["left_items"]) == ("2026-03-04T12:00:00Z", None)


def test_the_past_of_a_budget_is_exported_a_row_a_day(console: ConsoleClient) -> None:
    lines = console.get("/api/v1/objectives/missed.csv").text.split("\r\n")

    assert lines[0] == "at,remaining,decided"
    assert len(lines) == 1 + 31 + 1
    assert lines[-2].endswith(",1081")


def test_one_objective_takes_the_filters_of_the_list_and_no_others(console: ConsoleClient) -> None:
    assert console.get("/api/v1/objectives/missed?facility=MWEST&as_of=2026-03-04").status_code == 200
    assert console.get("/api/v1/objectives/missed?colour=red").status_code == 400


def test_a_calendar_window_of_several_units_is_named() -> None:
    quarter = CalendarWindow("week", 2, NOW.replace(tzinfo=None) - timedelta(days=1), "UTC")
    found = make_evaluation(9, 1, objective=replace(named("it"), window=quarter))

    assert words.window_text(found) == "2 weeks since 3 Mar 2026, 12:00 UTC"

import json
from decimal import Decimal

import pytest
from support.console_client import ConsoleClient
from support.console_fakes import make_services
from support.console_figures import FakeAging, FakeKpis, FakeLag, make_lag
from support.console_watch import FakeAlerts, FakeQuarantine, make_alert

from slo.aging import AgingBucket
from slo.kpis import Kpi
from web.words import NOTHING, figure


@pytest.fixture
def console():
    return ConsoleClient()


def test_lag_shows_closed_only_beside_open_included_with_its_band_and_bounds_what_is_not_known():
    rows = [
        make_lag("MWEST", "invoice_to_match", 100_000),
        make_lag("MEAST", "invoice_to_match", None),
    ]
    console = ConsoleClient(make_services(lag=FakeLag(rows)))

    half, most = console.page("/lag").text, console.page("/lag?percentile=90").text

    assert "Mercy West Hospital Invoice → match 42 196 4 180 33 16 h 40 min 1 d 3 h 1 d 1 h to 1 d 9 h" in half
    assert f"Mercy East Hospital Invoice → match 42 196 4 180 33 {NOTHING} ≥ 4 d {NOTHING}" in half
    assert "1 d 14 h ≥ 3 d 11 h 2 d 21 h or more" in most


def test_the_percentile_is_chosen_by_links_that_keep_the_filters(console):
    page = console.page("/lag?facility=MWEST&opened_since=2026-02-04")

    assert page.links["90 %"] == "/lag?facility=MWEST&opened_since=2026-02-04&percentile=90"
    assert page.links["at any time"] == "/lag?facility=MWEST"
    assert page.links["CSV"] == "/api/v1/lag.csv?facility=MWEST&opened_since=2026-02-04"


def test_a_percentile_that_there_is_not_is_refused(console):
    answer = console.get("/lag?percentile=99")

    assert answer.status_code == 400
    assert "percentile must be one of 50, 75, 90, 95" in answer.text


def test_the_api_tells_each_percentile_of_lag_with_its_band(console):
    rows = console.get("/api/v1/lag/percentiles?handoff=invoice_to_match").json()["items"]
    flat = console.get("/api/v1/lag").json()["items"][0]

    assert rows[0] == {
        "facility": rows[0]["facility"], "handoff": rows[0]["handoff"], "supplier": None, "spend_category": None,
        "department": None, "criticality": None, "model": None, "percentile": 50, "closed_only": 180_000,
        "censor_aware": 300_000, "lower": 270_000, "upper": 360_000, "at_least": None,
    }  # fmt: skip
    assert (flat["closed_only_p50"], flat["censor_aware_p50"], flat["at_least_p90"]) == (180_000, 300_000, 900_000)
    assert (flat["upper_p50"], flat["upper_p75"], flat["lower_p95"]) == (360_000, None, None)


def test_the_api_tells_the_trend_and_which_week_each_row_is(console):
    rows = console.get("/api/v1/lag/trend?step=month").json()["items"]

    assert rows[0]["opened_from"] == "2026-02-02"
    assert {row["step"] for row in rows} == {"month"}


def test_the_api_compares_windows_at_the_same_age(console):
    asked = "/api/v1/lag/comparison?opened_since=2026-02-16&opened_until=2026-03-02&as_of=2026-03-03&group_by=handoff"
    row = console.get(asked).json()["items"][0]

    assert (row["verdict"], row["earlier_as_of"]) == ("slower", "2026-02-17T00:00:00Z")
    assert (row["earlier_censor_aware_p50"], row["later_censor_aware_p50"]) == (90_000, 140_000)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("lag?opened_since=2026-03-02&opened_until=2026-03-01", "must begin before it ends"),
        ("lag?opened_since=soon", "'soon' is not an instant"),
        ("lag/comparison?opened_until=2030-01-01", "must have ended by"),
        ("stalls?group_by=facility", "this list takes no 'group_by'"),
    ],
)
def test_windows_that_cannot_be_are_refused_with_the_reason(console, query, words):
    answer = console.get(f"/api/v1/{query}")

    assert answer.status_code == 400
    assert words in answer.json()["error"]["message"]


def test_the_heatmap_has_its_figures_in_the_page_and_its_library_from_here():
    rows = [make_lag("MWEST", "invoice_to_match", 7200), make_lag("MEAST", "order_to_receipt", None)]
    page = ConsoleClient(make_services(lag=FakeLag(rows))).page("/lag")
    figures = json.loads(page.html.split('id="heatmap-figures">')[1].split("</script>")[0])

    assert figures["facilities"] == ["Mercy West Hospital", "Mercy East Hospital"]
    assert figures["hours"] == [[2.0, None], [None, 96.0]]
    assert figures["texts"] == [["2 h", ""], ["", "≥ 4 d"]]
    assert figures["bands"] == [["1 h 48 min to 2 h 24 min", ""], ["", ""]]
    (bundle,) = [attrs["src"] for tag, attrs in page.tags if tag == "script" and "plotly" in (attrs.get("src") or "")]
    assert bundle.startswith("/vendor/plotly-")


def test_a_hostile_facility_cannot_leave_the_json_element():
    hostile = "</script><script>alert(1)</script>"
    page = ConsoleClient(make_services(lag=FakeLag([make_lag(hostile, "invoice_to_match", 60)]))).page("/lag")

    assert [attrs for tag, attrs in page.tags if tag == "script" and not attrs] == []


def test_plotly_is_served_with_a_long_life(console):
    page = console.page("/lag")
    (src,) = [attrs["src"] for tag, attrs in page.tags if tag == "script" and "vendor" in (attrs.get("src") or "")]
    answer = console.get(src)

    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]


def test_lag_without_any_handoff_is_an_empty_page_not_an_empty_chart():
    page = ConsoleClient(make_services(lag=FakeLag([]))).page("/lag")

    assert "No handoff has opened yet" in page.text
    assert "vendor" not in page.html


def test_a_lag_row_leads_to_the_board_of_that_facility_and_handoff():
    page = ConsoleClient(make_services(lag=FakeLag([make_lag("MWEST", "invoice_to_match", 60)]))).page("/lag")

    assert page.links["Invoice → match"] == "/?facility=MWEST&handoff=invoice_to_match"


def test_exceptions_are_summed_by_age_by_facility_and_by_reason():
    rest = {"owner": "Accounts payable", "supplier": "V-7"}
    buckets = [
        AgingBucket({**rest, "facility": "MWEST", "reason": "price_variance"}, 0.0, 1.0, 4, {"USD": Decimal(4000)}),
        AgingBucket({**rest, "facility": "MWEST", "reason": "missing_receipt"}, 30.0, None, 2, {"CAD": Decimal(700)}),
        AgingBucket({**rest, "facility": "MEAST", "reason": "price_variance"}, 0.0, 1.0, 1, {}),
    ]
    text = ConsoleClient(make_services(aging=FakeAging(buckets))).page("/exceptions").text

    assert "7 open exceptions" in text
    assert "under 1 d 5 1 to 3 d 0 3 to 7 d 0 7 to 14 d 0 14 to 30 d 0 30 d or more 2" in text
    assert "Mercy West Hospital 4 0 0 0 0 2 6 USD 4.00 k CAD 700" in text
    assert "Price variance 5 0 0 0 0 0 5 USD 4.00 k" in text
    assert "Accounts payable 5 0 0 0 0 2 7 USD 4.00 k CAD 700" in text
    assert "V-7 5 0 0 0 0 2 7 USD 4.00 k CAD 700" in text


def test_the_buckets_of_exceptions_are_chosen_in_the_address(console):
    text = console.page("/exceptions?bounds=0,30").text

    assert "under 30 d" in text
    assert "30 d or more" in text
    assert "3 to 7 d" not in text


def test_buckets_that_are_no_numbers_are_refused_on_the_page_and_in_the_api(console):
    for path in (
        "/exceptions?bounds=0,soon",
        "/api/v1/exceptions/aging?bounds=0,soon",
        "/api/v1/exceptions/aging?bounds=nan",
    ):
        assert console.get(path).status_code == 400


def test_a_facilitys_open_exceptions_lead_to_the_handoffs_that_are_counted_and_to_no_cause(console):
    every = console.page("/exceptions?cause=silence&criticality=low").links["Mercy West Hospital"]
    some = console.page("/exceptions?handoff=exception_tax&handoff=order_to_erp").links["Mercy West Hospital"]

    assert every == "/?criticality=low&facility=MWEST&handoff=exception_tax&handoff=exception_other"
    assert some == "/?facility=MWEST&handoff=exception_tax"


def test_no_exceptions_says_as_of_when_and_from_what():
    text = ConsoleClient(make_services(aging=FakeAging([]))).page("/exceptions").text

    assert "No exception is open" in text
    assert "from 48,211 events" in text


@pytest.mark.parametrize(
    ("measured", "text"),
    [
        ((0.9241, "share"), "92.4 %"),
        ((21.75, "days"), "21.8 days"),
        ((1188, "invoices"), "1,188"),
        ((0.0, "share"), "0.0 %"),
        ((None, "days", 30.5), "≥ 30.5 days"),
        ((None, "share"), "\N{EN DASH}"),
    ],
)
def test_a_kpi_reads_in_its_unit_and_is_bounded_or_missing_where_it_must_be(measured, text):
    assert figure(*measured) == text


def test_each_kpi_stands_beside_its_definition_and_what_it_leaves_out(console):
    text = console.page("/kpis").text

    assert "Invoices paid more than once 188 188 of 927 Invoices that two or more payments touch." in text
    assert "too much is still open to say" in text
    assert "Source Aalen and Johansen 1978" in text


def test_a_kpi_of_nothing_says_there_is_nothing_to_measure():
    found = [Kpi("exception_rate", "Rate", "What.", None, "share", 0, 0, "Nothing.", "Source")]

    assert "0 of 0: nothing to measure" in ConsoleClient(make_services(kpis=FakeKpis(found))).page("/kpis").text


def test_the_days_between_milestones_stand_below_the_kpis_and_say_what_they_leave_out(console):
    page = console.page("/kpis?facility=MWEST")

    assert "Requisition → purchase order 7.2 days 927" in page.text
    assert "Invoice → payment \N{EN DASH} 0" in page.text
    assert "what is still waiting is left out" in page.text
    assert "/api/v1/journeys/lag?facility=MWEST" in page.html


def test_the_days_between_milestones_are_a_list_of_the_api(console):
    items = console.get("/api/v1/journeys/lag").json()["items"]

    assert items[0] == {
        "title": "Requisition → purchase order",
        "start": "requisition.created",
        "stop": "purchase_order.created",
        "journeys": 927,
        "median_days": 7.15,
    }
    assert items[3]["median_days"] is None


def test_alerts_show_state_reach_and_whether_somebody_was_told(console):
    page = console.page("/alerts")

    assert "1 firing, 1 pending" in page.text
    assert "Firing page Clinical-critical handoffs stalled" in page.text
    assert "webhook: firing delivered" in page.text
    assert page.links["Clinical-critical handoffs stalled"].startswith("/?cause=")


def test_resolved_alerts_are_kept_in_sight():
    alerts = [make_alert(state="resolved", resolved_at=make_alert().since)]
    text = ConsoleClient(make_services(alerts=FakeAlerts(alerts))).page("/alerts").text

    assert "No alert is active" in text
    assert "Resolved lately" in text


def test_alerts_can_be_asked_for_by_state(console):
    assert [each["state"] for each in console.get("/api/v1/alerts?state=pending").json()["items"]] == ["pending"]


def test_integrations_that_need_somebody_come_first_and_say_why(console):
    text = console.page("/integrations").text

    assert "1 silent, 1 never seen, 1 not registered, 5 heard" in text
    assert (
        text.index("Supplier network")
        < text.index("Finance reporting")
        < text.index("legacy_edi")
        < text.index("AP automation")
    )
    assert "Silent 9 h 50 min ago , expected every 4 h" in text
    assert "7.3 % 449 of 6,188" in text
    assert "0 of 15,104" in text


def test_an_integration_of_which_nothing_came_in_the_window_has_no_figures(console):
    hour, day = console.page("/integrations").text, console.page("/integrations?window=24h").text

    assert hour.count("nothing arrived in the last hour") == 3
    assert "3.06 events from before the silence" in day
    assert "Never seen never nothing arrived nothing arrived in the last 24 hours" in day


def test_percentiles_of_integrations_say_of_how_many_and_too_few_tell_none(console):
    text = console.page("/integrations").text

    assert "p50 38 ms p95 412 ms p99 2.10 s of 15,104" in text
    assert "events 4.20 s / 1 min spans 400 ms ahead / 5.10 s" in text
    assert f"events 4.20 s / {NOTHING} 1 Missing event name 1" in text


def test_the_window_is_chosen_by_links_that_keep_the_moment(console):
    page = console.page("/integrations?as_of=2026-03-04T11:00&window=15m")

    assert page.links["24 hours"] == "/integrations?as_of=2026-03-04T11%3A00&window=24h"
    assert page.links["JSON"] == "/api/v1/integrations?as_of=2026-03-04T11%3A00&window=15m"


def test_a_window_that_there_is_not_is_refused_on_the_page_and_in_the_api(console):
    for path in ("/integrations?window=2h", "/api/v1/integrations?window=2h", "/api/v1/integrations.csv?window=2h"):
        assert console.get(path).status_code == 400
    assert "this list takes no 'window'" in console.get("/api/v1/stalls?window=1h").json()["error"]["message"]


def test_each_chart_says_what_it_shows_and_has_a_table(console):
    page = console.page("/integrations")

    charts = [attributes["aria-label"] for tag, attributes in page.tags if tag == "svg" and "aria-label" in attributes]
    assert charts[0].startswith("4,659 records in the last 24 hours, none of them failed")
    assert charts[0].endswith("nothing in 9 hours")
    assert len(charts) == 7
    targets = {attributes.get("id") for tag, attributes in page.tags if tag == "tbody"}
    assert {
        href[1:] for tag, attributes in page.tags if tag == "a" and (href := attributes["href"]).startswith("#hours")
    } <= targets
    assert "Inventory and receiving 4 Mar, 11:01 to 12:01 1,841 5,525 400 0" in page.text


def test_what_failed_leads_to_the_quarantine_of_that_integration(console):
    page = console.page("/integrations")

    assert page.links["4"] == "/quarantine?integration=erp"
    assert "Bad amount 3, Bad timestamp 1" in page.text


def test_the_api_tells_the_health_that_the_page_shows(console):
    found = {each["integration"]: each for each in console.get("/api/v1/integrations").json()["items"]}

    assert found["erp"]["health"] == {
        "window": 3600, "events": 5035, "spans": 15104, "failed_spans": 0,
        "events_per_minute": 5035 / 60, "spans_per_minute": 15104 / 60, "error_rate": 0,
        "latency": {"n": 15104, "p50": 0.038, "p95": 0.412, "p99": 2.1},
        "event_delay": {"n": 5035, "p50": 4.2, "p95": 65, "p99": 700},
        "span_delay": {"n": 15104, "p50": -0.4, "p95": 5.1, "p99": 9},
        "quarantined": {"bad_amount": 3, "bad_timestamp": 1}, "last_received": "2026-03-04T11:59:00Z", "backlog": 4,
    }  # fmt: skip
    assert found["legacy_edi"]["health"]["event_delay"] == {"n": 17, "p50": 4.2, "p95": None, "p99": None}
    assert (found["supplier_network"]["stale"], found["supplier_network"]["health"]["error_rate"]) == (True, None)


def test_the_health_of_integrations_is_exported_with_a_column_for_each_figure(console):
    lines = console.get("/api/v1/integrations.csv?window=24h").text.split("\r\n")

    assert {"health.latency.p99", "health.event_delay.p95", "health.backlog", "stale"} <= set(lines[0].split(","))
    assert "bad_amount 3; bad_timestamp 1" in "".join(lines)


def test_the_hours_behind_the_charts_are_a_list_of_the_api(console):
    items = console.get("/api/v1/integrations/arrivals").json()["items"]

    assert len(items) == 7 * 24
    assert items[-1] == {
        "integration": "legacy_edi", "starts_at": "2026-03-04T11:01:00Z", "ends_at": "2026-03-04T12:01:00Z",
        "events": 47, "spans": 0, "failed_spans": 0, "quarantined": 0,
    }  # fmt: skip


def test_an_empty_quarantine_says_so():
    assert "Nothing was refused" in ConsoleClient(make_services(quarantine=FakeQuarantine([]))).page("/quarantine").text

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from support.console_client import ConsoleClient
from support.console_fakes import make_services
from support.console_network import NOW
from support.console_stalls import FakeStalls, make_stall

from web.export import cell


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x"]
)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("-12.50"), "-12.50"),
        (None, ""),
        (True, "true"),
        ({"USD": Decimal("1.50"), "CAD": Decimal(2)}, "USD 1.50; CAD 2"),
        (["a", "b"], "a; b"),
        (["=1", "b"], "'=1; b"),
        (datetime(2026, 3, 4, 12, tzinfo=UTC), "2026-03-04T12:00:00Z"),
    ],
)
def test_values_read_plainly_and_numbers_stay_numbers(value, text):
    assert cell(value) == text


def test_a_csv_holds_every_stall_of_the_filter_over_all_pages():
    stalls = [make_stall(number=number) for number in range(1203)]
    answer = ConsoleClient(make_services(stalls=FakeStalls(stalls))).get("/api/v1/stalls.csv?facility=MWEST")

    rows = list(csv.DictReader(io.StringIO(answer.text)))

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="stallwatch-stalls-20260304T120000Z.csv"'
    assert {row["object.id"] for row in rows} == {stall.object.id for stall in stalls}
    assert len(rows) == 1203


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("stalls.csv", "stallwatch-stalls-20260304T115947Z"),
        ("stalls/groups.csv", "stallwatch-stalls-groups-20260304T115947Z"),
    ],
)
def test_a_csv_of_the_board_is_of_the_instant_that_the_board_was_kept_at(path, name):
    services = make_services(stalls=FakeStalls(kept_at=NOW - timedelta(seconds=12, milliseconds=500)))

    answer = ConsoleClient(services).get(f"/api/v1/{path}")

    assert answer.headers["stallwatch-as-of"] == "2026-03-04T11:59:47.500000Z"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.csv"'


@pytest.mark.parametrize(
    "path",
    ["handoffs", "alerts", "quarantine", "kpis/touch_rate/items", "kpis/touch_rate/breakdown", "objectives/missed"],
)
def test_every_csv_says_of_when_it_is(path):
    assert ConsoleClient().get(f"/api/v1/{path}.csv").headers["stallwatch-as-of"] == "2026-03-04T12:00:00Z"


def test_a_csv_of_a_named_instant_is_of_that():
    answer = ConsoleClient().get("/api/v1/handoffs.csv?as_of=2026-03-01T08:30%2B01:00")

    assert answer.headers["stallwatch-as-of"] == "2026-03-01T07:30:00Z"
    assert "-20260301T073000Z.csv" in answer.headers["content-disposition"]


def test_an_export_asks_the_store_few_times_and_for_a_bounded_number_of_rows():
    class Counting(FakeStalls):
        def page(self, filters, **asked):
            limits.append(asked["limit"])
            return super().page(filters, **asked)

    limits = []
    stalls = Counting([make_stall(number=number) for number in range(6000)])

    answer = ConsoleClient(make_services(stalls=stalls)).get("/api/v1/stalls.csv")

    assert answer.text.count("\r\n") == 6001
    assert limits == [5000, 5000]


def test_a_hostile_supplier_name_is_harmless_in_a_csv():
    hostile = '=HYPERLINK("http://evil.example","x"),\n@y'
    services = make_services(stalls=FakeStalls([make_stall(supplier=hostile)]))

    (row,) = csv.DictReader(io.StringIO(ConsoleClient(services).get("/api/v1/stalls.csv").text, newline=""))

    assert row["supplier"] == f"'{hostile}"


def test_an_empty_list_is_a_csv_with_its_head():
    answer = ConsoleClient(make_services(stalls=FakeStalls([]))).get("/api/v1/stalls.csv")

    assert answer.text.startswith("journey,handoff,object.type,object.id,facility,supplier,")
    assert answer.text.count("\r\n") == 1

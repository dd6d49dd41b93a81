"""The quarantine in the API and on its pages: every reason in words, filters, and changes by an admin alone."""

import re
from pathlib import Path
from typing import Any

import pytest
from support.asgi_client import AsgiClient
from support.console_client import PageText
from support.console_fakes import make_services
from support.console_network import NOW
from support.console_watch import FakeQuarantine, FakeReplays
from support.key_rings import new_key, ring_of
from support.otlp import event, logs

from collector.quarantine import REASONS, QuarantineFilter, QuarantineStore
from collector.replay import Replayer
from collector.service import Collector
from core.clickhouse import Database
from core.clock import ManualClock
from web.app import console_app
from web.refusals import REFUSALS, SKIPPED, refusal

ROOT = Path(__file__).parents[2]
ONE = "9f3c" * 8


class Desk(AsgiClient):
    """A console with its fakes in view, and a key of each kind."""

    def __init__(self, held: Any = None, replays: Any = None) -> None:
        clock = ManualClock(NOW)
        self.ring, self.replays, self.held = ring_of(clock), replays or FakeReplays(), held or FakeQuarantine()
        self.admin = new_key(self.ring, "admin")
        self.reader = new_key(self.ring, "read").text
        super().__init__(
            console_app(make_services(keys=self.ring, clock=clock, replays=self.replays, quarantine=self.held))
        )

    def change(self, path: str, body: dict[str, Any]) -> Any:
        return self.post(path, json=body, headers={"authorization": f"Bearer {self.admin.text}"})


@pytest.fixture
def desk() -> Desk:
    return Desk()


def reasons_in_sql() -> set[str]:
    """What the landing views, the correlator and a replay can say."""
    landing = (ROOT / "core/migrations/0013_decoding.sql").read_text()
    judged = re.findall(r"multiIf\((?:(?!multiIf).)*?\) AS (?:problem|envelope_problem)", landing, re.DOTALL)
    said = {word for part in judged for word in re.findall(r", '([a-z_]+)'(?=[,\n])", part)}
    others = ("correlator/sql/quarantine_superseded.sql", "collector/sql/replay_known_events.sql")
    texts = "".join((ROOT / name).read_text() for name in others)
    return said | set(re.findall(r"'(conflicting_event|already_stored)'", texts))


def test_every_reason_is_told_in_words_with_what_helps() -> None:
    assert reasons_in_sql() == set(REFUSALS) == set(REASONS)
    assert len({each.title for each in REFUSALS.values()}) == len(REFUSALS)
    assert refusal("from_an_older_version").title == "From an older version"


def test_the_list_has_ids_and_standing_and_never_the_content(desk: Desk) -> None:
    answer = desk.get("/api/v1/quarantine?reason=bad_amount&integration=erp").json()

    assert answer["items"] == [
        {
            "id": ONE, "quarantined_at": "2026-03-04T09:00:00Z", "integration": "erp", "signal": "logs", "reason": "bad_amount",
            "detail": "much", "request_id": "r-17", "status": "open", "copies": 2, "replayable": True,
        }
    ]  # fmt: skip
    assert answer["total"] == 1
    rows = desk.get("/api/v1/quarantine.csv?status=refused&status=replayed").text.splitlines()
    assert rows[0] == "id,quarantined_at,integration,signal,reason,detail,request_id,status,copies,replayable"
    assert len(rows) == 3


@pytest.mark.parametrize("query", ["supplier=x", "status=gone", "signal=metrics", "received_from=soon", "limit=0"])
def test_what_cannot_be_asked_is_refused(desk: Desk, query: str) -> None:
    for path in ("/api/v1/quarantine", "/api/v1/quarantine.csv"):
        assert desk.get(f"{path}?{query}").status_code == 400


def test_one_record_is_told_with_its_content_and_history(desk: Desk) -> None:
    answer = desk.get(f"/api/v1/quarantine/{ONE}").json()

    assert answer["record"]["id"] == ONE
    assert answer["content"]["attribute_texts"] == ["much", "call [email:0a1b2c]"]
    assert [(step["status"], step["changed_by"]) for step in answer["history"]] == [
        ("begun", "key:a1b2"),
        ("refused", "key:a1b2"),
    ]
    assert desk.get("/api/v1/quarantine/none").status_code == 404


def test_a_replay_is_of_ids_or_of_a_filter_and_says_by_whom(desk: Desk) -> None:
    one = desk.change("/api/v1/quarantine/replay", {"ids": [ONE], "corrections": {"amount": "1"}})
    many = desk.change("/api/v1/quarantine/replay", {"filter": {"reason": ["bad_amount"]}})
    both = desk.change("/api/v1/quarantine/replay", {"ids": [ONE], "filter": {"reason": ["bad_amount"]}})
    dry = desk.change("/api/v1/quarantine/replay", {"ids": [ONE], "dry_run": True})

    by = f"key:{desk.admin.key.key_id}"
    assert desk.replays.asked == [
        (QuarantineFilter(ids=(ONE,)), by, {"amount": "1"}),
        (QuarantineFilter(reason=("bad_amount",)), by, {}),
    ]
    assert (one.status_code, many.status_code, both.status_code, dry.status_code) == (200, 200, 400, 200)
    assert one.json()["outcomes"] == [{"id": ONE, "outcome": "replayed", "reason": "", "detail": ""}]
    assert (dry.json()["dry_run"], dry.json()["left"]) == (True, 1)


def test_a_record_is_dismissed_with_a_reason(desk: Desk) -> None:
    answer = desk.change(f"/api/v1/quarantine/{ONE}/dismiss", {"because": "a test"})

    assert answer.json()["record"]["status"] == "dismissed"
    assert desk.change(f"/api/v1/quarantine/{ONE}/dismiss", {}).status_code == 400


def test_the_api_describes_all_of_it(desk: Desk) -> None:
    paths = desk.get("/api/v1/openapi.json").json()["paths"]

    assert {(path, method) for path, methods in paths.items() if "quarantine" in path for method in methods} == {
        ("/api/v1/quarantine", "get"),
        ("/api/v1/quarantine.csv", "get"),
        ("/api/v1/quarantine/{record_id}", "get"),
        ("/api/v1/quarantine/replay", "post"),
        ("/api/v1/quarantine/{record_id}/dismiss", "post"),
    }


def test_the_page_tells_reasons_in_words_what_helps_and_keeps_filters_in_its_address(desk: Desk) -> None:
    page = PageText(desk.get("/quarantine?integration=erp").text)

    assert "An amount that is no number" in page.text
    assert refusal("bad_amount").hint in page.text
    assert "3 h ago" in page.text
    assert page.links["An amount that is no number"] == "/quarantine?integration=erp&reason=bad_amount"
    assert page.links["CSV"] == "/api/v1/quarantine.csv?integration=erp"
    assert page.links["4 Mar, 09:00"] == f"/quarantine/{ONE}"
    assert "legacy_edi" not in page.links
    assert "0a1b2c" not in page.html


def test_a_records_page_shows_what_is_kept_and_a_form_that_needs_no_script(desk: Desk) -> None:
    page = PageText(desk.get(f"/quarantine/{ONE}").text)

    assert "call [email:0a1b2c]" in page.text
    forms = [attributes for tag, attributes in page.tags if tag == "form"]
    assert [form["action"] for form in forms] == [f"/quarantine/{ONE}/replay", f"/quarantine/{ONE}/dismiss"]
    names = {attributes.get("name") for tag, attributes in page.tags if tag == "input"}
    assert {"amount", "objects", "time", "facility", "supplier", "integration", "key", "because"} <= names
    assert desk.get("/quarantine/none").status_code == 404


def test_what_cannot_be_replayed_says_so_and_has_no_form_for_it(desk: Desk) -> None:
    page = PageText(desk.get(f"/quarantine/{'03' * 16}").text)

    assert SKIPPED["not_replayable"] in page.text
    assert f"/quarantine/{'03' * 16}/replay" not in page.html


def test_the_form_replays_with_the_key_that_is_typed_into_it(desk: Desk) -> None:
    form = {"amount": "12.50", "objects": "", "key": desk.admin.text}

    answer = desk.post(f"/quarantine/{ONE}/replay", data=form)

    assert answer.status_code == 200
    assert "The record is a fact now" in answer.text
    assert desk.admin.text not in answer.text
    assert desk.replays.asked == [(QuarantineFilter(ids=(ONE,)), f"key:{desk.admin.key.key_id}", {"amount": "12.50"})]


@pytest.mark.parametrize("action", ["replay", "dismiss"])
def test_a_form_without_an_admins_key_changes_nothing(desk: Desk, action: str) -> None:
    statuses = [
        desk.post(f"/quarantine/{ONE}/{action}", data={"because": "x", "key": key}).status_code
        for key in ("", "sw_0123456789ab_" + "0" * 48, desk.reader)
    ]

    assert statuses == [401, 403, 403]
    assert (desk.replays.asked, desk.held.record(ONE).record.status) == ([], "open")


def test_a_form_that_is_too_large_or_none_is_refused(desk: Desk) -> None:
    assert desk.post(f"/quarantine/{ONE}/replay", content=b"a=" + b"b" * 70_000).status_code == 400
    assert desk.post(f"/quarantine/{ONE}/replay", content=b"\xff\xfe").status_code == 400


def test_the_form_dismisses_with_a_reason(desk: Desk) -> None:
    answer = desk.post(f"/quarantine/{ONE}/dismiss", data={"because": "a test", "key": desk.admin.text})

    assert answer.status_code == 200
    assert desk.held.record(ONE).record.status == "dismissed"


@pytest.mark.database
def test_over_real_stores_a_record_is_corrected_in_its_form_and_leaves_the_list(
    database: Database, clock: ManualClock
) -> None:
    collector = Collector(database, clock)
    collector.accept_logs(logs(event(amount="much", event_id="E-1")))
    collector.close()
    desk = Desk(QuarantineStore(database), Replayer(database, clock))
    (item,) = desk.get("/api/v1/quarantine?status=open").json()["items"]

    form = {"key": desk.admin.text, "amount": "x"}
    refused = desk.post(f"/quarantine/{item['id']}/replay", data=form)
    stored = desk.post(f"/quarantine/{item['id']}/replay", data={**form, "amount": "12.50"})
    again = desk.change("/api/v1/quarantine/replay", {"ids": [item["id"]]}).json()

    assert "Nothing was changed" in refused.text
    assert "a number such as 12.50" in refused.text
    assert "The record is a fact now" in stored.text
    assert "amount: 12.50" in PageText(stored.text).text
    assert desk.get("/api/v1/quarantine?status=open").json()["total"] == 0
    assert (again["replayed"], again["outcomes"][0]["reason"]) == (0, "already_replayed")

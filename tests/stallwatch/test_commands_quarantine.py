"""`stallwatch quarantine`: what an import could not read is listed, shown, corrected, replayed once, or left."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.ocel_logs import small_log, write_log

from core.data_directory import claim
from core.errors import MisuseError
from stallwatch.commands.quarantine import list_records, replay

inherited = os.environ  # noqa: TID251 - the child processes need the machine's own variables
CLEAN = {name: value for name, value in inherited.items() if not name.startswith("STALLWATCH_")}


def stallwatch(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stallwatch.cli", *arguments, "--data-dir", str(home)],
        env=CLEAN, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def told(done: subprocess.CompletedProcess[str], status: int = 0) -> Any:
    assert done.returncode == status, done.stderr
    return json.loads(done.stdout)


@pytest.mark.process
def test_a_record_is_listed_shown_refused_again_replayed_once_and_told(tmp_path: Path) -> None:
    home, log = tmp_path / "home", small_log()
    log["events"][0]["time"] = "some day"
    stallwatch(home, "import", str(write_log(log, "json", tmp_path)), "--skip-broken")

    records = told(stallwatch(home, "quarantine", "list", "--json"))["items"]
    record = records[0]
    again = told(stallwatch(home, "quarantine", "replay", "--reason", "no_timestamp", "--json"), 1)
    fixes = ["--set", "time=2026-03-04T09:30:00Z", "--set", "event_id=E-1", "--set", "objects=invoice:1"]
    once = told(stallwatch(home, "quarantine", "replay", record["id"], *fixes, "--json"))
    twice = told(stallwatch(home, "quarantine", "replay", record["id"], "--json"), 1)
    left = stallwatch(home, "quarantine", "dismiss", record["id"], "--because", "a test")
    still = told(stallwatch(home, "quarantine", "dismiss", record["id"], "--because", "a test", "--json"))
    found = told(stallwatch(home, "quarantine", "show", record["id"], "--json"))

    assert (record["reason"], record["status"]) == ("no_timestamp", "open")
    assert (again["refused"], once["replayed"]) == (len(records), 1)
    assert twice["outcomes"][0]["reason"] == "already_replayed"
    assert [event["event_id"] for event in told(stallwatch(home, "find", "--event", "E-1", "--json"))["items"]] == [
        "E-1"
    ]
    assert left.stdout == f"{record['id']}: replayed\n"
    assert [(each["id"], each["status"]) for each in still["items"]] == [(record["id"], "replayed")]
    assert (still.keys() >= {"items", "as_of"}, found.keys() >= {"record", "as_of"}) == (True, True)
    assert [step["status"] for step in found["history"]] == ["begun", "refused", "begun", "replayed"]
    assert found["history"][0]["changed_by"].startswith("cli:")


@pytest.mark.process
def test_a_store_that_a_server_holds_is_asked_over_the_api(tmp_path: Path) -> None:
    claim(tmp_path / "home" / "db")

    done = stallwatch(tmp_path / "home", "quarantine", "replay", "--reason", "too_old")

    assert done.returncode == 1
    assert "curl -X POST http://127.0.0.1:8080/api/v1/quarantine/replay" in done.stderr
    assert '{"filter": {"reason": ["too_old"]}}' in done.stderr


@pytest.mark.parametrize(
    "asked",
    [
        {"ids": ["a"], "reason": ["too_old"]},
        {"ids": ["a"], "corrected": ["amount"]},
        {"status": ["gone"]},
        {"received_from": "soon"},
    ],
)
def test_a_replay_that_cannot_be_meant_is_misuse(asked: dict[str, Any]) -> None:
    with pytest.raises(MisuseError):
        replay(**asked)


def test_a_list_of_what_there_is_not_is_misuse() -> None:
    with pytest.raises(MisuseError, match="is no signal"):
        list_records(signal=["metrics"])

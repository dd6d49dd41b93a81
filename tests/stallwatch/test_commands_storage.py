import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.ocel_logs import small_log, write_log

from core.errors import MisuseError
from stallwatch.commands.finding import find
from stallwatch.commands.storage import bytes_shown


def run(*arguments: str, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    inherited = os.environ  # noqa: TID251 - the child process needs the machine's own variables
    clean = {name: value for name, value in inherited.items() if not name.startswith("STALLWATCH_")}
    return subprocess.run(
        [sys.executable, "-m", "stallwatch.cli", *arguments, "--data-dir", str(home)],
        env=clean | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def answer(*arguments: str, home: Path, **variables: str) -> Any:
    done = run(*arguments, "--json", home=home, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.process
def test_what_is_kept_is_shown_and_an_event_is_found(tmp_path: Path) -> None:
    home = tmp_path / "home"
    log = write_log(small_log(), "json", tmp_path)
    imported = answer("import", str(log), home=home, STALLWATCH_RETENTION_EVENTS_DAYS="750")

    kept = {table["table"]: table for table in answer("retention", home=home)["items"]}
    shown = run("retention", home=home).stdout
    missing = run("find", "--event", "no such", home=home)

    assert kept["events"]["rows"] == imported["events"]
    assert kept["events"]["retention_days"] == kept["event_objects"]["retention_days"] == 750
    assert kept["spans"] == {
        "table": "spans", "signal": "spans", "retention_days": 30, "oldest": None, "rows": 0, "bytes_on_disk": 0, "parts": 0,
    }  # fmt: skip
    assert "750 days" in shown
    assert missing.stdout == "Nothing of that kind is stored.\n"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "name one of --trace, --event, --attribute"),
        ({"trace": "1", "event": "2"}, "name one of --trace, --event, --attribute"),
        ({"event": "E-1", "as_of": "2026-03-04"}, "--as-of goes with --attribute"),
        ({"attribute": "=x"}, "'=x' is not an attribute"),
        ({"attribute": "x"}, "'x' is not an attribute"),
    ],
)
def test_what_cannot_be_looked_for_is_misuse(given: dict[str, str], message: str) -> None:
    with pytest.raises(MisuseError, match=message):
        find(**given)


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (1023, "1,023 B"),
        (1024, "1.0 KiB"),
        (1536 * 1024, "1.5 MiB"),
        (2**40, "1.0 TiB"),
        (2**52, "4,096.0 TiB"),
    ],
)
def test_bytes_are_shown_in_the_unit_that_fits(count: int, shown: str) -> None:
    assert bytes_shown(count) == shown

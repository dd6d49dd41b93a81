"""Lag and forecast on the command line, on twenty-one requisitions whose figures can be worked out by hand.

Ten were made in the first days of February and approved a day later; of ten of the first days of March six were
approved after three days, and four not yet. One has just come.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.process
AS_OF = "2024-03-25T00:00Z"
DAY = timedelta(days=1)
OF_APPROVALS = ("--handoff", "requisition_approval", "--as-of", AS_OF)


def run(*arguments: str, home: Path) -> str:
    inherited = os.environ  # noqa: TID251 - the child process needs the machine's own variables
    clean = {name: value for name, value in inherited.items() if not name.startswith("STALLWATCH_")}
    done = subprocess.run(
        [sys.executable, "-m", "stallwatch.cli", *arguments, "--data-dir", str(home)],
        env=clean | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def answer(*arguments: str, home: Path) -> Any:
    return json.loads(run(*arguments, "--json", home=home))


def events() -> Iterator[tuple[str, str, datetime]]:
    """Yield the events of requisitions: type, number and time."""
    for day in range(10):
        before, after = (datetime(2024, month, 1, 8, tzinfo=UTC) + day * DAY for month in (2, 3))
        yield "Create Purchase Requisition", f"before {day}", before
        yield "Approve Purchase Requisition", f"before {day}", before + DAY
        yield "Create Purchase Requisition", f"after {day}", after
        if day < 6:
            yield "Approve Purchase Requisition", f"after {day}", after + 3 * DAY
    yield "Create Purchase Requisition", "new", datetime(2024, 3, 24, 20, tzinfo=UTC)


def log() -> dict[str, Any]:
    """Return an OCEL 2.0 log of them."""
    told = list(events())
    return {
        "objectTypes": [{"name": "purchase_requisition", "attributes": []}],
        "eventTypes": [{"name": name, "attributes": []} for name in sorted({name for name, *_ in told})],
        "objects": [
            {"id": number, "type": "purchase_requisition"} for number in sorted({number for _, number, _ in told})
        ],
        "events": [
            {
                "id": f"e{place}",
                "type": name,
                "time": at.isoformat(),
                "attributes": [],
                "relationships": [{"objectId": number, "qualifier": "of"}],
            }
            for place, (name, number, at) in enumerate(told)
        ],
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory with the requisitions."""
    folder = tmp_path_factory.mktemp("requisitions")
    (folder / "log.json").write_text(json.dumps(log()))
    run("import", str(folder / "log.json"), home=folder / "home")
    return folder / "home"


def test_a_trend_has_a_row_for_each_week_of_opening(home: Path) -> None:
    rows = answer("lag", "--trend", "week", *OF_APPROVALS, home=home)["items"]

    assert [(row["week"], row["closed"], row["open"], row["closed_only_p50"]) for row in rows] == [
        ("2024-01-29", 4, 0, 86_400),
        ("2024-02-05", 6, 0, 86_400),
        ("2024-02-26", 3, 0, 259_200),
        ("2024-03-04", 3, 4, 259_200),
        ("2024-03-18", 0, 1, None),
    ]


LISTS = [
    *("stalls --groups", "journeys", "lag", "views", "kpis"),
    *("kpis approval_time --by facility", "kpis approval_time --documents denominator"),
]


@pytest.mark.parametrize("command", LISTS)
def test_every_list_says_what_it_holds_and_of_when_in_one_shape(home: Path, command: str) -> None:
    found = answer(*command.split(), "--as-of", AS_OF, home=home)

    assert isinstance(found["items"], list)
    assert found["as_of"] == "2024-03-25T00:00:00Z"


@pytest.mark.parametrize("command", ["journeys requisition:new", "kpis approval_time"])
def test_what_is_told_of_one_says_of_when_it_is(home: Path, command: str) -> None:
    assert answer(*command.split(), "--as-of", AS_OF, home=home)["as_of"] == "2024-03-25T00:00:00Z"


def test_the_table_of_a_trend_is_in_hours(home: Path) -> None:
    lines = run("lag", "--trend", "month", *OF_APPROVALS, home=home).splitlines()

    (march,) = [line.replace("│", " ").split() for line in lines if "2024-03-01" in line]
    assert march[:5] == ["2024-03-01", "5", "6", "72.0", "72.0"]


def test_the_last_weeks_are_compared_with_those_before(home: Path) -> None:
    # Log-rank by hand: at one day all ten of February end, of twenty at risk. Expected five, variance
    # 10 * 10 * 10 * 10 / (20 * 20 * 19) = 1.3158; (10 - 5)² / 1.3158 = 19. Later only March is at risk.
    found = answer("lag", "--compare", "28", "--by", "handoff", *OF_APPROVALS, home=home)

    (row,) = found["items"]
    # The later window ends as it is asked for, the earlier four weeks before: in 2024 February has 29 days.
    assert (found["as_of"], found["earlier_as_of"]) == ("2024-03-25T00:00:00Z", "2024-02-26T00:00:00Z")
    assert row["keys"] == {"handoff": "requisition_approval"}
    assert (row["earlier"]["closed"], row["later"]["closed"], row["later"]["open"]) == (10, 6, 5)
    assert (row["earlier"]["censor_aware_p50"], row["later"]["censor_aware_p50"]) == (86_400, 259_200)
    assert row["chi_square"] == pytest.approx(19)
    assert row["verdict"] == "slower"


def test_the_table_of_a_comparison_says_what_is_slower(home: Path) -> None:
    lines = run("lag", "--compare", "28", "--by", "handoff", *OF_APPROVALS, home=home).splitlines()

    (told,) = [line.replace("│", " ").split() for line in lines if "slower" in line]
    assert told[:5] == ["requisition_approval", "slower", "0.000", "24.0", "72.0"]


def test_a_forecast_is_withheld_where_too_few_like_it_have_closed(home: Path) -> None:
    # Four are late already, so only the newest is still to be decided: it is like sixteen that closed, fewer than 40.
    rows = answer("forecast", "--by", "handoff", *OF_APPROVALS, home=home)["items"]

    assert {row["keys"]["handoff"] for row in rows} == {"requisition_approval"}
    assert (rows[-1]["too_few"], rows[-1]["forecast"]) == (1, 0)
    assert "requisition_approval" in run("forecast", "--by", "handoff", *OF_APPROVALS, home=home)

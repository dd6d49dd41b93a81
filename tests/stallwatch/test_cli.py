"""The command line as a user meets it: real processes, one clear line for what is wrong, exit codes, JSON."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.ocel_logs import small_log, write_log

from correlator.loading import load_models

pytestmark = pytest.mark.process
ROOT = Path(__file__).parents[2]
SHIPPED = load_models(["procure-to-pay", "supplier-master"])
FREE = ("--console-port", "0", "--otlp-port", "0", "--otlp-grpc-port", "0")


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    inherited = os.environ  # noqa: TID251 - the child process needs the machine's own variables
    clean = {name: value for name, value in inherited.items() if not name.startswith("STALLWATCH_")}
    return subprocess.run(
        [sys.executable, "-m", "stallwatch.cli", *arguments],
        env=clean | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def one_line(text: str) -> str:
    (line,) = [line for line in text.splitlines() if not line.startswith("{")]
    return line


def answer(*arguments: str) -> Any:
    done = run(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose store stands, with nothing in it: to migrate one takes longer than what is asked of it."""
    directory = tmp_path_factory.mktemp("home")
    assert run("migrate", STALLWATCH_DATA_DIR=str(directory)).returncode == 0
    return directory


def test_a_command_that_listens_to_nobody_does_not_load_what_listens() -> None:
    loaded = "import sys, stallwatch.cli; print({'typer', 'fastapi', 'grpc', 'apscheduler', 'plotly'} & {*sys.modules})"

    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, timeout=120, check=True)

    assert done.stdout == "{'typer'}\n"


def test_check_is_content_with_what_ships() -> None:
    found = answer("check")

    assert found["models"] == [model.model for model in SHIPPED]
    assert found["handoffs"] == sum(len(model.handoffs) for model in SHIPPED) > 21


def test_check_tells_all_that_is_wrong_line_by_line_and_fails(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("model: mine\nversion: 1\ntitle: 7\nanchr: lease\nobjects: {}\n")

    done = run("check", STALLWATCH_MODELS=f"{file},p2p")

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"{file}:1:1: anchor: is missing; add it",
        f"{file}:3:1: title: 7 is not text; put it in quotes",
        f"{file}:4:1: anchr: unknown key; did you mean 'anchor'?",
        "there is no model 'p2p': give a YAML file, or one of procure-to-pay-documents, procure-to-pay, supplier-master",
    ]


def test_check_tells_what_is_wrong_to_programs_too(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("model: mine\nversion: 1\ntitle: Mine\nanchor: lease\nobjects: {lease: {}, x: {}}\n")

    done = run("check", "--json", STALLWATCH_MODELS=str(file))

    assert done.returncode == 1
    assert json.loads(done.stdout)["problems"] == [
        {
            "file": str(file),
            "line": 5,
            "column": 22,
            "place": "objects.x",
            "reason": "reaches no anchor; give it attaches_via, or remove it",
        }
    ]


def test_check_prints_the_schema_that_is_published() -> None:
    assert run("check", "--schema").stdout == (ROOT / "docs" / "journey-model.schema.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "variables", "code", "message"),
    [
        (["check"], {"STALLWATCH_TICK": "1"}, 1, "STALLWATCH_TICK: there is no such setting"),
        (["check"], {"STALLWATCH_MODELS": "p2p"}, 1, "there is no model 'p2p'"),
        (["stalls", "--as-of", "noon"], {}, 2, "'noon' is not an instant"),
        (["stalls", "--as-of", "0001-01-01"], {}, 2, "1970 to 2199"),
        (["stalls", "--as-of", "2199-01-01"], {}, 2, "'2199-01-01' is yet to come"),
        (["lag", "--criticality", "high"], {}, 2, "no criticality is called 'high'"),
        (["objectives", "--handoff", "order_to_reciept"], {}, 2, "near it: 'order_to_receipt'"),
        (["lag", "--trend", "week", "--compare", "7"], {}, 2, "--compare has windows of its own: leave out --trend"),
        (["lag", "--opened-since", "2026-01-01", "--compare", "7"], {}, 2, "--compare has windows of its own"),
        (["kpis", "nope"], {}, 2, "there is no KPI 'nope'"),
        (["kpis", "--by", "facility"], {}, 2, "--by and --documents go with the key of one KPI, either of them"),
        (["kpis", "touch_rate", "--by", "facility", "--documents", "lacking"], {}, 2, "either of them"),
        (["views", "nope"], {}, 2, "there is no view 'nope'"),
        (["objectives", "nope", "--json"], {}, 2, "there is no objective 'nope'"),
        (["models", "nope"], {}, 2, "'nope'"),
        (["journeys", "lease:L-1", "--facility", "west"], {}, 2, "--facility and --handoff go with the list"),
        (["stalls"], {"STALLWATCH_DSN": "clickhouse://u:secret@127.0.0.1:9/x"}, 1, "127.0.0.1:9"),
        (["stalls"], {"STALLWATCH_DSN": "postgres://h/x"}, 1, "clickhouse://"),
        (["import", "nowhere"], {}, 1, "nowhere"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    home: Path, arguments: list[str], variables: dict[str, str], code: int, message: str
) -> None:
    done = run(*arguments, **{"STALLWATCH_DATA_DIR": str(home), **variables})

    assert done.returncode == code, done.stderr
    assert message in one_line(done.stderr)
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_refuses_wrong_objectives_with_their_place_before_it_opens_anything(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: mine}\nspec: {service: x, budgetingMethod: Sometimes}\n"
    )

    done = run("serve", *FREE, "--data-dir", str(tmp_path / "store"), STALLWATCH_OBJECTIVES=str(file))

    assert done.returncode == 1
    assert f"{file}:4:20: spec.budgetingMethod: 'Sometimes' is none of Occurrences, Timeslices" in one_line(done.stderr)
    assert not (tmp_path / "store").exists()


def test_serve_refuses_wrong_calendars_with_their_place_before_it_opens_anything(tmp_path: Path) -> None:
    file = tmp_path / "registry.yaml"
    file.write_text("calendars:\n  office: {shifts: {mon: ['08:00-17:00', '09:00-10:00']}}\n")

    done = run("serve", *FREE, "--data-dir", str(tmp_path / "store"), STALLWATCH_REGISTRY=str(file))

    assert done.returncode == 1
    assert f"{file}:2:42: calendars.office.shifts.mon.1: '09:00-10:00' adds nothing" in one_line(done.stderr)
    assert not (tmp_path / "store").exists()


def test_a_store_without_events_is_not_called_healthy(tmp_path: Path) -> None:
    home = ("--data-dir", str(tmp_path / "store"))

    told = run("stalls", *home)

    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith(f"There are no events in chdb://{tmp_path}/store/db yet: ")
    assert answer("stalls", *home)["items"] == []


def test_an_unknown_command_is_misuse() -> None:
    assert run("stalled").returncode == 2


@pytest.mark.enable_socket
@pytest.mark.parametrize("option", ["--console-port", "--otlp-port", "--otlp-grpc-port"])
def test_a_port_in_use_is_said_in_one_line(tmp_path: Path, option: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("serve", *FREE, option, port, "--data-dir", str(tmp_path))

    assert done.returncode == 1
    assert one_line(done.stderr) == f"stallwatch: cannot listen on 127.0.0.1:{port}: Address already in use"


def test_a_month_can_be_imported_migrated_rebuilt_and_asked(tmp_path: Path) -> None:
    log = write_log(small_log(), "json", tmp_path)
    home = ("--data-dir", str(tmp_path / "home"))

    pending = answer("migrate", "--dry-run", *home)
    imported = answer("import", str(log), *home)
    rebuilt = answer("rebuild", *home)
    versions = answer("models", *home)["items"]
    definition = answer("models", "supplier-master", *home)["definition"]
    stalls = answer("stalls", *home)
    journeys = answer("journeys", *home)

    assert pending["dry_run"]
    assert len(pending["migrations"]) >= 6
    assert imported["events"] > 0
    assert [(each["model"], each["version"], each["until"]) for each in versions] == [
        (model.model, model.version, None) for model in SHIPPED
    ]
    assert definition["handoffs"]["supplier_to_erp"]["owner"] == "ERP integration team"
    assert imported["journeys"] == rebuilt["items"][0]["roots"] == journeys["total"] > 0
    assert {"items", "total", "as_of"} <= stalls.keys()
    assert rebuilt.keys() == {"items", "as_of"}
    assert answer("stalls", "--as-of", "2026-03-04T12:00+02:00", *home)["as_of"] == "2026-03-04T10:00:00Z"
    root = journeys["items"][0]["root"]
    one = answer("journeys", f"{root['type']}:{root['id']}", *home)
    assert one["timeline"]
    assert answer("lag", *home)["items"]
    objectives = answer("objectives", "--as-of", "2026-03-04T12:00Z", *home)["items"]
    assert {"order-to-receipt-standard", "supplier-to-erp-standard"} <= {each["name"] for each in objectives}
    one = answer("objectives", objectives[0]["name"], "--as-of", "2026-03-04T12:00Z", *home)
    assert (one["share"], one["state"], len(one["history"])) == (None, "frozen", 31)
    found = answer("findings", "--window", "24h", *home)
    assert {"items", "as_of", "window"} == found.keys()
    assert {each["integration"] for each in found["items"]} <= {"ocel-import"}
    kpis = answer("kpis", *home)
    assert {kpi["key"] for kpi in kpis["items"]} >= {"invoice_cycle_time"}
    assert [lag["start"] for lag in kpis["journey_lags"]][:2] == ["requisition.created", "purchase_order.created"]


def test_the_demo_does_the_main_job_once(tmp_path: Path) -> None:
    outcome = answer("demo", "--once", "--journeys", "120")

    assert list(outcome) == [
        "events",
        "spans",
        "journeys",
        "handoffs",
        "stalls",
        "stall_groups",
        "alerts_firing",
        "seconds",
    ]
    assert list(outcome["handoffs"]) == ["open", "closed", "cancelled"]
    assert outcome["events"] > 500
    assert outcome["journeys"] >= 120
    assert 0 < outcome["stall_groups"] <= outcome["stalls"] <= outcome["handoffs"]["open"]
    assert 0 < outcome["alerts_firing"] <= outcome["stall_groups"]

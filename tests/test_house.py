"""The house itself: what is where, what names what, and that the files around the code tell the truth."""

import ast
import io
import re
import shutil
import subprocess
import sys
import tokenize
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.settings import SECRETS, Settings

ROOT = Path(__file__).parents[1]
ROOMS = ("core", "collector", "correlator", "slo", "alerts", "web", "stallwatch")
TOP_LEVEL = (
    *(*ROOMS, "sdk", "tests", "bench", "docs", "docs/adr", "docs/architecture.md", "docs/operations.md", ".ci/run"),
    *("pyproject.toml", "README.md", "CHANGELOG.md", "Makefile", "docker-compose.yml", ".pre-commit-config.yaml"),
)
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
QUERIES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.sql") if path.parent.name == "sql")
TOO_LONG, TOO_LONG_FUNCTION = 400, 40
# "noqa: X - reason" and "type: ignore[x]  # reason"; that a package has no types is a reason by itself.
WITH_REASON = re.compile(r"noqa: [A-Z0-9, ]+ - \w|type: ignore\[(?:import-untyped\]|[\w-]+\]  # \w)")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tracked() -> tuple[Path, ...]:
    """What is in the repository; where git is absent, the files that would be."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


@cache
def code(room: str) -> str:
    return "\n".join(path.read_text() for path in MODULES if path.relative_to(ROOT).parts[0] == room)


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_the_house_has_what_its_design_names(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_resolves_to_our_tree(room: str) -> None:
    spec = find_spec(room)

    assert spec is not None
    assert spec.origin == str(ROOT / room / "__init__.py")


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_says_what_it_owns_and_which_file_to_read_first(room: str) -> None:
    docstring = ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text())) or ""

    assert "Owns" in docstring
    assert re.search(r"(?i)\b(?:never|no)\b", docstring), "what does it never do?"
    assert re.search(r"`[\w/]+\.(?:py|yaml)`", docstring)


def test_no_module_is_longer_than_one_can_read() -> None:
    long = {shown(path): len(path.read_text().splitlines()) for path in MODULES}

    assert {name: lines for name, lines in long.items() if lines > TOO_LONG} == {}


@pytest.mark.parametrize("query", QUERIES, ids=shown)
def test_each_query_opens_with_its_grain_and_its_caller(query: Path) -> None:
    lines = [line.strip() for line in query.read_text().splitlines()]
    opening = "\n".join(line for line in lines[:6] if line.startswith("--"))

    assert lines[0].startswith("--")
    assert "Grain:" in opening
    assert "Caller:" in opening or "Callers:" in opening


@pytest.mark.parametrize("query", QUERIES, ids=shown)
def test_each_query_is_named_by_code_or_included_by_another_query(query: Path) -> None:
    assert is_named(query) or is_one_of_a_family(query), "nobody runs it: remove it, or use it"


def is_named(query: Path) -> bool:
    """Whether a module of its room writes its name in quotes, or a query of any room includes it."""
    room = query.relative_to(ROOT).parts[0]
    included = re.compile(rf"(?m)^-- include: {room}/{query.stem}$")
    return f'"{query.stem}"' in code(room) or any(included.search(path.read_text()) for path in QUERIES)


def is_one_of_a_family(query: Path) -> bool:
    """Whether it is named with its family's name apart: f"kpi_{key}" in code, and the keys in quotes."""
    parts, text = query.stem.split("_"), code(query.relative_to(ROOT).parts[0])
    return any(
        f'"{"_".join(parts[:cut])}_{{' in text and f'"{"_".join(parts[cut:])}"' in text for cut in range(1, len(parts))
    )


def test_no_function_is_longer_than_one_can_see_at_once() -> None:
    long = {
        f"{shown(path)}: {node.name}": node.end_lineno - node.lineno + 1
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None
    }

    assert {name: lines for name, lines in long.items() if lines > TOO_LONG_FUNCTION} == {}


@pytest.mark.parametrize("folder", [*ROOMS, "sdk", "tests", "bench"])
def test_whoever_silences_a_checker_says_why(folder: str) -> None:
    silenced = [
        f"{shown(path)}:{token.start[0]}: {token.string}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline)
        if token.type == tokenize.COMMENT and re.search(r"noqa|type: ignore", token.string)
    ]

    assert [each for each in silenced if not WITH_REASON.search(each)] == []


def test_every_import_from_outside_is_a_declared_dependency() -> None:
    declared = {name_of(requirement) for requirement in PROJECT["project"]["dependencies"]}
    declared |= {name_of(requirement) for requirement in PROJECT["project"]["optional-dependencies"]["embedded"]}
    providers = packages_distributions()

    undeclared = {
        f"{shown(path)}: {module}"
        for path in MODULES
        for module in imported(path)
        if module.split(".")[0]
        not in {*ROOMS, *sys.stdlib_module_names, "compression"}  # of the standard library from 3.14 on
        and not {name_of(each) for each in provided_by(module, providers)} & declared
    }

    assert undeclared == set()


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return plain | {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}


def provided_by(module: str, providers: Any) -> set[str]:
    """Which distributions bring a module; several share the namespaces `google` and `opentelemetry`."""
    if module.startswith("opentelemetry."):
        part = module.split(".")[1]
        return (
            {"opentelemetry-sdk"}
            if part == "sdk"
            else {"opentelemetry-proto"}
            if part == "proto"
            else {"opentelemetry-api"}
        )
    if module.startswith(("google.rpc", "google.api", "google.type")):
        return {"googleapis-common-protos"}
    return {"protobuf"} if module.startswith("google") else set(providers.get(module.split(".", maxsplit=1)[0], ()))


def name_of(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_each_locked_package_is_pinned_and_hashed(lock: str) -> None:
    entries = [
        entry for entry in re.split(r"(?m)^(?=[A-Za-z0-9])", (ROOT / lock).read_text()) if not entry.startswith("#")
    ]

    assert len(entries) > 40
    assert [entry for entry in entries if "==" not in entry.splitlines()[0] or "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        (
            "requirements.txt",
            [
                *PROJECT["project"]["dependencies"],
                *PROJECT["project"]["optional-dependencies"]["embedded"],
                "hatchling",
            ],
        ),
        ("requirements-dev.txt", [each for each in PROJECT["dependency-groups"]["dev"] if isinstance(each, str)]),
    ],
)
def test_each_lock_holds_what_the_project_asks_for(lock: str, wanted: list[str]) -> None:
    locked = {name_of(line) for line in (ROOT / lock).read_text().splitlines() if "==" in line}

    assert {name_of(requirement) for requirement in wanted} - locked == set()


def test_development_runs_the_very_versions_that_are_shipped() -> None:
    pins = {
        name: set(re.findall(r"(?m)^\S+==\S+", (ROOT / name).read_text()))
        for name in ("requirements.txt", "requirements-dev.txt")
    }

    assert pins["requirements.txt"] - pins["requirements-dev.txt"] == set()


def test_no_tracked_file_names_a_package_registry_or_a_place_on_one_machine() -> None:
    # Written in pieces, so that this file passes its own test.
    forbidden = re.compile(
        "|".join(
            (
                "pypi" + r"\.org",
                "python" + "hosted",
                "npm" + "js",
                "--(?:extra-)?index" + "-url",
                "/wo" + "rk/",
                "/ro" + "ot/",
                "/ho" + "me/\\w",
            )
        )
    )

    found = {
        f"{shown(path)}: {hit[0]}"
        for path in tracked()
        if (hit := forbidden.search(path.read_bytes().decode("utf-8", "ignore"))) is not None
    }

    assert found == set()


def test_the_operations_manual_describes_every_setting_with_its_default() -> None:
    rows = re.findall(r"(?m)^\| `STALLWATCH_(\w+)` \| (\S+) \| (.+) \|$", (ROOT / "docs/operations.md").read_text())

    assert rows == [
        (name.upper(), default_shown(name, field.default), field.description)
        for name, field in Settings.model_fields.items()
    ]


def default_shown(name: str, default: object) -> str:
    if name in SECRETS or default is None:
        return "—"
    if isinstance(default, tuple):
        return f"`{','.join(map(str, default))}`"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


@pytest.mark.parametrize("manual", ["README.md", "docs/operations.md"])
def test_every_make_command_of_the_manuals_exists(manual: str) -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text()))
    named = set(re.findall(r"(?m)(?:^|`|&& )make ([a-z]+)", (ROOT / manual).read_text()))

    assert named - targets == set()
    assert {"demo", "test", "check", "lock", "bench", "clean"} <= targets


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize("target", ["demo", "test", "check", "lock", "bench", "clean", "secrets"])
def test_every_target_of_the_makefile_can_be_planned(target: str) -> None:
    planned = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False)

    assert planned.returncode == 0, planned.stderr


def test_ci_runs_the_checks_and_then_the_suite_so_that_pytest_has_the_last_word() -> None:
    script = ROOT / ".ci/run"

    assert script.stat().st_mode & 0o111
    assert "set -euo pipefail" in script.read_text()
    assert script.read_text().rstrip().splitlines()[-2:] == ["make check", "make test COVERAGE=1"]
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


def test_pre_commit_runs_what_ci_checks() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    entries = [hook["entry"] for repo in config["repos"] for hook in repo["hooks"]]
    check = (ROOT / "Makefile").read_text().split("\ncheck:")[1].split("\n\n")[0]

    tools = {Path(entry.split()[0]).name for entry in entries}
    assert tools == set(re.findall(r"\$\(BIN\)/(?!stallwatch)([\w-]+)", check))


def compose() -> Any:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_compose_waits_for_a_healthy_clickhouse_before_it_starts_stallwatch() -> None:
    services = compose()["services"]

    assert set(services) == {"clickhouse", "stallwatch"}
    assert all(service["healthcheck"]["test"][0] == "CMD" for service in services.values())
    assert services["stallwatch"]["depends_on"] == {"clickhouse": {"condition": "service_healthy"}}


def test_compose_publishes_the_ports_of_the_settings_on_loopback_only() -> None:
    fields = Settings.model_fields
    ports = [fields[name].default for name in ("console_port", "otlp_port", "otlp_grpc_port")]
    expected = [f"127.0.0.1:{port}:{port}" for port in ports]

    assert compose()["services"]["stallwatch"]["ports"] == expected
    assert "ports" not in compose()["services"]["clickhouse"]


def test_compose_gives_passwords_as_files_only() -> None:
    document = compose()
    secrets = {name for service in document["services"].values() for name in service["secrets"]}

    assert secrets == set(document["secrets"])
    assert {each["file"] for each in document["secrets"].values()} == {"./secrets/password", "./secrets/dsn"}
    for service in document["services"].values():
        for name, value in service["environment"].items():
            assert not re.search("PASSWORD|DSN|SECRET", name) or name.endswith("_FILE"), (name, value)


def test_compose_sets_only_settings_that_exist() -> None:
    names = set(compose()["services"]["stallwatch"]["environment"])

    assert names <= {f"STALLWATCH_{name.upper()}" for name in Settings.model_fields} | {
        f"STALLWATCH_{name.upper()}_FILE" for name in SECRETS
    }


def test_compose_agrees_with_docker() -> None:
    if (
        shutil.which("docker") is None
        or subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode
    ):
        pytest.skip("docker compose is not installed")

    checked = subprocess.run(
        ["docker", "compose", "config", "-q"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stderr


def test_the_image_holds_every_room_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    ignored = (ROOT / ".dockerignore").read_text().splitlines()

    assert [room for room in ROOMS if f"COPY {room} {room}" not in lines] == []
    assert [room for room in ROOMS if f"!{room}" not in ignored] == []
    assert [line for line in lines if line.startswith("USER ")] == ["USER stallwatch"]
    assert any("--require-hashes" in line for line in lines)


def test_the_changelog_has_a_section_for_what_is_not_released() -> None:
    assert "\n## [Unreleased]\n" in (ROOT / "CHANGELOG.md").read_text()


def test_every_decision_record_is_listed_and_says_why_and_what_it_costs() -> None:
    records = sorted(path for path in (ROOT / "docs/adr").glob("*.md") if path.name != "README.md")
    index = (ROOT / "docs/adr/README.md").read_text()

    assert [path.name for path in records if f"({path.name})" not in index] == []
    for part in ("**Decision.**", "**Why.**", "**Not chosen.**", "**Costs.**"):
        assert [path.name for path in records if part not in path.read_text()] == []

"""Burn alerts as Prometheus rules, and what promtool makes of them: two counters a case, sampled at even steps."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from math import floor
from pathlib import Path

import yaml

from slo.budgets import Tally
from slo.objectives import BurnAlert

NEAREST = 0.000001  # what rates are compared to: promtool compares every bit of two floats
PROMTOOL = shutil.which("promtool")


@dataclass(frozen=True)
class Decisions:
    """How many were decided good and bad in each step of so many seconds, oldest first."""

    step: timedelta
    tallies: tuple[Tally, ...]

    def last(self, length: timedelta) -> Tally:
        """Return what was decided in the last so long."""
        return sum(self.tallies[-(length // self.step) :], Tally())


@dataclass(frozen=True)
class BurnCase:
    """An alert at a target, over decisions: what is expected of both burn rates, and whether it fires at the end."""

    name: str
    target: Fraction
    alert: BurnAlert
    decisions: Decisions
    long: Fraction | None
    short: Fraction | None
    fires: bool


def write_rules(folder: Path, cases: Sequence[BurnCase]) -> list[Path]:
    """Write the rules of all cases and tests that expect what the cases do; return the files of tests.

    Cases of one step share a file and its series' interval: every rule of a file is evaluated in all of its tests, so
    that they are evaluated at a few steps alone, of which the last is one.
    """
    by_step: dict[timedelta, list[BurnCase]] = {}
    for case in cases:
        by_step.setdefault(case.decisions.step, []).append(case)
    return [_write(folder, step, alike) for step, alike in by_step.items()]


def promtool_says(tests: Sequence[Path]) -> str:
    """Return what promtool finds wrong; nothing where everything is as expected."""
    assert PROMTOOL
    command = [PROMTOOL, "test", "rules", *map(str, tests)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ("SUCCESS" in ran.stdout) or ("FAILED" in ran.stdout + ran.stderr), ran
    return "" if ran.returncode == 0 else ran.stdout + ran.stderr


def _write(folder: Path, step: timedelta, cases: Sequence[BurnCase]) -> Path:
    (length,) = {len(case.decisions.tallies) for case in cases}
    name = f"{step // timedelta(seconds=1)}.yml"
    rules = [rule for case in cases for rule in _rules(case)]
    (folder / f"rules-{name}").write_text(yaml.safe_dump({"groups": [{"name": "burn", "rules": rules}]}))
    tests = {
        "rule_files": [f"rules-{name}"],
        "evaluation_interval": _seconds(step * (length // 2)),
        "tests": [_test(step, cases, _seconds(length * step))],
    }
    (folder / f"tests-{name}").write_text(yaml.safe_dump(tests, sort_keys=False))
    return folder / f"tests-{name}"


def _seconds(length: timedelta) -> str:
    return f"{length // timedelta(seconds=1)}s"


def _rate(case: BurnCase, window: timedelta) -> str:
    """Return the burn rate over a window: what both counters grew by, as the workbook divides errors by requests."""
    grown = "({name}{{case='{case}'}} - {name}{{case='{case}'}} offset {over})"
    bad, decided = (grown.format(name=name, case=case.name, over=_seconds(window)) for name in ("bad", "decided"))
    return f"({bad} / ({decided} > 0)) / {float(1 - case.target)!r}"


def _rules(case: BurnCase) -> list[dict[str, object]]:
    over = ">=" if case.alert.or_equal else ">"
    rates = [_rate(case, window) for window in (case.alert.long, case.alert.short)]
    expression = " and ".join(f"(({rate}) {over} {float(case.alert.factor)!r})" for rate in rates)
    records = [{"record": f"burn:{name}", "expr": rate} for name, rate in zip(("long", "short"), rates, strict=True)]
    return [*records, {"alert": case.name, "expr": expression, "labels": {"severity": case.alert.severity}}]


def _test(step: timedelta, cases: Sequence[BurnCase], end: str) -> dict[str, object]:
    return {
        "interval": _seconds(step),
        "input_series": [series for case in cases for series in _series(case)],
        "alert_rule_test": [
            {"eval_time": end, "alertname": case.name, "exp_alerts": _fired(case) if case.fires else []}
            for case in cases
        ],
        "promql_expr_test": [
            {
                "expr": f"round(burn:{name}{{case='{case.name}'}}, {NEAREST})",
                "eval_time": end,
                "exp_samples": _samples(case, rate),
            }
            for case in cases
            for name, rate in (("long", case.long), ("short", case.short))
        ],
    }


def _fired(case: BurnCase) -> list[dict[str, object]]:
    return [{"exp_labels": {"severity": case.alert.severity, "case": case.name}}]


def _series(case: BurnCase) -> list[dict[str, str]]:
    bad, decided = [0], [0]
    for tally in case.decisions.tallies:
        bad.append(bad[-1] + tally.bad)
        decided.append(decided[-1] + tally.decided)
    return [
        {"series": f"{name}{{case='{case.name}'}}", "values": " ".join(map(str, values))}
        for name, values in (("bad", bad), ("decided", decided))
    ]


def _samples(case: BurnCase, rate: Fraction | None) -> list[dict[str, object]]:
    if rate is None:
        return []
    steps = 1.0 / NEAREST  # as Prometheus rounds
    return [{"labels": f'{{case="{case.name}"}}', "value": floor(rate * int(steps) + Fraction(1, 2)) / steps}]

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from support.alerting import DUE, quality_rule, stall_rule

from alerts.rulebook import load_rules
from core.errors import DefinitionError
from correlator.findings import KINDS


def test_the_shipped_stall_rule_waits_two_minutes_and_wakes_somebody_for_clinical_supply() -> None:
    (rule,) = (each for each in load_rules() if each.kind == "stalls")

    assert (rule.rule, rule.hold, rule.keep_firing_for) == (
        "stalled-handoffs",
        timedelta(minutes=2),
        timedelta(minutes=5),
    )
    assert rule.severity["clinical-critical"] == "page"


def test_the_shipped_rule_of_data_quality_wants_more_than_a_stray_record() -> None:
    (rule,) = (each for each in load_rules() if each.kind == "findings")

    assert (rule.at_least.found, rule.at_least.share, rule.window, rule.severity) == (20, 0.01, "24h", "ticket")
    assert {"time_zone", "impossible_order"} <= set(rule.only.finding) <= set(KINDS) - {"orphan_object", "no_anchor"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"only": "{finding: [wrong_weather]}"}, "only.finding: .*'wrong_weather' is not a kind of finding"),
        ({"window": "2h"}, "window: "),
        ({"at_least": "{share: 2}"}, "at_least.share: "),
        ({"severity": "{low: page}"}, "severity: "),
    ],
)
def test_a_wrong_rule_of_data_quality_is_refused(tmp_path: Path, changes: dict[str, str], problem: str) -> None:
    with pytest.raises(DefinitionError, match=problem):
        quality_rule(tmp_path, **changes)


def test_a_rule_says_what_it_looks_at(tmp_path: Path) -> None:
    rule = stall_rule(tmp_path, only="{criticality: [clinical-critical], facility: [mercy-west]}")

    filters = rule.only.filters(DUE)

    assert (filters.as_of, filters.criticality, filters.facility) == (DUE, ("clinical-critical",), ("mercy-west",))
    assert filters.supplier == ()


def test_thresholds_are_read_with_their_units(tmp_path: Path) -> None:
    rule = stall_rule(tmp_path, at_least="{count: 3, overdue: 1h, amount: {USD: 10000.50}}")

    assert rule.at_least.overdue == timedelta(hours=1)
    assert rule.at_least.amount == {"USD": Decimal("10000.50")}


def test_a_rule_may_wait_weeks_or_not_at_all_as_durations_are_written_everywhere(tmp_path: Path) -> None:
    rule = stall_rule(tmp_path, **{"for": "0s", "keep_firing_for": "1w"})

    assert (rule.hold, rule.keep_firing_for) == (timedelta(0), timedelta(weeks=1))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"fro": "2m"}, "fro: unknown key"),
        ({"for": "2"}, "for: '2' is not a duration"),
        ({"for": "8bh"}, "for: '8bh' is business time"),
        ({"kind": "weather"}, "kind: "),
        ({"severity": "{clinical: page}"}, "severity.clinical"),
        ({"at_least": "{count: 0}"}, "at_least.count: "),
        ({"only": "{criticality: [clinical]}"}, "only.criticality.0: "),
        ({"rule": "Stalled Things"}, "rule: "),
    ],
)
def test_a_wrong_rule_is_refused_with_its_file_and_place(tmp_path: Path, changes: dict[str, str], problem: str) -> None:
    with pytest.raises(DefinitionError) as refusal:
        stall_rule(tmp_path, **changes)

    assert problem in str(refusal.value)
    assert str(tmp_path) in str(refusal.value)


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    text = "rule: stalled\nkind: stalls\ntitle: Stalled\n"
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text(text)

    with pytest.raises(DefinitionError, match=r"two\.yaml: rule: another rule is already named 'stalled'"):
        load_rules(sorted(tmp_path.iterdir()))

"""The objectives that ship, and what takes their place."""

from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from support.openslo_files import SOUND, loaded, models, written

from core.settings import load_settings
from correlator.loading import load_models
from slo.objective_loading import load_objectives, objective_names, shipped_objectives
from slo.objectives import Objective, RollingWindow

PERCENT = Fraction(1, 100)


@pytest.fixture(scope="module")
def shipped() -> tuple[Objective, ...]:
    found = load_objectives(shipped_objectives(), load_models(["procure-to-pay", "supplier-master"]))
    assert found.warnings == ()
    return found.objectives


def test_every_handoff_that_ships_has_an_objective_for_each_criticality(shipped: tuple[Objective, ...]) -> None:
    targets = {"clinical-critical": 95 * PERCENT, "standard": 90 * PERCENT, "low": 85 * PERCENT}
    wanted = {
        (model.model, (handoff,), (criticality,)): target
        for model in load_models(["procure-to-pay", "supplier-master"])
        for handoff in model.handoffs
        for criticality, target in targets.items()
    }

    found = {
        (each.parts[0].indicator.selection.model, each.parts[0].indicator.selection.handoff,
         each.parts[0].indicator.selection.criticality): each.target
        for each in shipped
    }  # fmt: skip

    assert found == wanted
    assert len(shipped) == len(wanted)
    assert {each.window for each in shipped} == {RollingWindow(timedelta(days=30))}
    assert all(each.owner and each.title and each.alerts for each in shipped)


def test_what_ships_is_named_and_titled_as_its_handoff(shipped: tuple[Objective, ...]) -> None:
    titles = {
        key: handoff.title
        for model in load_models(["procure-to-pay", "supplier-master"])
        for key, handoff in model.handoffs.items()
    }

    for each in shipped:
        selection = each.parts[0].indicator.selection
        (handoff,), (criticality,) = selection.handoff, selection.criticality
        assert each.name == f"{handoff.replace('_', '-')}-{criticality}"
        assert each.title == f"{titles[handoff]}, {criticality}"


def test_an_operators_file_takes_the_place_of_what_ships_whatever_the_order(tmp_path: Path) -> None:
    own = """\
apiVersion: openslo/v1
kind: SLO
metadata: {name: order-to-erp-low}
spec:
  service: procure-to-pay
  indicator:
    metadata: {name: order-to-erp-low}
    spec:
      thresholdMetric:
        metricSource: {type: stallwatch, spec: {model: procure-to-pay, handoff: order_to_erp, measure: elapsed_hours}}
  timeWindow: [{duration: 1M, calendar: {startTime: 2026-01-01 00:00:00, timeZone: America/Chicago}}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.5, op: lte, value: 48}]
"""
    (file,) = written(tmp_path, own)
    known = load_models(["procure-to-pay"])

    for names in (["procure-to-pay", file], [file, "procure-to-pay"]):
        found = {each.name: each for each in load_objectives(names, known).objectives}
        assert found["order-to-erp-low"].target == Fraction(1, 2)
        assert found["order-to-erp-standard"].target == Fraction(9, 10)
        assert len(found) == 3 * len(known[0].handoffs)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, ("procure-to-pay", "supplier-master")),
        ({"STALLWATCH_MODELS": "procure-to-pay,leases.yaml"}, ("procure-to-pay",)),
        ({"STALLWATCH_OBJECTIVES": ""}, ()),
        ({"STALLWATCH_OBJECTIVES": "procure-to-pay, own.yaml"}, ("procure-to-pay", "own.yaml")),
    ],
)
def test_which_objectives_hold_is_said_by_settings_else_by_the_models(
    given: dict[str, str], names: tuple[str, ...]
) -> None:
    assert objective_names(load_settings(environment=given)) == names


def test_the_models_decide_which_handoffs_exist(tmp_path: Path) -> None:
    assert len(load_objectives(written(tmp_path, SOUND), models()).objectives) == 2


def test_the_example_of_the_manual_is_sound(tmp_path: Path) -> None:
    manual = (Path(__file__).parents[2] / "docs/objectives.md").read_text(encoding="utf-8")
    example = manual.partition("```yaml\n")[2].partition("```")[0]

    found = loaded(tmp_path, example)

    assert [(each.name, each.target, each.owner) for each in found.objectives] == [
        ("deliveries-on-time", 95 * PERCENT, "Equipment desk")
    ]
    assert found.warnings == ()

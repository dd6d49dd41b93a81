"""What an OpenSLO file leaves open or says in two ways: it is read as it is meant, and said."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.openslo_files import SOUND, edited, loaded, slo, told, warned

from slo.objectives import CalendarWindow
from slo.periods import period_at

DOUBTS = [
    (
        [("duration: 30d", "duration: 1m"), ("lookbackWindow: 6h", "lookbackWindow: 1m")],
        ["55:7: spec.timeWindow.0.duration: 1m is minutes; months are 1M"],
    ),
    (
        [("duration: 30d", "duration: 1M")],
        ["55:7: spec.timeWindow.0.duration: 1M of a rolling window is taken as 30d"],
    ),
    (
        [("      isRolling: true\n", "")],
        ["55:7: spec.timeWindow.0.duration: 30d is taken as a rolling window: say isRolling: true, or give a calendar"],
    ),
    (
        [("duration: 1M", "duration: 1m")],
        ["71:7: spec.timeWindow.0.duration: 1m is minutes, which no calendar window has; it is read as 1M"],
    ),
    (
        [("op: gt", "op: lte")],
        ["36:31: spec.condition.op: lte would alert while little is burnt; it is read as gte, as the specification means it"],
    ),
    (
        [
            ("    - conditionRef: fast\n", "    - conditionRef: fast\n    - conditionRef: slow\n"),
            (
                "---\napiVersion: openslo/v1\nkind: AlertPolicy",
                ("---\napiVersion: openslo/v1\nkind: AlertCondition\nmetadata: {name: slow}\nspec: {severity: ticket, "
                "condition: {op: gt, threshold: 1, lookbackWindow: 3d}}\n---\napiVersion: openslo/v1\nkind: AlertPolicy"),
            ),
        ],
        ["49:3: spec.conditions: the specification allows one condition; here each of them is an alert of its own"],
    ),
    (
        [("alertWhenBreaching: true", "alertWhenNoData: true")],
        ["43:3: spec.alertWhenNoData: is not followed: the silence of an integration alerts by itself"],
    ),
    (
        [("alertWhenBreaching: true", "alertWhenBreaching: false")],
        ["43:3: spec.alertWhenBreaching: false: no alert of this policy will ever fire"],
    ),
    (
        [("    - conditionRef: fast\n", "    - conditionRef: fast\n  notificationTargets: [{targetRef: OnCall}]\n")],
        [
            ("46:26: spec.notificationTargets.0.targetRef: there is no AlertNotificationTarget 'OnCall'; routing decides who "
            "is told")
        ],
    ),
    (
        [("  timeWindow:\n    - duration: 30d\n      isRolling: true\n  budgetingMethod: Occurrences\n", "")],
        [
            "51:1: spec: timeWindow is missing: a rolling window of 30d is taken",
            "51:1: spec: budgetingMethod is missing: Occurrences is taken",
        ],
    ),
    (
        [("    - target: 0.9\n", "    - {target: 0.9, op: gt, value: 1, timeSliceWindow: 5, compositeWeight: 2}\n")],
        [
            "59:21: spec.objectives.0.op: op says nothing of a ratio, and is not used",
            "59:29: spec.objectives.0.value: value says nothing of a ratio, and is not used",
            (
                "59:39: spec.objectives.0.timeSliceWindow: says nothing where budgetingMethod is Occurrences, and is not "
                "used"
            ),
            "59:59: spec.objectives.0.compositeWeight: weighs nothing where there is no indicator beside it",
        ],
    ),
    (
        [("metadata: {name: leasing, ", "metadata: {name: leases, ")],
        [
            "52:3: spec.service: there is no Service 'leasing'; did you mean 'leases'?",
            "68:3: spec.service: there is no Service 'leasing'; did you mean 'leases'?",
        ],
    ),
    (
        [("  name: deliveries", "  name: Deliveries")],
        [
            ("50:3: metadata.name: 'Deliveries' is longer or has other signs than small letters, digits and -, as tools "
            "expect")
        ],
    ),
    ([("    - target: 0.9\n", "    - target: 0\n"), ("threshold: 6", "threshold: 0.5")],
     ["59:7: spec.objectives.0.target: a target of 0 can never be missed"]),
    (
        [("    good:\n      metricSource:\n", "    good:\n      metricSource:\n        metricSourceRef: us\n")],
        ["13:9: spec.ratioMetric.good.metricSource.metricSourceRef: there is no DataSource 'us'; known are: none"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "doubts"), DOUBTS)
def test_what_the_specification_leaves_open_is_read_and_said(
    edits: list[tuple[str, str]], doubts: list[str], tmp_path: Path
) -> None:
    assert warned(tmp_path, edited(*edits)) == [f"objectives.yaml:{doubt}" for doubt in doubts]


def test_what_is_doubtful_is_read_as_it_is_meant(tmp_path: Path) -> None:
    month = loaded(tmp_path, edited(("duration: 1M", "duration: 1m"))).objectives[1]
    burning = loaded(tmp_path, edited(("op: gt", "op: lt"))).objectives[0].alerts[0]
    reaching = loaded(tmp_path, edited(("op: gt", "op: lte"))).objectives[0].alerts[0]
    silent = loaded(tmp_path, edited(("alertWhenBreaching: true", "alertWhenBreaching: false"))).objectives[0]
    slices = loaded(tmp_path, edited(("budgetingMethod: Timeslices", "budgetingMethod: TimeSlices"))).objectives[1]

    assert month.window == CalendarWindow("month", 1, datetime(2026, 1, 1), "America/Chicago")  # noqa: DTZ001 - local
    assert (burning.or_equal, reaching.or_equal) == (False, True)
    assert silent.alerts == ()
    assert slices.method == "Timeslices"


def test_minutes_that_would_be_too_many_months_are_no_calendar_window(tmp_path: Path) -> None:
    assert told(tmp_path, edited(("duration: 1M", "duration: 121m"))) == [
        "objectives.yaml:71:7: spec.timeWindow.0.duration: 121m is no calendar window: write days, weeks, months, quarters or years, as in 1M"
    ]
    longest = loaded(tmp_path, edited(("duration: 1M", "duration: 120m"))).objectives[1].window
    assert period_at(longest, datetime(2199, 12, 31, tzinfo=UTC)).length > timedelta(days=3650)


def test_one_condition_is_of_one_policy_of_an_objective(tmp_path: Path) -> None:
    twice = "    - alertPolicyRef: tell\n"

    assert told(tmp_path, edited((twice, 2 * twice))) == [
        "objectives.yaml:33:3: metadata.name: the condition 'fast' is of two policies of 'deliveries'; keep one"
    ]


def test_a_policy_may_be_named_alone(tmp_path: Path) -> None:
    named = loaded(tmp_path, edited(("    - alertPolicyRef: tell\n", "    - tell\n"))).objectives

    assert named[0].alerts == loaded(tmp_path, SOUND).objectives[0].alerts
    assert told(tmp_path, edited(("    - alertPolicyRef: tell\n", "    - tel\n"))) == [
        "objectives.yaml:61:7: spec.alertPolicies.0: there is no AlertPolicy 'tel'; did you mean 'tell'?"
    ]


def test_a_factor_out_of_reach_of_a_composite_is_judged_by_the_mean_of_its_targets(tmp_path: Path) -> None:
    spec = """\
timeWindow: [{duration: 30d, isRolling: true}]
budgetingMethod: Occurrences
objectives: [{indicatorRef: delivered, target: 0.9}, {indicatorRef: delivered, target: 0.5}]
alertPolicies: [tell]
"""

    assert told(tmp_path, SOUND + "---\n" + slo(spec, "both")) == [
        "objectives.yaml:36:39: spec.condition.threshold: of both: a burn rate of 6 is out of reach at a target of 70 %: with everything bad it is 3.333; the factor must be below that"
    ]


def test_a_sound_file_raises_no_doubt(tmp_path: Path) -> None:
    assert warned(tmp_path, SOUND) == []


# As the specification describes it, in the form of its examples: a source of its own, names with capitals, no window.

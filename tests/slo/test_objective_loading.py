"""OpenSLO files as objectives: the forms of the specification."""

from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from support.openslo_files import SOUND, edited, indented, loaded, slo, told, warned

from core.durations import Duration
from slo.objectives import CalendarWindow, Objective, RollingWindow, Selection

COUNT = "{{metricSource: {{type: stallwatch, spec: {{model: leases, handoff: {handoff}, outcome: {outcome}}}}}}}"
RATIO = f"""\
ratioMetric:
  counter: true
  good: {COUNT.format(handoff="signature_to_delivery", outcome="good")}
  total: {COUNT.format(handoff="signature_to_delivery", outcome="decided")}
"""


INLINE = f"indicator:\n  metadata: {{name: inline, displayName: Delivered}}\n  spec:\n{indented(RATIO, 4)}"
ROLLING = "timeWindow: [{duration: 4w, isRolling: true}]\nbudgetingMethod: Occurrences\n"
SERVICE = "apiVersion: openslo/v1\nkind: Service\nmetadata: {name: leasing}\n"


def only(folder: Path, *texts: str) -> Objective:
    (found,) = loaded(folder, *texts).objectives
    return found


def test_references_by_name_become_one_objective(tmp_path: Path) -> None:
    deliveries, invoices = loaded(tmp_path, SOUND).objectives

    assert (deliveries.name, deliveries.service, deliveries.method) == ("deliveries", "leasing", "Occurrences")
    assert deliveries.window == RollingWindow(timedelta(days=30))
    assert deliveries.target == Fraction(9, 10)
    assert deliveries.parts[0].indicator.selection == Selection("leases", ("signature_to_delivery",))
    assert [(each.name, each.factor, each.long, each.short) for each in deliveries.alerts] == [
        ("fast", 6, timedelta(hours=6), timedelta(minutes=30))
    ]
    assert invoices.window == CalendarWindow("month", 1, datetime(2026, 1, 1), "America/Chicago")  # noqa: DTZ001 - local
    assert (invoices.slice, invoices.slice_target) == (timedelta(hours=6), Fraction(9, 10))
    assert invoices.parts[0].indicator.within == Duration(8 * 3600, "business_seconds")


def test_an_objective_knows_where_it_is_written(tmp_path: Path) -> None:
    deliveries, invoices = loaded(tmp_path, SOUND).objectives

    assert [(each.file.name, each.line) for each in (deliveries, invoices)] == [
        ("objectives.yaml", 47),
        ("objectives.yaml", 63),
    ]


def test_what_is_referred_to_may_be_in_another_file(tmp_path: Path) -> None:
    documents = SOUND.split("---\n")
    elsewhere, slos = "---\n".join(documents[:5]), "---\n".join(documents[5:])

    assert [each.name for each in loaded(tmp_path, slos, elsewhere).objectives] == ["deliveries", "invoices"]


def test_indicator_policy_and_condition_may_be_written_inline(tmp_path: Path) -> None:
    alert = """\
alertPolicies:
  - kind: AlertPolicy
    metadata: {name: tell}
    spec:
      alertWhenBreaching: true
      alertWhenResolved: false
      conditions:
        - kind: AlertCondition
          metadata: {name: burns, displayName: Burns too fast}
          spec:
            severity: sev2
            condition: {kind: burnrate, op: gte, threshold: 2, lookbackWindow: 1h, alertAfter: 5m}
      notificationTargets:
        - kind: AlertNotificationTarget
          metadata: {name: mail}
          spec: {target: email}
"""
    found = only(tmp_path, SERVICE, slo(INLINE + ROLLING + "objectives: [{targetPercent: 99.9}]\n" + alert))

    assert found.parts[0].indicator.title == "Delivered"
    assert found.target == Fraction(999, 1000)
    (burns,) = found.alerts
    assert (burns.severity, burns.factor, burns.or_equal, burns.description) == ("sev2", 2, True, "Burns too fast")
    assert (burns.long, burns.short, burns.after) == (timedelta(hours=1), timedelta(minutes=5), timedelta(minutes=5))


def test_a_source_may_be_named_by_a_data_source_alone(tmp_path: Path) -> None:
    source = "apiVersion: openslo/v1\nkind: DataSource\nmetadata: {name: us}\nspec: {type: Stallwatch, connectionDetails: {}}\n"
    spec = INLINE.replace("type: stallwatch", "metricSourceRef: us") + ROLLING + "objectives: [{target: 0.5}]\n"

    assert only(tmp_path, "---\n".join([SERVICE, source, slo(spec)])).target == Fraction(1, 2)


def test_bad_ones_of_all_are_the_same_share_as_good_ones_of_all(tmp_path: Path) -> None:
    good = INLINE + ROLLING + "objectives: [{target: 0.5}]\n"
    bad = good.replace("good:", "bad:").replace("outcome: good", "outcome: bad")

    assert only(tmp_path, SERVICE, slo(bad)) == only(tmp_path, SERVICE, slo(good))


def test_a_composite_has_a_part_for_each_entry_and_the_weighted_mean_of_their_targets(tmp_path: Path) -> None:
    spec = f"""\
timeWindow: [{{duration: 1Q, calendar: {{startTime: 2026-02-01 06:00, timeZone: UTC}}}}]
budgetingMethod: Occurrences
objectives:
  - displayName: Delivered
    indicatorRef: delivered
    target: 0.9
    compositeWeight: 3
  - indicator:
      metadata: {{name: own}}
      spec:
{indented(RATIO, 8)}    target: 0.5
"""
    whole = edited(("  name: deliveries", "  name: others")) + "---\n" + slo(spec, "both")
    both = loaded(tmp_path, whole).objectives[-1]

    assert both.is_composite
    assert [(each.indicator.title, each.target, each.weight) for each in both.parts] == [
        ("Delivered", Fraction(9, 10), 3),
        ("own", Fraction(1, 2), 1),
    ]
    assert both.target == Fraction(8, 10)  # (3 * 0.9 + 1 * 0.5) / 4, by hand
    assert both.window == CalendarWindow("quarter", 1, datetime(2026, 2, 1, 6), "UTC")  # noqa: DTZ001 - local


def test_several_targets_of_one_indicator_are_objectives_of_their_own(tmp_path: Path) -> None:
    spec = INLINE + ROLLING + "objectives: [{displayName: must, target: 0.8}, {target: 0.95}]\n"

    found = loaded(tmp_path, SERVICE, slo(spec)).objectives

    assert [(each.name, each.title, each.target) for each in found] == [
        ("deliveries-1", "deliveries: must", Fraction(8, 10)),
        ("deliveries-2", "deliveries: 2", Fraction(95, 100)),
    ]


def test_a_numbered_target_takes_no_name_from_another_slo(tmp_path: Path) -> None:
    two = slo(INLINE + ROLLING + "objectives: [{target: 0.8}, {target: 0.95}]\n")
    other = slo(INLINE + ROLLING + "objectives: [{target: 0.8}]\n", "deliveries-2")

    assert told(tmp_path, f"{SERVICE}---\n{two}---\n{other}") == [
        "objectives.yaml:23:12: metadata.name: the name 'deliveries-2' is that of a target of objectives.yaml:5; rename one"
    ]


def test_parts_of_a_composite_are_sliced_alike(tmp_path: Path) -> None:
    parts = "indicatorRef: delivered, target: 0.5, timeSliceTarget: 0.9, timeSliceWindow"
    spec = "timeWindow: [{duration: 4w, isRolling: true}]\nbudgetingMethod: Timeslices\n"
    spec += f"objectives: [{{{parts}: 1h}}, {{{parts}: 2h}}]\n"

    assert told(tmp_path, SOUND + "---\n" + slo(spec, "sliced")) == [
        (
            "objectives.yaml:84:99: spec.objectives.1: all objectives of a composite have the same timeSliceWindow and "
            "timeSliceTarget"
        )
    ]


def test_an_indicator_may_choose_several_handoffs_and_of_each_dimension_several_values(tmp_path: Path) -> None:
    old = "handoff: delivery_to_invoice, measure: business_hours"
    new = (
        "handoff: [signature_to_delivery, delivery_to_invoice], facility: [west, east], supplier: V-1, "
        "spend_category: mro, department: icu, criticality: [low, standard], measure: elapsed_minutes"
    )

    indicator = loaded(tmp_path, edited((old, new), ("op: lte", "op: lt"))).objectives[1].parts[0].indicator

    assert indicator.selection == Selection(
        "leases",
        ("delivery_to_invoice", "signature_to_delivery"),
        ("east", "west"),
        ("V-1",),
        ("mro",),
        ("icu",),
        ("low", "standard"),
    )
    assert (indicator.within, indicator.strictly) == (Duration(480, "clock"), True)


@pytest.mark.parametrize(
    ("measure", "value", "within"),
    [
        ("elapsed_minutes", "1.5", Duration(90, "clock")),
        ("elapsed_hours", "0.25", Duration(900, "clock")),
        ("elapsed_days", "2", Duration(172_800, "clock")),
        ("business_hours", "8.5", Duration(30_600, "business_seconds")),
        ("business_days", "3", Duration(3, "business_days")),
    ],
)
def test_a_value_is_in_the_unit_of_its_measure(measure: str, value: str, within: Duration, tmp_path: Path) -> None:
    text = edited(("measure: business_hours", f"measure: {measure}"), ("value: 8", f"value: {value}"))

    assert loaded(tmp_path, text).objectives[1].parts[0].indicator.within == within


def test_half_a_business_day_is_no_duration(tmp_path: Path) -> None:
    text = edited(("measure: business_hours", "measure: business_days"), ("value: 8", "value: 0.5"))

    assert told(tmp_path, text) == [
        (
            "objectives.yaml:75:17: spec.objectives.0.value: 0.5 of business_days is not in whole days, or is longer than ten "
            "years"
        )
    ]


def test_who_answers_is_the_label_of_the_slo_else_of_its_service_else_the_owner_of_the_handoff(tmp_path: Path) -> None:
    of_slo = edited(("  name: deliveries\n", "  name: deliveries\n  labels: {owner: [Ward, Store]}\n"))
    of_handoff = edited((", labels: {owner: Equipment}", ""))

    assert [each.owner for each in loaded(tmp_path, of_slo).objectives] == ["Ward, Store", "Equipment"]
    assert [each.owner for each in loaded(tmp_path, of_handoff).objectives] == ["Receiving", "Accounts payable"]


def test_without_policies_the_windows_that_ship_hold_and_an_empty_list_has_none(tmp_path: Path) -> None:
    policies = "  alertPolicies:\n    - alertPolicyRef: tell\n"

    shipped = loaded(tmp_path, edited((policies, ""))).objectives[0]
    none = loaded(tmp_path, edited((policies, "  alertPolicies: []\n"))).objectives[0]

    assert [each.name for each in shipped.alerts] == ["page-6h", "ticket-1d", "ticket-3d"]
    assert shipped.left_out == (
        (
            "page-1h: a burn rate of 14.4 is out of reach at a target of 90 %: with everything bad it is 10; the factor must "
            "be below that"
        ),
    )
    assert (none.alerts, none.left_out) == ((), ())


FOREIGN = """\
apiVersion: openslo/v1
kind: DataSource
metadata: {name: metrics, displayName: Metrics}
spec:
  description: Where web requests are counted
  type: Prometheus
  connectionDetails: {url: "http://metrics.example", headers: [{name: a, value: b}]}
---
apiVersion: openslo/v1
kind: SLO
metadata:
  name: web-requests
  displayName: Web requests
  labels: {team: [identity, rbac], costCentre: project1}
  annotations: {example.com/dashboard: main}
spec:
  service: web
  indicator:
    metadata: {name: web-errors}
    spec:
      ratioMetric:
        counter: true
        good: {metricSource: {metricSourceRef: metrics, spec: {query: 'sum(requests{code=~"2.."})'}}}
        total: {metricSource: {metricSourceRef: metrics, type: Prometheus, spec: {query: [1, {a: b}]}}}
  timeWindow:
    - duration: 1w
      isRolling: false
      calendar: {startTime: 2026-01-01 12:00:00, timeZone: America/New_York}
  budgetingMethod: Timeslices
  objectives:
    - {displayName: Good, op: gt, target: 0.995, timeSliceTarget: 0.95, timeSliceWindow: 1m}
  alertPolicies: [HighBurn]
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: HighBurn}
spec:
  description: Tells who is on call
  alertWhenBreaching: true
  alertWhenResolved: false
  conditions:
    - kind: AlertCondition
      metadata: {name: cpu-usage-breach}
      spec:
        severity: page
        condition: {kind: burnrate, op: lte, threshold: 2, lookbackWindow: 1h, alertAfter: 5m}
  notificationTargets: [{targetRef: OnCallMail}]
---
apiVersion: openslo/v1
kind: AlertNotificationTarget
metadata: {name: OnCallMail}
spec: {description: Mails who is on call, target: email}
"""


def test_objectives_of_other_sources_are_read_and_left_out(tmp_path: Path) -> None:
    found = loaded(tmp_path, FOREIGN)

    assert found.objectives == ()
    assert (
        "objectives.yaml:12:3: metadata.name: the SLO 'web-requests' is left out: it is measured by 'Prometheus', not by 'stallwatch'"
        in [str(each).replace(f"{tmp_path}/", "") for each in found.warnings]
    )


def test_a_source_that_is_nearly_ours_is_asked_about(tmp_path: Path) -> None:
    text = edited(("type: stallwatch\n      spec: {model: leases, handoff: delivery", "type: stalwatch\n      spec: {model: leases, handoff: delivery"))  # fmt: skip

    assert warned(tmp_path, text) == [
        (
            "objectives.yaml:66:3: metadata.name: the SLO 'invoices' is left out: it is measured by 'stalwatch', not by 'stallwatch'; did you mean "
            "'stallwatch'?"
        )
    ]


def test_a_raw_ratio_of_another_source_is_read(tmp_path: Path) -> None:
    raw = "ratioMetric:\n  rawType: failure\n  raw: {metricSource: {type: Datadog, spec: {query: q}}}\n"
    spec = (
        f"indicator:\n  metadata: {{name: x}}\n  spec:\n{indented(raw, 4)}" + ROLLING + "objectives: [{target: 0.5}]\n"
    )

    found = loaded(tmp_path, SERVICE, slo(spec))

    assert [str(each).partition("metadata.name: ")[2] for each in found.warnings] == [
        "the SLO 'deliveries' is left out: it is measured by 'Datadog', not by 'stallwatch'"
    ]

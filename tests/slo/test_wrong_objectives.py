"""What is said of wrong OpenSLO files: where, what, and what to write instead."""

from pathlib import Path

import pytest
from support.openslo_files import edited, loaded, models, told

from core.errors import DefinitionError
from slo.objective_loading import load_objectives

TOTAL = """\
    total:
      metricSource:
        type: stallwatch
        spec: {model: leases, handoff: signature_to_delivery, outcome: decided}
"""
CASES = [
    pytest.param(
        [
            ("apiVersion: openslo/v1\nkind: SLO", "apiVersion: openslo/v1alpha\nkind: SLO"),
        ],
        ["47:1: apiVersion: 'openslo/v1alpha' is none of openslo/v1; did you mean 'openslo/v1'?"],
        id="apiVersion of another version",
    ),
    pytest.param(
        [
            ("kind: AlertPolicy", "kind: AlertPolcy"),
        ],
        [
            "39:1: kind: 'AlertPolcy' is none of Service, SLI, SLO, AlertPolicy, AlertCondition, DataSource, AlertNotificationTarget; did you mean 'AlertPolicy'?"
        ],
        id="unknown kind",
    ),
    pytest.param(
        [
            ("kind: Service\n", ""),
        ],
        ["1:1: the file: kind is missing; write kind: SLO"],
        id="no kind",
    ),
    pytest.param(
        [
            ("  indicatorRef: delivered", "  indicatorRf: delivered"),
        ],
        [
            "51:1: spec: nothing has an indicator: give one here, or one in each of objectives",
            "53:3: spec.indicatorRf: unknown key; did you mean 'indicatorRef'?",
        ],
        id="unknown key",
    ),
    pytest.param(
        [
            (
                "  service: leasing\n  indicatorRef: delivered",
                "  service: leasing\n  service: leasing\n  indicatorRef: delivered",
            ),
        ],
        ["53:3: spec.service: this key is given twice; keep one"],
        id="duplicate key",
    ),
    pytest.param(
        [
            ("isRolling: true", "isRolling: NO"),
        ],
        ["56:7: spec.timeWindow.0.isRolling: 'NO' where true or false is expected"],
        id="NO stays text",
    ),
    pytest.param(
        [
            ("metadata:\n  name: deliveries", "metadata:\n  displayName: deliveries"),
        ],
        ["49:1: metadata.name: is missing; add it"],
        id="missing name",
    ),
    pytest.param(
        [
            ("name: deliveries", "name: Deliveries in time"),
        ],
        ["50:3: metadata.name: 'Deliveries in time' is no name: write small letters, digits and -, as in order-to-erp"],
        id="bad name",
    ),
    pytest.param(
        [
            ("name: invoices", "name: deliveries"),
        ],
        ["66:3: metadata.name: the SLO 'deliveries' is already defined at objectives.yaml:47; rename one"],
        id="name twice",
    ),
    pytest.param(
        [
            ("  service: leasing\n  indicatorRef: delivered", "  indicatorRef: delivered"),
        ],
        ["51:1: spec.service: is missing; add it"],
        id="missing service",
    ),
    pytest.param(
        [
            ("indicatorRef: delivered", "indicatorRef: deliverd"),
        ],
        ["53:3: spec.indicatorRef: there is no SLI 'deliverd'; did you mean 'delivered'?"],
        id="dangling indicatorRef",
    ),
    pytest.param(
        [
            (
                "  indicatorRef: delivered",
                "  indicatorRef: delivered\n  indicator: {metadata: {name: x}, spec: {thresholdMetric: {metricSource: {type: stallwatch, spec: {}}}}}",
            ),
        ],
        ["51:1: spec: indicator and indicatorRef are both given: keep one"],
        id="both indicators",
    ),
    pytest.param(
        [
            ("  indicatorRef: delivered\n", ""),
        ],
        ["51:1: spec: nothing has an indicator: give one here, or one in each of objectives"],
        id="no indicator",
    ),
    pytest.param(
        [
            ("alertPolicyRef: tell", "alertPolicyRef: tel"),
        ],
        ["61:7: spec.alertPolicies.0.alertPolicyRef: there is no AlertPolicy 'tel'; did you mean 'tell'?"],
        id="dangling policy",
    ),
    pytest.param(
        [
            ("conditionRef: fast", "conditionRef: slow"),
        ],
        ["45:7: spec.conditions.0.conditionRef: there is no AlertCondition 'slow'; known are: fast"],
        id="dangling condition",
    ),
    pytest.param(
        [
            ("  conditions:\n    - conditionRef: fast", "  conditions: []"),
        ],
        ["44:3: spec.conditions: needs at least one entry"],
        id="no conditions",
    ),
    pytest.param(
        [
            ("    - conditionRef: fast", "    - conditionRef: fast\n      kind: AlertCondition"),
        ],
        ["45:7: spec.conditions.0: give either conditionRef, or kind, metadata and spec"],
        id="ref and inline",
    ),
    pytest.param(
        [
            ("    - conditionRef: fast", "    - kind: AlertCondition"),
        ],
        ["45:7: spec.conditions.0: metadata and spec missing beside kind"],
        id="half inline",
    ),
    pytest.param(
        [
            ("      isRolling: true\n", "      isRolling: true\n    - duration: 7d\n"),
        ],
        ["54:3: spec.timeWindow: has 2 entries; at most 1"],
        id="two windows",
    ),
    pytest.param(
        [
            ("duration: 30d", "duration: 30 days"),
        ],
        [
            "55:7: spec.timeWindow.0.duration: '30 days' is not a duration: write 30m, 12h, 30d, 4w, 1M (month), 1Q or 1Y"
        ],
        id="bad duration",
    ),
    pytest.param(
        [
            ("duration: 30d", "duration: 0d"),
        ],
        ["55:7: spec.timeWindow.0.duration: '0d' is not a duration: write 30m, 12h, 30d, 4w, 1M (month), 1Q or 1Y"],
        id="zero duration",
    ),
    pytest.param(
        [
            ("duration: 30d", "duration: 11Y"),
        ],
        ["55:7: spec.timeWindow.0.duration: 11Y is longer than ten years"],
        id="long duration",
    ),
    pytest.param(
        [
            ("duration: 1M", "duration: 1M\n      isRolling: true"),
        ],
        ["71:7: spec.timeWindow.0: isRolling: true and calendar exclude each other; keep one"],
        id="rolling with calendar",
    ),
    pytest.param(
        [
            ("isRolling: true", "isRolling: false"),
        ],
        ["55:7: spec.timeWindow.0: isRolling: false needs calendar: {startTime: 2026-01-01 00:00:00, timeZone: …}"],
        id="not rolling without calendar",
    ),
    pytest.param(
        [
            ("duration: 1M", "duration: 12h"),
        ],
        [
            "71:7: spec.timeWindow.0.duration: 12h is no calendar window: write days, weeks, months, quarters or years, as in 1M"
        ],
        id="hours of a calendar",
    ),
    pytest.param(
        [
            ("America/Chicago", "America/Chicagoo"),
        ],
        [
            "72:50: spec.timeWindow.0.calendar.timeZone: 'America/Chicagoo' is not an IANA time zone: write America/Chicago, or UTC"
        ],
        id="bad zone",
    ),
    pytest.param(
        [
            ("2026-01-01 00:00:00", "2026-01-01T00:00:00Z"),
        ],
        [
            "72:18: spec.timeWindow.0.calendar.startTime: '2026-01-01T00:00:00Z' is no start: write date and time without a zone, as in 2026-01-01 00:00:00"
        ],
        id="start with an offset",
    ),
    pytest.param(
        [
            ("2026-01-01 00:00:00", "2026-02-30 00:00:00"),
        ],
        [
            "72:18: spec.timeWindow.0.calendar.startTime: '2026-02-30 00:00:00' is no start: write date and time without a zone, as in 2026-01-01 00:00:00"
        ],
        id="start that never is",
    ),
    pytest.param(
        [
            ("budgetingMethod: Occurrences", "budgetingMethod: Ocurrences"),
        ],
        [
            "57:3: spec.budgetingMethod: 'Ocurrences' is none of Occurrences, Timeslices, RatioTimeslices; did you mean 'Occurrences'?"
        ],
        id="method",
    ),
    pytest.param(
        [
            ("target: 0.9\n", "target: 1.0\n"),
        ],
        [
            "59:7: spec.objectives.0.target: a target of 1 leaves no budget: the first failure would spend more than all of it; write 0.999"
        ],
        id="target 1",
    ),
    pytest.param(
        [
            ("target: 0.9\n", "target: 95\n"),
        ],
        [
            "59:7: spec.objectives.0.target: 95 is no share: it is from 0.0 up to but not 1.0; did you mean targetPercent: 95?"
        ],
        id="target 95",
    ),
    pytest.param(
        [
            ("target: 0.9\n", "target: 95%\n"),
        ],
        ["59:7: spec.objectives.0.target: '95%' where a number is expected"],
        id="target text",
    ),
    pytest.param(
        [
            ("- target: 0.9\n", "- targetPercent: 100\n"),
        ],
        [
            "59:7: spec.objectives.0.targetPercent: a target of 100 leaves no budget: the first failure would spend more than all of it; write 99.9"
        ],
        id="targetPercent 100",
    ),
    pytest.param(
        [
            ("- target: 0.9\n", "- targetPercent: -1\n"),
        ],
        ["59:7: spec.objectives.0.targetPercent: -1 is no percentage: it is from 0 up to but not 100"],
        id="targetPercent negative",
    ),
    pytest.param(
        [
            ("- target: 0.9\n", "- target: 0.9\n      targetPercent: 90\n"),
        ],
        ["59:7: spec.objectives.0: target and targetPercent are both given: keep one"],
        id="both targets",
    ),
    pytest.param(
        [
            ("- target: 0.9\n", "- displayName: some\n"),
        ],
        ["59:7: spec.objectives.0: neither target nor targetPercent is given: give one of them"],
        id="no target",
    ),
    pytest.param(
        [
            ("  objectives:\n    - target: 0.9\n", "  objectives: []\n"),
        ],
        ["58:3: spec.objectives: needs at least one entry"],
        id="no objectives",
    ),
    pytest.param(
        [
            ("- target: 0.9\n", "- target: 0.9\n      compositeWeight: 0\n"),
        ],
        ["60:7: spec.objectives.0.compositeWeight: 0 must be above 0"],
        id="weight 0",
    ),
    pytest.param(
        [
            (", timeSliceWindow: 6h", ""),
        ],
        ["75:7: spec.objectives.0.timeSliceWindow: is missing: budgetingMethod Timeslices needs it"],
        id="slices without a length",
    ),
    pytest.param(
        [
            (" timeSliceTarget: 0.9,", ""),
        ],
        ["75:7: spec.objectives.0.timeSliceTarget: is missing: budgetingMethod Timeslices needs it"],
        id="slices without a target",
    ),
    pytest.param(
        [
            ("timeSliceTarget: 0.9", "timeSliceTarget: 0"),
        ],
        ["75:40: spec.objectives.0.timeSliceTarget: 0 is no share of a slice: it is above 0.0, up to 1.0"],
        id="slice target 0",
    ),
    pytest.param(
        [
            ("timeSliceWindow: 6h", "timeSliceWindow: 1Q"),
        ],
        ["75:62: spec.objectives.0.timeSliceWindow: a slice is longer than the objective's window; shorten it"],
        id="slice longer",
    ),
    pytest.param(
        [
            ("timeSliceWindow: 6h", "timeSliceWindow: 6s"),
        ],
        [
            "75:62: spec.objectives.0.timeSliceWindow: '6s' is not a duration: write 30m, 12h, 30d, 4w, 1M (month), 1Q or 1Y"
        ],
        id="slice unit",
    ),
    pytest.param(
        [
            ("op: lte", "op: gte"),
        ],
        ["75:8: spec.objectives.0.op: gte would call it good to be late; write lte, or lt"],
        id="op upwards",
    ),
    pytest.param(
        [
            ("op: lte, ", ""),
        ],
        ["75:7: spec.objectives.0.op: is missing: a thresholdMetric needs op: lte and value"],
        id="no op",
    ),
    pytest.param(
        [
            ("value: 8, ", ""),
        ],
        ["75:7: spec.objectives.0.value: is missing: a thresholdMetric needs op: lte and value"],
        id="no value",
    ),
    pytest.param(
        [
            ("value: 8, ", "value: 0.0001, "),
        ],
        [
            "75:17: spec.objectives.0.value: 0.0001 of business_hours is not in whole seconds, or is longer than ten years"
        ],
        id="value not whole",
    ),
    pytest.param(
        [
            (
                "{model: leases, handoff: signature_to_delivery, outcome: good}",
                "{model: lease, handoff: signature_to_delivery, outcome: good}",
            ),
        ],
        ["14:16: spec.ratioMetric.good.metricSource.spec.model: there is no model 'lease'; did you mean 'leases'?"],
        id="unknown model",
    ),
    pytest.param(
        [
            ("{model: leases, handoff: delivery_to_invoice,", "{model: leases, handoff: delivery_to_invoce,"),
        ],
        [
            "28:29: spec.thresholdMetric.metricSource.spec.handoff: the model 'leases' has no handoff 'delivery_to_invoce'; did you mean 'delivery_to_invoice'?"
        ],
        id="unknown handoff",
    ),
    pytest.param(
        [
            ("outcome: good", "outcome: success"),
        ],
        ["14:63: spec.ratioMetric.good.metricSource.spec.outcome: 'success' is none of good, bad, decided"],
        id="unknown outcome",
    ),
    pytest.param(
        [
            ("outcome: decided", "outcome: good"),
        ],
        ["18:63: spec.ratioMetric.total.metricSource.spec.outcome: total counts the outcome decided, not good"],
        id="outcome of the wrong metric",
    ),
    pytest.param(
        [
            ("outcome: decided", "outcome: decided, criticality: low"),
        ],
        [
            "18:9: spec.ratioMetric.total.metricSource.spec: total counts others than its part: give both the same model, handoff and filters"
        ],
        id="total counts others",
    ),
    pytest.param(
        [
            ("measure: business_hours", "measure: business_hours, criticality: [critical]"),
        ],
        [
            "28:98: spec.thresholdMetric.metricSource.spec.criticality.0: 'critical' is none of clinical-critical, standard, low; did you mean 'clinical-critical'?"
        ],
        id="unknown criticality",
    ),
    pytest.param(
        [
            ("measure: business_hours", "measure: business_hours, facilty: east"),
        ],
        ["28:84: spec.thresholdMetric.metricSource.spec.facilty: unknown key; did you mean 'facility'?"],
        id="unknown filter",
    ),
    pytest.param(
        [
            ("measure: business_hours", "measure: business_hours, facility: []"),
        ],
        ["28:84: spec.thresholdMetric.metricSource.spec.facility: needs at least one entry"],
        id="empty filter",
    ),
    pytest.param(
        [
            ("measure: business_hours", "measure: hours"),
        ],
        [
            "28:59: spec.thresholdMetric.metricSource.spec.measure: 'hours' is none of elapsed_minutes, elapsed_hours, elapsed_days, business_hours, business_days"
        ],
        id="unknown measure",
    ),
    pytest.param(
        [
            (TOTAL, ""),
        ],
        ["10:3: spec.ratioMetric: good and bad go with total, and without rawType"],
        id="no total",
    ),
    pytest.param(
        [
            ("  ratioMetric:\n", "  ratioMetric:\n    bad: {metricSource: {type: stallwatch, spec: {}}}\n"),
        ],
        ["10:3: spec.ratioMetric: good and bad are both given: keep one"],
        id="good and bad",
    ),
    pytest.param(
        [
            ("    good:\n", "    rawType: success\n    raw:\n"),
            (TOTAL, ""),
        ],
        ["12:5: spec.ratioMetric.raw: no ratio of handoffs is stored; write good and total"],
        id="raw",
    ),
    pytest.param(
        [
            (
                "      type: stallwatch\n      spec: {model: leases, handoff: delivery_to_invoice",
                "      spec: {model: leases, handoff: delivery_to_invoice",
            ),
        ],
        ["26:5: spec.thresholdMetric.metricSource: neither type nor metricSourceRef is given: write type: stallwatch"],
        id="no source",
    ),
    pytest.param(
        [
            (
                "      type: stallwatch\n      spec: {model: leases, handoff: delivery_to_invoice",
                "      metricSourceRef: us\n      spec: {model: leases, handoff: delivery_to_invoice",
            ),
        ],
        ["27:7: spec.thresholdMetric.metricSource.metricSourceRef: there is no DataSource 'us'; known are: none"],
        id="dangling source",
    ),
    pytest.param(
        [
            ("threshold: 6", "threshold: 14.4"),
        ],
        [
            "36:39: spec.condition.threshold: of deliveries: a burn rate of 14.4 is out of reach at a target of 90 %: with everything bad it is 10; the factor must be below that"
        ],
        id="factor out of reach",
    ),
    pytest.param(
        [
            ("threshold: 6", "threshold: 10"),
        ],
        [
            "36:39: spec.condition.threshold: of deliveries: a burn rate of 10 is out of reach at a target of 90 %: with everything bad it is 10; the factor must be below that"
        ],
        id="factor at the bound",
    ),
    pytest.param(
        [
            ("threshold: 6", "threshold: 0"),
        ],
        ["36:39: spec.condition.threshold: 0 must be above 0"],
        id="threshold 0",
    ),
    pytest.param(
        [
            ("lookbackWindow: 6h", "lookbackWindow: 6w"),
        ],
        [
            "36:53: spec.condition.lookbackWindow: of deliveries: it looks further back than the objective's window; shorten it"
        ],
        id="lookback too long",
    ),
    pytest.param(
        [
            ("lookbackWindow: 6h", "lookbackWindow: 90s"),
        ],
        [
            "36:53: spec.condition.lookbackWindow: '90s' is not a duration: write 30m, 12h, 30d, 4w, 1M (month), 1Q or 1Y"
        ],
        id="lookback of seconds",
    ),
    pytest.param(
        [
            ("kind: burnrate", "kind: budget"),
        ],
        ["36:15: spec.condition.kind: 'budget' is none of burnrate"],
        id="condition kind",
    ),
    pytest.param(
        [
            ("  severity: page\n", ""),
        ],
        ["34:1: spec.severity: is missing; add it"],
        id="severity",
    ),
    pytest.param(
        [
            ("op: gt", "op: above"),
        ],
        ["36:31: spec.condition.op: 'above' is none of lte, gte, lt, gt"],
        id="op of condition",
    ),
    pytest.param(
        [
            ("alertAfter: 0m", "alertAfter: 0"),
        ],
        ["36:73: spec.condition.alertAfter: 0 is not a duration: write 30m, 12h, 30d, 4w, 1M (month), 1Q or 1Y"],
        id="alertAfter",
    ),
    pytest.param(
        [
            ("owner: Equipment", "owner: 17"),
        ],
        ["3:58: metadata.labels.owner: 17 is not text; put it in quotes"],
        id="labels",
    ),
    pytest.param(
        [
            ("  service: leasing\n  indicatorRef: invoiced", "\tservice: leasing\n  indicatorRef: invoiced"),
        ],
        ["68:1: not valid YAML: found character '\\t' that cannot start any token (a tab; indent with spaces)"],
        id="tab",
    ),
]


@pytest.mark.parametrize(("edits", "problems"), CASES)
def test_what_is_wrong_is_told_with_its_place(
    edits: list[tuple[str, str]], problems: list[str], tmp_path: Path
) -> None:
    assert told(tmp_path, edited(*edits)) == [f"objectives.yaml:{problem}" for problem in problems]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("# nothing\n", "1:1: the file is empty; write apiVersion, kind, metadata, spec"),
        ("---\n---\n", "1:1: the file is empty; write apiVersion, kind, metadata, spec"),
        ("- kind: SLO\n", "1:1: the file: a list where keys with values are expected; write kind: SLO"),
        (
            "a: &x 1\nb: *x\n",
            "2:4: not valid YAML: *x is an alias, which definition files do not take; write the value out",
        ),
        (
            "kind: SLO\n---\n\tkind: SLO\n",
            "3:1: not valid YAML: found character '\\t' that cannot start any token (a tab; indent with spaces)",
        ),
    ],
)
def test_a_file_that_holds_no_objects_is_refused(text: str, problem: str, tmp_path: Path) -> None:
    assert told(tmp_path, text) == [f"objectives.yaml:{problem}"]


def test_a_description_has_as_many_characters_as_the_specification_allows(tmp_path: Path) -> None:
    def described(length: int) -> str:
        return edited(("  service: leasing\n", f"  service: leasing\n  description: {'x' * length}\n"))

    assert loaded(tmp_path, described(1050)).objectives[0].description == "x" * 1050
    assert told(tmp_path, described(1051)) == [
        "objectives.yaml:53:3: spec.description: has 1,051 characters; at most 1,050"
    ]


def test_all_that_is_wrong_in_several_files_is_told_at_once(tmp_path: Path) -> None:
    first = edited(("kind: burnrate", "kind: budget"), ("op: lte", "op: gt"), ("target: 0.9\n", "target: 1\n"))
    second = "apiVersion: openslo/v1\nkind: Service\nmetadata: {name: leasing}\n"

    assert told(tmp_path, first, second) == [
        "objectives.yaml:36:15: spec.condition.kind: 'budget' is none of burnrate",
        (
            "objectives.yaml:59:7: spec.objectives.0.target: a target of 1 leaves no budget: the first failure would spend "
            "more than all of it; write 0.999"
        ),
        "objectives.yaml:75:8: spec.objectives.0.op: gt would call it good to be late; write lte, or lt",
        (
            "objectives1.yaml:3:12: metadata.name: the Service 'leasing' is already defined at objectives.yaml:1; "
            "rename one"
        ),
    ]


def test_a_file_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"cannot read .*none\.yaml: No such file"):
        load_objectives([str(tmp_path / "none.yaml")], models())
    with pytest.raises(
        DefinitionError, match=r"there are no objectives 'procure-to-pai': .* did you mean 'procure-to-pay'"
    ):
        load_objectives(["procure-to-pai"], models())

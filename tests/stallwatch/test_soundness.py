"""What `stallwatch check` finds: all that is wrong in every file at once, and what is doubtful in sound ones."""

from pathlib import Path
from typing import Any

import pytest
from support.facts import MONDAY, fact, store

from core.clickhouse import Database
from core.errors import SettingsError
from core.settings import Settings, load_settings
from correlator.doubts import unsent_events
from correlator.loading import load_models
from stallwatch.soundness import check_connections, judged, sent_events

MODEL = """\
model: leases
version: 1
title: Leases
anchor: lease
objects:
  lease: {}
  site: {attaches_via: [lease]}
  invoice: {attaches_via: [site]}
  credit: {attaches_via: [invoice]}
handoffs:
  invoice_to_payment:
    title: Invoice to payment
    on: invoice
    start: [invoice.received]
    stop: [payment.executed]
    awaits: payment
    flow_types: [two_way]
    needs:
      - {event: site.opened, on: credit, summary: Not opened}
      - {event: site.opened, on: site, summary: Not opened, flow_types: [non_po]}
"""
REGISTRY = """\
calendars:
  office: {shifts: {mon: ["8-17", "09:00-12:00"]}, holidays: XX, closed: [24.12.2026, "2026-12-31"], open: ["2026-12-31"]}
  always: {shifts: {}}
facilities:
  east: {name: East, calendar: ofice, time_zone: Mars/East}
integrations:
  payments: {name: Payments, heartbeat: soon, teir: low}
"""
SOUND_REGISTRY = "integrations:\n  payments: {name: Payments}\n"


def settings(folder: Path, model: str = MODEL, registry: str = SOUND_REGISTRY, **given: Any) -> Settings:
    (folder / "leases.yaml").write_text(model, encoding="utf-8")
    (folder / "registry.yaml").write_text(registry, encoding="utf-8")
    files = {"models": str(folder / "leases.yaml"), "registry": str(folder / "registry.yaml")}
    return load_settings({"data_dir": folder / "none", **files, **given}, environment={})


def test_all_that_is_wrong_in_a_registry_is_told(tmp_path: Path) -> None:
    found = judged(settings(tmp_path, registry=REGISTRY))

    file = tmp_path / "registry.yaml"
    assert list(map(str, found.problems))[:4] == [
        f"{file}:5:22: facilities.east.calendar: 'ofice' is not among the calendars; did you mean 'office'?",
        f"{file}:5:39: facilities.east.time_zone: 'Mars/East' is not an IANA time zone",
        (
            f"{file}:7:30: integrations.payments.heartbeat: 'soon' is not a duration: write 30m, 4h or 2d (clock), "
            "8bh (business hours), 3bd (business days)"
        ),
        f"{file}:7:47: integrations.payments.teir: unknown key; did you mean 'tier'?",
    ]


def test_all_that_is_wrong_in_calendars_is_told(tmp_path: Path) -> None:
    found = judged(settings(tmp_path, registry=REGISTRY.partition("facilities:")[0]))

    file = tmp_path / "registry.yaml"
    assert list(map(str, found.problems)) == [
        (
            f"{file}:2:27: calendars.office.shifts.mon.0: '8-17' is not a shift: write HH:MM-HH:MM, as in 08:00-17:00 or "
            "22:00-06:00"
        ),
        (
            f"{file}:2:52: calendars.office.holidays: no public holidays are known for 'XX': write a country or "
            "country-subdivision, US-CA"
        ),
        (
            f"{file}:2:75: calendars.office.closed.0: a closed or open day must be an ISO date, as in 2026-12-24: "
            "Invalid isoformat string: '24.12.2026'"
        ),
        f"{file}:2:109: calendars.office.open.0: 2026-12-31 is given as closed and as open; take one out",
        f"{file}:3:3: calendars.always: the name 'always' is taken by the calendar that never closes; rename it",
    ]


def test_calendars_are_judged_though_something_else_is_wrong_in_the_registry(tmp_path: Path) -> None:
    found = judged(settings(tmp_path, registry=REGISTRY))

    places = [problem.place for problem in found.problems]
    assert {"facilities.east.time_zone", "calendars.office.shifts.mon.0", "calendars.always"} <= set(places)
    assert len(places) == len(set(places)) == 9


def test_a_shift_that_another_has_all_of_is_wrong_with_its_line_and_one_that_hands_over_is_not(tmp_path: Path) -> None:
    registry = """\
calendars:
  ward:
    shifts:
      mon: ["07:00-15:30", "15:00-23:30", "23:00-07:30"]
      tue: ["08:00-17:00", "12:00-13:00"]
      wed:
        - "22:00-06:00"
        - "22:00-06:00"
        - "05:00-13:00"
"""

    found = judged(settings(tmp_path, registry=registry))

    file = tmp_path / "registry.yaml"
    mend = "take it out, or split that one around a break"
    assert [str(each) for each in found.problems if each.file == file] == [
        f"{file}:5:28: calendars.ward.shifts.tue.1: '12:00-13:00' adds nothing, '08:00-17:00' has all of it: {mend}",
        f"{file}:8:11: calendars.ward.shifts.wed.1: '22:00-06:00' adds nothing, '22:00-06:00' has all of it: {mend}",
    ]


def test_objectives_are_judged_by_themselves_where_a_model_cannot_be_read(tmp_path: Path) -> None:
    objectives = tmp_path / "mine.yaml"
    objectives.write_text(
        "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: mine}\nspec: {service: x, budgetingMethod: Sometimes}\n"
    )

    found = judged(settings(tmp_path, "model: leases\n", objectives=str(objectives)))

    told = [str(problem) for problem in found.problems]
    assert any(line.startswith(f"{objectives}:4:20: spec.budgetingMethod: 'Sometimes'") for line in told)
    assert any(line.startswith(str(tmp_path / "leases.yaml")) for line in told)


def test_a_model_is_held_against_the_registry_though_another_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text("model: wrong\n")
    counts_on_nobody = MODEL.partition("    needs:")[0] + "    calendar: bnk\n"
    (tmp_path / "leases.yaml").write_text(counts_on_nobody)
    files = f"{tmp_path / 'wrong.yaml'},{tmp_path / 'leases.yaml'}"

    found = judged(load_settings({"data_dir": tmp_path / "none", "models": files}, environment={}))

    assert (
        f"{tmp_path / 'leases.yaml'}:18:5: handoffs.invoice_to_payment.calendar: the registry defines no calendar"
        in ("\n".join(map(str, found.problems)))
    )


def test_a_model_that_counts_on_a_calendar_of_nobody_is_wrong_and_on_a_place_of_nobody_doubtful(tmp_path: Path) -> None:
    further = "    calendar: bnk\n    target_at: {facilities: {east: {low: 1d}}}\n"
    bank = "calendars: {bank: {shifts: {}}}\n"
    wrong = judged(settings(tmp_path, MODEL.partition("    needs:")[0] + further, bank + SOUND_REGISTRY))
    sound = judged(settings(tmp_path, MODEL.partition("    awaits")[0] + further.replace("bnk", "bank"), bank))

    place = f"{tmp_path / 'leases.yaml'}:18:5: handoffs.invoice_to_payment.calendar"
    reason = "the registry defines no calendar 'bnk'; did you mean 'bank'?"
    assert list(map(str, wrong.problems)) == [f"{place}: {reason}"]
    place = f"{tmp_path / 'leases.yaml'}:17:30: handoffs.invoice_to_payment.target_at.facilities.east"
    assert list(map(str, sound.warnings)) == [f"{place}: the registry has no such facility"]


def test_what_is_wrong_in_one_file_hides_nothing_of_another(tmp_path: Path) -> None:
    redaction = tmp_path / "redaction.yaml"
    redaction.write_text("mode: forbid\n")
    wrong = settings(tmp_path, "model: leases\n", "facility: {}\n", redaction=redaction, dsn="postgres://h/x")

    told = [str(problem) for problem in judged(wrong).problems]

    assert [line.partition(":")[0] for line in told] == [
        "the store must be chdb",
        *[str(tmp_path / "leases.yaml")] * 4,
        str(redaction),
        str(tmp_path / "registry.yaml"),
    ]


def test_what_is_doubtful_is_told_and_is_no_problem(tmp_path: Path) -> None:
    found = judged(settings(tmp_path))

    file = tmp_path / "leases.yaml"
    assert found.problems == []
    assert list(map(str, found.warnings)) == [
        (
            f"{file}:19:30: handoffs.invoice_to_payment.needs.0.on: it is not looked for on credit and so always missing; "
            "write one of invoice, site, lease"
        ),
        (
            f"{file}:20:61: handoffs.invoice_to_payment.needs.1.flow_types: none of these is among the flow_types of the "
            "handoff: this is never missed"
        ),
        (
            f"{file}:16:5: handoffs.invoice_to_payment.awaits: the registry has no integration 'payment', so its silence "
            "explains no stall; did you mean 'payments'?"
        ),
    ]


TARGETS: list[tuple[str, str]] = [
    (
        "target: {low: 5bd}",
        "what is clinical-critical or standard never falls due, nor does what is of unknown criticality",
    ),
    ("target: {clinical-critical: 1bd, standard: 5bd}", "what is low never falls due"),
    ("target: {clinical-critical: 1bd, standard: 5bd, low: 9bd}", ""),
    ("target: {low: 5bd}\n    when: {criticality: [low]}", ""),
    ("target: {low: 5bd}\n    target_at: {kinds: {clinic: {clinical-critical: 1d, standard: 2d}}}", ""),
    ("target: {low: 5bd}\n    due_from: promised_at", ""),
    ("owner: AP", ""),  # lag is measured, and nothing is promised
]


@pytest.mark.parametrize(("further", "reason"), TARGETS)
def test_what_never_falls_due_though_something_is_promised_is_doubtful(
    tmp_path: Path, further: str, reason: str
) -> None:
    found = judged(settings(tmp_path, f"{MODEL.partition('    awaits')[0]}    {further}\n"))

    place = f"{tmp_path / 'leases.yaml'}:16:5: handoffs.invoice_to_payment.target"
    mended = "give it a target, or leave it out by when"
    assert list(map(str, found.warnings)) == ([f"{place}: {reason}; {mended}"] if reason else [])


def test_a_milestone_of_a_type_that_the_model_does_not_have_is_doubtful(tmp_path: Path) -> None:
    milestones = "milestones:\n  open: {event: site.opened, title: O}\n  paid: {event: sites.paid, title: P}\n"
    found = judged(settings(tmp_path, MODEL.partition("    awaits")[0] + milestones))

    assert list(map(str, found.warnings)) == [
        (
            f"{tmp_path / 'leases.yaml'}:18:10: milestones.paid.event: sites is not among the objects, on which this "
            "counts: it is never reached; did you mean 'site'?"
        )
    ]


@pytest.mark.database
def test_events_that_nobody_ever_sent_are_doubtful(tmp_path: Path, database: Database) -> None:
    store(database, [fact("1", "invoice.received", MONDAY, "invoice:1"), fact("2", "payment.execute", MONDAY, "x:1")])
    (model,) = load_models(settings(tmp_path).models)

    told = list(unsent_events(model, sent_events(database)))

    handoff = ("handoffs", "invoice_to_payment")
    assert told == [
        ((*handoff, "stop", 0), "nobody has ever sent payment.executed; did you mean 'payment.execute'?"),
        ((*handoff, "needs", 0, "event"), "nobody has ever sent site.opened"),
    ]


def test_where_there_is_no_store_yet_none_is_made(tmp_path: Path) -> None:
    judged(settings(tmp_path))

    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"dsn": "postgres://h/x"}, "clickhouse://"),
        ({"webhook_url": "http://127.0.0.1/x"}, "STALLWATCH_WEBHOOK_SECRET"),
        (
            {"webhook_url": "stalls.example", "webhook_secret": "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
            "STALLWATCH_WEBHOOK_URL",
        ),
    ],
)
def test_a_store_or_a_webhook_that_serving_would_refuse_is_refused(given: dict[str, str], reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        check_connections(load_settings(given, environment={}))


OBJECTIVE = """\
apiVersion: openslo/v1
kind: SLO
metadata: {name: paid-in-time}
spec:
  service: leasing
  indicator:
    metadata: {name: paid}
    spec:
      thresholdMetric:
        metricSource:
          type: stallwatch
          spec: {model: leases, handoff: invoice_to_payment, facility: [est], measure: business_days}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.9, op: lte, value: 3}]
"""


def objectives(folder: Path, text: str) -> str:
    (folder / "slo.yaml").write_text(text, encoding="utf-8")
    return str(folder / "slo.yaml")


def test_what_is_wrong_in_objectives_is_told(tmp_path: Path) -> None:
    file = objectives(tmp_path, OBJECTIVE.replace("invoice_to_payment", "invoice_to_pament"))

    found = judged(settings(tmp_path, objectives=file))

    assert [str(problem) for problem in found.problems if problem.file == Path(file)] == [
        (
            f"{file}:12:33: spec.indicator.spec.thresholdMetric.metricSource.spec.handoff: the model 'leases' has no handoff "
            "'invoice_to_pament'; did you mean 'invoice_to_payment'?"
        )
    ]


def test_doubts_of_objectives_and_facilities_that_nobody_knows_are_warnings(tmp_path: Path) -> None:
    registry = "facilities:\n  east: {name: East, time_zone: UTC}\nintegrations:\n  payments: {name: Payments}\n"
    file = objectives(tmp_path, OBJECTIVE)

    sound = MODEL.replace("      - {event: site.opened, on: credit, summary: Not opened}\n", "")
    found = judged(settings(tmp_path, model=sound, registry=registry, objectives=file))

    assert found.problems == []
    assert [str(warning) for warning in found.warnings if warning.file == Path(file)] == [
        f"{file}:5:3: spec.service: there is no Service 'leasing'",
        f"{file}:1:1: paid-in-time: the registry has no facility 'est'; did you mean 'east'?",
    ]
    assert [each.name for each in found.objectives.objectives] == ["paid-in-time"]


def test_objectives_of_models_that_cannot_be_read_are_not_judged(tmp_path: Path) -> None:
    file = objectives(tmp_path, OBJECTIVE)

    found = judged(settings(tmp_path, model="model: leases\n", objectives=file))

    assert all(problem.file != Path(file) for problem in found.problems)
    assert found.problems

"""Alerts on data quality: one for each kind and integration, past a threshold, with the cause."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from support.alerting import DUE, Found, Pager, TheseFindings, TheseStalls, finished_run, quality_rule

from alerts.quality import Inspector, evaluate
from alerts.service import AlertService
from alerts.store import AlertStore
from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import StoreUnavailableError

MINUTE = timedelta(minutes=1)


def team_of(integration: str) -> str:
    return {"inventory": "Supply chain systems"}.get(integration, "")


def test_a_finding_says_what_at_whom_how_many_why_and_whose_move(tmp_path: Path) -> None:
    (finding,) = evaluate(quality_rule(tmp_path), [Found()], DUE, team_of)

    assert finding.title == "Quality: Impossible order at inventory"
    assert finding.summary == (
        "40 found at inventory in what was received in the last 24h; because: Impossible order: 40 of 500; "
        "next move: Supply chain systems"
    )
    assert (finding.count, finding.cause_code, finding.severity) == (40, "impossible_order", "ticket")


@pytest.mark.parametrize(
    ("changes", "found", "reached"),
    [
        ({"at_least": "{found: 40}"}, Found(), True),
        ({"at_least": "{found: 41}"}, Found(), False),
        ({"at_least": "{share: 0.08}"}, Found(), True),
        ({"at_least": "{share: 0.09}"}, Found(), False),
        ({"at_least": "{share: 0.09}"}, Found(suspected=True), True),
        ({"at_least": "{share: 1}"}, Found(checked=0), True),
        ({"only": "{integration: [erp]}"}, Found(), False),
        ({"only": "{finding: [impossible_order], integration: [inventory]}"}, Found(), True),
        ({"only": "{finding: [time_zone]}"}, Found(), False),
    ],
)
def test_what_reaches_the_thresholds_is_found(
    tmp_path: Path, changes: dict[str, str], found: Found, *, reached: bool
) -> None:
    assert bool(evaluate(quality_rule(tmp_path, **changes), [found], DUE, team_of)) is reached


def test_each_kind_at_each_integration_is_a_problem_of_its_own_whatever_its_size(tmp_path: Path) -> None:
    rule = quality_rule(tmp_path)
    several = [Found(), Found(integration="erp"), Found(kind="time_zone"), Found(found=50)]

    one, erp, zone, grown = (each.series for each in evaluate(rule, several, DUE, team_of))

    assert len({one, erp, zone}) == 3
    assert grown == one


def test_the_store_is_asked_every_few_minutes_and_a_failure_is_no_answer(tmp_path: Path) -> None:
    findings, rule = TheseFindings([Found()]), quality_rule(tmp_path, window="7d")
    inspector = Inspector(findings, team_of)

    first = inspector.found(rule, DUE)
    findings.down = True
    assert inspector.found(rule, DUE + 4 * MINUTE) == first
    with pytest.raises(StoreUnavailableError):
        inspector.found(rule, DUE + 5 * MINUTE)
    findings.down, findings.standing = False, []
    assert inspector.found(rule, DUE + 6 * MINUTE) == []

    assert findings.asked == [(DUE + minutes * MINUTE, "7d") for minutes in (0, 5, 6)]


@pytest.mark.database
def test_on_call_gets_one_alert_with_the_cause_and_hears_when_it_is_over(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    finished_run(database, clock.now())
    findings, pager, begun = TheseFindings([Found()]), Pager(), clock.now()
    rules, inspector = (quality_rule(tmp_path),), Inspector(findings, team_of)
    service = AlertService(database, TheseStalls(), rules, clock, {"pager": pager}, "https://stalls.example", inspector)

    for minutes, standing in ((6, [Found(found=41)]), (6, [Found(found=90)]), (30, []), (61, []), (6, [])):
        service.tick()
        clock.advance(minutes * MINUTE)
        findings.standing = standing
        finished_run(database, clock.now())
    service.tick()
    while service.deliver():
        pass

    fired, resolved = (json.loads(message.body) for message in pager.taken)
    assert (fired["status"], fired["count"], resolved["status"]) == ("firing", 41, "resolved")
    assert fired["title"] == "Quality: Impossible order at inventory"
    assert fired["since"] == begun.isoformat()
    assert fired["url"] == "https://stalls.example/findings?window=24h#impossible_order"
    assert [alert.owner for alert in AlertStore(database).page("resolved").items] == ["Supply chain systems"]

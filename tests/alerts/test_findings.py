from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from support.alerting import DUE, Group, stall_rule

from alerts.findings import FINDING, evaluate, series_of


def test_a_finding_says_what_where_how_much_since_when_why_and_whose_move(tmp_path: Path) -> None:
    (finding,) = evaluate(stall_rule(tmp_path), [Group()], DUE)

    assert finding.title == "Stalled: inventory adapter fails: HTTP 503"
    assert finding.summary == (
        "143 stalled in invoice_to_match at mercy-west; USD 1,200,000.50; past due since 2026-03-04 10:10 UTC; "
        "because: inventory adapter fails: HTTP 503; next move: Accounts payable"
    )


def test_a_long_list_of_facilities_is_counted_out(tmp_path: Path) -> None:
    (finding,) = evaluate(stall_rule(tmp_path), [Group(facilities=("a", "b", "c", "d", "e"))], DUE)

    assert "at a, b, c and 2 more;" in finding.summary
    assert finding.facilities == ("a", "b", "c", "d", "e")


def test_what_is_unknown_is_left_out_of_the_sentence(tmp_path: Path) -> None:
    (finding,) = evaluate(stall_rule(tmp_path), [Group(facilities=(), amounts={}, owner="")], DUE)

    assert finding.summary.startswith("143 stalled in invoice_to_match; past due since")
    assert finding.summary.endswith("because: inventory adapter fails: HTTP 503")


@pytest.mark.parametrize(
    ("least", "group", "found"),
    [
        ("{count: 3}", Group(count=2), False),
        ("{count: 3}", Group(count=3), True),
        ("{overdue: 1h}", Group(since=DUE - timedelta(minutes=59)), False),
        ("{overdue: 1h}", Group(since=DUE - timedelta(hours=1)), True),
        ("{amount: {USD: 100}}", Group(amounts={"USD": Decimal("99.99")}), False),
        ("{amount: {USD: 100}}", Group(amounts={"USD": Decimal(100)}), True),
        ("{amount: {USD: 100}}", Group(amounts={"EUR": Decimal(1000)}), False),
        ("{amount: {USD: 100, EUR: 90}}", Group(amounts={"EUR": Decimal(90)}), True),
        ("{count: 3, amount: {USD: 100}}", Group(count=2, amounts={"USD": Decimal(100)}), False),
    ],
)
def test_a_group_is_found_when_it_reaches_every_threshold(
    tmp_path: Path, least: str, group: Group, *, found: bool
) -> None:
    assert bool(evaluate(stall_rule(tmp_path, at_least=least), [group], DUE)) is found


@pytest.mark.parametrize(
    ("criticalities", "severity"),
    [(("low",), "ticket"), (("low", "clinical-critical"), "page"), (("", "unheard-of"), "ticket"), ((), "ticket")],
)
def test_severity_follows_the_highest_criticality(
    tmp_path: Path, criticalities: tuple[str, ...], severity: str
) -> None:
    rule = stall_rule(tmp_path, severity="{clinical-critical: page, low: ticket}")

    assert evaluate(rule, [Group(criticalities=criticalities)], DUE)[0].severity == severity


def test_the_same_cause_is_the_same_series_whatever_its_size(tmp_path: Path) -> None:
    rule = stall_rule(tmp_path)

    (before,) = evaluate(rule, [Group(count=3)], DUE)
    (after,) = evaluate(rule, [Group(count=300, facilities=("elsewhere",))], DUE + timedelta(days=1))

    assert before.series == after.series


def test_labels_that_only_join_alike_are_different_series() -> None:
    assert series_of("r", {"a": "bc"}) != series_of("r", {"ab": "c"})
    assert series_of("r", {"a": "b", "c": "d"}) == series_of("r", {"c": "d", "a": "b"})


def test_a_finding_survives_being_written_down(tmp_path: Path) -> None:
    (finding,) = evaluate(
        stall_rule(tmp_path), [Group(amounts={"JPY": Decimal("0.1000"), "USD": Decimal("1E+3")})], DUE
    )

    assert FINDING.validate_json(FINDING.dump_json(finding)) == finding

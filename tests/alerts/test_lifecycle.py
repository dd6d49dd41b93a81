"""Tables in minutes: what was seen at each look, and the state after it. `for` is 2 minutes, `keep_firing_for` 5.

The expected columns are worked out by hand from the Prometheus documentation of `for` and `keep_firing_for`.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.alerting import DUE, Group, stall_rule

from alerts.findings import Finding, evaluate
from alerts.lifecycle import AlertState, State, transition
from alerts.rulebook import StallRule

SEEN, GONE = True, False


@pytest.fixture
def rule(tmp_path: Path) -> StallRule:
    return stall_rule(tmp_path)


@pytest.fixture
def finding(rule: StallRule) -> Finding:
    return evaluate(rule, [Group()], DUE)[0]


def minute(number: float) -> datetime:
    return DUE + timedelta(minutes=number)


def replay(rule: StallRule, finding: Finding, looks: list[tuple[float, bool]]) -> list[AlertState | None]:
    """Return where the alert stands after each look."""
    standing: AlertState | None = None
    after = []
    for at, seen in looks:
        standing = transition(standing, finding if seen else None, minute(at), rule, ("pager",)) or standing
        after.append(standing)
    return after


@pytest.mark.parametrize(
    ("hold", "keep", "looks", "states"),
    [
        ("2m", "0s", [(0, GONE)], [None]),
        ("2m", "0s", [(0, SEEN), (1, SEEN), (2, SEEN)], ["pending", "pending", "firing"]),
        ("2m", "0s", [(0, SEEN), (1.99, SEEN), (2, SEEN)], ["pending", "pending", "firing"]),
        ("2m", "0s", [(0, SEEN), (60, SEEN)], ["pending", "firing"]),
        ("0s", "0s", [(0, SEEN), (1, GONE)], ["firing", "resolved"]),
        (
            "2m",
            "0s",
            [(0, SEEN), (1, GONE), (2, SEEN), (3, SEEN), (4, SEEN)],
            ["pending", "inactive", "pending", "pending", "firing"],
        ),
        ("0s", "5m", [(0, SEEN), (1, GONE), (5.9, GONE), (6, GONE)], ["firing", "firing", "firing", "resolved"]),
        (
            "0s",
            "5m",
            [(0, SEEN), (1, GONE), (5, SEEN), (6, GONE), (10, GONE), (11, GONE)],
            ["firing"] * 5 + ["resolved"],
        ),
        ("0s", "5m", [(0, SEEN), (60, GONE), (61, GONE)], ["firing", "firing", "firing"]),
        ("0s", "0s", [(0, SEEN), (1, GONE), (2, GONE), (3, SEEN)], ["firing", "resolved", "resolved", "firing"]),
    ],
    ids=[
        "nothing found, nothing said",
        "fires when the finding has stood for two minutes, to the instant",
        "not a moment sooner",
        "a long pause between looks does not hold it back",
        "without waiting times it fires at first sight and resolves at first absence",
        "a pending alert that vanishes starts anew",
        "resolves when the finding has been gone for five minutes, to the instant",
        "a finding that comes back starts the five minutes anew",
        "the five minutes begin at the first look that misses it",
        "after resolving it may fire again",
    ],
)
def test_state_after_each_look(
    tmp_path: Path, hold: str, keep: str, looks: list[tuple[float, bool]], states: list[str | None]
) -> None:
    rule = stall_rule(tmp_path, **{"for": hold, "keep_firing_for": keep})

    after = replay(rule, evaluate(rule, [Group()], DUE)[0], looks)

    assert [standing.state.value if standing else None for standing in after] == states


def test_an_alert_keeps_its_id_through_its_episode_and_takes_a_new_one_for_the_next(
    rule: StallRule, finding: Finding
) -> None:
    looks = [(0, SEEN), (2, SEEN), (3, GONE), (8, GONE), (9, SEEN), (11, SEEN)]

    ids = [standing.alert_id for standing in replay(rule, finding, looks) if standing]

    assert ids == [f"{finding.series}-1"] * 4 + [f"{finding.series}-2"] * 2


def test_an_alert_tells_when_it_began_fired_and_ended(rule: StallRule, finding: Finding) -> None:
    last = replay(rule, finding, [(0, SEEN), (2, SEEN), (3, GONE), (8, GONE)])[-1]

    assert last is not None
    assert (last.pending_since, last.firing_since, last.resolved_at) == (minute(0), minute(2), minute(8))


def test_those_told_of_the_firing_are_those_to_tell_of_the_resolving(rule: StallRule, finding: Finding) -> None:
    firing = replay(rule, finding, [(0, SEEN), (2, SEEN)])[-1]

    gone = transition(firing, None, minute(3), rule, ("another",))
    resolved = transition(gone, None, minute(8), rule, ("another",))

    assert resolved is not None
    assert (resolved.state, resolved.channels) == (State.RESOLVED, ("pager",))


def test_figures_that_move_are_kept_without_a_new_step(rule: StallRule, finding: Finding) -> None:
    firing = replay(rule, finding, [(0, SEEN), (2, SEEN)])[-1]
    assert firing is not None

    grown = transition(firing, replace(finding, count=500), minute(3), rule)

    assert grown == replace(firing, finding=replace(finding, count=500), seen_at=minute(3))


def test_nothing_is_written_while_nothing_moves(rule: StallRule, finding: Finding) -> None:
    firing = replay(rule, finding, [(0, SEEN), (2, SEEN)])[-1]

    assert transition(firing, finding, minute(3), rule) is None


def test_an_alert_whose_rule_was_removed_resolves_at_once(rule: StallRule, finding: Finding) -> None:
    firing = replay(rule, finding, [(0, SEEN), (2, SEEN)])[-1]

    resolved = transition(firing, None, minute(3), None)

    assert resolved is not None
    assert resolved.state is State.RESOLVED


def test_a_clock_that_goes_back_neither_fires_nor_resolves(rule: StallRule, finding: Finding) -> None:
    pending = transition(None, finding, minute(0), rule)

    assert transition(pending, finding, minute(-60), rule) is None

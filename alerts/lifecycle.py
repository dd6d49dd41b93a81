"""The lifecycle of an alert: inactive → pending → firing → resolved, as one pure function.

Semantics of Prometheus alerting rules: pending for `for`, then firing; a pending alert whose finding vanishes is
dropped in silence; a firing one resolves once its finding has been gone for `keep_firing_for`. What was not looked at
(a failed query, silent telemetry) has not vanished: the caller does not ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from alerts.findings import Finding
from alerts.rulebook import NONE, Rule


class State(StrEnum):
    """Where an alert stands."""

    INACTIVE = "inactive"
    PENDING = "pending"
    FIRING = "firing"
    RESOLVED = "resolved"


LIVE = (State.PENDING, State.FIRING)


@dataclass(frozen=True)
class AlertState:
    """One step of one episode of an alert, as appended; the newest is where it stands. Instants are UTC.

    `channels` are those its firing was put out to, and so those that must hear that it resolved. `absent_since` is when
    a firing alert's finding was first missed; `seen_at` is when the figures in `finding` were taken.
    """

    series: str
    episode: int
    number: int
    state: State
    at: datetime
    pending_since: datetime
    firing_since: datetime | None
    absent_since: datetime | None
    resolved_at: datetime | None
    channels: tuple[str, ...]
    finding: Finding
    seen_at: datetime

    @property
    def alert_id(self) -> str:
        """The same for the whole episode, and for nothing else."""
        return f"{self.series}-{self.episode}"

    @property
    def labels(self) -> Mapping[str, str]:
        """What tells this alert from others of its rule."""
        return self.finding.labels


def transition(
    previous: AlertState | None,
    finding: Finding | None,
    now: datetime,
    rule: Rule | None,
    channels: tuple[str, ...] = (),
) -> AlertState | None:
    """Return the next step of the alert, or None where nothing changes.

    `finding` None means: looked, and not found. `rule` None means: there is no such rule any more, so nothing holds
    the alert up. `channels` are those to tell if it fires now. Equal instants reach `for` and `keep_firing_for`.
    """
    if previous is None or previous.state not in LIVE:
        return None if finding is None else _begin(previous, finding, now, rule, channels)
    if finding is None:
        return _missed(previous, now, rule)
    if previous.state is State.PENDING and _over(previous.pending_since, now, rule):
        return _fire(_step(previous, now, finding), now, channels)
    if previous.absent_since is not None:
        return replace(_step(previous, now, finding), absent_since=None)
    return replace(previous, finding=finding, seen_at=now) if finding != previous.finding else None


def _begin(
    last: AlertState | None, finding: Finding, now: datetime, rule: Rule | None, channels: tuple[str, ...]
) -> AlertState:
    begun = AlertState(
        series=finding.series,
        episode=last.episode + 1 if last else 1,
        number=1,
        state=State.PENDING,
        at=now,
        pending_since=now,
        firing_since=None,
        absent_since=None,
        resolved_at=None,
        channels=(),
        finding=finding,
        seen_at=now,
    )
    return _fire(begun, now, channels) if _over(now, now, rule) else begun


def _fire(step: AlertState, now: datetime, channels: tuple[str, ...]) -> AlertState:
    return replace(step, state=State.FIRING, firing_since=now, channels=channels)


def _missed(previous: AlertState, now: datetime, rule: Rule | None) -> AlertState | None:
    if previous.state is State.PENDING:
        return replace(_step(previous, now, previous.finding), state=State.INACTIVE)
    absent_since = previous.absent_since or now
    if now - absent_since >= (rule.keep_firing_for if rule else NONE):
        step = _step(previous, now, previous.finding)
        return replace(step, state=State.RESOLVED, absent_since=absent_since, resolved_at=now)
    return None if previous.absent_since else replace(_step(previous, now, previous.finding), absent_since=now)


def _step(previous: AlertState, now: datetime, finding: Finding) -> AlertState:
    return replace(previous, number=previous.number + 1, at=now, finding=finding, seen_at=now)


def _over(since: datetime, now: datetime, rule: Rule | None) -> bool:
    return now - since >= (rule.hold if rule else NONE)

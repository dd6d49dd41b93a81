"""What of a burn rate an objective tells: by the alert policies of its file, else by the burn windows that ship."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction

from slo.burn_windows import SHORT_OF_LONG, BurnWindows, Reachable, alerts_of, holds_no_slice, out_of_reach
from slo.objectives import BurnAlert
from slo.openslo_alerts import AlertConditionSpec, AlertPolicySpec, NotificationTarget, PolicyUse
from slo.openslo_book import Book, Entry, Notes, Spot

MEANT = {"lte": "gte", "lt": "gt"}


@dataclass(frozen=True)
class Burnable:
    """What alerts of an objective are judged against: its name, window, target and slices."""

    name: str
    length: timedelta
    target: Fraction
    slice: timedelta | None


def alerts_for(
    objective: Burnable,
    policies: tuple[PolicyUse, ...] | None,
    spot: Spot,
    book: Book,
    ships: BurnWindows,
) -> Reachable:
    """Return the alerts of an objective. No `alertPolicies`: those that ship and can fire; an empty list: none."""
    if policies is None:
        return alerts_of(ships, objective.length, objective.target, objective.slice)
    found: dict[str, BurnAlert] = {}
    for index, use in enumerate(policies):
        policy = _policy(use, spot.inside(index), book)
        for alert, where in _alerts(policy, objective, book) if policy else ():
            if alert.name in found:
                reason = f"the condition {alert.name!r} is of two policies of {objective.name!r}; keep one"
                where.wrong(book.notes, reason)
            found.setdefault(alert.name, alert)
    return Reachable(tuple(found.values()), ())


def judge_policy(policy: Entry, book: Book) -> list[Entry]:
    """Note what is wrong or doubtful in a policy, whoever uses it; return its conditions."""
    spec: AlertPolicySpec = policy.spec
    spot = policy.inside("spec")
    if len(spec.conditions) > 1:
        reason = "the specification allows one condition; here each of them is an alert of its own"
        spot.inside("conditions").doubtful(book.notes, reason)
    if spec.alert_when_no_data:
        spot.inside("alertWhenNoData").doubtful(
            book.notes, "is not followed: the silence of an integration alerts by itself"
        )
    if spec.alert_when_breaching is False:
        spot.inside("alertWhenBreaching").doubtful(book.notes, "false: no alert of this policy will ever fire")
    for index, target in enumerate(spec.notification_targets):
        _judge_target(target, spot.inside("notificationTargets", index, "targetRef"), book)
    conditions = [each for each in _conditions(spec, spot, book) if each]
    for condition in conditions:
        if condition.document is policy.document and condition.place:
            judge_condition(condition, book.notes)
    return conditions


def judge_condition(condition: Entry, notes: Notes) -> None:
    """Note what is doubtful in a condition, whoever uses it."""
    op = condition.spec.condition.op
    if op in MEANT:
        reason = f"{op} would alert while little is burnt; it is read as {MEANT[op]}, as the specification means it"
        condition.inside("spec", "condition", "op").doubtful(notes, reason)


def _policy(use: PolicyUse, spot: Spot, book: Book) -> Entry | None:
    if use.alert_policy_ref:
        at = spot.inside("alertPolicyRef") if isinstance(_given(spot), dict) else spot
        return book.named("AlertPolicy", use.alert_policy_ref, at)
    inline = Entry(spot.document, spot.place, use.metadata, use.spec) if use.metadata else None
    if inline:
        judge_policy(inline, book)
    return inline


def _given(spot: Spot) -> object:
    content = spot.document.content
    for step in spot.place:
        content = content[step]
    return content


def _conditions(spec: AlertPolicySpec, spot: Spot, book: Book) -> Iterator[Entry | None]:
    for index, use in enumerate(spec.conditions):
        at = spot.inside("conditions", index)
        if use.condition_ref:
            yield book.named("AlertCondition", use.condition_ref, at.inside("conditionRef"))
        elif use.metadata:
            yield Entry(at.document, at.place, use.metadata, use.spec)


def _judge_target(target: NotificationTarget, spot: Spot, book: Book) -> None:
    if target.target_ref and target.target_ref not in book.of("AlertNotificationTarget"):
        reason = f"there is no AlertNotificationTarget {target.target_ref!r}; routing decides who is told"
        spot.doubtful(book.notes, reason)


def _alerts(policy: Entry, objective: Burnable, book: Book) -> Iterator[tuple[BurnAlert, Spot]]:
    # What is wrong in a policy itself is noted once, not for every objective that uses it.
    for condition in judge_policy(policy, replace(book, notes=Notes())):
        alert = _alert(condition)
        spot = condition.inside("spec", "condition")
        for key, reason in _impossible(alert, objective):
            spot.inside(key).wrong(book.notes, f"of {objective.name}: {reason}")
        if policy.spec.alert_when_breaching is not False:
            yield alert, condition.inside("metadata", "name")


def _alert(condition: Entry) -> BurnAlert:
    spec: AlertConditionSpec = condition.spec
    long = spec.condition.lookback_window.length
    return BurnAlert(
        name=condition.metadata.name,
        severity=spec.severity,
        long=long,
        short=long / SHORT_OF_LONG,
        factor=spec.condition.threshold,
        description=spec.description or condition.metadata.display_name,
        after=spec.condition.alert_after,
        or_equal=spec.condition.op in {"gte", "lte"},
    )


def _impossible(alert: BurnAlert, objective: Burnable) -> Iterator[tuple[str, str]]:
    if reason := out_of_reach(alert, objective.target):
        yield "threshold", reason
    if alert.long > objective.length:
        yield "lookbackWindow", "it looks further back than the objective's window; shorten it"
    elif reason := holds_no_slice(alert, objective.slice):
        yield "lookbackWindow", reason

"""What a rule finds: pure functions from groups of stalls to findings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from pydantic import TypeAdapter

from alerts.ports import StallGroup
from alerts.rulebook import Severity, StallRule

SEVERITIES: tuple[Severity, ...] = ("page", "ticket")
SHOWN_PLACES = 3


@dataclass(frozen=True)
class Finding:
    """One problem a rule found: what, where, how much, since when, why, whose move. Amounts are by currency."""

    rule: str
    labels: Mapping[str, str]
    title: str
    severity: str
    summary: str
    cause_code: str
    cause_summary: str
    trace_id: str | None
    count: int
    amounts: Mapping[str, Decimal]
    facilities: tuple[str, ...]
    criticalities: tuple[str, ...]
    handoffs: tuple[str, ...]
    since: datetime
    owner: str

    @property
    def series(self) -> str:
        """Which rule and labels: the same for the same problem, over restarts."""
        return series_of(self.rule, self.labels)


FINDING = TypeAdapter(Finding)


def series_of(rule: str, labels: Mapping[str, str]) -> str:
    """Return 16 hexadecimal digits for a rule and its labels; each part is framed by its length."""
    parts = [rule, *(part for pair in sorted(labels.items()) for part in pair)]
    return sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()[:16]


def evaluate(rule: StallRule, groups: Iterable[StallGroup], now: datetime) -> list[Finding]:
    """Return a finding for each group that reaches the rule's thresholds, one for each cause signature."""
    found = (_finding(rule, group) for group in groups if _reaches(rule, group, now))
    return list({finding.series: finding for finding in found}.values())


def _reaches(rule: StallRule, group: StallGroup, now: datetime) -> bool:
    least = rule.at_least
    enough = not least.amount or any(group.amounts.get(money, Decimal(0)) >= low for money, low in least.amount.items())
    return enough and group.count >= least.count and now - group.since >= least.overdue


def _finding(rule: StallRule, group: StallGroup) -> Finding:
    return Finding(
        rule=rule.rule,
        labels={"cause": group.code, "signature": group.signature},
        title=f"{rule.title}: {group.summary}",
        severity=_severity(rule, group.criticalities),
        summary=summarize(group),
        cause_code=group.code,
        cause_summary=group.summary,
        trace_id=group.trace_id,
        count=group.count,
        amounts=dict(sorted(group.amounts.items())),
        facilities=tuple(group.facilities),
        criticalities=tuple(group.criticalities),
        handoffs=tuple(group.handoffs),
        since=group.since,
        owner=group.owner,
    )


def _severity(rule: StallRule, criticalities: tuple[str, ...]) -> Severity:
    given = {severity for criticality, severity in rule.severity.items() if criticality in criticalities}
    return next((severity for severity in SEVERITIES if severity in given), "ticket")


def summarize(group: StallGroup) -> str:
    """Return one sentence: how many, what, where, how much, since when, why, whose move."""
    parts = [
        f"{group.count} stalled in {_few(group.handoffs)}"
        + (f" at {_few(group.facilities)}" if group.facilities else ""),
        " + ".join(f"{money} {amount:,.2f}".strip() for money, amount in sorted(group.amounts.items()) if amount),
        f"past due since {group.since:%Y-%m-%d %H:%M} UTC",
        f"because: {group.summary}",
        f"next move: {group.owner}" if group.owner else "",
    ]
    return "; ".join(part for part in parts if part)


def _few(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:SHOWN_PLACES])
    return shown if len(names) <= SHOWN_PLACES else f"{shown} and {len(names) - SHOWN_PLACES} more"

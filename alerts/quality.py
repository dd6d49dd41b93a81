"""What a rule on data quality finds: one problem for each kind of finding and integration; and how often it asks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from alerts.findings import Finding
from alerts.ports import Quality, QualityFinding
from alerts.rulebook import QualityRule
from core.filters import Filters

# What the facts of a day or a month say changes slowly, and is asked of all of them: not at every tick of the alerts.
ASKED_EVERY = timedelta(minutes=5)


@dataclass
class Inspector:
    """Asks what the rules of data quality find, and gives the last answer until it is `every` old."""

    quality: Quality
    owner_of: Callable[[str], str] = field(default=lambda _: "")
    every: timedelta = ASKED_EVERY
    _answers: dict[str, tuple[datetime, list[Finding]]] = field(default_factory=dict)

    def found(self, rule: QualityRule, now: datetime) -> list[Finding]:
        """Return the findings of a rule as of now, or a few minutes ago. Raises StallwatchError if it cannot tell."""
        asked_at, answer = self._answers.get(rule.rule, (None, []))
        if asked_at is None or not timedelta(0) <= now - asked_at < self.every:
            answer = evaluate(rule, self.quality.all(Filters(as_of=now), rule.window), now, self.owner_of)
            self._answers[rule.rule] = now, answer
        return answer


def evaluate(
    rule: QualityRule, findings: Iterable[QualityFinding], now: datetime, owner_of: Callable[[str], str]
) -> list[Finding]:
    """Return a finding for each kind and integration that reaches the rule's thresholds."""
    return [_finding(rule, each, now, owner_of(each.integration)) for each in findings if _reaches(rule, each)]


def since_first(finding: Finding, previous: Finding) -> Finding:
    """Return the finding as standing since it was first found: what is counted over a window has no due time."""
    return replace(finding, since=previous.since) if "finding" in finding.labels else finding


def _reaches(rule: QualityRule, found: QualityFinding) -> bool:
    least, only = rule.at_least, rule.only
    wanted = _any_of(only.finding, found.kind) and _any_of(only.integration, found.integration)
    share = found.found / found.checked if found.checked else 1.0
    return wanted and found.found >= least.found and (found.suspected or share >= least.share)


def _any_of(wanted: Sequence[str], value: str) -> bool:
    return not wanted or value in wanted


def _finding(rule: QualityRule, found: QualityFinding, now: datetime, owner: str) -> Finding:
    cause = f"{found.title.rstrip('?')}: {found.summary}"
    what = "suspected" if found.suspected else "found"
    parts = [
        f"{found.found:,} {what} at {found.integration} in what was received in the last {rule.window}",
        f"because: {cause}",
        f"next move: {owner}" if owner else "",
    ]
    return Finding(
        rule=rule.rule,
        labels={"finding": found.kind, "integration": found.integration, "window": rule.window},
        title=f"{rule.title}: {found.title.rstrip('?')} at {found.integration}",
        severity=rule.severity,
        summary="; ".join(part for part in parts if part),
        cause_code=found.kind,
        cause_summary=cause,
        trace_id=None,
        count=found.found,
        amounts={},
        facilities=(),
        criticalities=(),
        handoffs=(),
        since=now,
        owner=owner,
    )

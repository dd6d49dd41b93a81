"""The alert service: decide, put out, deliver: three steps, each safe to repeat and to lose power in.

`tick` decides and appends steps, then puts out whatever the ledger calls for and the outbox lacks: putting out after a
crash is the same act as putting out. `deliver` attempts one due notification.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from alerts.delivery import Delivery
from alerts.findings import Finding, evaluate
from alerts.hearing import Hearing
from alerts.ledger import Announcement, Ledger
from alerts.lifecycle import LIVE, AlertState, transition
from alerts.notification import render
from alerts.outbox import Entry, Outbox
from alerts.ports import Channel, Stalls
from alerts.quality import Inspector, since_first
from alerts.rulebook import Rule, StallRule, load_rules
from alerts.webhook import WebhookChannel
from core.clickhouse import Database
from core.clock import Clock
from core.errors import SettingsError, StallwatchError
from core.logs import get_logger
from core.settings import Settings


@dataclass(frozen=True)
class TickReport:
    """What a tick did: findings now, steps appended by new state, notifications put out, and what it could not judge.

    `unjudged` names each rule whose query failed (its alerts keep their state); `doubt` says why nothing that was
    missing was taken as gone.
    """

    findings: int
    steps: Mapping[str, int]
    put_out: int
    unjudged: tuple[str, ...] = ()
    doubt: str | None = None


@dataclass(frozen=True)
class AlertService:
    """Evaluates the rules and delivers what follows. One process ticks at a time; any number may deliver."""

    database: Database
    stalls: Stalls
    rules: Sequence[Rule]
    clock: Clock
    channels: Mapping[str, Channel]
    public_url: str
    inspector: Inspector | None = None  # without one, rules of data quality are not judged, and their alerts stay

    @classmethod
    def from_settings(
        cls,
        database: Database,
        stalls: Stalls,
        clock: Clock,
        settings: Settings,
        inspector: Inspector | None = None,
    ) -> Self:
        """Build it with the shipped rules and the channels of the settings.

        Raises DefinitionError for a wrong rule, SettingsError for a webhook that cannot be used or has no secret.
        """
        return cls(database, stalls, load_rules(), clock, channels_of(settings), settings.console_url, inspector)

    def tick(self) -> TickReport:
        """Evaluate every rule now, append what changed and put out what is called for. Raises StoreError."""
        now = self.clock.now()
        doubt = Hearing(self.database).doubt(now)
        judged = dict(self._judge(now))
        findings = {finding.series: finding for found in judged.values() for finding in found}
        ledger = Ledger(self.database)
        current = ledger.current(findings)
        steps = list(self._decide(current, findings, judged, now, doubted=doubt is not None))
        ledger.append(steps)
        return TickReport(
            findings=len(findings),
            steps=_count(steps, current),
            put_out=self._put_out(ledger.unannounced(), now),
            unjudged=tuple(rule.rule for rule in self.rules if rule.rule not in judged),
            doubt=doubt,
        )

    def deliver(self) -> bool:
        """Attempt the next due notification; return whether there was one. Raises StoreError."""
        return Delivery(Outbox(self.database), self.channels, self.clock).step()

    def close(self) -> None:
        """Close the channels."""
        for channel in self.channels.values():
            channel.close()

    def _judge(self, now: datetime) -> Iterator[tuple[str, list[Finding]]]:
        """Yield rule name and findings of every rule that could be evaluated."""
        for rule in self.rules:
            try:
                if isinstance(rule, StallRule):
                    yield rule.rule, evaluate(rule, self.stalls.groups(rule.only.filters(now)), now)
                elif self.inspector:
                    yield rule.rule, self.inspector.found(rule, now)
            except StallwatchError as error:
                get_logger("alerts").warning(
                    "rule not evaluated; its alerts keep their state", rule=rule.rule, error=str(error)
                )

    def _decide(
        self,
        current: Mapping[str, AlertState],
        findings: Mapping[str, Finding],
        judged: Mapping[str, object],
        now: datetime,
        *,
        doubted: bool,
    ) -> Iterator[AlertState]:
        rules = {rule.rule: rule for rule in self.rules}
        for series in sorted(current.keys() | findings.keys()):
            finding, previous = findings.get(series), current.get(series)
            name = finding.rule if finding else current[series].finding.rule
            if finding is None and (doubted or (name in rules and name not in judged)):
                continue
            if finding and previous and previous.state in LIVE:
                finding = since_first(finding, previous.finding)
            step = transition(previous, finding, now, rules.get(name), tuple(self.channels))
            if step:
                yield step

    def _put_out(self, announcements: list[Announcement], now: datetime) -> int:
        Outbox(self.database).put(self._entry(announcement, now) for announcement in announcements)
        return len(announcements)

    def _entry(self, announcement: Announcement, now: datetime) -> Entry:
        return Entry(
            notification_id=announcement.notification_id,
            alert_id=announcement.step.alert_id,
            status=announcement.step.state.value,
            channel=announcement.channel,
            state="due",
            attempts=0,
            next_attempt_at=now,
            payload=render(announcement.step, self.public_url),
            reason="",
            may_have_arrived=False,
            claim="",
            version=1,
            written_at=now,
        )


def channels_of(settings: Settings) -> dict[str, Channel]:
    """Return the configured channels by name; none is fine, alerts then show on the console only."""
    if settings.webhook_url is None:
        return {}
    if settings.webhook_secret is None:
        message = "STALLWATCH_WEBHOOK_SECRET: a webhook must be signed; give the secret that belongs to the webhook URL"
        raise SettingsError(message)
    return {"webhook": WebhookChannel(settings.webhook_url, settings.webhook_secret.get_secret_value())}


def _count(steps: list[AlertState], current: Mapping[str, AlertState]) -> dict[str, int]:
    changed = [
        step.state.value for step in steps if (old := current.get(step.series)) is None or old.state is not step.state
    ]
    return {state: changed.count(state) for state in sorted(set(changed))}

"""Delivery: one small step that attempts one due notification; safe to repeat, at any time, from anywhere.

At least once: whoever dies after sending and before writing it down sends again, under the same notification id, by
which the receiver tells a repeat.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from alerts.errors import DeliveryError, Reason
from alerts.outbox import Entry, Outbox
from alerts.ports import Channel, Message
from core.clock import Clock
from core.logs import get_logger

# 5 s is the first retry that Standard Webhooks suggests. An alert that is hours late is no alert, so instead of its
# days-long tail the pause doubles up to ten minutes, and 24 attempts end after about three hours.
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=10)
ATTEMPTS = 24
LONGEST_RETRY_AFTER = timedelta(hours=1)  # a receiver may ask for a pause, not for silence


@dataclass(frozen=True)
class Delivery:
    """Delivers what the outbox holds through its channels, one notification a step."""

    outbox: Outbox
    channels: Mapping[str, Channel]
    clock: Clock

    def step(self) -> bool:
        """Attempt the next due notification; return whether there was one."""
        due = self.outbox.next_due(self.clock.now())
        if due is None:
            return False
        if due.orphan:
            self._record(replace(due.entry, state="failed", reason=Reason.FIRING_UNDELIVERED.value))
        elif claimed := self.outbox.claim(due.entry, self.clock.now()):
            self._record(self._attempt(claimed, may_have_arrived=due.entry.may_have_arrived))
        return True

    def _attempt(self, entry: Entry, *, may_have_arrived: bool) -> Entry:
        """Send once, and return the entry as the attempt left it; `may_have_arrived` is of the attempts before."""
        try:
            self._channel(entry.channel).send(Message(entry.notification_id, entry.payload, self.clock.now()))
        except DeliveryError as error:
            arrived = may_have_arrived or error.may_have_arrived
            failed = replace(entry, reason=error.reason.value, may_have_arrived=arrived)
            if error.permanent or entry.attempts >= ATTEMPTS:
                return replace(failed, state="failed")
            return replace(failed, next_attempt_at=self.clock.now() + pause_after(entry.attempts, error.retry_after))
        return replace(entry, state="delivered", reason="", may_have_arrived=True)

    def _channel(self, name: str) -> Channel:
        if name not in self.channels:
            message = f"the channel {name!r} is not configured"
            raise DeliveryError(Reason.NOT_CONFIGURED, message)
        return self.channels[name]

    def _record(self, entry: Entry) -> None:
        self.outbox.write(entry, self.clock.now())
        log = get_logger("alerts").info if entry.state == "delivered" else get_logger("alerts").warning
        log("notification", id=entry.notification_id, state=entry.state, attempts=entry.attempts, reason=entry.reason)


def pause_after(attempts: int, retry_after: timedelta | None = None) -> timedelta:
    """Return how long to wait after this many failed attempts, at least as long as the receiver asked for."""
    pause = min(FIRST_PAUSE * (1 << min(attempts - 1, 16)), LONGEST_PAUSE)
    return max(pause, min(retry_after or timedelta(0), LONGEST_RETRY_AFTER))

"""Instants as people and programs write them, for everything that takes an `as_of`."""

from datetime import UTC, datetime, timedelta

from core.clock import Clock
from core.errors import MisuseError

# The store keeps 1900 to 2299; arithmetic of hours and heartbeats around an instant must stay inside.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)  # exclusive
SKEW = timedelta(minutes=1)  # clocks that are kept by NTP differ by milliseconds, those of desks by less than this


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 instant of the years 1970 to 2199, in UTC; without an offset it is UTC. Raises MisuseError."""
    try:
        written = datetime.fromisoformat(text.strip())
        at = written.replace(tzinfo=UTC) if written.tzinfo is None else written.astimezone(UTC)
    except (ValueError, OverflowError):
        message = f"{text[:60]!r} is not an instant: write ISO 8601, as in 2026-03-04T12:00:00Z"
        raise MisuseError(message) from None
    if not EARLIEST <= at < LATEST:
        message = f"{text[:60]!r} is out of range: an instant is of the years 1970 to 2199"
        raise MisuseError(message)
    return at


def instant_asked(text: str, clock: Clock) -> datetime:
    """Read an `as_of`, in UTC; now where nothing is written. Raises MisuseError, also for what is yet to come.

    What will be is nobody's to tell: it would be answered with what is known now, under another date. Whoever asks may
    have a clock that is ahead of ours by `SKEW`.
    """
    if not text.strip():
        return clock.now()
    at, now = parse_instant(text), clock.now()
    if at > now + SKEW:
        message = f"{text.strip()[:60]!r} is yet to come: answers are as of now ({now:%Y-%m-%dT%H:%M:%SZ}) or earlier"
        raise MisuseError(message)
    return at

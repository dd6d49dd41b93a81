"""Instants as people and programs write them, for everything that takes an `as_of`."""

from datetime import UTC, datetime

from core.errors import MisuseError

# The store keeps 1900 to 2299; arithmetic of hours and heartbeats around an instant must stay inside.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)  # exclusive


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

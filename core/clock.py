"""Time as a dependency: nothing in Stallwatch reads "now" except through a Clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where "now" comes from."""

    def now(self) -> datetime:
        """Return the current instant, in UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the machine's current instant, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that reads it


@dataclass
class ManualClock:
    """A clock that stands still until it is told to move; for tests and for replaying the past."""

    instant: datetime

    def now(self) -> datetime:
        """Return the instant it was set to."""
        return self.instant

    def advance(self, by: timedelta) -> None:
        """Move the clock on."""
        self.instant += by

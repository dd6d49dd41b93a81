"""When the promises were made that a figure looks at: a window over `first_opened_at`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import MisuseError
from core.instants import EARLIEST, LATEST


@dataclass(frozen=True)
class Opened:
    """Opened at or after `since` and before `until`, instants in UTC; by default whenever.

    Raises MisuseError where that is no time at all.
    """

    since: datetime = EARLIEST
    until: datetime = LATEST

    def __post_init__(self) -> None:
        if self.since >= self.until:
            message = f"a window must begin before it ends: not {self.since.isoformat()} to {self.until.isoformat()}"
            raise MisuseError(message)


EVER = Opened()


@dataclass(frozen=True)
class Comparison:
    """Two windows of opening, the earlier seen as of when it was as old as the later is at `as_of`.

    The youngest instance of a window that ends at `until` has been watched for `as_of - until`. Were the earlier seen
    as of today, it would have had weeks more for its reversals, cancellations and slowest closings to arrive: its tail
    would be identified and that of the later would not, and what it shows beyond the age of the later would be compared
    with nothing. So each is seen as of its own end plus the same time.

    Raises MisuseError where the later has not ended by `as_of`, or ends before the earlier.
    """

    earlier: Opened
    later: Opened
    as_of: datetime

    def __post_init__(self) -> None:
        if self.later.until > self.as_of:
            message = (
                f"the later window must have ended by {self.as_of.isoformat()}, not {self.later.until.isoformat()}"
            )
            raise MisuseError(message)
        if self.earlier.until > self.later.until:
            message = "the earlier window must end no later than the later one"
            raise MisuseError(message)

    @property
    def earlier_as_of(self) -> datetime:
        """The instant that the earlier window is seen as of."""
        return self.earlier.until + (self.as_of - self.later.until)


FOUR_WEEKS = timedelta(days=28)  # whole weeks, so that both windows hold the same weekdays


@dataclass(frozen=True)
class Windows:
    """Which windows to compare, as far as that is said; what is left open follows from the instant.

    The later is by default the four weeks before `as_of`, the earlier the time just before the later, of equal length.
    """

    since: datetime | None = None
    until: datetime | None = None
    earlier_since: datetime | None = None
    earlier_until: datetime | None = None

    def at(self, as_of: datetime) -> Comparison:
        """Return both windows. Raises MisuseError for windows that cannot be compared."""
        until = self.until or as_of
        later = Opened(self.since or until - FOUR_WEEKS, until)
        length = later.until - later.since
        start = self.earlier_since
        end = self.earlier_until or (start + length if start else later.since)
        return Comparison(Opened(start or end - length, end), later, as_of)


def last_against_before(as_of: datetime, length: timedelta) -> Comparison:
    """Return the comparison of what was opened in the last `length` before `as_of` with what was in the one before."""
    between = as_of - length
    return Comparison(Opened(between - length, between), Opened(between, as_of), as_of)

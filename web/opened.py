"""Windows of opening, as a request names them."""

from datetime import datetime, timedelta

from core.clock import Clock
from slo.opened import Comparison, Opened
from web.parameters import ListQuery, parse_as_of

FOUR_WEEKS = timedelta(days=28)  # whole weeks, so that both windows hold the same weekdays


def opened_of(query: ListQuery, clock: Clock) -> Opened:
    """Return the window that `opened_since` and `opened_until` name; else whenever. Raises MisuseError."""
    return Opened(*_bounds(query.opened_since, query.opened_until, Opened(), clock))


def comparison_of(query: ListQuery, clock: Clock) -> Comparison:
    """Return the windows to compare, as of `as_of`.

    The later is by default the four weeks before `as_of`, the earlier the time just before the later, of equal length.
    Raises MisuseError for windows that cannot be compared.
    """
    as_of = query.filters.as_of
    until = parse_as_of(query.opened_until, clock) if query.opened_until else as_of
    later = Opened(parse_as_of(query.opened_since, clock) if query.opened_since else until - FOUR_WEEKS, until)
    length = later.until - later.since
    end = parse_as_of(query.earlier_until, clock) if query.earlier_until else None
    start = parse_as_of(query.earlier_since, clock) if query.earlier_since else None
    end = end or (start + length if start else later.since)
    return Comparison(Opened(start or end - length, end), later, as_of)


def _bounds(since: str | None, until: str | None, default: Opened, clock: Clock) -> tuple[datetime, datetime]:
    return (
        parse_as_of(since, clock) if since else default.since,
        parse_as_of(until, clock) if until else default.until,
    )

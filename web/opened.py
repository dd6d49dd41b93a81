"""Windows of opening, as a request names them."""

from datetime import datetime

from core.clock import Clock
from slo.opened import Opened, Windows
from web.parameters import ListQuery, parse_as_of


def opened_of(query: ListQuery, clock: Clock) -> Opened:
    """Return the window that `opened_since` and `opened_until` name; else whenever. Raises MisuseError."""
    return Opened(*_bounds(query.opened_since, query.opened_until, Opened(), clock))


def windows_of(query: ListQuery, clock: Clock) -> Windows:
    """Return the windows to compare, as far as the request names them. Raises MisuseError for what is no instant."""
    named = (query.opened_since, query.opened_until, query.earlier_since, query.earlier_until)
    return Windows(*(parse_as_of(each, clock) if each else None for each in named))


def _bounds(since: str | None, until: str | None, default: Opened, clock: Clock) -> tuple[datetime, datetime]:
    return (
        parse_as_of(since, clock) if since else default.since,
        parse_as_of(until, clock) if until else default.until,
    )

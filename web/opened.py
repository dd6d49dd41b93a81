"""Windows of opening, as a request names them."""

from datetime import datetime

from slo.opened import Opened, Windows
from web.parameters import ListQuery, parse_bound


def opened_of(query: ListQuery) -> Opened:
    """Return the window that `opened_since` and `opened_until` name; else whenever. Raises MisuseError."""
    return Opened(*_bounds(query.opened_since, query.opened_until, Opened()))


def windows_of(query: ListQuery) -> Windows:
    """Return the windows to compare, as far as the request names them. Raises MisuseError for what is no instant."""
    named = (query.opened_since, query.opened_until, query.earlier_since, query.earlier_until)
    return Windows(*(parse_bound(each) if each else None for each in named))


def _bounds(since: str | None, until: str | None, default: Opened) -> tuple[datetime, datetime]:
    return (
        parse_bound(since) if since else default.since,
        parse_bound(until) if until else default.until,
    )

"""What the lists about forecasts fetch: each a translation of a query into a question to slo."""

from typing import Any

from core.paging import Page, whole
from web.parameters import ListQuery
from web.services import Services

DEFAULT_DAYS = 7  # a week ahead: what a team can still plan for
OF_EXPECTED = ("group_by", "days")
OF_CHANCES = ("days",)


def expected(services: Services, query: ListQuery) -> Page[Any]:
    """Return a row for each group and day."""
    groups = query.group_by or ("facility",)
    found, as_of = services.forecasts.expected(query.filters, query.days or DEFAULT_DAYS, group_by=groups)
    return whole(({**row.keys, **vars(row)} for row in found), as_of)


def chances(services: Services, query: ListQuery) -> Page[Any]:
    """Return open handoff instances, the likeliest to be late first."""
    days = query.days or DEFAULT_DAYS
    return services.forecasts.page(query.filters, days, limit=query.limit, cursor=query.cursor)

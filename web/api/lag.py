"""What the lists about lag fetch: each a translation of a query into a question to slo."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.paging import Page, whole
from slo.lag import LagRow
from slo.lag_comparison import ComparedLag
from web.opened import opened_of, windows_of
from web.parameters import ListQuery
from web.services import Services

DEFAULT_GROUPS = ("facility", "handoff")
OF_ROWS = ("group_by", "opened_since", "opened_until")
OF_TREND = (*OF_ROWS, "step")
OF_COMPARISON = (*OF_ROWS, "earlier_since", "earlier_until")


def rows(services: Services, query: ListQuery) -> Page[Any]:
    """Return a row for each group."""
    found, as_of = _rows(services, query)
    return whole((row.flat() for row in found), as_of)


def percentiles(services: Services, query: ListQuery) -> Page[Any]:
    """Return a row for each group and percentile."""
    found, as_of = _rows(services, query)
    return whole(({**row.keys, **vars(each)} for row in found for each in row.percentiles), as_of)


def trend(services: Services, query: ListQuery) -> Page[Any]:
    """Return a row for each day, week or month of opening and group."""
    opened, step = opened_of(query), query.step or "week"
    found, as_of = services.lag.trend(query.filters, step, group_by=query.group_by, opened=opened)
    return whole(({**row.flat(), "opened_from": row.keys[step], "step": step} for row in found), as_of)


def comparison(services: Services, query: ListQuery) -> Page[Any]:
    """Return a row for each group of either window."""
    asked = windows_of(query)
    found, windows = services.lag_comparisons.compare(query.filters, asked, query.group_by or DEFAULT_GROUPS)
    return whole(({**_compared(row), "earlier_as_of": windows.earlier_as_of} for row in found), windows.as_of)


def _rows(services: Services, query: ListQuery) -> tuple[Sequence[LagRow], datetime]:
    opened = opened_of(query)
    return services.lag.by_facility(query.filters, group_by=query.group_by or DEFAULT_GROUPS, opened=opened)


def _compared(row: ComparedLag) -> dict[str, Any]:
    sides = {
        f"{name}_{key}": value
        for name, side in (("earlier", row.earlier), ("later", row.later))
        if side
        for key, value in side.flat().items()
        if key not in side.keys
    }
    return {**row.keys, **sides, "chi_square": row.chi_square, "p_value": row.p_value, "verdict": row.verdict}

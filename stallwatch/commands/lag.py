"""The command that tells how long handoffs take: now, week by week, or against the weeks before."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

import typer

from core.errors import MisuseError
from core.instants import EARLIEST, LATEST, parse_instant
from slo.lag import LagRow, Percentile
from slo.lag_comparison import ComparedLag
from slo.opened import Comparison, Opened, last_against_before
from stallwatch.commands.shared import (
    AsJson,
    AsOf,
    Chosen,
    ConfigFile,
    DataDir,
    answer_of,
    filters_asked,
    house_to_ask,
    is_empty,
    print_json,
    print_table,
    settings_of,
)
from web.words import NOTHING, humanise

GROUPS = ("facility", "handoff")
EMPTY = "No handoff has opened yet that the filters leave."
By = Annotated[
    list[str] | None, typer.Option("--by", show_default=False, help="What to group by; may be repeated. Default both.")
]
Step = Annotated[str | None, typer.Option("--trend", help="By day, week or month of opening.", show_default=False)]
Days = Annotated[
    int | None, typer.Option("--compare", min=1, help="The last so many days against those before.", show_default=False)
]
Since = Annotated[str | None, typer.Option("--opened-since", help="Opened at or after, ISO 8601.", show_default=False)]
Until = Annotated[str | None, typer.Option("--opened-until", help="Opened before, ISO 8601.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(lag)


def lag(
    facility: Chosen = None,
    handoff: Chosen = None,
    supplier: Chosen = None,
    criticality: Chosen = None,
    by: By = None,
    trend: Step = None,
    compare: Days = None,
    opened_since: Since = None,
    opened_until: Until = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """Show lag per facility and handoff: finished items alone, and honestly with those still open.

    With --trend for each day, week or month of opening, with --compare against the days before.
    """
    if compare and (trend or opened_since or opened_until):
        message = "--compare has windows of its own: leave out --trend, --opened-since and --opened-until"
        raise MisuseError(message)
    opened = Opened(*(parse_instant(t) if t else end for t, end in ((opened_since, EARLIEST), (opened_until, LATEST))))
    with house_to_ask(settings_of(data_dir, config)) as house:
        chosen = {"handoff": handoff, "supplier": supplier, "criticality": criticality}
        filters = filters_asked(house, as_of, facility, **chosen)
        if not as_json and is_empty(house):
            return
        if compare:
            windows = last_against_before(filters.as_of, timedelta(days=compare))
            compared = house.lag_comparisons.compare(filters, windows, by or GROUPS)
            _show_compared(by or GROUPS, compared, windows, as_json=as_json)
        elif trend:
            found = house.lag.trend(filters, trend, group_by=by or (), opened=opened)
            _show((trend, *(by or ())), found, filters.as_of, as_json=as_json)
        else:
            found = house.lag.by_facility(filters, group_by=by or GROUPS, opened=opened)
            _show(by or GROUPS, found, filters.as_of, as_json=as_json)


def _show(by: Sequence[str], found: Sequence[LagRow], as_of: datetime, *, as_json: bool) -> None:
    if as_json:
        print_json(answer_of(map(_record, found), as_of))
        return
    columns = (*by, "open", "closed", "p50 closed only", "p50 all", "95 % band", "p90 closed only", "p90 all", "band")
    print_table("Lag in hours", columns, map(_line, found), empty=EMPTY)


def _record(row: LagRow) -> dict[str, object]:
    """Return what `--json` tells of a row: everything in one record, and the percentiles once more as a list."""
    return {"keys": row.keys, **row.flat(), "percentiles": row.percentiles}


def _line(row: LagRow) -> tuple[str, ...]:
    half, most = row.at(50), row.at(90)
    shown = [text for each in (half, most) for text in (_hours(each.closed_only), identified(each), band(each))]
    return (*_keys(row.keys), f"{row.open:,}", f"{row.closed:,}", *shown)


def _show_compared(by: Sequence[str], found: Sequence[ComparedLag], windows: Comparison, *, as_json: bool) -> None:
    if as_json:
        rows = (vars(row) | {side: _side(getattr(row, side)) for side in ("earlier", "later")} for row in found)
        print_json(answer_of(rows, windows.as_of, earlier_as_of=windows.earlier_as_of))
        return
    columns = (*by, "later is", "p", "p50 before", "p50", "95 % band", "p90 before", "p90")
    print_table("Lag in hours, against the days before", columns, map(_compared_line, found), empty=EMPTY)


def _side(row: LagRow | None) -> dict[str, object] | None:
    return _record(row) if row else None


def _compared_line(row: ComparedLag) -> tuple[str, ...]:
    p_value = NOTHING if row.p_value is None else f"{row.p_value:.3f}"
    before, after = row.earlier, row.later
    shown = [
        identified(before.at(50)) if before else NOTHING,
        identified(after.at(50)) if after else NOTHING,
        band(after.at(50)) if after else NOTHING,
        identified(before.at(90)) if before else NOTHING,
        identified(after.at(90)) if after else NOTHING,
    ]
    return (*_keys(row.keys), row.verdict, p_value, *shown)


def _keys(keys: dict[str, str]) -> tuple[str, ...]:
    return tuple(value or f"no {humanise(name).lower()}" for name, value in keys.items())


def _hours(seconds: float | None) -> str:
    return NOTHING if seconds is None else f"{seconds / 3600:,.1f}"


def identified(found: Percentile) -> str:
    """Return a percentile, or its lower bound where the open items do not let us know it yet."""
    if found.censor_aware is not None:
        return _hours(found.censor_aware)
    return NOTHING if found.at_least is None else f"≥ {_hours(found.at_least)}"


def band(found: Percentile) -> str:
    """Return the band of a percentile; "from 12.0" where nothing bounds it from above."""
    if found.lower is None:
        return NOTHING
    return f"from {_hours(found.lower)}" if found.upper is None else f"{_hours(found.lower)} to {_hours(found.upper)}"

"""The command that tells what will be late."""

from typing import Annotated

import typer

from slo.forecast import MOST_DAYS, Expected
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
    minute,
    print_json,
    print_table,
    settings_of,
)
from web.words import NOTHING, humanise

EMPTY = "Nothing that is open falls due by then."
Days = Annotated[int, typer.Option("--days", min=1, max=MOST_DAYS, help="How many days ahead.")]
By = Annotated[
    list[str] | None,
    typer.Option("--by", show_default=False, help="What to group by; may be repeated. Default facility."),
]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(forecast)


def forecast(
    facility: Chosen = None,
    handoff: Chosen = None,
    supplier: Chosen = None,
    criticality: Chosen = None,
    by: By = None,
    days: Days = 7,
    as_of: AsOf = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """Show how many of the handoffs that are open now will be late, day by day."""
    groups = by or ["facility"]
    with house_to_ask(settings_of(data_dir, config)) as house:
        chosen = {"handoff": handoff, "supplier": supplier, "criticality": criticality}
        filters = filters_asked(house, as_of, facility, **chosen)
        if not as_json and is_empty(house):
            return
        found = house.forecasts.expected(filters, days, group_by=groups)
    if as_json:
        print_json(answer_of(found, filters.as_of))
        return
    columns = (*groups, "by (UTC)", "fall due", "late, about", "between", "withheld")
    print_table("Will be late, of those open now", columns, map(_line, found), empty=EMPTY)


def _line(row: Expected) -> tuple[str, ...]:
    keys = (value or f"no {humanise(name).lower()}" for name, value in row.keys.items())
    shown = (f"{row.late:,.1f}", f"{row.low:,} to {row.high:,}") if row.forecast else (NOTHING, NOTHING)
    return (*keys, minute(row.until), f"{row.undecided:,}", *shown, f"{row.too_few + row.beyond:,}")

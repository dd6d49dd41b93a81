"""What commands share: options, opening the house, printing as table or JSON, progress bars."""

import dataclasses
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from core.clock import Clock, SystemClock
from core.dsn import without_password
from core.errors import MisuseError, NotFoundError
from core.filters import Filters
from core.instants import instant_asked
from core.logs import configure_logs
from core.registry import facility_key
from core.settings import Settings, load_settings
from stallwatch.bootstrap import House, open_house
from web.words import NOTHING, exact, money

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Directory of the embedded engine.", show_default=False)
]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="TOML file of settings.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="The instant to answer for, ISO 8601; default now.", show_default=False)
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Most rows to print.")]
WHOLE = 100_000  # columns: wider than any row
CONTROL_CODES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # C0 and C1 of ISO 6429: escape sequences begin with one
Chosen = Annotated[list[str] | None, typer.Option(show_default=False, help="Only these; may be repeated.")]


def settings_of(data_dir: Path | None, config: Path | None, **overrides: Any) -> Settings:
    """Return the settings in force, and start logging by them."""
    settings = load_settings({"data_dir": data_dir, **overrides}, file=config)
    configure_logs(level=settings.log_level, as_json=settings.log_json)
    return settings


@contextmanager
def prepared_house(settings: Settings, *, serving: bool = False) -> Iterator[House]:
    """Open the house ready for work: schema up to date, registry and calendars published."""
    with open_house(settings, SystemClock(), serving=serving) as house:
        house.prepare()
        yield house


@contextmanager
def house_to_ask(settings: Settings) -> Iterator[House]:
    """Open the house to ask it something: its schema up to date, and nothing else changed."""
    with open_house(settings, SystemClock()) as house:
        house.upgrade()
        yield house


def is_empty(house: House) -> bool:
    """Say so, and return true, where nothing was ever stored: no figure of it would mean anything."""
    empty = house.journeys.progress().events == 0
    if empty:
        store = without_password(house.settings.store)
        hint = "bring some with `stallwatch import`, or send telemetry to `stallwatch serve`."
        Console(soft_wrap=True).print(Text(f"There are no events in {store} yet: {hint}"))
    return empty


def instant_of(as_of: str | None, clock: Clock) -> datetime:
    """Return the instant that the option names, in UTC, else now. Raises MisuseError (core.instants)."""
    return instant_asked(as_of or "", clock)


def filters_of(as_of: str | None, clock: Clock, **chosen: list[str] | None) -> Filters:
    """Return the filters that the options name. Raises MisuseError for an instant that cannot be asked for."""
    values: dict[str, Any] = {name: tuple(each) for name, each in chosen.items() if each}
    return Filters(instant_of(as_of, clock), **values)


def filters_asked(house: House, as_of: str | None, facility: list[str] | None, **chosen: list[str] | None) -> Filters:
    """Return the filters that the options name, facilities by any name of the registry.

    Raises MisuseError for an instant that cannot be asked for, and for values that nothing can have.
    """
    facilities = [facility_key(house.registry, each) for each in facility or ()]
    filters = filters_of(as_of, house.clock, facility=facilities, **chosen)
    if told := "; ".join(house.defined.strangers(filters)):
        raise MisuseError(told)
    return filters


@contextmanager
def known_by_name() -> Iterator[None]:
    """Call it misuse where something is asked for by a name that nobody defined."""
    try:
        yield
    except NotFoundError as error:
        raise MisuseError(str(error)) from error


def answer_of(items: Iterable[object], as_of: datetime, **more: object) -> dict[str, object]:
    """Return what `--json` tells of a list: its `items`, the instant that they are of, and what else is to be said."""
    return {"items": list(items), **more, "as_of": as_of}


def print_json(value: object) -> None:
    """Print a value as JSON: dataclasses as objects, instants as ISO 8601, amounts as numbers in text."""
    sys.stdout.write(json.dumps(value, default=_plain, ensure_ascii=False, indent=2) + "\n")


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return exact(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (Path, timedelta)):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    message = f"{type(value).__name__} has no JSON form"
    raise TypeError(message)


def harmless(text: str) -> str:
    """Return text from outside without the control codes that would steer a terminal; tabs and line ends stay."""
    return CONTROL_CODES.sub("\N{REPLACEMENT CHARACTER}", text)


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> None:
    """Print rows as a table, or say in words that there are none.

    What telemetry names may hold square brackets, which are markup to rich and are shown as they are, and codes that
    would steer the terminal, which are not. The first column, which names the row, is never cut; off a terminal nothing
    is.
    """
    rows = list(rows)
    if not rows:
        Console(soft_wrap=True).print(Text(empty))
        return
    table = Table(*columns, title=Text(title), title_justify="left")
    table.columns[0].overflow = "fold"
    for row in rows:
        table.add_row(*(Text(harmless(text)) for text in row))
    console = Console()
    if not console.is_terminal:
        console.width = WHOLE
    table.columns[0].min_width = min(max(len(row[0]) for row in rows), console.width // 2)
    console.print(table)


@contextmanager
def progress_bar(label: str, *, hidden: bool = False) -> Iterator[Callable[[int, int | None], None]]:
    """Show a progress bar on standard error; what is yielded takes how much is done, of how much in all."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=hidden or not console.is_terminal, transient=True) as bar:
        task = bar.add_task(label, total=None)

        def update(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        yield update


def amounts_of(amounts: Mapping[str, Decimal]) -> str:
    """Return amounts by currency in one line."""
    return ", ".join(money(amount, currency) for currency, amount in amounts.items()) or NOTHING


def minute(at: datetime | None) -> str:
    """Return an instant in UTC, to the minute, as a column of instants reads: "2026-03-04 12:00"."""
    return NOTHING if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"

"""Commands about what is stored: retention."""

import typer

from core.retention import Kept, kept
from stallwatch.commands.shared import (
    AsJson,
    ConfigFile,
    DataDir,
    answer_of,
    house_to_ask,
    minute,
    print_json,
    print_table,
    settings_of,
)

UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(retention)


def retention(as_json: AsJson = False, data_dir: DataDir = None, config: ConfigFile = None) -> None:
    """Show what the store keeps, for how long, and what it takes on disk."""
    with house_to_ask(settings_of(data_dir, config)) as house:
        found, now = kept(house.database), house.clock.now()
    if as_json:
        print_json(answer_of(found, now))
        return
    columns = ("table", "signal", "kept", "oldest receipt (UTC)", "rows", "on disk", "parts")
    print_table("What is kept", columns, map(_line, found), empty="There are no tables yet.")


def _line(table: Kept) -> tuple[str, ...]:
    return (
        table.table,
        table.signal,
        f"{table.retention_days:,} days" if table.retention_days else "for ever",
        minute(table.oldest),
        f"{table.rows:,}",
        bytes_shown(table.bytes_on_disk),
        f"{table.parts:,}",
    )


def bytes_shown(count: int) -> str:
    """Return a number of bytes in the largest unit that there is at least one of: "1.5 MiB"."""
    power = min(max(count.bit_length() - 1, 0) // 10, len(UNITS) - 1)
    return f"{count / 1024**power:,.{min(power, 1)}f} {UNITS[power]}"

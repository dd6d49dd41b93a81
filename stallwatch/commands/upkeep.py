"""Commands for upkeep: migrate, rebuild."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from core.clock import SystemClock
from core.errors import StoreUnavailableError
from core.migrations import pending
from core.settings import Settings
from correlator.tick import RunReport
from stallwatch.bootstrap import open_house
from stallwatch.commands.shared import (
    AsJson,
    ConfigFile,
    DataDir,
    answer_of,
    prepared_house,
    print_json,
    progress_bar,
    settings_of,
)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (migrate, rebuild):
        app.command()(command)


def migrate(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would be applied.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """Bring the database's schema up to date."""
    with open_house(settings_of(data_dir, config), SystemClock()) as house:
        steps = pending(house.database) if dry_run else house.prepare()
    names = [step.name for step in steps]
    if as_json:
        print_json({"dry_run": dry_run, "migrations": names})
        return
    verb = "would be applied" if dry_run else "applied"
    typer.echo("\n".join(f"{name}: {verb}" for name in names) or "The schema is up to date.")


def rebuild(as_json: AsJson = False, data_dir: DataDir = None, config: ConfigFile = None) -> None:
    """Derive every journey and handoff anew from the facts."""
    settings, reports = settings_of(data_dir, config), list[RunReport]()
    with _or_ask(settings), prepared_house(settings) as house, progress_bar("Rebuilding", hidden=as_json) as show:
        for done, correlator in enumerate(house.correlators):
            show(done, len(house.correlators))
            reports.append(correlator.rebuild())
        now = house.clock.now()
    if as_json:
        print_json(answer_of(reports, now))
        return
    typer.echo("\n".join(f"{report.model}: {report.roots:,} journeys" for report in reports))


@contextmanager
def _or_ask(settings: Settings) -> Iterator[None]:
    """Say how a server is asked, where it holds the embedded store."""
    try:
        yield
    except StoreUnavailableError as error:
        if not settings.store.startswith("chdb:"):
            raise
        address = f"{settings.console_url}/api/v1/models/<model>/rebuild"
        message = f"{error}; a server that runs on it rebuilds when asked: POST {address}, with an admin key as Bearer"
        raise StoreUnavailableError(message) from error

"""Commands for upkeep: migrate, rebuild, check."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated

import typer

from alerts.rulebook import load_rules
from alerts.service import channels_of
from collector.redaction import load_redaction
from core.clock import SystemClock
from core.dsn import read_dsn
from core.migrations import pending
from core.registry import Registry, load_registry
from core.settings import Settings
from correlator.model import load_models
from correlator.registered import calendar_keys, unknown_places
from slo.business_time import business_hours
from stallwatch.bootstrap import open_house
from stallwatch.commands.shared import (
    AsJson,
    ConfigFile,
    DataDir,
    prepared_house,
    print_json,
    progress_bar,
    settings_of,
)

LEAP_YEAR = timedelta(days=366)  # a year from any day on holds each of its dates


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (migrate, rebuild, check):
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
    reports = []
    with prepared_house(settings_of(data_dir, config)) as house, progress_bar("Rebuilding", hidden=as_json) as show:
        for done, correlator in enumerate(house.correlators):
            show(done, len(house.correlators))
            reports.append(correlator.rebuild())
    if as_json:
        print_json(reports)
        return
    typer.echo("\n".join(f"{report.model}: {report.roots:,} journeys" for report in reports))


def check_calendars(registry: Registry, today: date, named: Iterable[str] = ()) -> None:
    """Open the calendars of facilities and those named for the year that begins today. Raises DefinitionError."""
    of_facilities = (f"{facility.calendar}@{facility.time_zone}" for facility in registry.facilities.values())
    for calendar in (*of_facilities, *named):
        business_hours(registry, calendar, first=today, last=today + LEAP_YEAR)


def check_connections(settings: Settings) -> None:
    """Read where the store and the webhook are; connect to neither. Raises SettingsError for what cannot be used."""
    read_dsn(settings.store)
    for channel in channels_of(settings).values():
        channel.close()


def check(as_json: AsJson = False, data_dir: DataDir = None, config: ConfigFile = None) -> None:
    """Check settings and every definition file; say the first thing that is wrong."""
    settings = settings_of(data_dir, config)
    check_connections(settings)
    models = load_models(settings.models)
    registry = load_registry(settings.registry)
    load_redaction(settings.redaction)
    check_calendars(registry, SystemClock().now().date(), calendar_keys(models, registry))
    for line in unknown_places(models, registry):
        typer.echo(f"warning: {line}", err=True)
    summary = {
        "models": [model.model for model in models],
        "handoffs": sum(len(model.handoffs) for model in models),
        "facilities": len(registry.facilities),
        "integrations": len(registry.integrations),
        "alert_rules": [rule.rule for rule in load_rules()],
    }
    if as_json:
        print_json(summary)
        return
    typer.echo(
        "Everything is sound: " + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in summary.items())
    )

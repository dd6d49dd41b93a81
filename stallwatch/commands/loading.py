"""Commands that bring data in: import, simulate."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from core.clock import SystemClock
from core.instants import parse_instant
from stallwatch.commands.shared import (
    AsJson,
    AsOf,
    ConfigFile,
    DataDir,
    prepared_house,
    print_json,
    progress_bar,
    settings_of,
)
from stallwatch.importers import import_ocel, load_vocabulary
from stallwatch.importers.ocel import INTEGRATION
from stallwatch.simulator import load_network, simulate
from stallwatch.simulator.delivery import send
from stallwatch.simulator.truth import write_truth


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(name="import")(import_log)
    app.command(name="simulate")(simulate_month)


def import_log(
    path: Annotated[Path, typer.Argument(help="OCEL 2.0: a JSON, XML or SQLite file, or a folder of CSV tables.")],
    integration: Annotated[str, typer.Option(help="The integration that the events are recorded under.")] = INTEGRATION,
    vocabulary: Annotated[
        str, typer.Option(help="Translation of the log's names: a shipped name or a YAML file.")
    ] = "procure-to-pay",
    skip_broken: Annotated[
        bool, typer.Option("--skip-broken", help="Quarantine broken rows and import the rest.")
    ] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """Import an event log, through the collector's own path, and derive its journeys."""
    words = load_vocabulary(vocabulary)
    with prepared_house(settings_of(data_dir, config)) as house, progress_bar("Importing", hidden=as_json) as show:
        try:
            report = import_ocel(
                path,
                house.collector.accept_logs,
                vocabulary=words,
                integration=integration,
                skip_broken=skip_broken,
                progress=lambda _stage, done, total: show(done, total),
            )
        finally:
            house.collector.close()
        house.tick()
        totals = house.journeys.totals(house.clock.now())
    if as_json:
        print_json({**asdict(report), "journeys": totals.journeys})
        return
    typer.echo(
        f"{report.events:,} events and {report.objects:,} objects imported, {report.quarantined:,} rows quarantined; "
        f"{totals.journeys:,} journeys"
    )
    for message in report.messages:
        typer.echo(f"  {message}")


def simulate_month(
    endpoint: Annotated[str, typer.Option(help="Where OTLP/HTTP is received.")] = "http://127.0.0.1:4318",
    seed: Annotated[int, typer.Option(help="The same seed gives the same month.")] = 1,
    days: Annotated[int, typer.Option(min=14, max=365, help="Days of history.")] = 30,
    journeys: Annotated[int, typer.Option(min=50, max=1_000_000, help="Journeys in that time.")] = 2000,
    as_of: AsOf = None,
    truth: Annotated[Path | None, typer.Option(help="Write the ground truth to this file.", show_default=False)] = None,
    as_json: AsJson = False,
) -> None:
    """Send a simulated month of a hospital network, over OTLP, to a running Stallwatch."""
    at = parse_instant(as_of) if as_of else SystemClock().now()
    with progress_bar("Sending", hidden=as_json) as show:
        simulation = simulate(load_network(), seed, at, days=days, journeys=journeys)
        sent = send(simulation, endpoint, progress=show)
    if truth:
        write_truth(simulation.truth, truth)
    summary = {"as_of": at, "events": len(simulation.events), "spans": len(simulation.spans), "sent": asdict(sent)}
    if as_json:
        print_json(summary)
        return
    typer.echo(f"{len(simulation.events):,} events and {len(simulation.spans):,} spans sent to {endpoint}")

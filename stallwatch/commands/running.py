"""Commands that run Stallwatch: serve, demo.

What listens is imported by the commands that do: to load it takes nearly half of what any other command takes to start.
"""

import threading
from typing import TYPE_CHECKING, Annotated

import typer

from core.clock import SystemClock
from core.dsn import embedded_dsn
from stallwatch.commands.shared import AsJson, ConfigFile, DataDir, prepared_house, print_json, settings_of

if TYPE_CHECKING:
    from stallwatch.server import Addresses


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(name="serve")(serve_all)
    app.command()(demo)


Host = Annotated[str | None, typer.Option(help="Address to listen on.", show_default=False)]
Port = Annotated[int | None, typer.Option(show_default=False, help="0 picks a free port.")]


def serve_all(
    host: Host = None,
    console_port: Port = None,
    otlp_port: Port = None,
    otlp_grpc_port: Port = None,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """Run everything: collector, correlator, alerts and console, until SIGINT or SIGTERM."""
    from stallwatch.server import serve  # noqa: PLC0415 - other commands would load it too

    ports = {"console_port": console_port, "otlp_port": otlp_port, "otlp_grpc_port": otlp_grpc_port}
    settings = settings_of(data_dir, config, host=host, **ports)
    with prepared_house(settings, serving=True) as house:
        serve(house, ready=_announce)


def _announce(addresses: "Addresses", _asked_to_stop: threading.Event) -> bool:
    typer.echo(str(addresses))
    return True


def demo(
    once: Annotated[bool, typer.Option("--once", help="Do the main job once, print what came of it, and end.")] = False,
    seed: Annotated[int, typer.Option(help="The same seed gives the same hospital network.")] = 1,
    journeys: Annotated[int, typer.Option(min=50, max=100_000, help="Journeys in a month.")] = 2000,
    as_json: AsJson = False,
    host: Host = None,
    console_port: Port = None,
    otlp_port: Port = None,
    otlp_grpc_port: Port = None,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """Show Stallwatch at work: a simulated hospital network, a month of history, then live traffic."""
    from stallwatch.demo import run_demo  # noqa: PLC0415 - other commands would load it too

    ports = {"console_port": console_port, "otlp_port": otlp_port, "otlp_grpc_port": otlp_grpc_port}
    if once:
        # Nobody is told a port of a run that ends by itself, so it takes any that is free.
        ports = {name: port or 0 for name, port in ports.items()}
    outcome = run_demo(
        # Always embedded: a month of invention does not belong into a configured store.
        lambda directory: settings_of(directory, config, dsn=embedded_dsn(directory / "db"), host=host, **ports),
        data_dir=data_dir,
        clock=SystemClock(),
        seed=seed,
        journeys=journeys,
        once=once,
        quiet=as_json,
    )
    if as_json:
        print_json(outcome)
    elif once:
        typer.echo(str(outcome))

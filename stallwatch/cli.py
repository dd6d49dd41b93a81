"""The command line. Exit 0 good, 1 failed, 2 misuse; an error is one line on standard error."""

import sys

import typer

from core.errors import MisuseError, StallwatchError
from stallwatch.commands import (
    answers,
    checking,
    finding,
    forecast,
    keys,
    lag,
    loading,
    measuring,
    models,
    objectives,
    quarantine,
    running,
    storage,
    upkeep,
)

app = typer.Typer(
    name="stallwatch",
    help="What is stalled between procure-to-pay systems, where, since when, why, and whose move it is.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for register in (
    running.register,
    loading.register,
    answers.register,
    objectives.register,
    lag.register,
    forecast.register,
    measuring.register,
    upkeep.register,
    checking.register,
    models.register,
    storage.register,
    finding.register,
    quarantine.register,
    keys.register,
):
    register(app)


def main() -> None:
    """Run the command line."""
    try:
        app()
    except StallwatchError as error:
        sys.stderr.write(f"stallwatch: {error}\n")
        sys.exit(2 if isinstance(error, MisuseError) else 1)


if __name__ == "__main__":
    main()

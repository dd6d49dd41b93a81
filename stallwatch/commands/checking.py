"""The command that judges settings and definition files: check."""

import sys
from typing import Annotated

import typer

from correlator.model import schema_text
from stallwatch.commands.shared import AsJson, ConfigFile, DataDir, harmless, print_json, settings_of
from stallwatch.soundness import Soundness, judged

Schema = Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of journey models, and check nothing.")]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(check)


def check(schema: Schema = False, as_json: AsJson = False, data_dir: DataDir = None, config: ConfigFile = None) -> None:
    """Check settings and every definition file; say all that is wrong: where, what, and how to mend it."""
    if schema:
        typer.echo(schema_text())
        return
    found = judged(settings_of(data_dir, config))
    if as_json:
        print_json({"problems": found.problems, "warnings": found.warnings, **_summary(found)})
    else:
        _print(found)
    if found.problems:
        raise typer.Exit(1)


def _print(found: Soundness) -> None:
    for problem in found.problems:
        sys.stderr.write(f"{harmless(str(problem))}\n")
    for warning in found.warnings:
        sys.stderr.write(f"warning: {harmless(str(warning))}\n")
    if not found.problems:
        summary = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in _summary(found).items())
        typer.echo(f"Everything is sound: {summary}")


def _summary(found: Soundness) -> dict[str, object]:
    return {
        "models": [model.model for model in found.models],
        "handoffs": sum(len(model.handoffs) for model in found.models),
        "facilities": len(found.registry.facilities),
        "integrations": len(found.registry.integrations),
        "objectives": len(found.objectives.objectives),
        "alert_rules": [rule.rule for rule in found.rules],
    }

"""The command that tells which models were in force: models."""

import typer

from correlator.versions import ModelVersion
from stallwatch.commands.shared import (
    AsJson,
    ConfigFile,
    DataDir,
    house_to_ask,
    minute,
    print_json,
    print_table,
    settings_of,
)

NONE_YET = "No model was ever in force here: the first tick of `stallwatch serve`, or `stallwatch rebuild`, notes it."


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(models)


def models(as_json: AsJson = False, data_dir: DataDir = None, config: ConfigFile = None) -> None:
    """List the versions of the models, which is in force since when, and what each changed."""
    with house_to_ask(settings_of(data_dir, config)) as house:
        versions = house.versions.all()
    if as_json:
        print_json({"items": versions})
        return
    columns = ("model", "version", "in force since", "until", "changed", "derived anew", "warning")
    print_table("Models", columns, map(row_of, versions), empty=NONE_YET)


def row_of(version: ModelVersion) -> tuple[str, ...]:
    """Return a version as a row of the table."""
    until = minute(version.until) if version.until else "in force"
    changed = ", ".join(version.changed) or "—"
    return (
        *(version.model, str(version.version), minute(version.since), until),
        *(changed, version.derived, version.warning),
    )

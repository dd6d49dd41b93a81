"""The command that tells which models were in force, and how one is defined: models."""

import sys
from typing import Annotated, Any

import typer
import yaml

from core.errors import StallwatchError
from correlator.catalogue import KnownModel
from correlator.versions import ModelVersion
from stallwatch.bootstrap import House
from stallwatch.commands.shared import (
    AsJson,
    ConfigFile,
    DataDir,
    answer_of,
    house_to_ask,
    known_by_name,
    minute,
    print_json,
    print_table,
    settings_of,
)

NONE_YET = "No model was ever in force here: the first tick of `stallwatch serve`, or `stallwatch rebuild`, notes it."
Name = Annotated[str, typer.Argument(help="A model whose definition to print, as its file would have it.")]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(models)


def models(name: Name = "", as_json: AsJson = False, data_dir: DataDir = None, config: ConfigFile = None) -> None:
    """List the versions of the models, which is in force since when, and what each changed; or print one model."""
    with known_by_name(), house_to_ask(settings_of(data_dir, config)) as house:
        if name:
            _print_definition(house, name, as_json=as_json)
            return
        versions, now = house.versions.all(), house.clock.now()
    if as_json:
        print_json(answer_of(map(_told, versions), now))
        return
    columns = ("model", "version", "in force since", "until", "changed", "derived anew", "warning")
    print_table("Models", columns, map(row_of, versions), empty=NONE_YET)


def _print_definition(house: House, name: str, *, as_json: bool) -> None:
    now = house.clock.now()
    known = house.known_models.one(name, now)
    definition = definition_of(known)
    if as_json:
        versions = [_told(each) for each in known.versions]
        print_json({"model": known.name, "definition": definition, "versions": versions, "as_of": now})
        return
    sys.stdout.write(yaml.safe_dump(definition, sort_keys=False, allow_unicode=True, width=120))


def definition_of(known: KnownModel) -> dict[str, Any]:
    """Return what the file of a model says. Raises StallwatchError where what was kept of it cannot be read."""
    if known.definition is None:
        message = f"the definition of {known.name!r} cannot be read: it was kept by another version of Stallwatch"
        raise StallwatchError(message)
    return known.definition.model_dump(mode="json", exclude_defaults=True)


def _told(version: ModelVersion) -> dict[str, object]:
    return {key: value for key, value in vars(version).items() if key != "definition"}


def row_of(version: ModelVersion) -> tuple[str, ...]:
    """Return a version as a row of the table."""
    until = minute(version.until) if version.until else "in force"
    changed = ", ".join(version.changed) or "—"
    return (
        *(version.model, str(version.version), minute(version.since), until),
        *(changed, version.derived, version.warning),
    )

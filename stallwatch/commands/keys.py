"""Commands about API keys: make one, list them, revoke one."""

from datetime import datetime
from typing import Annotated, Any

import typer

from core.clock import SystemClock
from core.keys import ApiKey, KeyOrder, KeyStore, Scope, expiry
from core.settings import Settings
from stallwatch.commands.changing import changeable_house, operator
from stallwatch.commands.shared import (
    AsJson,
    ConfigFile,
    DataDir,
    answer_of,
    minute,
    print_json,
    print_table,
    settings_of,
)

SCOPES = "ingest: send; read: look; admin: look, and change keys and integrations."
Name = Annotated[str, typer.Option(help="Who uses it.")]
Scoped = Annotated[Scope, typer.Option(help=SCOPES)]
Bound = Annotated[str, typer.Option(help="With ingest: the only one it speaks for.", show_default=False)]
Life = Annotated[str | None, typer.Option(help="When it ends: 12h, 90d. Default: never.", show_default=False)]
NO_KEYS = "There are no keys yet: `stallwatch keys create` makes one."
keys = typer.Typer(help="API keys: who may send, look and change.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(keys, name="keys")


@keys.command()
def create(
    name: Name,
    scope: Scoped,
    integration: Bound = "",
    expires: Life = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """Make an API key. It is printed this once, alone on standard output."""
    settings = settings_of(data_dir, config)
    asked = {"name": name, "scope": scope, "integration": integration} | ({"expires": expires} if expires else {})
    order = KeyOrder(name, scope, integration, expiry(expires, SystemClock().now()))
    with changeable_house(settings, "POST", "/api/v1/keys", asked) as house:
        issued = KeyStore(house.database, house.clock).create(order, operator())
    if as_json:
        print_json(_shown(issued.key, issued.key.created_at) | {"key": issued.text})
        return
    typer.echo(issued.text)
    typer.echo(f"This is key {issued.key.key_id}, shown this once. {_in_force(settings)}", err=True)


@keys.command(name="list")
def list_keys(as_json: AsJson = False, data_dir: DataDir = None, config: ConfigFile = None) -> None:
    """List every API key that was ever made, the newest first; their secrets are kept nowhere."""
    with changeable_house(settings_of(data_dir, config), "GET", "/api/v1/keys") as house:
        now = house.clock.now()
        found = [_shown(key, now) for key in KeyStore(house.database, house.clock).all()]
    if as_json:
        print_json(answer_of(found, now))
        return
    columns = ("id", "name", "scope", "integration", "state", "created (UTC)", "by", "expires (UTC)", "revoked (UTC)")
    print_table("API keys", columns, map(_line, found), empty=NO_KEYS)


@keys.command()
def revoke(
    key_id: Annotated[str, typer.Argument(help="The id of a key, as `keys list` shows it.", metavar="ID")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """End an API key for ever."""
    settings = settings_of(data_dir, config)
    with changeable_house(settings, "DELETE", f"/api/v1/keys/{key_id}") as house:
        now = house.clock.now()
        key = KeyStore(house.database, house.clock).revoke(key_id, operator())
    if as_json:
        print_json(_shown(key, now))
        return
    typer.echo(f"Key {key.key_id} ({key.name}) is revoked. {_in_force(settings)}")


def _in_force(settings: Settings) -> str:
    return f"Servers that run take that up within {settings.access_refresh_seconds:g} s."


def _shown(key: ApiKey, at: datetime) -> dict[str, Any]:
    shown = {name: value for name, value in vars(key).items() if name != "digest"}
    return shown | {"state": key.state(at)}


def _line(key: dict[str, Any]) -> tuple[str, ...]:
    said = (key["key_id"], key["name"], key["scope"], key["integration"], key["state"])
    return *said, minute(key["created_at"]), key["created_by"], minute(key["expires_at"]), minute(key["revoked_at"])

"""What commands that change something share: whose doing it is, and how to ask a server that holds the store."""

import json
import os
import pwd
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from core.data_directory import DirectoryInUseError
from core.errors import StoreUnavailableError
from core.settings import Settings
from stallwatch.bootstrap import House
from stallwatch.commands.shared import house_to_ask


@contextmanager
def changeable_house(
    settings: Settings, method: str, path: str, body: Mapping[str, Any] | None = None
) -> Iterator[House]:
    """Open the house; where a server holds its data directory, say how to ask that server."""
    try:
        with house_to_ask(settings) as house:
            yield house
    except DirectoryInUseError as error:
        sent = f" -H 'Content-Type: application/json' -d {shlex.quote(json.dumps(body))}" if body else ""
        message = (
            f"{error}; or ask the server that runs there, with a key of scope admin: curl -X {method} "
            f"{shlex.quote(settings.console_url + path)} -H 'Authorization: Bearer sw_…'{sent}"
        )
        raise StoreUnavailableError(message) from None


def operator() -> str:
    """Return who runs this command, as the machine knows them, for the rows that say who did what."""
    number = os.getuid()
    try:
        return f"cli:{pwd.getpwuid(number).pw_name}"
    except KeyError:  # a container may run as a number that has no name
        return f"cli:{number}"

"""Who sends: known by its API key, or anyone where no key is asked for."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Sender:
    """`key` is the public id of the API key, '' without one; `integration` the only one it speaks for, '' for any."""

    key: str = ""
    integration: str = ""


ANYONE = Sender()

# Takes the Authorization header (or gRPC metadata) as it came, None where there is none.
# Raises UnauthenticatedError, ForbiddenError, OverloadedError.
Admit = Callable[[str | None], Sender]


def admit_anyone(_credentials: str | None) -> Sender:
    """Ask for no key: for a listener on loopback."""
    return ANYONE

"""Where the store is: reading a DSN, and showing it without its password."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urlsplit

from core.errors import SettingsError

EMBEDDED_DATABASE = "stallwatch"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
HTTP_PORTS = {"clickhouse": 8123, "clickhouses": 8443}
CONNECT_SECONDS = 5


@dataclass(frozen=True)
class EmbeddedStore:
    """An engine in this process over `directory`."""

    directory: Path
    database: str


@dataclass(frozen=True, repr=False)
class ListeningStore:
    """A ClickHouse that listens for HTTP. No repr: it would show the password."""

    host: str
    port: int
    user: str
    password: str
    secure: bool
    database: str


def read_dsn(dsn: str, *, database: str | None = None) -> EmbeddedStore | ListeningStore:
    """Read a DSN; `database` goes before the one it names.

    Raises SettingsError, naming what is wrong and never the password.
    """
    try:
        parts = urlsplit(dsn)
        port = parts.port
    except ValueError:
        raise SettingsError(_not_understood(dsn)) from None
    if parts.query or parts.fragment:
        raise SettingsError(_not_understood(dsn))
    if parts.scheme == "chdb" and not parts.netloc and parts.path.strip("/"):
        return EmbeddedStore(Path(unquote(parts.path)), _name(database or EMBEDDED_DATABASE))
    if parts.scheme in HTTP_PORTS and parts.hostname:
        return _listening(parts, port or HTTP_PORTS[parts.scheme], database)
    raise SettingsError(_not_understood(dsn))


def embedded_dsn(directory: Path) -> str:
    """Return the DSN of the embedded engine over `directory`; the inverse of `read_dsn`."""
    return f"chdb://{quote(str(directory.resolve()))}"


def without_password(dsn: str) -> str:
    """Return the DSN with *** for its password, be it well formed or not."""
    return re.sub(r"(://[^:/@]*):.*@", r"\1:***@", dsn, flags=re.DOTALL)


def _listening(parts: SplitResult, port: int, database: str | None) -> ListeningStore:
    return ListeningStore(
        host=parts.hostname or "",
        port=port,
        user=unquote(parts.username or "default"),
        password=unquote(parts.password or ""),
        secure=parts.scheme == "clickhouses",
        database=_name(database or unquote(parts.path).strip("/") or EMBEDDED_DATABASE),
    )


def _name(database: str) -> str:
    if NAME.fullmatch(database):
        return database
    message = f"the database name {database!r} must be letters, digits and underscores"
    raise SettingsError(message)


def _not_understood(dsn: str) -> str:
    return (
        "the store must be chdb:///dir or clickhouse://user:password@host:8123/database"
        f" (in a password, write @ / # ? % as %40 %2F %23 %3F %25), not {without_password(dsn)!r}"
    )

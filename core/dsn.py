"""Where the store is: reading a DSN, and showing it without its password.

A cluster is told by all of its nodes, and by its name in the `remote_servers` of each:
`clickhouse://user:password@one:8123,two:8123/database?cluster=name` (core/cluster.py).
"""

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
    """A ClickHouse that listens for HTTP, or the nodes of one `cluster`. No repr: it would show the password."""

    host: str
    port: int
    user: str
    password: str
    secure: bool
    database: str
    cluster: str = ""
    nodes: tuple[tuple[str, int], ...] = ()  # host and port of each; none where there is no cluster


def read_dsn(dsn: str, *, database: str | None = None) -> EmbeddedStore | ListeningStore:
    """Read a DSN; `database` goes before the one it names.

    Raises SettingsError, naming what is wrong and never the password.
    """
    try:
        parts = urlsplit(dsn)
        cluster = _cluster(parts)
        nodes = _nodes(parts) if cluster else (_node(parts),)
    except ValueError:
        raise SettingsError(_not_understood(dsn)) from None
    if parts.fragment or (parts.query and not cluster):
        raise SettingsError(_not_understood(dsn))
    if parts.scheme == "chdb" and not parts.netloc and not cluster and parts.path.strip("/"):
        return EmbeddedStore(Path(unquote(parts.path)), _name(database or EMBEDDED_DATABASE))
    if parts.scheme in HTTP_PORTS and all(host for host, _ in nodes):
        return _listening(parts, nodes, cluster, database)
    raise SettingsError(_not_understood(dsn))


def embedded_dsn(directory: Path) -> str:
    """Return the DSN of the embedded engine over `directory`; the inverse of `read_dsn`."""
    return f"chdb://{quote(str(directory.resolve()))}"


def without_password(dsn: str) -> str:
    """Return the DSN with *** for its password, be it well formed or not."""
    return re.sub(r"(://[^:/@]*):.*@", r"\1:***@", dsn, flags=re.DOTALL)


def _cluster(parts: SplitResult) -> str:
    """Return the cluster that the DSN names; '' where it names none. Raises ValueError."""
    name, _, cluster = parts.query.partition("=")
    return _name(cluster, "cluster") if name == "cluster" else ""


def _nodes(parts: SplitResult) -> tuple[tuple[str, int], ...]:
    """Return host and port of each node. Raises ValueError."""
    hosts = parts.netloc.rpartition("@")[2].split(",")
    return tuple(_node(urlsplit(f"{parts.scheme}://{host}")) for host in hosts)


def _node(parts: SplitResult) -> tuple[str, int]:
    if "," in (parts.hostname or ""):
        raise ValueError(parts.hostname)
    return parts.hostname or "", parts.port or HTTP_PORTS.get(parts.scheme, 0)


def _listening(
    parts: SplitResult, nodes: tuple[tuple[str, int], ...], cluster: str, database: str | None
) -> ListeningStore:
    host, port = nodes[0]
    return ListeningStore(
        host=host,
        port=port,
        user=unquote(parts.username or "default"),
        password=unquote(parts.password or ""),
        secure=parts.scheme == "clickhouses",
        database=_name(database or unquote(parts.path).strip("/") or EMBEDDED_DATABASE),
        cluster=cluster,
        nodes=nodes if cluster else (),
    )


def _name(name: str, of: str = "database") -> str:
    if NAME.fullmatch(name):
        return name
    message = f"the {of} name {name!r} must be letters, digits and underscores"
    raise SettingsError(message)


def _not_understood(dsn: str) -> str:
    return (
        "the store must be chdb:///dir or clickhouse://user:password@host:8123/database"
        f" (in a password, write @ / # ? % as %40 %2F %23 %3F %25), not {without_password(dsn)!r}"
    )

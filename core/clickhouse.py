"""The only door to ClickHouse: embedded (`chdb:///dir`) or listening (`clickhouse://…`), one code path.

A Database is shared by many threads; each thread gets a client of its own. Statements come from `.sql` files and are
given values by binding only. Failures become StoreError, or StoreUnavailableError where a later try may succeed.
"""

import contextlib
import fcntl
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import unquote, urlsplit

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, OperationalError

from core.errors import SettingsError, StoreError, StoreUnavailableError

EMBEDDED_DATABASE = "stallwatch"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# An inserted batch's materialized views must honour its token too, or a repeated insert doubles what they feed;
# batching is ours (collector/batcher.py), so the server's own asynchronous batching stays off.
SESSION = {"deduplicate_blocks_in_dependent_materialized_views": 1, "async_insert": 0}
# HTTP and engine failures that a later try may cure: timeouts, too many parts or queries, memory, unavailable replicas.
TRANSIENT_CODES = {159, 160, 164, 173, 202, 203, 209, 210, 241, 242, 252, 279, 319, 425}


@dataclass
class Database:
    """One ClickHouse database. Make it with `Database.open`; close it with `close`."""

    dsn: str
    name: str
    _options: dict[str, Any]
    _lock_file: TextIO | None = None
    _local: threading.local = field(default_factory=threading.local)
    _clients: list[Client] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def open(cls, dsn: str, *, database: str | None = None) -> "Database":
        """Open the store and create its database where it is missing.

        Raises SettingsError for a DSN that cannot be understood, StoreUnavailableError where the store cannot be
        reached or another process holds the data directory.
        """
        parts = urlsplit(dsn)
        if parts.scheme == "chdb":
            return cls._open_embedded(dsn, Path(unquote(parts.path)), database or EMBEDDED_DATABASE)
        if parts.scheme in {"clickhouse", "clickhouses"} and parts.hostname:
            options = {
                "host": parts.hostname,
                "port": parts.port or (8443 if parts.scheme == "clickhouses" else 8123),
                "username": unquote(parts.username or "default"),
                "password": unquote(parts.password or ""),
                "secure": parts.scheme == "clickhouses",
                "autogenerate_session_id": False,
                "connect_timeout": 5,
            }
            return cls(dsn, database or parts.path.strip("/") or EMBEDDED_DATABASE, options)._prepare()
        message = f"the store must be chdb:///dir or clickhouse://user:password@host:8123/database, not {_safe(dsn)!r}"
        raise SettingsError(message)

    @classmethod
    def _open_embedded(cls, dsn: str, directory: Path, database: str) -> "Database":
        try:
            directory.mkdir(parents=True, exist_ok=True)
            lock = (directory.parent / f".{directory.name}.lock").open("a+")
        except OSError as error:
            message = f"cannot use the data directory {directory}: {error.strerror}"
            raise StoreUnavailableError(message) from None
        held = _directories.get(directory.resolve())
        if held is None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                lock.close()
                message = f"the data directory {directory} is in use by another Stallwatch process; stop it or choose --data-dir"
                raise StoreUnavailableError(message) from None
            _directories[directory.resolve()] = lock
        else:
            lock.close()
        return cls(dsn, database, {"dsn": f"chdb://{directory.resolve()}"})._prepare()

    def _prepare(self) -> "Database":
        if not NAME.fullmatch(self.name):
            message = f"the database name {self.name!r} must be letters, digits and underscores"
            raise SettingsError(message)
        with self._failures(), contextlib.closing(clickhouse_connect.get_client(**self._options)) as client:
            client.command(f"CREATE DATABASE IF NOT EXISTS {self.name} ENGINE = Atomic")
        return self

    @property
    def embedded(self) -> bool:
        """Whether the engine runs in this process."""
        return "dsn" in self._options

    def rows(self, statement: str, settings: Mapping[str, Any] | None = None, **values: Any) -> list[dict[str, Any]]:
        """Run a query and return its rows as dictionaries, column name to value."""
        with self._failures():
            result = self._client.query(statement, parameters=values, settings=dict(settings or {}))
            return [dict(zip(result.column_names, row, strict=True)) for row in result.result_rows]

    def execute(self, statement: str, settings: Mapping[str, Any] | None = None, **values: Any) -> None:
        """Run a statement that returns nothing: DDL, or INSERT … SELECT."""
        with self._failures():
            self._client.command(statement, parameters=values, settings=dict(settings or {}))

    def insert(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, token: str | None = None
    ) -> None:
        """Insert rows, durable on return; repeating a `token` stores nothing twice."""
        if not rows:
            return
        with self._failures():
            self._client.insert(table, rows, column_names=list(columns), settings=_token(token))

    def insert_block(
        self, table: str, block: bytes, fmt: str, *, token: str | None = None, settings: Mapping[str, Any] | None = None
    ) -> None:
        """Insert bytes already in the ClickHouse format `fmt`, durable on return; a repeated `token` stores nothing."""
        with self._failures():
            self._client.raw_insert(table, insert_block=block, fmt=fmt, settings={**(settings or {}), **_token(token)})

    def export(self, statement: str, fmt: str, **values: Any) -> bytes:
        """Run a query and return its result as bytes in the ClickHouse format `fmt`."""
        with self._failures():
            return bytes(self._client.raw_query(statement, fmt=fmt, parameters=values))

    def close(self) -> None:
        """Close every client. The embedded engine keeps its directory until the process ends."""
        with self._guard:
            for client in self._clients:
                with contextlib.suppress(ClickHouseError):
                    client.close()
            self._clients.clear()
        self._local = threading.local()

    @property
    def _client(self) -> Client:
        client: Client | None = getattr(self._local, "client", None)
        if client is None:
            client = clickhouse_connect.get_client(
                database=self.name, settings=SESSION, tz_mode="aware", **self._options
            )
            self._local.client = client
            with self._guard:
                self._clients.append(client)
        return client

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            message = f"the store {_safe(self.dsn)} does not answer: {_first_line(error)}"
            raise StoreUnavailableError(message) from error
        except ClickHouseError as error:
            code = re.search(r"Code: (\d+)", str(error))
            if code and int(code[1]) in TRANSIENT_CODES:
                message = f"the store {_safe(self.dsn)} is overloaded: {_first_line(error)}"
                raise StoreUnavailableError(message) from error
            raise StoreError(_first_line(error)) from error


_directories: dict[Path, TextIO] = {}  # the embedded engine is one per process, and so is its lock


def _token(token: str | None) -> dict[str, Any]:
    return {"insert_deduplication_token": token} if token else {}


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:500] if str(error).strip() else type(error).__name__


def _safe(dsn: str) -> str:
    """Return the DSN without its password."""
    return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", dsn)

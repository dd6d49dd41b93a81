"""The only door to ClickHouse: embedded (`chdb:///dir`) or listening (`clickhouse://…`), one code path.

A Database is shared by many threads; each thread gets a client of its own. Statements come from `.sql` files and are
given values by binding only. Failures become StoreError, or StoreUnavailableError where a later try may succeed.

On a cluster the tables of a Database hold no rows: they are spread over the tables of its `nodes` (core/cluster.py).
Statements that change what is stored, other than inserts, are executed on every node.
"""

import contextlib
import logging
import re
import secrets
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, OperationalError

from core.data_directory import claim
from core.dsn import CONNECT_SECONDS, EmbeddedStore, ListeningStore, read_dsn, without_password
from core.errors import SettingsError, StoreError, StoreUnavailableError

# An inserted batch's materialized views must honour its token too, or a repeated insert doubles what they feed;
# batching is ours (collector/batching.py), so the server's own asynchronous batching stays off. No query of ours has
# chains like a < b AND b < c to be made use of, and looking for them takes up to half of what planning one takes.
INSERT_SECONDS = 30  # an insert that takes longer fails; the correlator's overlap rests on it
SESSION = {
    "deduplicate_blocks_in_dependent_materialized_views": 1,
    "async_insert": 0,
    "optimize_and_compare_chain": 0,
}
# On a cluster an insert is acknowledged once every copy of each row stands; a subquery is answered once, by all shards
# for all shards; a shard that is away fails a query. Of two copies the first is read: after a loss they may differ.
SPREAD = {
    "distributed_foreground_insert": 1,
    "parallel_distributed_insert_select": 0,  # else rows are taken to belong on the shard that they are read from
    "distributed_product_mode": "global",
    "prefer_global_in_and_join": 1,
    "skip_unavailable_shards": 0,
    "load_balancing": "in_order",
}
STORED = "{}_shard"  # the database of a node that holds its rows
ON_EVERY_NODE = re.compile(r"(?:\s|--[^\n]*\n)*(?:ALTER|DELETE|KILL MUTATION|TRUNCATE)\b", re.IGNORECASE)
INSERT_SELECT = re.compile(r"(?:\s|--[^\n]*\n)*INSERT INTO[^\n]*(?:\n[^\n]+)*?\n(?:WITH|SELECT)\b")
BEFORE_QUERY = re.compile(r"^(?=(?:WITH|SELECT)\b)", re.MULTILINE)
# Failures that a later try may cure, by ClickHouse error code (ErrorCodes.cpp): time, memory, too much at once,
# no space left, unavailable replicas.
TRANSIENT_CODES = {
    *(159, 160, 209, 210),  # TIMEOUT_EXCEEDED, TOO_SLOW, SOCKET_TIMEOUT, NETWORK_ERROR
    *(173, 241, 439),  # CANNOT_ALLOCATE_MEMORY, MEMORY_LIMIT_EXCEEDED, CANNOT_SCHEDULE_TASK
    *(202, 203, 252),  # TOO_MANY_SIMULTANEOUS_QUERIES, NO_FREE_CONNECTION, TOO_MANY_PARTS
    216,  # QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING: the driver asked again, since the answer was lost
    *(75, 243, 425),  # CANNOT_WRITE_TO_FILE_DESCRIPTOR, NOT_ENOUGH_SPACE, SYSTEM_ERROR
    *(225, 242, 279, 285),  # NO_ZOOKEEPER, TABLE_IS_READ_ONLY, ALL_CONNECTION_TRIES_FAILED, TOO_FEW_LIVE_REPLICAS
    *(319, 999),  # UNKNOWN_STATUS_OF_INSERT, KEEPER_EXCEPTION
}
GATEWAY_STATUS = re.compile(r"HTTP status (?:502|503|504)\b")  # a proxy in front of a store that is down
# The driver logs what it also raises; said once, by us, is enough.
logging.getLogger("clickhouse_connect").addHandler(logging.NullHandler())


Found = TypeVar("Found")


class Guard(Protocol):
    """What a read has to pass: it calls `read`, more than once where what it found may not stand, and returns it."""

    def __call__(self, read: Callable[[], Found], /) -> Found:
        """Return what `read` found."""


@dataclass(repr=False)
class Database:
    """One ClickHouse database. Make it with `Database.open`; close it with `close`."""

    dsn: str
    name: str
    _options: dict[str, Any]
    _anchor: Client  # the embedded engine shuts down with its last client: this one outlives those of short threads
    _local: threading.local = field(default_factory=threading.local)
    _clients: "weakref.WeakSet[Client]" = field(default_factory=weakref.WeakSet)  # a thread that ends takes its own
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _reads: Guard | None = None
    _settings: dict[str, Any] = field(default_factory=dict)
    cluster: str = ""
    _nodes: "list[Database]" = field(default_factory=list)

    @classmethod
    def open(cls, dsn: str, *, database: str | None = None) -> "Database":
        """Open the store and create its database where it is missing.

        Raises SettingsError for a DSN that cannot be understood, StoreUnavailableError where the store cannot be
        reached or another process holds the data directory.
        """
        store = read_dsn(dsn, database=database)
        if isinstance(store, ListeningStore) and store.cluster:
            return cls._open_first(dsn, store)
        return cls._open(dsn, store.database, _options(store))

    @classmethod
    def _open(cls, dsn: str, name: str, options: dict[str, Any], cluster: str = "") -> "Database":
        with _failures(dsn):
            client = clickhouse_connect.get_client(**options)
            client.command(f"CREATE DATABASE IF NOT EXISTS {name} ENGINE = Atomic")
        return cls(dsn, name, options, client, cluster=cluster)

    @classmethod
    def _open_first(cls, dsn: str, store: ListeningStore) -> "Database":
        """Open the first node of a cluster that answers."""
        *others, last = store.nodes
        for host, port in others:
            with contextlib.suppress(StoreUnavailableError):
                return cls._open(dsn, store.database, _options(replace(store, host=host, port=port)), store.cluster)
        return cls._open(dsn, store.database, _options(replace(store, host=last[0], port=last[1])), store.cluster)

    def __repr__(self) -> str:
        """Name the database without its password."""
        return f"Database({without_password(self.dsn)!r}, {self.name!r})"

    @property
    def embedded(self) -> bool:
        """Whether the engine runs in this process."""
        return "path" in self._options

    @property
    def nodes(self) -> "Sequence[Database]":
        """What holds the rows: on a cluster a database of each node, all of them, else this one alone.

        Raises StoreUnavailableError where a node is away.
        """
        if not self.cluster:
            return (self,)
        with self._guard:
            if not self._nodes:
                store = read_dsn(self.dsn, database=STORED.format(self.name))
                assert isinstance(store, ListeningStore)  # noqa: S101 - only such a one has a cluster
                each = [replace(store, host=host, port=port) for host, port in store.nodes]
                self._nodes.extend([self._open(f"{n.host}:{n.port}", n.database, _options(n)) for n in each])
            return tuple(self._nodes)

    def guarded(self, reads: Guard, settings: Mapping[str, Any] | None = None) -> "Database":
        """Return this database with `reads` around every query of rows, and `settings` with each."""
        return replace(self, _reads=reads, _settings=dict(settings or {}))

    def rows(self, statement: str, settings: Mapping[str, Any] | None = None, **values: Any) -> list[dict[str, Any]]:
        """Run a query and return its rows as dictionaries, column name to value."""
        asked = self._settings | dict(settings or {})
        if self._reads is not None:
            return self._reads(lambda: self._rows(statement, asked, values))
        return self._rows(statement, asked, values)

    def together(self, read: "Callable[[Database], Found]") -> "Found":
        """Return what `read` finds in several queries, with one guard around all of them."""
        if self._reads is None:
            return read(self)
        return self._reads(lambda: read(replace(self, _reads=None)))

    @contextlib.contextmanager
    def in_steps(self) -> "Iterator[Steps]":
        """Yield statements over temporary tables that nobody else sees; the tables are gone afterwards."""
        # Embedded, they belong to the client, of which each thread has its own.
        session = {} if self.embedded else {"session_id": f"stallwatch-{secrets.token_hex(16)}"}
        steps = Steps(self, session)
        try:
            yield steps
        finally:
            steps.forget()

    def _rows(
        self, statement: str, settings: Mapping[str, Any] | None, values: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        with _failures(self.dsn):
            result = self._client.query(statement, parameters=dict(values), settings=dict(settings or {}))
            return [dict(zip(result.column_names, row, strict=True)) for row in result.result_rows]

    def execute(self, statement: str, settings: Mapping[str, Any] | None = None, **values: Any) -> None:
        """Run a statement that returns nothing: DDL, or INSERT … SELECT.

        `{database:Identifier}` in it is this database, whose tables have the rows of all nodes.
        """
        if "{database:Identifier}" in statement:
            values = {"database": self.name, **values}
        if self.cluster and ON_EVERY_NODE.match(statement):
            for node in self.nodes:
                node.execute(statement, settings, **values)
            return
        statement, settings = _spelled_out(statement, settings or {})
        with _failures(self.dsn):
            if values:  # a command would put them in the address
                self._client.raw_query(statement, parameters=values, settings=settings)
            else:
                self._client.command(statement, settings=settings)

    def insert(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, token: str | None = None
    ) -> None:
        """Insert rows, durable on return; repeating a `token` stores nothing twice."""
        if not rows:
            return
        with _failures(self.dsn):
            self._client.insert(table, rows, column_names=list(columns), settings=_insert(token))

    def insert_block(
        self, table: str, block: bytes, fmt: str, *, token: str | None = None, settings: Mapping[str, Any] | None = None
    ) -> None:
        """Insert bytes already in the ClickHouse format `fmt`, durable on return; a repeated `token` stores nothing."""
        with _failures(self.dsn):
            self._client.raw_insert(table, insert_block=block, fmt=fmt, settings={**(settings or {}), **_insert(token)})

    def export(self, statement: str, fmt: str, **values: Any) -> bytes:
        """Run a query and return its result as bytes in the ClickHouse format `fmt`."""
        with _failures(self.dsn):
            return bytes(self._client.raw_query(statement, fmt=fmt, parameters=values))

    def close(self) -> None:
        """Close every client; a later call opens anew. The data directory stays claimed until the process ends."""
        with self._guard:
            for client in (self._anchor, *self._clients):
                with contextlib.suppress(ClickHouseError):
                    client.close()
            self._clients.clear()
            for node in self._nodes:
                node.close()
            self._nodes.clear()
        self._local = threading.local()

    @property
    def _session(self) -> dict[str, Any]:
        return SESSION | SPREAD if self.cluster else SESSION

    @property
    def _client(self) -> Client:
        client: Client | None = getattr(self._local, "client", None)
        if client is None:
            client = clickhouse_connect.get_client(
                database=self.name, settings=self._session, tz_mode="aware", **self._options
            )
            self._local.client = client
            with self._guard:
                self._clients.add(client)
        return client


@dataclass(frozen=True)
class Steps:
    """Statements of which each reads what those before it found. Made by `Database.in_steps`, for one thread."""

    _database: Database
    _session: Mapping[str, Any]
    _made: list[str] = field(default_factory=list)

    def create(self, table: str, statement: str) -> None:
        """Run the statement that creates a temporary table, or replaces it."""
        self._made.append(table)
        self._database.execute(statement, self._session)

    def execute(self, statement: str, **values: Any) -> None:
        """Run a statement that returns nothing, as `Database.execute` does."""
        self._database.execute(statement, self._session, **values)

    def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        """Run a query and return its rows, as `Database.rows` does."""
        return self._database.rows(statement, self._session, **values)

    def forget(self) -> None:
        """Drop the tables. Where the store is away, they went with the session, or soon will."""
        if self._made:
            with contextlib.suppress(StoreError):
                tables = ", ".join(dict.fromkeys(self._made))
                self._database.execute(f"DROP TEMPORARY TABLE IF EXISTS {tables}", self._session)


def _options(store: EmbeddedStore | ListeningStore) -> dict[str, Any]:
    """Return what the driver connects with."""
    if isinstance(store, EmbeddedStore):
        return {"interface": "chdb", "path": str(claim(store.directory))}
    return {
        "host": store.host,
        "port": store.port,
        "username": store.user,
        "password": store.password,
        "secure": store.secure,
        "autogenerate_session_id": False,
        "connect_timeout": CONNECT_SECONDS,
        "form_encode_query_params": True,  # bound values go in bodies: addresses are what proxies log
    }


@contextlib.contextmanager
def _failures(dsn: str) -> Iterator[None]:
    try:
        yield
    except ClickHouseError as error:
        raise _translated(error, without_password(dsn)) from error
    except ImportError:
        message = (
            "the embedded engine is not installed: install stallwatch[embedded], or set STALLWATCH_DSN to a ClickHouse"
        )
        raise SettingsError(message) from None


def _translated(error: ClickHouseError, store: str) -> StoreError:
    reason = _first_line(error)
    if getattr(error, "code", None) in TRANSIENT_CODES:
        return StoreUnavailableError(f"the store {store} cannot do it now: {reason}")
    if isinstance(error, OperationalError) or GATEWAY_STATUS.search(reason):
        return StoreUnavailableError(f"the store {store} does not answer: {reason}")
    return StoreError(f"the store {store}: {reason}")


def _first_line(error: ClickHouseError) -> str:
    """Return what went wrong, without the driver's wrapping, at most 500 characters."""
    text = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if cause := re.search(r"Caused by \w+\((.+)\)\) executing", text):
        text = re.sub(r"^[\"']?HTTPS?Connection(?:Pool)?\([^)]*\): |[\"']$", "", cause[1])
    if "DB::Exception" in text:
        text = text.split("server response: ", 1)[-1]
    return text.removeprefix("Error ")[:500]


def _spelled_out(statement: str, settings: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return an INSERT … SELECT with its settings in it: told apart, the embedded engine is asked six times."""
    if not INSERT_SELECT.match(statement) or not all(isinstance(value, int) for value in settings.values()):
        return statement, dict(settings)
    told = ", ".join(f"{name} = {value}" for name, value in settings.items())
    return BEFORE_QUERY.sub(f"SETTINGS {told}\n" if told else "", statement, count=1), {}


def _insert(token: str | None) -> dict[str, Any]:
    """Return the settings of an insert: it ends within INSERT_SECONDS, stored or refused."""
    return {"max_execution_time": INSERT_SECONDS} | ({"insert_deduplication_token": token} if token else {})

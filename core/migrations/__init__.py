"""Migrations: one numbered, forward-only sequence of `.sql` files; the status is kept in ClickHouse.

A file holds statements, each ended by `;` at the end of a line. A migration is recorded once all of it is applied;
statements are written to be safe to repeat (`IF NOT EXISTS`), so running again finishes one that failed half-way.
A file may name what it would else spell out again and again: `-- let Name = text`, used as `$Name`; the text goes on in
further comment lines that are indented.
"""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources

from core.clickhouse import Database
from core.clock import Clock
from core.cluster import check, spread
from core.errors import StallwatchError
from core.migrating import MARKED, alone
from core.sql import sql

LET = re.compile(r"^-- let (\w+) = (.+(?:\n--    .+)*)$", re.MULTILINE)


@dataclass(frozen=True)
class Migration:
    """One numbered step of the schema."""

    number: int
    name: str
    text: str

    @property
    def statements(self) -> tuple[str, ...]:
        """The statements, in order, without the comments between them (a comment may end with a semicolon too)."""
        code = "\n".join(line for line in self.text.splitlines() if not line.lstrip().startswith("--"))
        for name, text in reversed(LET.findall(self.text)):  # a later one may name an earlier one
            code = re.sub(rf"\${name}\b", text.replace("\n--", "\n").replace("\\", r"\\"), code)
        return tuple(part.strip() for part in f"{code}\n".split(";\n") if part.strip())

    @property
    def checksum(self) -> str:
        """SHA-256 of the text: an applied migration may not change."""
        return sha256(self.text.encode()).hexdigest()


def migrations() -> list[Migration]:
    """Return every migration, in order."""
    files = sorted(file.name for file in resources.files("core.migrations").iterdir() if file.name.endswith(".sql"))
    texts = {name: (resources.files("core.migrations") / name).read_text(encoding="utf-8") for name in files}
    return [Migration(int(name[:4]), name.removesuffix(".sql"), text) for name, text in texts.items()]


def pending(database: Database, steps: Sequence[Migration] | None = None) -> list[Migration]:
    """Return the migrations that this database still lacks; changes nothing. `steps` stand in for ours.

    Raises StallwatchError where an applied migration differs from ours, or the database is newer than this code.
    """
    known = migrations() if steps is None else steps
    lacking = {each.number: each for node in database.nodes for each in _pending(node, known)}
    return [lacking[number] for number in sorted(lacking)]


def _pending(database: Database, known: Sequence[Migration]) -> list[Migration]:
    applied = _applied(database)
    for migration in known:
        if applied.get(migration.number, migration.checksum) != migration.checksum:
            message = f"migration {migration.name} was applied with another text; restore it, and add a new migration"
            raise StallwatchError(message)
    if newer := applied.keys() - {migration.number for migration in known}:
        message = f"the database has migration {max(newer)}, which this version of Stallwatch does not know; upgrade"
        raise StallwatchError(message)
    return [migration for migration in known if migration.number not in applied]


def migrate(database: Database, clock: Clock, steps: Sequence[Migration] | None = None) -> list[Migration]:
    """Apply what is pending, in order, and return it. Safe to repeat. `steps` stand in for ours.

    Of several processes that migrate one database, one does so and the others wait (`core/migrating.py`). On a cluster
    every node is migrated, all of them at once, and the tables are spread over what they store.
    Raises as `pending` does, and StoreError where a statement fails; what came before it stays applied.
    """
    known = migrations() if steps is None else steps
    if not database.cluster:
        return _apply(database, clock, known)
    lacking = pending(database, known)
    check(database)
    with ThreadPoolExecutor(len(database.nodes)) as at_once:
        list(at_once.map(lambda node: _apply(node, clock, known), database.nodes))
    spread(database)
    return lacking


def _apply(database: Database, clock: Clock, known: Sequence[Migration]) -> list[Migration]:
    """Apply what one node lacks, and return it, once no other process does so."""
    if not _pending(database, known):
        return []
    with alone(database):
        database.execute(sql("core", "create_schema_migrations"))
        lacking = _pending(database, known)  # of what was pending, another process may have applied all
        for migration in lacking:
            for statement in migration.statements:
                database.execute(statement, MARKED)
            database.insert(
                "schema_migrations",
                ("number", "name", "checksum", "applied_at"),
                [(migration.number, migration.name, migration.checksum, clock.now())],
            )
    return lacking


def _applied(database: Database) -> dict[int, str]:
    """Return number and checksum of what was applied: nothing where no migration ever ran."""
    if not database.rows(sql("core", "has_schema_migrations")):
        return {}
    return {row["number"]: row["checksum"] for row in database.rows(sql("core", "applied_migrations"))}

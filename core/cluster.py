"""A cluster: tables that hold no rows, spread over the tables that do, the same on every node.

The rows stand in the database `<name>_shard` of each node, in tables that the migrations make as anywhere else. The
database `<name>` is derived from what they made: over each table that stores rows a Distributed one, and the views and
the landing again, which store nothing. It is derived anew as a whole wherever it is not what the stored tables ask for.
See docs/adr/0017.
"""

import re
from collections.abc import Collection
from hashlib import sha256

from core.clickhouse import Database
from core.errors import StallwatchError
from core.sql import sql

OF_A_REBUILD = re.compile(
    r"_next_\d+$"
)  # tables that come and go (correlator/switch_over.py), and are spread one by one


def check(database: Database) -> None:
    """Raise StallwatchError where the name of a cluster's database is that of one with rows on some node."""
    for node in database.nodes:
        if found := node.rows(sql("core", "tables_with_rows"), spread=database.name):
            message = (
                f"the database {database.name} holds rows in {found[0]['name']}: it was made without ?cluster=, and is"
                " not spread over a cluster; name another"
            )
            raise StallwatchError(message)


def spread(database: Database) -> None:
    """Spread the tables over what the nodes store, where that is still to be done. Safe to repeat."""
    for node in database.nodes:
        _spread(node, database.name, database.cluster)


def spread_more(database: Database, tables: Collection[str]) -> None:
    """Spread some tables that were made on every node since. Does nothing without a cluster."""
    for node in database.nodes if database.cluster else ():
        for row in node.rows(sql("core", "spread_tables"), spread=database.name, cluster=database.cluster):
            if row["name"] in tables:
                node.execute(row["statement"])


def gather(database: Database, table: str) -> None:
    """Take back what `spread_more` did. Does nothing without a cluster."""
    for node in database.nodes if database.cluster else ():
        node.execute(sql("core", "drop_spread"), spread=database.name, table=table)


def _spread(node: Database, name: str, cluster: str) -> None:
    found = node.rows(sql("core", "spread_tables"), spread=name, cluster=cluster)
    rows = [row for row in found if not OF_A_REBUILD.search(row["name"])]
    digest = sha256("".join(row["statement"] + row["stands_on"] for row in rows).encode()).hexdigest()
    done = f"SELECT '{digest}' AS digest"
    if [row["digest"] for row in node.rows(sql("core", "spread_digest"), spread=name)] == [done]:
        return
    node.execute(f"DROP DATABASE IF EXISTS {name} SYNC")
    node.execute(f"CREATE DATABASE {name} ENGINE = Atomic")
    for row in rows:
        node.execute(row["statement"])
    node.execute(f"CREATE VIEW {name}.spread_digest AS {done}")

"""One process migrates a database at a time: two that make a table anew from itself would drop each other's rows.

Who migrates has made the table `migrating`, and marks its statements; others wait until that table is gone. One that
was killed leaves it: where it stands and nothing marked has run for `LOOKS` looks in a row, it is taken over.
"""

import contextlib
import time
from collections.abc import Callable, Iterator

from core.clickhouse import Database
from core.errors import StoreError
from core.sql import sql

MARKED = {"log_comment": "stallwatch migrates"}  # the engine shows it of what runs, also after its client was killed
LOOKS, WAIT_SECONDS = 60, 0.5  # between two statements nothing runs for milliseconds


@contextlib.contextmanager
def alone(database: Database, wait: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Keep all others from migrating this database; wait for one that does. `wait` takes seconds."""
    unseen = 0
    while not _begun(database):
        seen = database.rows(sql("core", "who_migrates"), mark=MARKED["log_comment"])[0]
        unseen = unseen + 1 if seen["stands"] and not seen["running"] else 0
        if unseen == LOOKS:
            database.execute(sql("core", "end_migrating"))
        wait(WAIT_SECONDS)
    try:
        yield
    finally:
        database.execute(sql("core", "end_migrating"))


def _begun(database: Database) -> bool:
    try:
        database.execute(sql("core", "begin_migrating"))
    except StoreError as error:
        if "already exists" not in str(error):
            raise
        return False
    return True

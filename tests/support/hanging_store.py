"""A store that is there and does not come to an end."""

import threading
from collections.abc import Sequence
from typing import Any

from core.clickhouse import Database


class HangingStore:
    """Stands before a real database: every insert waits for `go_on`; `asked` is set once one waits."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.asked, self.go_on = threading.Event(), threading.Event()

    @property
    def embedded(self) -> bool:
        return self._database.embedded

    def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        return self._database.rows(statement, **values)

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        self._database.insert(table, columns, rows)

    def insert_block(self, table: str, block: bytes, fmt: str, *, token: str, settings: dict[str, Any]) -> None:
        self.asked.set()
        assert self.go_on.wait(60)
        self._database.insert_block(table, block, fmt, token=token, settings=settings)

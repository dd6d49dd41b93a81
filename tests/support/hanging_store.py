"""A store that is there and does not come to an end."""

import threading
from typing import Any

from support.troubled_store import TroubledStore

from core.clickhouse import Database


class HangingStore(TroubledStore):
    """Stands before a real database: every insert waits for `go_on`; `asked` is set once one waits."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.asked, self.go_on = threading.Event(), threading.Event()

    def insert_block(self, table: str, block: bytes, fmt: str, *, token: str, settings: dict[str, Any]) -> None:
        self.asked.set()
        assert self.go_on.wait(60)
        super().insert_block(table, block, fmt, token=token, settings=settings)

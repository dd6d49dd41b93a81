"""A store that fails as told before it does what the real one does."""

from collections.abc import Sequence
from typing import Any

from core.clickhouse import Database


class TroubledStore:
    """Stands before a real database: fails each insert with the next of `troubles`; None lets one through.

    `lose_answer` makes the failing inserts happen all the same, as when the connection breaks after the work is done.
    """

    def __init__(
        self, database: Database, troubles: Sequence[Exception | None] = (), *, lose_answer: bool = False
    ) -> None:
        self._database = database
        self.troubles = list(troubles)
        self.lose_answer = lose_answer
        self.tokens: list[str] = []

    @property
    def embedded(self) -> bool:
        return self._database.embedded

    def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        return self._database.rows(statement, **values)

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        self._database.insert(table, columns, rows)

    def insert_block(self, table: str, block: bytes, fmt: str, *, token: str, settings: dict[str, Any]) -> None:
        self.tokens.append(token)
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble is None or self.lose_answer:
            self._database.insert_block(table, block, fmt, token=token, settings=settings)
        if trouble is not None:
            raise trouble

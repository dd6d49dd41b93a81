"""API keys in ClickHouse: each change is a row, and the newest version of a key holds."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.clickhouse import Database
from core.clock import Clock
from core.errors import NotFoundError
from core.keys.key import ApiKey, Issued, KeyOrder, issue
from core.sql import sql

COLUMNS = (
    *("key_id", "version", "name", "scope", "integration", "digest", "created_at", "created_by"),
    *("expires_at", "revoked_at", "revoked_by"),
)
NEW, ENDED = 1, 2  # the versions of a key: a key is made, and may be revoked; nothing else changes


class KeyStore:
    """Keeps keys, without their secrets. Shared by all threads."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def all(self) -> list[ApiKey]:
        """Return every key that was ever made, the newest first. Raises StoreError."""
        return [_key(row) for row in self._database.rows(sql("core", "api_keys"))]

    def create(self, order: KeyOrder, by: str) -> Issued:
        """Make a key; it is durable on return. Raises MisuseError, StoreError."""
        issued = issue(order, self._clock.now(), by)
        self._write(issued.key, NEW)
        return issued

    def revoke(self, key_id: str, by: str) -> ApiKey:
        """End a key for ever; safe to repeat: the first revocation stands. Raises NotFoundError, StoreError."""
        key = next((key for key in self.all() if key.key_id == key_id), None)
        if key is None:
            message = "there is no key of this id; `stallwatch keys list` shows them"
            raise NotFoundError(message)
        if key.revoked_at is None:
            key = replace(key, revoked_at=self._clock.now(), revoked_by=by)
            self._write(key, ENDED)
        return key

    def _write(self, key: ApiKey, version: int) -> None:
        row = vars(key) | {"version": version}
        self._database.insert("api_keys", COLUMNS, [[row[name] for name in COLUMNS]])


def _key(row: Mapping[str, Any]) -> ApiKey:
    return ApiKey(**{name: value for name, value in row.items() if name != "version"})

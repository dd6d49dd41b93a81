"""The integrations in force: what the registry file says, and over it what was changed while running.

The database is what all processes agree on; each holds a snapshot, so that nobody asks for every request.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from core.clickhouse import Database
from core.clock import Clock
from core.errors import MisuseError, NotFoundError
from core.rates import Rate
from core.registry import NOBODY, Facility, Integration, Registry, integration_of, row_of
from core.sql import sql

LONGEST_KEY = 200


@dataclass(frozen=True)
class Entry:
    """An integration, and who says so: `source` is api or file; `changed_by` names whoever changed it over the API."""

    key: str
    integration: Integration
    source: Literal["api", "file"]
    changed_by: str
    changed_at: datetime


class Integrations:
    """A snapshot of all integrations in force. `refresh` it every few seconds; while the store is down, the last holds.

    What is changed through it is in force at once. Shared by all threads: reading takes no lock.
    """

    def __init__(self, database: Database, clock: Clock, changed: Callable[[], None] = lambda: None) -> None:
        """Take the store; `changed` is called after a change that was made here."""
        self._database, self._clock, self._changed = database, clock, changed
        self._guard = threading.Lock()
        self._entries: dict[str, Entry] = {}  # replaced, never changed
        self._rates: dict[str, Rate] = {}

    @property
    def entries(self) -> Mapping[str, Entry]:
        """Every integration in force, by key."""
        return self._entries

    def rate_of(self, key: str) -> Rate | None:
        """Return the rate that an integration is kept to. No I/O."""
        return self._rates.get(key)

    def entry(self, key: str) -> Entry:
        """Return one integration. Raises NotFoundError."""
        found = self._entries.get(key)
        if found is None:
            message = f"no integration {key[:LONGEST_KEY]!r} is registered"
            raise NotFoundError(message)
        return found

    def refresh(self) -> None:
        """Read all integrations again. Raises StoreError, and changes nothing then."""
        with self._guard:
            self._read()

    def put(self, key: str, integration: Integration, by: str) -> Entry:
        """Register an integration, or say anew what is expected of it; holds over the file, and at once.

        Raises MisuseError for a key that cannot be, StoreError.
        """
        if not key.strip() or len(key) > LONGEST_KEY:
            message = f"the key of an integration has 1 to {LONGEST_KEY} characters"
            raise MisuseError(message)
        self._change(key, integration, by, deleted=False)
        return self.entry(key)

    def delete(self, key: str, by: str) -> None:
        """Take back what was put: the file's word holds again, if it has one.

        Raises NotFoundError where nothing is registered, MisuseError for what only the file says, StoreError.
        """
        if self.entry(key).source == "file":
            message = f"{key!r} is in the registry file, and is removed there"
            raise MisuseError(message)
        self._change(key, NOBODY, by, deleted=True)

    def _change(self, key: str, integration: Integration, by: str, *, deleted: bool) -> None:
        who: dict[str, Any] = {"changed_by": by, "changed_at": self._clock.now(), "deleted": deleted}
        with self._guard:
            self._database.execute(sql("core", "change_integration"), integration=key, **who, **row_of(integration))
            self._read()
        self._changed()

    def _read(self) -> None:
        found = [_entry(row) for row in self._database.rows(sql("core", "current_integrations"))]
        self._rates = {entry.key: rate for entry in found if (rate := entry.integration.rate)}
        self._entries = {entry.key: entry for entry in found}


@dataclass(frozen=True)
class Expected:
    """What is expected to exist, now: facilities as the file has them, integrations as they are in force."""

    file: Registry
    in_force: Integrations

    @property
    def facilities(self) -> Mapping[str, Facility]:
        """Facilities by key."""
        return self.file.facilities

    @property
    def integrations(self) -> Mapping[str, Integration]:
        """Integrations by key."""
        return {key: entry.integration for key, entry in self.in_force.entries.items()}


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(row["integration"], integration_of(row), row["source"], row["changed_by"], row["changed_at"])

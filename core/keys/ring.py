"""The keys in force, in memory: a request is checked without asking the store."""

import threading

from core.clock import Clock
from core.keys.key import ApiKey, Issued, KeyOrder, id_of
from core.keys.store import KeyStore


class KeyRing:
    """A snapshot of all keys. `refresh` it every few seconds; while the store is down, the last one holds.

    What is made or revoked through it is in force at once. Shared by all threads: reading takes no lock.
    """

    def __init__(self, store: KeyStore, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._guard = threading.Lock()  # else a refresh that read before a revocation could undo it
        self._known: dict[str, ApiKey] = {}  # replaced, never changed

    def identify(self, text: str) -> ApiKey | None:
        """Return the key that `text` is, active or not; None where it is none that is known. No I/O."""
        key = self._known.get(id_of(text) or "")
        return key if key is not None and key.fits(text) else None

    def refresh(self) -> None:
        """Read all keys again. Raises StoreError, and changes nothing then."""
        with self._guard:
            self._known = {key.key_id: key for key in self._store.all()}

    def every(self) -> list[ApiKey]:
        """Return every key that was ever made, the newest first, as the store has them. Raises StoreError."""
        return self._store.all()

    def create(self, order: KeyOrder, by: str) -> Issued:
        """Make a key; it holds at once. Raises MisuseError, StoreError."""
        with self._guard:
            issued = self._store.create(order, by)
            self._known = {**self._known, issued.key.key_id: issued.key}
        return issued

    def revoke(self, key_id: str, by: str) -> ApiKey:
        """End a key, here at once. Raises NotFoundError, StoreError."""
        with self._guard:
            key = self._store.revoke(key_id, by)
            self._known = {**self._known, key_id: key}
        return key

    def trouble(self, key: ApiKey) -> str:
        """Return why a key is no good now, '' where it is."""
        state = key.state(self._clock.now())
        return "" if state == "active" else f"the API key {key.key_id} is {state}"

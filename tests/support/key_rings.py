"""API keys without a store: a fake of `core.keys.KeyStore` that keeps them in memory, and can be down."""

from dataclasses import replace
from datetime import timedelta

from core.clock import ManualClock
from core.errors import NotFoundError, StoreUnavailableError
from core.keys import ApiKey, Issued, KeyOrder, KeyRing
from core.keys.key import issue


class MemoryKeys:
    """Keys in memory; counts how often it was asked for all of them."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock, self.rows, self.asked, self.down = clock, {}, 0, False

    def all(self) -> list[ApiKey]:
        self.asked += 1
        if self.down:
            message = "the store does not answer"
            raise StoreUnavailableError(message)
        return list(self.rows.values())

    def create(self, order: KeyOrder, by: str) -> Issued:
        issued = issue(order, self.clock.now(), by)
        self.rows[issued.key.key_id] = issued.key
        return issued

    def revoke(self, key_id: str, by: str) -> ApiKey:
        if key_id not in self.rows:
            message = "there is no key of this id"
            raise NotFoundError(message)
        self.rows[key_id] = replace(self.rows[key_id], revoked_at=self.clock.now(), revoked_by=by)
        return self.rows[key_id]


def ring_of(clock: ManualClock) -> KeyRing:
    """Return a ring over keys in memory."""
    return KeyRing(MemoryKeys(clock), clock)


def new_key(ring: KeyRing, scope: str = "ingest", integration: str = "", days: int | None = None) -> Issued:
    """Make a key that expires in so many days."""
    expires_at = None if days is None else ring._clock.now() + timedelta(days=days)
    return ring.create(KeyOrder(f"{scope} key", scope, integration, expires_at), "test")

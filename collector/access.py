"""Who may send: the API key of a request, checked before its body is read and without asking the store."""

import math
import threading
import time
from collections.abc import Callable

from collector.errors import ForbiddenError, OverloadedError, UnauthenticatedError
from collector.senders import ANYONE, Sender
from core.keys import ApiKey, KeyRing
from core.rates import Rate, TokenBucket

SCHEME = "bearer"  # RFC 9110 section 11.1: schemes are compared without case
RateOf = Callable[[str], Rate | None]


class RateLimits:
    """Keeps each integration to the rate that the registry gives it, in this process. Shared by all threads."""

    def __init__(self, rate_of: RateOf, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._rate_of, self._monotonic = rate_of, monotonic
        self._buckets: dict[str, TokenBucket] = {}
        self._guard = threading.Lock()

    def take(self, integration: str) -> None:
        """Count one request. Raises OverloadedError where the integration has sent as many as it may."""
        rate = self._rate_of(integration)
        if rate is None:
            return
        if wait := self._bucket(integration, rate).take():
            message = (
                f"{integration} sends more than the {rate.count} requests in {rate.seconds} s that it may; "
                f"the next is taken in {math.ceil(wait)} s"
            )
            raise OverloadedError(message)

    def _bucket(self, integration: str, rate: Rate) -> TokenBucket:
        with self._guard:
            bucket = self._buckets.get(integration)
            if bucket is None or bucket.rate != rate:  # it was changed in the registry: it starts full again
                bucket = self._buckets[integration] = TokenBucket(rate, self._monotonic)
            return bucket


class Access:
    """Says who sends. `required`: nobody without a key. A key that is presented must be good, asked for or not."""

    def __init__(self, keys: KeyRing, limits: RateLimits, *, required: bool) -> None:
        self._keys, self._limits, self._required = keys, limits, required

    def admit(self, credentials: str | None) -> Sender:
        """Return the sender of the header `Authorization: Bearer <key>`; fits `collector.senders.Admit`.

        Raises UnauthenticatedError for no key where one is required, and for one that is unknown, expired or revoked;
        ForbiddenError for a key that may not ingest; OverloadedError past the rate of the integration it speaks for.
        """
        if credentials is None and not self._required:
            return ANYONE
        key = self._identified(credentials)
        if not key.allows("ingest"):
            message = f"the API key {key.key_id} is for {key.scope}; sending needs one of scope ingest"
            raise ForbiddenError(message)
        if key.integration:
            self._limits.take(key.integration)
        return Sender(key.key_id, key.integration)

    def _identified(self, credentials: str | None) -> ApiKey:
        scheme, _, text = (credentials or "").strip().partition(" ")
        if scheme.lower() != SCHEME:
            message = "an API key is required: send the header `Authorization: Bearer sw_…`"
            raise UnauthenticatedError(message)
        key = self._keys.identify(text.strip())
        if key is None:
            message = "the API key is not known"
            raise UnauthenticatedError(message)
        if trouble := self._keys.trouble(key):
            raise UnauthenticatedError(trouble)
        return key

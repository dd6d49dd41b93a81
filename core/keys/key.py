"""One API key: `sw_<id>_<secret>`. The id is public and names it; the whole is shown once and kept as a digest.

The secret is 192 random bits, so one round of SHA-256 keeps it: there is nothing to guess (docs/adr/0010).
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Literal, get_args

from core.durations import DurationError, parse_duration
from core.errors import MisuseError

Scope = Literal["ingest", "read", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
ID_BYTES, SECRET_BYTES = 6, 24
WRITTEN = re.compile(rf"sw_([0-9a-f]{{{2 * ID_BYTES}}})_[0-9a-f]{{{2 * SECRET_BYTES}}}")
LONGEST_NAME = 200
LONGEST_LIFE = timedelta(days=3653)


@dataclass(frozen=True)
class ApiKey:
    """What is known of a key: everything but its secret. `integration` '' : it may speak for any."""

    key_id: str
    name: str
    scope: Scope
    integration: str
    digest: str = field(repr=False)
    created_at: datetime
    created_by: str
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str = ""

    def fits(self, text: str) -> bool:
        """Whether `text` is this very key; takes as long for one that nearly is."""
        return compare_digest(digest_of(text), self.digest)

    def state(self, at: datetime) -> Literal["active", "expired", "revoked"]:
        """Return how it stands at `at`; the instant it expires at is past its life."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= at else "active"

    def allows(self, scope: Scope) -> bool:
        """Whether it may do what asks for `scope`: who may change things may see them too."""
        return scope == self.scope or (scope == "read" and self.scope == "admin")


@dataclass(frozen=True)
class KeyOrder:
    """The key that somebody asks for. Raises MisuseError for one that cannot be."""

    name: str
    scope: Scope
    integration: str = ""
    expires_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > LONGEST_NAME:
            message = f"a key needs a name of at most {LONGEST_NAME} characters, which says who uses it"
            raise MisuseError(message)
        if self.integration and self.scope != "ingest":
            message = f"only a key to ingest speaks for an integration; scope {self.scope} takes none"
            raise MisuseError(message)


@dataclass(frozen=True)
class Issued:
    """A new key with its secret, to be shown once."""

    key: ApiKey
    text: str = field(repr=False)


def issue(order: KeyOrder, at: datetime, by: str) -> Issued:
    """Make a key. Raises MisuseError for one that would be expired already."""
    if order.expires_at is not None and order.expires_at <= at:
        message = "a key cannot expire before it is made"
        raise MisuseError(message)
    key_id = secrets.token_hex(ID_BYTES)
    text = f"sw_{key_id}_{secrets.token_hex(SECRET_BYTES)}"
    return Issued(
        ApiKey(key_id, order.name, order.scope, order.integration, digest_of(text), at, by, order.expires_at), text
    )


def expiry(lifetime: str | None, now: datetime) -> datetime | None:
    """Return when a key ends that lives for "12h" or "90d" from now; None: never. Raises MisuseError."""
    if lifetime is None:
        return None
    message = f"{lifetime[:20]!r} is not how long a key can live: write 12h or 90d, ten years at most"
    try:
        duration = parse_duration(lifetime)
    except DurationError:
        raise MisuseError(message) from None
    if duration.unit != "clock" or duration.amount > LONGEST_LIFE.total_seconds():
        raise MisuseError(message)
    return now + timedelta(seconds=duration.amount)


def digest_of(text: str) -> str:
    """Return SHA-256 in hex of a whole key."""
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def id_of(text: str) -> str | None:
    """Return the id within a key, None for what is none."""
    written = WRITTEN.fullmatch(text)
    return written[1] if written else None

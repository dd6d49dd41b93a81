"""What the collector lets through, made known to the engine: limits on a record, and what must not be stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from collector.redaction import Redaction, load_redaction, words
from core.clickhouse import Database
from core.clock import Clock
from core.errors import DefinitionError, StoreError, StoreUnavailableError
from core.settings import Settings
from core.sql import sql

MICROSECOND = timedelta(microseconds=1)
CHECKED = ("card", "iban")  # by check digits, each in a pass of its own


@dataclass(frozen=True)
class RecordLimits:
    """The most that one record may have, and how far its time may lie from its arrival.

    Defaults: OpenTelemetry SDKs take 128 attributes of any length (OTEL_ATTRIBUTE_COUNT_LIMIT); here it is twice that.
    """

    max_attributes: int = 256
    max_key_bytes: int = 256
    max_value_bytes: int = 65_536
    max_array_elements: int = 1000
    max_nesting: int = 2
    max_age: timedelta = timedelta(days=3650)
    max_skew: timedelta = timedelta(days=1)


@dataclass(frozen=True)
class Policy:
    """Limits and redaction in force. With a key, private values are replaced by keyed hashes; without one, dropped."""

    limits: RecordLimits = field(default_factory=RecordLimits)
    redaction: Redaction = field(default_factory=lambda: load_redaction(None))
    redaction_key: str = field(default="", repr=False)

    def publish(self, database: Database, clock: Clock) -> bool:
        """Make the policy, and what the registry says of single integrations, the one that landing views obey.

        Return whether that changed anything. Safe to repeat. Raises StoreError, and DefinitionError for a pattern that
        the engine cannot search for: what was in force stays so.
        """
        before, general = policy_in_force(database), self.general()
        if before is None or before.general != general:
            self.try_out(database)
        return put_in_force(database, clock, general, before)

    def general(self) -> dict[str, object]:
        """Return what holds for all integrations, by column of `collector_policy`."""
        limits, classes = self.limits, self.redaction.classes()
        return {
            "denied_words": [words(key) for key in self.redaction.keys],
            "allowed_words": [words(key) for key in self.redaction.allowed],
            "allow_only": self.redaction.mode == "allow",
            "patterns": classes,
            "any_pattern": "|".join(f"(?:{pattern})" for name, pattern in classes if name not in CHECKED),
            "max_attributes": limits.max_attributes,
            "max_key_bytes": limits.max_key_bytes,
            "max_value_bytes": limits.max_value_bytes,
            "max_array_elements": limits.max_array_elements,
            "max_nesting": limits.max_nesting,
            "max_age_us": limits.max_age // MICROSECOND,
            "max_skew_us": limits.max_skew // MICROSECOND,
        }

    def try_out(self, database: Database) -> None:
        """Have the engine search with every pattern. Raises DefinitionError naming the first that it refuses.

        A pattern that Python reads may still be one that the engine cannot search for: then no insert would work.
        """
        for name, pattern in self.redaction.classes():
            try:
                database.rows(sql("collector", "policy_try_pattern"), pattern=pattern)
            except StoreUnavailableError:
                raise
            except StoreError as error:
                message = f"redaction: the engine cannot search for the pattern {name}: {error}"
                raise DefinitionError(message) from None


@dataclass(frozen=True)
class PolicyInForce:
    """What was published last: what holds for all, what the registry says of single integrations, and when (UTC)."""

    general: dict[str, object]
    of_integrations: dict[str, object]
    published_at: datetime


def policy_in_force(database: Database) -> PolicyInForce | None:
    """Return what landing views obey, None where nothing was ever published. Raises StoreError."""
    for row in database.rows(sql("collector", "policy_in_force")):
        at = row.pop("published_at")  # named tuples come back as dictionaries
        patterns = [tuple(each.values()) for each in row.pop("patterns")]
        overrides = {integration: tuple(each.values()) for integration, each in row.pop("overrides").items()}
        single = {"overrides": overrides, "allowed_types": row.pop("allowed_types")}
        return PolicyInForce(row | {"patterns": patterns}, single, at)
    return None


def put_in_force(database: Database, clock: Clock, general: Mapping[str, object], before: PolicyInForce | None) -> bool:
    """Publish a policy with what the registry asks for by now, unless that is in force; what it supersedes goes.

    Return whether that changed anything. `before` is what is in force. Raises StoreError.
    """
    wanted = {**general, **_of_integrations(database)}
    if before and before.general | before.of_integrations == wanted:
        return False
    # The newest row holds: none is published at the time of another, whatever the clocks of publishers say.
    at = max(clock.now(), before.published_at + MICROSECOND) if before else clock.now()
    database.insert("collector_policy", ("published_at", *wanted), [(at, *wanted.values())])
    if before:  # only what is older than this: another that is newer stays, and some row always does
        database.execute(sql("collector", "policy_superseded"), published_at=at)
    return True


def private_classes(database: Database, policy: Policy | None = None) -> list[tuple[str, str]]:
    """Return name and pattern of the classes of private values in force, with those of `policy`, too.

    What ships, where none is in force. What operators write is kept: it is judged by them. Raises StoreError.
    """
    before, own = policy_in_force(database), (policy or Policy()).redaction.classes()
    published = cast("list[tuple[str, str]]", before.general["patterns"]) if before else []
    return [*dict.fromkeys([*published, *own])] if policy or not before else published


def policy_of(settings: Settings) -> Policy:
    """Return the policy that the settings ask for. Raises DefinitionError for what is wrong in the redaction file."""
    limits = RecordLimits(
        max_attributes=settings.max_attributes,
        max_key_bytes=settings.max_key_bytes,
        max_value_bytes=settings.max_value_bytes,
        max_array_elements=settings.max_array_elements,
        max_nesting=settings.max_nesting,
        max_age=timedelta(days=settings.max_record_age_days),
        max_skew=timedelta(seconds=settings.max_skew_seconds),
    )
    key = settings.redaction_key.get_secret_value() if settings.redaction_key else ""
    return Policy(limits, load_redaction(settings.redaction), key)


def _of_integrations(database: Database) -> dict[str, object]:
    """Return what the registry asks for beyond the policy, by integration."""
    rows = database.rows(sql("collector", "integration_policies"))
    return {
        "overrides": {
            row["integration"]: (row["mode"], _all_words(row["denied"]), _all_words(row["allowed"]))
            for row in rows
            if row["mode"]
        },
        "allowed_types": {row["integration"]: row["types"] for row in rows if row["types"]},
    }


def _all_words(keys: list[str]) -> list[str]:
    return [words(key) for key in keys]

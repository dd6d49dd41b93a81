"""What the collector lets through, made known to the engine: limits on a record, and what must not be stored."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

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
        limits, classes = self.limits, self.redaction.classes()
        wanted = {
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
            **_of_integrations(database),
        }
        before = _in_force(database)
        if before and before.policy == wanted:
            return False
        self.try_out(database)
        # The newest row holds: none is published at the time of another, whatever the clocks of publishers say.
        at = max(clock.now(), before.published_at + MICROSECOND) if before else clock.now()
        database.insert("collector_policy", ("published_at", *wanted), [(at, *wanted.values())])
        return True

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
class _Published:
    """What was published last, written as `publish` writes it, and when (UTC)."""

    policy: dict[str, object]
    published_at: datetime


def _in_force(database: Database) -> _Published | None:
    for row in database.rows(sql("collector", "policy_in_force")):
        at = row.pop("published_at")  # named tuples come back as dictionaries
        patterns = [tuple(each.values()) for each in row["patterns"]]
        overrides = {integration: tuple(each.values()) for integration, each in row["overrides"].items()}
        return _Published(row | {"patterns": patterns, "overrides": overrides}, at)
    return None


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

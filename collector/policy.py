"""What the collector lets through, made known to the engine: limits on a record, and what must not be stored."""

from dataclasses import dataclass, field
from datetime import timedelta

from collector.redaction import Redaction, load_redaction, words
from core.clickhouse import Database
from core.clock import Clock
from core.sql import sql

MICROSECOND = timedelta(microseconds=1)


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

        Return whether that changed anything. Safe to repeat. Raises StoreError.
        """
        limits, classes = self.limits, self.redaction.classes()
        wanted = {
            "denied_words": [words(key) for key in self.redaction.keys],
            "allowed_words": [words(key) for key in self.redaction.allowed],
            "allow_only": self.redaction.mode == "allow",
            "patterns": classes,
            "any_pattern": "|".join(f"(?:{pattern})" for _, pattern in classes),
            "max_attributes": limits.max_attributes,
            "max_key_bytes": limits.max_key_bytes,
            "max_value_bytes": limits.max_value_bytes,
            "max_array_elements": limits.max_array_elements,
            "max_nesting": limits.max_nesting,
            "max_age_us": limits.max_age // MICROSECOND,
            "max_skew_us": limits.max_skew // MICROSECOND,
            **_of_integrations(database),
        }
        if database.rows(sql("collector", "policy_in_force")) == [wanted]:
            return False
        database.insert("collector_policy", ("published_at", *wanted), [(clock.now(), *wanted.values())])
        return True


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

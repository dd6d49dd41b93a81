"""What must not be stored: which keys and which values are private. Read from YAML, applied by the landing views.

`phi.yaml` ships; an operator may name another file, which replaces it or adds to it (`extends: phi`). The engine
searches keys word by word and values by RE2 patterns.
"""

import re
from importlib import resources
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.definitions import read_definition

MOST_KEYS = 200  # multiSearchAny takes 255; what ships has 26
NO_GROUP = re.compile(r"(?<!\\)\((?!\?)")  # what it matches is replaced whole: a group has nothing to say


class Redaction(BaseModel):
    """One redaction file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    extends: Literal["phi"] | None = Field(None, description="phi: what ships holds, too.")
    mode: Literal["deny", "allow"] = "deny"
    keys: tuple[str, ...] = Field((), description="Words of keys whose values are redacted.")
    allowed: tuple[str, ...] = Field((), description="Mode allow: words of keys whose values may stay.")
    patterns: dict[str, str] = Field(default_factory=dict, description="Name of a class of values to its pattern, RE2.")

    @field_validator("patterns")
    @classmethod
    def _readable(cls, patterns: dict[str, str]) -> dict[str, str]:
        for name, pattern in patterns.items():
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name == "redacted":
                message = f"{name!r} is no name for a class of values: small letters, digits and _, and not 'redacted'"
                raise ValueError(message)
            try:
                empty = re.compile(pattern).search("")
            except re.error as error:
                message = f"{name}: {pattern!r} is not a pattern: {error}"
                raise ValueError(message) from None
            if empty or NO_GROUP.search(pattern):
                message = f"{name}: a pattern must match something, and group with (?:…) only"
                raise ValueError(message)
        return patterns

    @field_validator("keys", "allowed")
    @classmethod
    def _have_words(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        if len(keys) > MOST_KEYS:
            message = f"{len(keys)} keys are more than the {MOST_KEYS} that the engine searches for at once"
            raise ValueError(message)
        for key in keys:
            if not words(key).strip():
                message = f"{key!r} has no words: write letters and digits"
                raise ValueError(message)
        return keys

    def classes(self) -> list[tuple[str, str]]:
        """Return name and pattern of each class of values; the first are denied keys inside JSON texts."""
        own = [(name, f"(?m:{pattern})") for name, pattern in self.patterns.items()]
        return [("redacted", _members(self.keys)), *own] if self.keys else own

    def over(self, shipped: "Redaction") -> "Redaction":
        """Return what ships with this added to it: its mode, more keys; a pattern of the same name holds instead."""
        return Redaction(
            extends=None,
            mode=self.mode,
            keys=(*shipped.keys, *self.keys),
            allowed=(*shipped.allowed, *self.allowed),
            patterns={**shipped.patterns, **self.patterns},
        )


def load_redaction(file: Path | None) -> Redaction:
    """Read a redaction file; without one, what ships. Raises DefinitionError."""
    if file is not None:
        own = read_definition(Redaction, file)
        return own.over(load_redaction(None)) if own.extends else own
    with resources.as_file(resources.files("collector.redaction") / "phi.yaml") as shipped:
        return read_definition(Redaction, shipped)


def words(key: str) -> str:
    """Return the words of a key in lower case, padded with spaces, as the landing views spell keys."""
    spaced = re.sub(r"[^A-Za-z0-9]+", " ", re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", key))
    return f" {spaced.lower().strip()} "


def _members(keys: tuple[str, ...]) -> str:
    """Return a pattern of JSON members whose key holds one of the words, with their values, nested up to twice.

    Where JSON stands as text in JSON, quotes have backslashes before them.
    """
    any_key = "|".join('[^A-Za-z0-9"]?'.join(words(key).split()) for key in keys)
    text = r'"(?:[^"\\]|\\.)*"'
    flat = rf"(?:{text}|[^\"\[\]{{}}])*"
    nested = rf"(?:{text}|[^\"\[\]{{}}]|[\[{{]{flat}[\]}}])*"
    inner = r'\\"(?:[^"\\]|\\\\(?:\\"|\\\\|[^\\"]))*\\"'
    value = rf'(?:{text}|{inner}|\\+"[^"]*"|[\[{{]{nested}[\]}}]|[^\s,\"\[\]{{}}\\]+)'
    return rf'\\*"(?:[^"\\]*[^A-Za-z0-9"\\])?(?i:{any_key})(?:[^A-Za-z0-9"\\][^"\\]*)?\\*"\s*:\s*{value}'

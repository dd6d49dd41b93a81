"""Vocabularies: YAML files that say what the types and attributes of a log are called here."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from core.definitions import read_definition
from core.errors import DefinitionError

SHIPPED = Path(__file__).parent / "vocabularies"
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
EventName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
# The fields of an event (docs/architecture.md, Wire) that an attribute of a log may fill.
EventField = Literal[
    "facility",
    "supplier",
    "department",
    "spend_category",
    "criticality",
    "flow_type",
    "amount",
    "currency",
    "actor",
    "reason",
]


@lru_cache(maxsize=4096)  # a log repeats few names: its types and qualifiers
def slug(name: str) -> str:
    """Return a name in lower case with underscores between its words: "Two-Way Match" → "two_way_match"."""
    return re.sub(r"\W+", "_", name.casefold()).strip("_") or "unnamed"


class Vocabulary(BaseModel):
    """Types and attributes of a log → ours; keys match in any case, with any characters between their words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    vocabulary: str
    version: int
    objects: Mapping[str, Name] = Field(default_factory=dict, description="Object type → ours.")
    events: Mapping[str, EventName] = Field(default_factory=dict, description="Event type → ours.")
    event_fields: Mapping[str, EventField] = Field(default_factory=dict, description="Attribute of an event → field.")
    subject_fields: Mapping[str, Mapping[str, EventField]] = Field(
        default_factory=dict, description="Our object type → its attribute → field of the events it is the subject of."
    )

    @field_validator("objects", "events", mode="after")
    @classmethod
    def _keys_are_slugs(cls, names: Mapping[str, str]) -> Mapping[str, str]:
        slugs = {slug(name): ours for name, ours in names.items()}
        if len(slugs) < len(names):
            message = "two of the names differ only in case or in what stands between their words"
            raise ValueError(message)
        return slugs


def load_vocabulary(name: str | Path = "procure-to-pay") -> Vocabulary:
    """Read a shipped vocabulary by its name, or a YAML file. Raises DefinitionError."""
    shipped = SHIPPED / f"{name}.yaml"
    if re.fullmatch(r"[\w-]+", str(name)) and shipped.is_file():
        return read_definition(Vocabulary, shipped)
    if not Path(name).is_file():
        known = ", ".join(sorted(file.stem for file in SHIPPED.glob("*.yaml")))
        message = f"there is no vocabulary {str(name)!r}: give a YAML file or one of {known}"
        raise DefinitionError(message)
    return read_definition(Vocabulary, Path(name))

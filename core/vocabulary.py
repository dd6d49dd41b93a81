"""The shared words that are values: how critical supply is, and a reference to a business object."""

from dataclasses import dataclass
from typing import Literal, Self

from core.errors import MisuseError

Criticality = Literal["clinical-critical", "standard", "low"]


@dataclass(frozen=True, order=True)
class ObjectRef:
    """A business document or master record: its type and its id in that type."""

    type: str
    id: str

    def __str__(self) -> str:
        """Return "type:id", as the wire writes it."""
        return f"{self.type}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "type:id"; the id may hold further colons. Raises MisuseError."""
        kind, colon, identifier = text.partition(":")
        if not (kind and colon and identifier):
            message = f"an object is written type:id, as in invoice:INV-881; not {text!r}"
            raise MisuseError(message)
        return cls(kind, identifier)

"""The filters that every list takes, as one value; SQL binds them by name."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

DIMENSIONS = ("facility", "supplier", "spend_category", "department", "criticality", "handoff", "cause")


@dataclass(frozen=True)
class Filters:
    """What to look at, and as of when. An empty tuple does not restrict; `as_of` is an instant in UTC.

    `named_instant`: that very instant was asked for; else it is the present, when the question was read.
    """

    as_of: datetime
    facility: tuple[str, ...] = ()
    supplier: tuple[str, ...] = ()
    spend_category: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    criticality: tuple[str, ...] = ()
    handoff: tuple[str, ...] = ()
    cause: tuple[str, ...] = ()
    named_instant: bool = field(default=False, compare=False)

    def parameters(self) -> dict[str, Any]:
        """Return the values to bind, as `{as_of:DateTime64(6, 'UTC')}`, `{facility:Array(String)}` and so on."""
        return {"as_of": self.as_of, **{name: list(getattr(self, name)) for name in DIMENSIONS}}

    def at(self, as_of: datetime) -> "Filters":
        """Return the same choice as of another instant."""
        return replace(self, as_of=as_of)

    def chosen(self, *, but: Collection[str] = ()) -> tuple[tuple[str, ...], ...]:
        """Return what is chosen in each dimension, in order of DIMENSIONS; the same for whatever chooses alike.

        `but` are dimensions that do not matter.
        """
        return tuple(() if name in but else tuple(sorted(set(getattr(self, name)))) for name in DIMENSIONS)

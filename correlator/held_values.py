"""Whether the store holds a value at all: asked before a filter is refused, so of the store as it is, never kept."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from core.clickhouse import Database
from core.sql import sql

IN_FACTS = ("facility", "criticality")  # what events say themselves


@dataclass(frozen=True)
class HeldValues:
    """Answers over everything that is stored: what models derived that are configured no longer is stored too."""

    database: Database

    def held(self, dimension: str, asked: Collection[str]) -> frozenset[str]:
        """Return those of the values that a fact, a journey or a handoff has in a dimension, at whatever time.

        Of the dimensions that may hold what nobody defined: facility, criticality and handoff; no other holds any.
        """
        if not asked or dimension not in (*IN_FACTS, "handoff"):
            return frozenset()
        bound: dict[str, Any] = {"asked": list(asked), "most": len(asked)}
        if dimension == "handoff":
            rows = self.database.rows(sql("correlator", "held_handoffs"), **bound)
        else:
            rows = self.database.rows(sql("correlator", "held_values"), dimension=dimension, **bound)
        return frozenset(row["value"] for row in rows)

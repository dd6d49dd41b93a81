"""What ClickHouse says it will read of a table for a query: `EXPLAIN indexes = 1`."""

import json
from dataclasses import dataclass
from typing import Any

from core.clickhouse import Database


@dataclass(frozen=True)
class Reading:
    """Granules that are read of those that there are, and the indexes that left the others out."""

    read: int
    total: int
    indexes: frozenset[str]


def reading(database: Database, statement: str, table: str, **values: Any) -> Reading:
    """How the statement reads `table`: all its readings of it together."""
    explained = f"EXPLAIN json = 1, indexes = 1, description = 1 {statement}"
    text = database.export(explained, "TSVRaw", **values).decode("utf-8", "replace")  # ids are bytes
    steps = list(_steps(json.loads(text, strict=False)[0]["Plan"], f"{database.name}.{table}"))
    assert steps, f"{table} is not read at all"
    used = {index.get("Name", index["Type"]) for step in steps for index in step if _leaves_out(index)}
    return Reading(
        sum(step[-1]["Selected Granules"] for step in steps),
        sum(step[0]["Initial Granules"] for step in steps),
        frozenset(used),
    )


def _steps(plan: dict[str, Any], table: str) -> Any:
    if plan.get("Description") == table and plan.get("Indexes"):
        yield plan["Indexes"]
    for inner in plan.get("Plans", ()):
        yield from _steps(inner, table)


def _leaves_out(index: dict[str, Any]) -> bool:
    return bool(index["Selected Granules"] < index["Initial Granules"])

"""Why each of some stalled instances is stalled, found in steps: each a temporary table that the next ones read.

One statement that did all of it would be planned for seconds, whatever it finds: the engine resolves each reference to
a step anew, and all that it stands on (docs/adr/0023). A step that finds nothing is left out where asking costs less.
"""

from typing import Any

from core.clickhouse import Steps
from core.sql import expanded, sql
from correlator.open_handoffs import Asks

STEPS = (
    *("stalled_hangs", "stalled_documents", "stalled_heard"),
    *("stalled_named", "stalled_traced", "stalled_places"),
)


def take(steps: Steps, step: str, bound: dict[str, Any], *, by: str = "") -> None:
    """Make the temporary table of a step and fill it, by the query of its name or by another."""
    create(steps, step)
    fill(steps, by or step, bound)


def create(steps: Steps, step: str) -> None:
    """Make the temporary table of a step, empty."""
    steps.create(step, sql("correlator", f"create_{step}"))


def fill(steps: Steps, query: str, bound: dict[str, Any]) -> None:
    """Insert what a query finds."""
    statement = sql("correlator", query)
    steps.execute(statement, **named_in(statement, bound))


def ask(asked: Asks, name: str, bound: dict[str, Any], source: str = "") -> list[dict[str, Any]]:
    """Return the rows of a query over the tables that were made; `source` is what its `$source` stands for."""
    statement = expanded(sql("correlator", name).replace("$source", source))
    return asked.rows(statement, **named_in(statement, bound))


def named_in(statement: str, bound: dict[str, Any]) -> dict[str, Any]:
    """Return what a statement names of all there is to bind: the rest would go with each step in vain."""
    return {name: value for name, value in bound.items() if f"{{{name}:" in statement}


def reason(steps: Steps, bound: dict[str, Any]) -> None:
    """Find the cause of each instance in `stalled_now`, as `stalled_judged`."""
    for step in STEPS:
        take(steps, step, bound)
    create(steps, "stalled_openers")
    if bound["linked_starts"]:
        fill(steps, "stalled_openers", bound)
    create(steps, "stalled_exceptions")
    if ask(steps, "stalled_any_raised", bound):
        take(steps, "stalled_raised", bound)
        fill(steps, "stalled_exceptions", bound)
    take(steps, "stalled_surrounded", bound)
    silent = [tuple(row.values()) for row in ask(steps, "stalled_silent", bound)]
    take(steps, "stalled_judged", bound | {"silent": silent})


def divide(steps: Steps, bound: dict[str, Any], *, shared: int) -> None:
    """Divide what is stalled in several journeys among them, if anything is: `stalled_shared`, `stalled_parts`."""
    for step in ("stalled_shared", "stalled_parts"):
        create(steps, step)
        if shared:
            fill(steps, step, bound)

"""How long handoffs take: closed-only percentiles, and beside them those that know about the ones still open.

Closed items alone understate: the slow ones are still open (design: no figure rests on closed items alone unsaid).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.clickhouse import Database
from core.errors import MisuseError
from core.filters import Filters
from core.sql import sql

GROUPS = ("facility", "handoff", "supplier", "spend_category", "department", "criticality", "model")


@dataclass(frozen=True)
class LagRow:
    """The handoff instances of one group, as of an instant. Durations are clock seconds, pauses included, from opening.

    What was reopened and whose clock goes on (`reopen: first`, `resume`) is one instance, from its first opening.

    `decided_good`: closed by its due time. `decided_bad`: still running when its due time passed, whatever came after
    (so a late close counts in `closed` too). Instances without a due time are in neither.
    `closed_only_*` is None where nothing closed. `censor_aware_*` is None where too few have closed to tell; then the
    percentile is not less than `at_least_*`.
    """

    keys: dict[str, str]
    open: int
    decided_good: int
    decided_bad: int
    cancelled: int
    closed: int
    closed_only_p50: float | None
    closed_only_p90: float | None
    censor_aware_p50: float | None
    censor_aware_p90: float | None
    at_least_p50: float | None
    at_least_p90: float | None


@dataclass(frozen=True)
class Lag:
    """Queries over the handoff instances of a database."""

    database: Database

    def by_facility(self, filters: Filters, *, group_by: Sequence[str] = ("facility", "handoff")) -> list[LagRow]:
        """Return a row for each combination of `group_by`, in order of its values, as of `filters.as_of`.

        `filters.cause` does not apply: what closed has none. Raises MisuseError for a group that does not exist.
        """
        if unknown := [name for name in group_by if name not in GROUPS]:
            message = f"lag cannot be grouped by {', '.join(unknown)}: choose from {', '.join(GROUPS)}"
            raise MisuseError(message)
        rows = self.database.rows(sql("slo", "lag"), **filters.parameters(), group_by=list(group_by))
        return [LagRow(keys=dict(zip(group_by, row.pop("keys"), strict=True)), **row) for row in rows]

"""Exception aging: how long the exceptions open at an instant have been open, and what they put at risk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from core.clickhouse import Database
from core.errors import MisuseError
from core.filters import Filters
from core.settings import AGING_BOUNDS_DAYS
from core.sql import sql
from correlator.conditions import own
from correlator.model import JourneyModel
from correlator.open_handoffs import read_open

RESOLVED = "exception.resolved"
GROUPS = ("facility", "reason", "supplier", "spend_category", "department", "criticality", "owner")


@dataclass(frozen=True)
class AgingBucket:
    """Open exceptions of one group aged from `from_days` up to, not including, `to_days` (None: no end).

    `amounts` is the amount at risk by currency; an exception without an amount is counted and adds nothing to it.
    """

    keys: dict[str, str]
    from_days: float
    to_days: float | None
    exceptions: int
    amounts: dict[str, Decimal]


class Aging:
    """Queries over the exceptions whose resolution a handoff of the given models awaits."""

    def __init__(
        self, database: Database, models: Iterable[JourneyModel], bounds_days: Sequence[float] = AGING_BOUNDS_DAYS
    ) -> None:
        """`models` say which handoffs await a resolution; others of exceptions (raised → triaged) say nothing of it.

        `bounds_days`: where buckets begin, unless asked otherwise.
        """
        self._database, models = database, tuple(models)
        self.bounds_days = tuple(float(bound) for bound in bounds_days)
        owners = {key: handoff.owner for model in models for key, handoff in model.handoffs.items()}
        self._owned = {"owned": list(owners), "owners": list(owners.values())}
        self._models = tuple(model.model for model in models)
        self._resolutions = [
            (model.model, key)
            for model in models
            for key, handoff in model.handoffs.items()
            if handoff.on == "exception" and RESOLVED in own(handoff.stop)
        ]

    @property
    def handoffs(self) -> tuple[str, ...]:
        """The handoffs whose open instances are the exceptions counted here."""
        return tuple(dict.fromkeys(key for _, key in self._resolutions))

    def buckets(
        self,
        filters: Filters,
        bounds_days: Sequence[float] | None = None,
        *,
        group_by: Sequence[str] = ("facility", "reason"),
    ) -> list[AgingBucket]:
        """Return the buckets that hold anything, youngest first, as of `filters.as_of`; clock days since raised.

        `bounds_days`: where buckets begin, by default as configured. `group_by=()` gives the totals.
        `filters.cause` does not apply. Raises MisuseError for bounds that do not rise from 0, or a group that does not
        exist.
        """
        bounds_days = self.bounds_days if bounds_days is None else bounds_days
        _check(bounds_days, group_by)
        bound = {"bounds": [float(bound) for bound in bounds_days], "group_by": list(group_by)}
        values = {**filters.parameters(), **bound, "resolutions": self._resolutions, **self._owned}
        ends = (*bounds_days[1:], None)
        return [
            AgingBucket(
                keys=dict(zip(group_by, row["keys"], strict=True)),
                from_days=bounds_days[row["bucket"] - 1],
                to_days=ends[row["bucket"] - 1],
                exceptions=row["exceptions"],
                amounts=dict(row["amounts"]),
            )
            for row in self._open(filters, values)
        ]

    def _open(self, filters: Filters, values: dict[str, Any]) -> list[dict[str, Any]]:
        def whole(database: Database) -> list[dict[str, Any]]:
            return read_open(
                database,
                self._models,
                filters.as_of,
                lambda handoffs: database.rows(sql("slo", "exception_aging"), **values, handoffs=handoffs),
            )

        return self._database.together(whole)


def _check(bounds_days: Sequence[float], group_by: Sequence[str]) -> None:
    if not bounds_days or bounds_days[0] != 0 or any(later <= earlier for earlier, later in pairwise(bounds_days)):
        message = f"aging buckets must rise from 0 days, as in 0, 1, 3, 7; not {list(bounds_days)}"
        raise MisuseError(message)
    if unknown := [name for name in group_by if name not in GROUPS]:
        message = f"aging cannot be grouped by {', '.join(unknown)}: choose from {', '.join(GROUPS)}"
        raise MisuseError(message)

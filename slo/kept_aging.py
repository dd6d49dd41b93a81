"""Exception aging of the present, as it stood a moment ago: it reads every exception that is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.filters import Filters
from core.kept_answers import KeptAnswers
from slo.aging import Aging, AgingBucket

IGNORED = ("cause",)  # what is open is counted whatever its cause


@dataclass(frozen=True)
class KeptAging:
    """Aging as `Aging` tells it, with the instant that it is of."""

    aging: Aging
    kept: KeptAnswers

    @property
    def bounds_days(self) -> tuple[float, ...]:
        """Where buckets begin, unless asked otherwise."""
        return self.aging.bounds_days

    @property
    def handoffs(self) -> tuple[str, ...]:
        """The handoffs whose open instances are the exceptions counted here."""
        return self.aging.handoffs

    def buckets(
        self,
        filters: Filters,
        bounds_days: Sequence[float] | None = None,
        *,
        group_by: Sequence[str] = ("facility", "reason"),
    ) -> tuple[list[AgingBucket], datetime]:
        """Return the buckets, and the instant that they are of. Raises MisuseError as `Aging.buckets` does."""
        bounds, groups = tuple(self.bounds_days if bounds_days is None else bounds_days), tuple(group_by)

        def reckon(as_of: datetime) -> list[AgingBucket]:
            return self.aging.buckets(filters.at(as_of), bounds, group_by=groups)

        return self.kept.of(("exceptions/aging", filters.chosen(but=IGNORED), bounds, groups), filters, reckon)

"""Days between the milestones of journeys, first to first."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.clickhouse import Database
from core.filters import Filters
from core.sql import sql


@dataclass(frozen=True)
class JourneyLag:
    """From the first `start` event to the first `stop` event of a journey: the median, in days, None without any.

    Over the `journeys` that have both; an event type "" is the first (start) or last (stop) event of any type. Open
    journeys are not in it: it rests on finished ones alone.
    """

    start: str
    stop: str
    journeys: int
    median_days: float | None


@dataclass(frozen=True)
class JourneyLags:
    """Queries over the journeys of one model."""

    database: Database
    model: str = "procure-to-pay"

    def medians(self, pairs: Sequence[tuple[str, str]], filters: Filters) -> list[JourneyLag]:
        """Return one lag for each pair of event types, in their order, as of `filters.as_of`.

        A stop before its start counts as negative: documents do arrive out of order. Filters apply to the journey.
        """
        starts, stops = [start for start, _ in pairs], [stop for _, stop in pairs]
        values = filters.parameters() | {"model": self.model, "starts": starts, "stops": stops}
        found = {row["position"]: row for row in self.database.rows(sql("slo", "journey_lags"), **values)}
        return [
            JourneyLag(start, stop, found[place]["journeys"], found[place]["median_days"])
            if place in found
            else JourneyLag(start, stop, 0, None)
            for place, (start, stop) in enumerate(pairs, start=1)
        ]

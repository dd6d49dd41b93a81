"""Days between the milestones of journeys, first to first."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.clickhouse import Database
from core.filters import Filters
from core.sql import sql


@dataclass(frozen=True)
class Step:
    """From one milestone of a journey to another, each named by its event type.

    "" is the first event of any type as `start`, the last as `stop`.
    """

    title: str
    start: str
    stop: str


# The documents that nearly every flow has, in the order of the process; and the journey from end to end.
STEPS = (
    Step("Requisition → purchase order", "requisition.created", "purchase_order.created"),
    Step("Purchase order → goods receipt", "purchase_order.created", "goods_receipt.posted"),
    Step("Goods receipt → invoice", "goods_receipt.posted", "invoice.received"),
    Step("Invoice → payment", "invoice.received", "payment.executed"),
    Step("First event → last event", "", ""),
)


@dataclass(frozen=True)
class JourneyLag:
    """From the first `start` event to the first `stop` event of a journey: the median, in days, None without any.

    Over the `journeys` that have both. Those that wait for the stop are not in it: it rests on finished ones alone.
    """

    title: str
    start: str
    stop: str
    journeys: int
    median_days: float | None


@dataclass(frozen=True)
class JourneyLags:
    """Queries over the journeys of one model."""

    database: Database
    model: str = "procure-to-pay"

    def medians(self, filters: Filters, steps: Sequence[Step] = STEPS) -> list[JourneyLag]:
        """Return one lag for each step, in their order, as of `filters.as_of`.

        A stop before its start counts as negative: documents do arrive out of order. Filters apply to the journey;
        `handoff` and `cause` do not apply.
        """
        starts, stops = [step.start for step in steps], [step.stop for step in steps]
        values = filters.parameters() | {"model": self.model, "starts": starts, "stops": stops}
        found = {row["position"]: row for row in self.database.rows(sql("slo", "journey_lags"), **values)}
        return [
            JourneyLag(step.title, step.start, step.stop, found[place]["journeys"], found[place]["median_days"])
            if place in found
            else JourneyLag(step.title, step.start, step.stop, 0, None)
            for place, step in enumerate(steps, start=1)
        ]

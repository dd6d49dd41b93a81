"""A few stalled documents, as the tests of stalls and of their causes see them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from support.facts import MONDAY, Fact, fact, store

from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from core.vocabulary import ObjectRef
from correlator.causes import Cause
from correlator.loading import load_models
from correlator.stalls import Stall, Stalls
from correlator.tick import Correlator

(P2P,) = load_models(["procure-to-pay"])
HOUR = timedelta(hours=1)
LATER = Filters(as_of=MONDAY + 30 * HOUR)
FIRST = ObjectRef("purchase_order", "1")
ORDER = fact("a", "purchase_order.created", MONDAY, "purchase_order:1", facility="mercy", amount=Decimal(100))


def stalled(database: Database, clock: ManualClock, facts: list[Fact], filters: Filters = LATER) -> list[Stall]:
    store(database, facts)
    Correlator(database, P2P, clock).tick()
    return list(Stalls(database, [P2P]).page(filters).items)


def causes(stalls: list[Stall]) -> dict[str, Cause]:
    return {str(stall.object): stall.cause for stall in stalls}


def publish_hours(database: Database) -> None:
    """Weekdays 08:00-17:00 UTC through March 2026, as "always@UTC", the calendar of an unknown facility."""
    day, worked, rows = datetime(2026, 2, 2, tzinfo=UTC), 0, []
    while day < datetime(2026, 4, 1, tzinfo=UTC):
        if day.weekday() < 5:
            rows.append(("always@UTC", day.replace(hour=8), day.replace(hour=17), worked, len(rows), MONDAY))
            worked += 9 * 3600
        day += timedelta(days=1)
    database.insert(
        "business_hours", ("calendar", "opens_at", "closes_at", "worked_before", "day_index", "published_at"), rows
    )

"""The wire format of forecasts: chances are shares, 0 to 1."""

from web.api.wire import Amount, Instant, Reference, WireObject
from web.api.wire_lag import WireLagGroup


class WireExpected(WireLagGroup):
    """How many of one group, by default of one facility, will be late by `until`, of those open now.

    About `late`; most likely `low` to `high` (95 of 100, of chance alone: an outage is not in it). `forecast` fall due
    by then and have a chance; `too_few` and `beyond` fall due by then and are withheld: too few like them have closed
    or went on as long, or none of them was watched until it was due.
    """

    until: Instant
    late: float
    low: int
    high: int
    forecast: int
    too_few: int
    beyond: int


class WireChance(WireLagGroup):
    """One open handoff instance: how likely it is still to run when it falls due, to close by then, to be cancelled.

    Null where `withheld` says why: `few` (like it have closed, or went on as long) or `beyond` (none like it was
    watched until it was due). It is judged by its handoff and criticality at its facility, or everywhere (`segment`),
    by `closed_like_it` closed ones.
    """

    object: WireObject
    journey: Reference
    amount: Amount | None
    currency: str
    opened_at: Instant
    due_at: Instant
    late: float | None
    in_time: float | None
    cancelled: float | None
    withheld: str
    segment: str
    closed_like_it: int

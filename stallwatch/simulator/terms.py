"""What documents say beyond their dimensions: references, dates and discounts, contracts, who shall approve."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from core.vocabulary import ObjectRef
from stallwatch.simulator.track import CENT, Track

Said = tuple[tuple[str, str], ...]
NET_DAYS = (7, 14, 21, 30)
WITHOUT_DUE_DATE, WITH_DISCOUNT = 0.05, 0.3
DISCOUNT, DISCOUNT_DAYS = Decimal("0.02"), 10
BILLED_AGAIN_SHARE = 0.05
SILENT_ON_CONTRACT, OFF_CONTRACT = (
    0.15,
    0.3,
)  # up to which lot an order says nothing of a contract, or that there is none


def billed(track: Track, bill: str, after: float) -> Said:
    """Say what a bill that comes `after` seconds states: reference and date, mostly a due date, at times a discount."""
    # Chances of its own, so that what is said changes nothing else that happens.
    rng = Random(f"{bill}:terms")
    local = (track.now + timedelta(seconds=after)).astimezone(ZoneInfo(track.facility.time_zone))
    day = local.date() - timedelta(days=rng.randint(0, 3))
    said = [("reference", f"{track.dimensions.supplier_id}/{rng.randint(10**6, 10**7)}"), ("document_date", str(day))]
    if rng.random() >= WITHOUT_DUE_DATE:
        said.append(("due_date", str(day + timedelta(days=_net_days(track)))))
    if rng.random() < WITH_DISCOUNT:
        said += _discount(track, day)
    return tuple(said)


def is_billed_again(order: ObjectRef, number: int) -> bool:
    """Tell whether the supplier sends the bill before this one once more, as an invoice of its own."""
    return Random(f"{order}:{number}:again").random() < BILLED_AGAIN_SHARE


def _net_days(track: Track) -> int:
    return Random(f"{track.dimensions.supplier_id}:net").choice(NET_DAYS)


def _discount(track: Track, day: date) -> list[tuple[str, str]]:
    amount = (track.amount * DISCOUNT).quantize(CENT)
    return [("discount", str(amount)), ("discount_until", str(day + timedelta(days=DISCOUNT_DAYS)))]


def contract(track: Track, order: ObjectRef) -> Said:
    """Say under which contract the order is placed, that there is none, or nothing of it."""
    lot = Random(f"{order}:contract").random()
    if lot < SILENT_ON_CONTRACT:
        return ()
    if lot < OFF_CONTRACT:
        return (("contract", "none"),)
    return (("contract", f"C-{Random(track.dimensions.supplier_id).randint(1000, 9999)}"),)


def ordered(order: ObjectRef) -> int:
    """Return how many of something an order is over."""
    return Random(f"{order}:quantity").randint(3, 60)


def in_parts(order: ObjectRef, parts: int) -> list[int]:
    """Return how many come with each of the parts of a delivery."""
    each, rest = divmod(ordered(order), parts)
    return [each + (number < rest) for number in range(parts)]


def over(orders: Iterable[ObjectRef]) -> Said:
    """Say how many are billed: all that the orders are over; nothing without an order."""
    quantity = sum(map(ordered, orders))
    return (("quantity", str(quantity)),) if quantity else ()


def approver(track: Track) -> Said:
    """Say who is asked to approve: somebody of the department."""
    return (("approver", f"user-{Random(track.dimensions.department).randint(100, 180)}"),)

"""From the wish to the order: requisitions, purchase orders, and their way to the ERP, the others and the supplier."""

from contextlib import suppress

from core.vocabulary import ObjectRef
from stallwatch.simulator.exceptions import suffer
from stallwatch.simulator.faults import Fault
from stallwatch.simulator.promises import promise
from stallwatch.simulator.terms import approver, contract
from stallwatch.simulator.track import HOUR, LineEndedError, Track

PROCUREMENT, ERP, INVENTORY, NETWORK, AP = "procurement", "erp", "inventory", "supplier_network", "ap_automation"
# Which flows' orders inventory expects goods on, and AP automation an invoice or a settlement.
RECEIVED = frozenset({"three_way", "receipt_based", "consignment", "evaluated_receipt"})
BILLED = frozenset({"two_way", "three_way", "receipt_based", "evaluated_receipt", "bill_only", "blanket"})
UNKNOWN_TERMS = "422 unknown payment terms"


def requisition(track: Track) -> ObjectRef:
    """Create a requisition and get it approved; it may be rejected, or withdrawn once approved."""
    wanted = track.ledger.new("requisition")
    track.step(PROCUREMENT, "requisition.created", wanted, 0, human=True, attributes=approver(track))
    if track.chance(0.03):
        track.step(PROCUREMENT, "requisition.rejected", wanted, track.lag("requisition_approval"), human=True)
        raise LineEndedError
    if track.chance(0.03):
        _send_back(track, wanted)
    track.step(PROCUREMENT, "requisition.approved", wanted, track.lag("requisition_approval"), human=True)
    if track.chance(0.015):
        track.step(PROCUREMENT, "requisition.cancelled", wanted, track.lag("requisition_to_order"), human=True)
        raise LineEndedError
    return wanted


def _send_back(track: Track, wanted: ObjectRef) -> None:
    """Return it to whoever wrote it, who mends it and submits it again, or never does."""
    track.step(PROCUREMENT, "requisition.returned", wanted, track.lag("requisition_approval") / 2, human=True)
    if track.chance(0.2):
        raise LineEndedError
    after = track.ledger.rng.uniform(1, 60) * HOUR
    track.step(PROCUREMENT, "requisition.resubmitted", wanted, after, human=True)


def place(track: Track) -> list[tuple[ObjectRef, Track]]:
    """Turn requisitions into purchase orders, each with a line of work of its own: 1:1, split 1:n, consolidated n:1."""
    rng = track.ledger.rng
    if track.plan.shape == "consolidated":
        return [_consolidate(track)]
    wanted = requisition(track)
    count = rng.randint(2, 4) if track.plan.shape in {"split", "joint_invoice"} else 1
    lines = []
    for number in range(count):
        line = track.fork(track.amount / count)
        line.wait(number * 60)
        order = track.ledger.new("purchase_order")
        with suppress(LineEndedError):
            after = track.lag("requisition_to_order")
            line.step(
                PROCUREMENT,
                "purchase_order.created",
                order,
                after,
                over=[wanted],
                shared=supplier_of(track),
                human=True,
                attributes=contract(line, order),
            )
            lines.append((order, line))
    if not lines:
        raise LineEndedError
    return lines


def _consolidate(track: Track) -> tuple[ObjectRef, Track]:
    wanted: list[ObjectRef] = []
    latest = track.now
    for number in range(track.ledger.rng.randint(2, 3)):
        line = track.fork(track.amount / 3)
        line.wait(number * 3 * HOUR)
        with suppress(LineEndedError):
            wanted.append(requisition(line))
            latest = max(latest, line.now)
    if not wanted:
        raise LineEndedError
    track.now = latest
    order = track.ledger.new("purchase_order")
    after = track.lag("requisition_to_order")
    track.step(
        PROCUREMENT,
        "purchase_order.created",
        order,
        after,
        over=wanted,
        shared=supplier_of(track),
        human=True,
        attributes=contract(track, order),
    )
    return order, track


def supplier_of(track: Track) -> tuple[ObjectRef, ...]:
    """Name the supplier as an object: shared by many journeys, and merging none of them."""
    return (ObjectRef("supplier", track.dimensions.supplier_id),)


def sync(track: Track, order: ObjectRef) -> None:
    """Bring the order into the ERP; now and then it is cancelled before it gets there."""
    if track.chance(0.01):
        cancel(track, order, track.lag("order_to_erp") / 2)
    track.step(ERP, "purchase_order.synced", order, track.lag("order_to_erp"))
    _hand_on(track, order)


def _hand_on(track: Track, order: ObjectRef) -> None:
    """Have the ERP hand the order on to the systems that will need it, beside everything else."""
    if track.plan.flow in RECEIVED:
        with suppress(LineEndedError):
            track.fork().step(INVENTORY, "purchase_order.synced_to_inventory", order, track.lag("order_to_inventory"))
    if track.plan.flow in BILLED:
        with suppress(LineEndedError):
            line, step = track.fork(), "purchase_order.synced_to_ap"
            if track.plan.fault is Fault.REJECTED_SYNC and track.plan.flow not in RECEIVED:
                line.be_refused(AP, step, order, track.lag("order_to_ap"), UNKNOWN_TERMS)
            line.step(AP, step, order, track.lag("order_to_ap"))


def cancel(track: Track, order: ObjectRef, after: float) -> None:
    """Cancel the order: the line ends."""
    track.step(PROCUREMENT, "purchase_order.cancelled", order, after, human=True)
    raise LineEndedError


def acknowledge(track: Track, order: ObjectRef) -> None:
    """Get the supplier's word; an amended order is sent and acknowledged again."""
    if track.plan.fault is Fault.BLOCKED_SUPPLIER and int(order.id) % 2:
        suffer(track, "blocked_supplier", order, may_stay_open=True)
    if track.chance(0.015):
        cancel(track, order, track.lag("order_to_supplier") / 2)
    _confirm(track, order)
    if track.plan.shape == "amended":
        track.step(PROCUREMENT, "purchase_order.changed", order, track.ledger.rng.uniform(1, 20) * HOUR, human=True)
        track.step(ERP, "purchase_order.synced", order, track.lag("order_to_erp"))
        _hand_on(track, order)
        _confirm(track, order)


def _confirm(track: Track, order: ObjectRef) -> None:
    after = track.lag("order_to_supplier")
    said = promise(track, order, after) if track.plan.flow in RECEIVED else ()
    track.step(NETWORK, "purchase_order.acknowledged", order, after, attributes=said)

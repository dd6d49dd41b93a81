"""The truth of a simulation: consistent in itself, unambiguous, and kept in a file."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from core.registry import Registry
from core.vocabulary import ObjectRef
from stallwatch.simulator import Simulation, load_network, simulate
from stallwatch.simulator.membership import journeys_at, parents_at
from stallwatch.simulator.outcomes import Oracle, timelines
from stallwatch.simulator.pace import read_model
from stallwatch.simulator.records import Dimensions, HandoffTruth, Relation
from stallwatch.simulator.spells import Happening
from stallwatch.simulator.truth import TruthFileError, write_truth

AS_OF = datetime(2026, 3, 4, 12, tzinfo=UTC)
SEEDS = range(1, 6)


@cache
def small(seed: int) -> Simulation:
    return simulate(load_network(), seed, AS_OF, days=21, journeys=150)


# Handoffs that a reversal opens again, due as they were; and whose clock can stand still.
REOPENED = {"order_to_receipt", "invoice_to_match", "invoice_awaiting_receipt"}
PAUSED = {"requisition_approval", "posting_to_release"}


def late(handoff: HandoffTruth) -> bool:
    return handoff.due_at is not None and handoff.due_at < AS_OF


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


@pytest.mark.parametrize("seed", SEEDS)
def test_handoffs_are_consistent_in_themselves(seed: int) -> None:
    for handoff in small(seed).truth.handoffs:
        ends = [end for end in (handoff.closed_at, handoff.cancelled_at) if end is not None]
        assert len(ends) == (handoff.outcome != "open")
        assert handoff.due_at is None or handoff.opened_at < handoff.due_at or handoff.handoff in REOPENED
        assert all(handoff.opened_at < end <= AS_OF for end in ends)
        assert not handoff.stalled or (handoff.outcome == "open" and handoff.due_at is not None)
        assert handoff.stalled == (handoff.outcome == "open" and late(handoff)) or handoff.handoff in PAUSED
        assert (handoff.cause is not None) == handoff.stalled


@pytest.mark.parametrize("seed", SEEDS)
def test_every_object_of_a_told_event_is_in_some_journey_and_suppliers_in_none(seed: int) -> None:
    simulation = small(seed)
    members = {member for journey in simulation.truth.journeys for member in journey.members}
    told = [event for event in simulation.events if event.delivered_at <= AS_OF]

    touched = {str(each) for event in told for each in event.objects if each.type != "supplier"}

    assert members == touched
    assert all(event.objects[0].type != "supplier" for event in told)


@pytest.mark.parametrize("seed", SEEDS)
def test_journeys_are_rooted_at_orders_or_stand_alone_and_shared_payments_merge_none(seed: int) -> None:
    journeys = small(seed).truth.journeys
    orders = [journey for journey in journeys if journey.id.startswith("purchase_order:")]
    homes: dict[str, int] = {}
    for journey in journeys:
        for member in journey.members:
            homes[member] = homes.get(member, 0) + 1

    suppliers = [journey for journey in journeys if journey.id.startswith("supplier_record:")]
    assert all(journey.provisional == (journey not in [*orders, *suppliers]) for journey in journeys)
    assert all(journey.members == (journey.id,) for journey in suppliers)
    assert all(sum(m.startswith("purchase_order:") for m in journey.members) == 1 for journey in orders)
    assert max(count for member, count in homes.items() if member.startswith("payment:")) > 3
    assert any(count > 1 for member, count in homes.items() if member.startswith("requisition:"))
    assert any(count > 1 for member, count in homes.items() if member.startswith("invoice:"))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_instance_depends_on_how_newest_is_read(seed: int) -> None:
    """The newest span of the object or of what it waits for, taken together or each for itself: the same verdict."""
    simulation = small(seed)
    newest: dict[str, tuple[datetime, bool]] = {}
    for span in sorted(simulation.spans, key=lambda each: each.started_at):
        if span.started_at <= AS_OF:
            newest |= {str(each): (span.started_at, bool(span.failure)) for each in span.objects}
    orders = {
        str(event.subject): [str(each) for each in event.objects if each.type == "purchase_order"]
        for event in simulation.events
        if event.type == "invoice.received"
    }

    failing = [
        h for h in simulation.truth.handoffs if h.cause == "integration_failure" and h.handoff == "invoice_to_match"
    ]

    for handoff in failing:
        both = [newest[each] for each in (handoff.object, *orders[handoff.object]) if each in newest]
        assert max(both)[1]


def test_what_was_promised_long_ago_was_due_soon_after() -> None:
    truth = simulate(load_network(), 1, AS_OF, days=300, journeys=60).truth

    assert min(handoff.opened_at for handoff in truth.handoffs) < AS_OF - timedelta(days=250)
    assert max(each.due_at - each.opened_at for each in truth.handoffs if each.due_at) < timedelta(days=30)


def test_the_truth_survives_its_file(tmp_path: Path) -> None:
    truth = small(1).truth

    write_truth(truth, tmp_path / "truth.json")

    written = json.loads((tmp_path / "truth.json").read_text())
    assert datetime.fromisoformat(written["as_of"]) == truth.as_of
    assert [(each["id"], tuple(each["members"])) for each in written["journeys"]] == [
        (each.id, each.members) for each in truth.journeys
    ]
    assert [{**each, **{key: read(each[key]) for key in INSTANTS}} for each in written["handoffs"]] == [
        asdict(each) for each in truth.handoffs
    ]


INSTANTS = ("opened_at", "closed_at", "cancelled_at", "due_at")


def read(instant: str | None) -> datetime | None:
    return datetime.fromisoformat(instant) if instant else None


def test_a_place_where_no_file_can_be_is_named(tmp_path: Path) -> None:
    with pytest.raises(TruthFileError, match="cannot write"):
        write_truth(small(1).truth, tmp_path / "nowhere" / "truth.json")


ORDER = ObjectRef("purchase_order", "1")
SAID = Dimensions("HVH-RMC", "V-1", "A supplier", "Surgery", "Sutures", "standard", "two_way")


def cycles(happenings: list[tuple[datetime, str]], registry: Registry) -> list[tuple[object, ...]]:
    oracle = Oracle(read_model()["handoffs"], registry, AS_OF)
    found = oracle.instances({ORDER: [Happening(*each) for each in happenings]}, {ORDER: SAID})
    return [(i.opened_at, i.closed_at, i.cancelled_at, i.due_at) for i in found if i.handoff == "order_to_supplier"]


def test_a_second_start_while_open_is_ignored_and_one_after_the_close_opens_again() -> None:
    happenings = [
        (at(2, 8), "purchase_order.synced"),
        (at(2, 9), "purchase_order.synced"),
        (at(2, 10), "purchase_order.acknowledged"),
        (at(3, 8), "purchase_order.synced"),
        (at(3, 9), "purchase_order.cancelled"),
    ]

    found = cycles(happenings, load_network())

    # A hospital's supply room never closes: one business day later is the same time of the next day.
    assert found == [(at(2, 8), at(2, 10), None, at(3, 8)), (at(3, 8), None, at(3, 9), at(4, 8))]


RECEIPT, OTHER_RECEIPT, INVOICE = (
    ObjectRef("goods_receipt", "1"),
    ObjectRef("goods_receipt", "2"),
    ObjectRef("invoice", "1"),
)
POSTED, REVERSED = "goods_receipt.posted", "goods_receipt.reversed"
# What happened to receipts that only other events say are of the invoice's order, the invoice being received on the 3rd at
# 12:00; and when the invoice awaited one, from when to when.
BY_ANOTHER_EVENT: tuple[tuple[list[tuple[datetime, str, ObjectRef]], list[tuple[datetime, datetime | None]]], ...] = (
    ([(at(3, 9), POSTED, RECEIPT)], []),
    ([(at(3, 15), POSTED, RECEIPT)], [(at(3, 12), at(3, 15))]),
    ([(at(3, 9), POSTED, RECEIPT), (at(3, 14), REVERSED, RECEIPT)], [(at(3, 14), None)]),
    (
        [(at(3, 9), POSTED, RECEIPT), (at(3, 10), POSTED, OTHER_RECEIPT), (at(3, 14), REVERSED, RECEIPT)],
        [],
    ),
    ([(at(3, 9), POSTED, ObjectRef("goods_receipt", "of another order"))], [(at(3, 12), None)]),
)


@pytest.mark.parametrize(("happened", "awaited"), BY_ANOTHER_EVENT)
def test_an_invoice_sees_the_receipts_of_its_order_that_do_not_name_it(
    happened: list[tuple[datetime, str, ObjectRef]], awaited: list[tuple[datetime, datetime | None]]
) -> None:
    touched = {INVOICE: [Happening(at(3, 12), "invoice.received", about=INVOICE)]}
    for moment, event, receipt in happened:
        touched.setdefault(receipt, []).append(Happening(moment, event, about=receipt))
    parents = {each: {ORDER} for each in (RECEIPT, OTHER_RECEIPT, INVOICE)}
    three_way = replace(SAID, flow_type="three_way")

    found = Oracle(read_model()["handoffs"], load_network(), AS_OF).instances(
        touched, {INVOICE: three_way}, parents=parents
    )

    waits = [(each.opened_at, each.closed_at) for each in found if each.handoff == "invoice_awaiting_receipt"]
    assert waits == awaited


def test_an_object_shared_by_two_journeys_is_a_member_of_both() -> None:
    first, second = ObjectRef("purchase_order", "1"), ObjectRef("purchase_order", "2")
    invoice, payment = ObjectRef("invoice", "9"), ObjectRef("payment", "5")
    relations = [
        Relation(invoice, first, at(1, 1)),
        Relation(invoice, second, at(1, 1)),
        Relation(payment, invoice, at(2, 1)),
    ]
    known = dict.fromkeys((first, second, invoice, payment), SAID)

    before = journeys_at(known, parents_at(relations, at(1, 2)))
    after = journeys_at(known, parents_at(relations, at(2, 2)))

    assert {journey.id: journey.members for journey in before} == {
        "payment:5": ("payment:5",),
        "purchase_order:1": ("invoice:9", "purchase_order:1"),
        "purchase_order:2": ("invoice:9", "purchase_order:2"),
    }
    assert {journey.id: journey.members for journey in after} == {
        "purchase_order:1": ("invoice:9", "payment:5", "purchase_order:1"),
        "purchase_order:2": ("invoice:9", "payment:5", "purchase_order:2"),
    }


def test_a_timeline_is_ordered_by_when_things_happened() -> None:
    touched = timelines(reversed(small(1).events))

    assert all(happenings == sorted(happenings) for happenings in touched.values())

"""Handoffs that hold for some objects, or some starts, only."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from support.derived import snapshot, stored_cycles
from support.facts import MONDAY, fact, store

from core.clickhouse import Database
from core.clock import ManualClock
from correlator.model import JourneyModel
from correlator.orders import orders
from correlator.tick import Correlator

HOUR = timedelta(hours=1)


def model(**when: dict[str, Any]) -> JourneyModel:
    promise = {"title": "Match", "on": "invoice", "start": ["invoice.received"], "stop": ["invoice.matched"]}
    head = {"model": "tested", "version": 1, "title": "Tested", "anchor": "purchase_order"}
    objects = {"purchase_order": {}, "invoice": {"attaches_via": ["purchase_order"]}}
    handoffs = {key: promise | {"when": limits} for key, limits in when.items()}
    return JourneyModel.model_validate({**head, "objects": objects, "handoffs": handoffs})


# What is told of each invoice, or of its order; and which of these handoffs it has.
LIMITS: dict[str, dict[str, Any]] = {
    "large": {"amount": {"at_least": 5000}},
    "middle": {"amount": {"at_least": "99.5", "below": 5000}},
    "small": {"amount": {"below": 99.5}},
    "pressing": {"criticality": ["clinical-critical"]},
    "usual": {"criticality": ["standard"]},
    "mercy": {"facility": ["mercy", "grace"]},
    "acme_two_way": {"supplier": ["ACME"], "flow_type": ["two_way"]},
    "price": {"reason": ["price_variance", "tax_variance"]},
    "other": {"reason": ["missing_receipt"]},
    "rest": {"reason_not": ["price_variance", "tax_variance", "missing_receipt"]},
    "euros": {"currency": ["EUR"]},
}
INVOICES: dict[str, tuple[dict[str, Any], dict[str, Any], set[str]]] = {
    "1": ({"amount": Decimal(5000)}, {}, {"large", "usual", "rest"}),
    "2": ({"amount": Decimal("4999.9999"), "criticality": "low"}, {}, {"middle", "rest"}),
    "3": ({"amount": Decimal("99.5"), "criticality": "clinical-critical"}, {}, {"middle", "pressing", "rest"}),
    "4": ({"amount": Decimal("99.4999"), "facility": "grace"}, {}, {"small", "usual", "mercy", "rest"}),
    "5": (
        {"supplier": "ACME", "flow_type": "two_way", "reason": "tax_variance"},
        {},
        {"usual", "acme_two_way", "price"},
    ),
    "6": ({"supplier": "ACME", "reason": "quality"}, {}, {"usual", "rest"}),
    "7": ({"reason": "missing_receipt"}, {"facility": "mercy", "criticality": "low"}, {"mercy", "other"}),
    "8": (
        {"facility": "other"},
        {"facility": "mercy", "supplier": "ACME", "flow_type": "two_way"},
        {"usual", "acme_two_way", "rest"},
    ),
}


@pytest.mark.database
def test_a_handoff_is_promised_for_what_it_is_limited_to(database: Database, clock: ManualClock) -> None:
    live = Correlator(database, model(**LIMITS), clock, overlap=timedelta(0))
    for number, (of_invoice, _, _) in INVOICES.items():
        store(database, [fact(f"i{number}", "invoice.received", MONDAY, f"invoice:{number}", **of_invoice)])
    live.tick()
    for number, (_, of_order, _) in INVOICES.items():
        named = (f"purchase_order:{number}", f"invoice:{number}")
        store(database, [fact(f"o{number}", "purchase_order.created", MONDAY, *named, **of_order)])
    live.tick()
    incremental = snapshot(database)

    found: dict[str, set[str]] = {number: set() for number in INVOICES}
    for handoff, _, number, *_ in stored_cycles(database):
        found[number].add(handoff)
    assert found == {number: expected for number, (_, _, expected) in INVOICES.items()}
    live.rebuild()
    assert snapshot(database) == incremental


@pytest.mark.database
def test_a_start_for_another_reason_starts_nothing(database: Database, clock: ManualClock) -> None:
    told = [("received", "missing_receipt"), ("received", "price_variance"), ("matched", ""), ("received", "quality")]
    facts = [
        fact(f"e{n}", f"invoice.{name}", MONDAY + n * HOUR, "invoice:1", reason=reason)
        for n, (name, reason) in enumerate(told)
    ]
    store(database, facts)
    Correlator(database, model(price={"reason": ["price_variance"]}), clock).tick()

    assert stored_cycles(database) == {("price", "invoice", "1", 1, MONDAY + HOUR, MONDAY + 2 * HOUR, None)}


def test_a_step_that_only_some_objects_have_is_in_no_order() -> None:
    assert orders(model(large=LIMITS["large"])) == ()
    assert len(orders(model(all={"flow_type": ["two_way"]}))) == 1


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"amount": {}}, "neither at_least nor below"),
        ({"amount": {"at_least": 5, "below": 5}}, "no amount is at least 5 and below 5"),
        ({"criticality": ["high"]}, "criticality"),
        ({"colour": ["red"]}, "colour"),
        ({"reason": ["price"], "reason_not": ["tax"]}, "reason and reason_not are both given"),
    ],
)
def test_a_limit_that_nothing_can_meet_is_refused(limits: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        model(tested=limits)

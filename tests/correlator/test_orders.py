"""What must come before what follows from the handoffs of a model."""

from pathlib import Path

import pytest

from correlator.loading import load_models
from correlator.model import JourneyModel
from correlator.orders import Order, orders

HANDOFF = "  {key}:\n    title: {key}\n    on: {on}\n    start: [{start}]\n    stop: [{stop}]\n{more}"


def model_of(folder: Path, *handoffs: tuple[str, str, str, str, str]) -> JourneyModel:
    lines = ["model: small", "version: 1", "title: Small", "anchor: order", "objects:", "  order: {title: Order}"]
    lines += ["  bill: {title: Bill, attaches_via: [order]}", "handoffs:"]
    told = [
        HANDOFF.format(key=key, on=on, start=start, stop=stop, more=f"    flow_types: [{flows}]\n" if flows else "")
        for key, on, start, stop, flows in handoffs
    ]
    file = folder / "small.yaml"
    file.write_text("\n".join(lines) + "\n" + "".join(told), encoding="utf-8")
    (model,) = load_models([str(file)])
    return model


def test_each_handoff_is_an_order_and_a_chain_of_handoffs_is_one_from_end_to_end(tmp_path: Path) -> None:
    model = model_of(
        tmp_path, ("a", "bill", "bill.came", "bill.matched", ""), ("b", "bill", "bill.matched", "bill.paid", "")
    )

    assert set(orders(model)) == {
        Order("bill", ("bill.came",), "bill.matched", ("",)),
        Order("bill", ("bill.matched",), "bill.paid", ("",)),
        Order("bill", ("bill.came",), "bill.paid", ("",)),
    }


def test_what_can_also_start_otherwise_does_not_follow(tmp_path: Path) -> None:
    model = model_of(
        tmp_path,
        ("a", "bill", "bill.came", "bill.matched", ""),
        ("b", "bill", "bill.asked", "bill.approved", ""),
        ("c", "bill", "bill.matched, bill.approved", "bill.paid", ""),
    )

    assert Order("bill", ("bill.came",), "bill.paid", ("",)) not in orders(model)
    assert Order("bill", ("bill.approved", "bill.matched"), "bill.paid", ("",)) in orders(model)


def test_an_order_holds_in_the_flows_of_its_handoffs_and_not_where_the_flow_is_unknown(tmp_path: Path) -> None:
    model = model_of(
        tmp_path,
        ("a", "bill", "bill.came", "bill.matched", "two_way, three_way"),
        ("b", "bill", "bill.matched", "bill.paid", ""),
    )

    (whole,) = (order for order in orders(model) if (order.befores, order.after) == (("bill.came",), "bill.paid"))
    assert whole.flows == ("three_way", "two_way")


def test_steps_that_may_each_come_first_have_no_order(tmp_path: Path) -> None:
    model = model_of(
        tmp_path, ("a", "bill", "bill.opened", "bill.shut", ""), ("b", "bill", "bill.shut", "bill.opened", "")
    )

    assert orders(model) == ()


@pytest.mark.parametrize("after", ["invoice.matched", "invoice.posted", "payment.released"])
def test_by_the_shipped_model_an_invoice_of_an_order_comes_before_all_that_is_done_with_it(after: str) -> None:
    (model,) = load_models(["procure-to-pay"])

    found = {(order.befores, order.after): order.flows for order in orders(model) if order.on == "invoice"}
    assert "three_way" in found[("invoice.received",), after]

"""What is said of a condition that leads nowhere, and that one fault of it is one error."""

from pathlib import Path

import pytest
from support.wrong_models import SOUND, told

PAYMENTS = SOUND.replace("milestones:\n", "  payment: {attaches_via: [invoice]}\nmilestones:\n")
NO_NAME = "is no name: write small letters, digits and _, as in goods_receipt"
UNLINKED = "of: names 'payment', but neither lease nor payment attaches to the other"
# What is written of `payment.posted, of: payment` in a handoff on a lease, and what is said of it after its place.
WRONG: dict[str, tuple[str, list[str]]] = {
    "no way": (
        "of: payment",
        [f"{UNLINKED}; look through invoice (through: invoice), or add it to an attaches_via"],
    ),
    "no way, of objects of which all": (
        "of: payment, match: al",
        [
            f"{UNLINKED}; look through invoice (through: invoice), or add it to an attaches_via",
            "match: 'al' is none of any, all, first, last; did you mean 'all'?",
        ],
    ),
    "a way that is misspelt": (
        "of: payment, thorugh: invoice",
        ["thorugh: unknown key; did you mean 'through'?"],
    ),
    "a way that is misspelt, to what is": (
        "of: paymnt, thorugh: invoice",
        [
            "of: names 'paymnt', which is not among the objects; did you mean 'payment'?",
            "thorugh: unknown key; did you mean 'through'?",
        ],
    ),
    "a way of which nothing is said": ("of: payment, through:", ["through: nothing where text is expected"]),
    "a way of no name": ('of: payment, through: ""', [f"through: '' {NO_NAME}"]),
    "a way in other letters": (
        "of: payment, through: Invoice",
        [f"through: 'Invoice' {NO_NAME}; did you mean 'invoice'?"],
    ),
    "several ways": ("of: payment, through: [invoice]", ["through: a list where text is expected"]),
    "a number for a way": ("of: payment, through: 5", ["through: 5 is not text; put it in quotes"]),
    "nothing for a way that is not needed": ("of: invoice, through:", ["through: nothing where text is expected"]),
    "an object in other letters": ("of: Payment", [f"of: 'Payment' {NO_NAME}; did you mean 'payment'?"]),
    "a way that is not among the objects": (
        "of: payment, through: invoic",
        ["through: names 'invoic', which is not among the objects; did you mean 'invoice'?"],
    ),
    "a way that ends before": (
        "of: payment, through: delivery",
        [
            "through: names 'delivery', but neither payment nor delivery attaches to the other; add it to an attaches_via",
        ],
    ),
    "the object itself": (
        "of: lease",
        ["of: 'lease' is what the handoff is on itself; write the event alone, without of"],
    ),
    "other objects of its own type": (
        "of: lease, through: invoice",
        [
            (
                "of: 'lease' is what the handoff is on itself, and other objects of its own type cannot be looked at; "
                "name another type"
            )
        ],
    ),
}


def said_of(condition: str, folder: Path) -> list[str]:
    file = folder / "leases.yaml"
    file.write_text(
        PAYMENTS.replace("[delivery.posted]", f"[{{event: payment.posted, {condition}}}]"), encoding="utf-8"
    )
    return [line.partition("handoffs.signature_to_delivery.stop.0.")[2] for line in told(file)]


@pytest.mark.parametrize("what", WRONG)
def test_a_condition_that_leads_nowhere_says_what_would_lead_there(tmp_path: Path, what: str) -> None:
    condition, expected = WRONG[what]

    assert said_of(condition, tmp_path) == expected


def test_all_that_lies_between_two_types_is_named(tmp_path: Path) -> None:
    file = tmp_path / "leases.yaml"
    on_payment = PAYMENTS.replace("    on: lease\n    start: [lease.signed]", "    on: site\n    start: [site.opened]")
    sites = on_payment.replace("milestones:\n", "  site: {attaches_via: [lease, delivery]}\nmilestones:\n")
    file.write_text(sites.replace("[delivery.posted]", "[{event: invoice.posted, of: invoice}]"), encoding="utf-8")

    (line,) = told(file)

    assert "; look through lease or delivery (through: lease), or add it" in line

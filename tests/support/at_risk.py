"""Documents that journeys share, told in small stories: what of their money is at risk was worked out by hand."""

from decimal import Decimal

from support.facts import MONDAY, Fact, fact

# What stands open (type, number, orders or invoices it names, amount, currency), and what of that is at risk, by hand.
AT_RISK: dict[str, tuple[list[tuple[str, str, tuple[str, ...], int, str]], dict[str, int]]] = {
    "an invoice over two orders, one of which stands open itself": (
        [("purchase_order", "1", (), 100, "USD"), ("invoice", "1", ("purchase_order:1", "purchase_order:2"), 400, "USD")],
        {"USD": 400},
    ),
    "an invoice over two orders that both stand open": (
        [("purchase_order", "1", (), 300, "USD"), ("purchase_order", "2", (), 100, "USD"),
         ("invoice", "1", ("purchase_order:1", "purchase_order:2"), 400, "USD")],
        {"USD": 400},
    ),
    "an invoice for part of two orders": (
        [("purchase_order", "1", (), 300, "USD"), ("purchase_order", "2", (), 100, "USD"),
         ("invoice", "1", ("purchase_order:1", "purchase_order:2"), 200, "USD")],
        {"USD": 400},
    ),
    "two invoices of one order": (
        [("purchase_order", "1", (), 350, "USD"), ("invoice", "1", ("purchase_order:1",), 200, "USD"),
         ("invoice", "2", ("purchase_order:1",), 200, "USD")],
        {"USD": 400},
    ),
    "an order with an invoice for part of it": (
        [("purchase_order", "1", (), 400, "USD"), ("invoice", "1", ("purchase_order:1",), 100, "USD")],
        {"USD": 400},
    ),
    "a payment of an invoice over two orders that wait for nothing, and of two others": (
        [("purchase_order", "1 done", (), 500, "USD"), ("purchase_order", "2 done", (), 400, "USD"),
         ("purchase_order", "3", (), 50, "USD"), ("purchase_order", "4", (), 50, "USD"),
         ("invoice", "1", ("purchase_order:1 done", "purchase_order:2 done"), 900, "USD"),
         ("invoice", "3", ("purchase_order:3",), 50, "USD"), ("invoice", "4", ("purchase_order:4",), 50, "USD"),
         ("payment", "1", ("invoice:1", "invoice:3", "invoice:4"), 1000, "USD")],
        {"USD": 1000},
    ),
    "a third of what has no smaller part": (
        [("invoice", "1", ("purchase_order:1", "purchase_order:2", "purchase_order:3"), 100, "USD")],
        {"USD": 100},
    ),
    "an invoice of which some comes back": (
        [("invoice", "1", ("purchase_order:1", "purchase_order:2"), 400, "USD"), ("credit_memo", "1", ("invoice:1",), -50, "USD")],
        {"USD": 400},
    ),
    "each currency by itself": (
        [("purchase_order", "1", (), 100, "CAD"), ("purchase_order", "2", (), 70, "USD"),
         ("invoice", "1", ("purchase_order:1", "purchase_order:2"), 400, "USD")],
        {"CAD": 100, "USD": 400},
    ),
}  # fmt: skip
OPENED_BY = {
    "purchase_order": "purchase_order.created",
    "invoice": "invoice.posted",
    "payment": "payment.executed",
    "credit_memo": "credit_memo.received",
}


def facts_at_risk() -> list[Fact]:
    """What opens the documents of each story, the nth of which is that of supplier `s<n>`; facilities take turns."""
    return [
        fact(
            f"{case}/{kind}{number}",
            OPENED_BY[kind],
            MONDAY,
            f"{kind}:{case}/{number}",
            *(each.replace(":", f":{case}/") for each in names),
            amount=Decimal(amount),
            currency=currency,
            supplier=f"s{case}",
            facility=("mercy", "grace")[nth % 2],
        )
        for case, (documents, _) in enumerate(AT_RISK.values())
        for nth, (kind, number, names, amount, currency) in enumerate(documents)
    ]

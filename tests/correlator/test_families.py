"""Families: connected components over shared objects, held against a plain search; bounded, and never the unit."""

import random
from collections import deque
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

import pytest
from support.correlation_oracle import memberships
from support.facts import MONDAY, Fact, Ref, fact, store

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import NotFoundError
from core.vocabulary import ObjectRef
from correlator.families import Families
from correlator.journeys import Journeys
from correlator.loading import load_models
from correlator.tick import Correlator

pytestmark = pytest.mark.database
(P2P,) = load_models(["procure-to-pay"])
HOUR = timedelta(hours=1)
LATER = MONDAY + 9 * HOUR


def order(number: int) -> ObjectRef:
    return ObjectRef("purchase_order", str(number))


def families(database: Database, clock: ManualClock, facts: Iterable[Fact], followed: int = 5000) -> Families:
    store(database, facts)
    Correlator(database, P2P, clock).tick()
    return Families(database, followed=followed)


def component(pairs: set[tuple[Ref, Ref]], start: Ref) -> dict[Ref, int]:
    """Walk from journey to journey over shared members; return how far each root is."""
    distances, waiting = {start: 0}, deque([start])
    while waiting:
        here = waiting.popleft()
        held = {member for root, member in pairs if root == here}
        for root in sorted({root for root, member in pairs if member in held}):
            if root not in distances:
                distances[root] = distances[here] + 1
                waiting.append(root)
    return distances


def chained(links: Iterable[tuple[int, int]]) -> list[Fact]:
    """Invoice n bills two orders."""
    return [
        fact(f"i{n}", "invoice.received", MONDAY, f"invoice:{n}", f"purchase_order:{a}", f"purchase_order:{b}")
        for n, (a, b) in enumerate(links)
    ]


def test_a_family_is_what_hangs_together_over_shared_objects(database: Database, clock: ManualClock) -> None:
    found = families(database, clock, chained([(1, 2), (2, 3), (3, 4), (8, 9)])).family(order(1), LATER)

    assert (found.journeys, found.complete) == (4, True)
    assert [(each.root, each.distance) for each in found.nearest] == [(order(2), 1), (order(3), 2), (order(4), 3)]
    assert [(each.object, each.others, each.named) for each in found.shared] == [
        (ObjectRef("invoice", "0"), 1, (order(2),))
    ]


@pytest.mark.parametrize("seed", range(3))
def test_families_are_those_that_a_plain_search_finds(database: Database, clock: ManualClock, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - invented content, the same each time
    facts = chained((rng.randrange(30), rng.randrange(30)) for _ in range(18))
    facts += [
        fact(f"p{n}", "payment.released", MONDAY, f"payment:{n}", *(f"invoice:{rng.randrange(18)}" for _ in range(2)))
        for n in range(4)
    ]
    asked = families(database, clock, facts)
    pairs = memberships(P2P, facts)

    for root in sorted({root for root, _ in pairs})[:6]:
        found = asked.family(ObjectRef(*root), LATER)
        expected = component(pairs, root)
        assert {(each.root.type, each.root.id): each.distance for each in found.nearest} | {root: 0} == expected
        assert (found.journeys, found.complete) == (len(expected), True)


def test_a_payment_run_over_thousands_is_summarised_and_not_listed(database: Database, clock: ManualClock) -> None:
    about = {"facility": "mercy", "amount": Decimal(10)}
    invoices = [fact(f"i{n}", "invoice.received", MONDAY, f"invoice:{n}", f"purchase_order:{n}") for n in range(3000)]
    orders = [fact(f"o{n}", "purchase_order.created", MONDAY, f"purchase_order:{n}", **about) for n in range(3000)]
    runs = [  # an event names 1,000 objects at most
        fact(f"run{part}", "payment.executed", MONDAY, "payment:RUN", *(f"invoice:{n}" for n in range(part, 3000, 4)))
        for part in range(4)
    ]

    found = families(database, clock, [*orders, *invoices, *runs]).family(order(7), LATER)

    assert (found.journeys, found.complete, found.amounts) == (3000, True, {"USD": Decimal(30_000)})
    assert found.facilities == ("mercy",)
    assert [(each.object.id, each.others, len(each.named)) for each in found.shared] == [("RUN", 2999, 10)]
    assert len(found.nearest) == 50


def test_a_family_beyond_what_is_followed_says_so(database: Database, clock: ManualClock) -> None:
    asked = families(database, clock, chained((n, n + 1) for n in range(9)), followed=4)

    assert (asked.family(order(0), LATER).journeys, asked.family(order(0), LATER).complete) == (5, False)


def test_what_is_shared_later_does_not_join_yet(database: Database, clock: ManualClock) -> None:
    facts = [
        *(fact(f"o{n}", "purchase_order.created", MONDAY, f"purchase_order:{n}") for n in (1, 2)),
        fact("i", "invoice.received", MONDAY + 5 * HOUR, "invoice:1", "purchase_order:1", "purchase_order:2"),
    ]
    asked = families(database, clock, facts)

    assert (asked.family(order(1), LATER).journeys, asked.family(order(1), MONDAY + HOUR).journeys) == (2, 1)
    assert asked.shared(order(1), MONDAY + HOUR, P2P.model) == ()
    with pytest.raises(NotFoundError, match="no journey"):
        asked.family(order(1), MONDAY - HOUR)


def test_of_two_models_that_follow_the_same_journeys_one_is_asked(database: Database, clock: ManualClock) -> None:
    second = P2P.model_copy(update={"model": "second", "anchor": "purchase_order"})
    store(database, chained([(1, 2)]))
    for model in (P2P, second):
        Correlator(database, model, clock).tick()
    journeys, asked = Journeys(database, [second, P2P]), Families(database, ["second", P2P.model])

    assert [each.others for each in asked.shared(order(1), LATER, P2P.model)] == [1]
    assert [each.others for each in asked.family(order(1), LATER).shared] == [1]
    assert (asked.family(order(1), LATER).model, asked.family(order(1), LATER, P2P.model).model) == (
        "second",
        P2P.model,
    )
    assert journeys.journey(order(1), LATER).header.model == "second"
    assert journeys.of_object(ObjectRef("invoice", "0")).models == ((P2P.model, "second"),) * 2

"""Several ids of one object are one object: the smallest id stands for all, as long as they are said to be the same."""

from datetime import timedelta

import pytest
from support.derived import snapshot, stored_cycles, stored_memberships
from support.facts import MONDAY, Fact, fact, store, store_span
from support.rebuild_process import Interrupted

from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from core.vocabulary import ObjectRef
from correlator.families import Families
from correlator.journeys import Journeys
from correlator.loading import load_models
from correlator.model import JourneyModel
from correlator.naming import OtherIds
from correlator.stalls import Stalls
from correlator.tick import Correlator

(P2P,) = load_models(["procure-to-pay"])
HOUR = timedelta(hours=1)


def correlator(database: Database, clock: ManualClock, model: JourneyModel = P2P) -> Correlator:
    return Correlator(database, model, clock, overlap=timedelta(0))


def die() -> None:
    raise InterruptedError


def same(event_id: str, hours: int, *objects: str) -> Fact:
    return fact(event_id, "object.same_as", MONDAY + hours * HOUR, *objects)


CREATED = fact("a", "purchase_order.created", MONDAY, "purchase_order:SAAS-7", facility="mercy")
SYNCED = fact("b", "purchase_order.synced", MONDAY + HOUR / 2, "purchase_order:4500017")
BILLED = fact("c", "invoice.received", MONDAY + HOUR, "invoice:1", "purchase_order:SAAS-7", flow_type="two_way")
ONE = same("s", 3, "purchase_order:SAAS-7", "purchase_order:4500017")
ERP, SAAS, INVOICE = ("purchase_order", "4500017"), ("purchase_order", "SAAS-7"), ("invoice", "1")


@pytest.mark.database
def test_two_numbers_of_one_order_are_one_journey_and_one_handoff(database: Database, clock: ManualClock) -> None:
    live, seen = correlator(database, clock), []
    for facts in ([CREATED, SYNCED, BILLED], [ONE]):
        store(database, facts)
        live.tick()
        seen.append(stored_memberships(database))

    rows = database.rows("SELECT object_id, closed_by, facility FROM handoffs FINAL WHERE handoff = 'order_to_erp'")
    assert seen == [{(ERP, ERP), (SAAS, SAAS), (SAAS, INVOICE)}, {(ERP, ERP), (ERP, INVOICE)}]
    assert rows == [{"object_id": "4500017", "closed_by": "b", "facility": "mercy"}]


@pytest.mark.database
def test_what_arrives_later_under_another_number_is_of_the_same_order(database: Database, clock: ManualClock) -> None:
    live = correlator(database, clock)
    for item in (ONE, BILLED, SYNCED, CREATED):
        store(database, [item])
        live.tick()

    assert stored_memberships(database) == {(ERP, ERP), (ERP, INVOICE)}
    assert ("order_to_erp", *ERP, 1, MONDAY, SYNCED.occurred_at, None) in stored_cycles(database)


@pytest.mark.database
def test_an_identity_that_is_withdrawn_leaves_two_orders(database: Database, clock: ManualClock) -> None:
    live = correlator(database, clock)
    store(database, [CREATED, SYNCED, BILLED, ONE])
    live.tick()
    store(database, [fact("w", "link.withdrawn", MONDAY + 4 * HOUR, "purchase_order:4500017", "purchase_order:SAAS-7")])
    live.tick()

    assert stored_memberships(database) == {(ERP, ERP), (SAAS, SAAS), (SAAS, INVOICE)}
    assert ("order_to_erp", *SAAS, 1, MONDAY, None, None) in stored_cycles(database)


@pytest.mark.database
def test_identity_is_transitive_along_a_long_chain(database: Database, clock: ManualClock) -> None:
    chain = [same(f"s{n}", 0, f"purchase_order:{n + 100}", f"purchase_order:{n + 101}") for n in range(40)]
    store(database, chain)
    correlator(database, clock).tick()

    first = ("purchase_order", "100")
    assert stored_memberships(database) == {(first, first)}


@pytest.mark.database
def test_a_link_withdrawn_under_one_number_was_stated_under_another(database: Database, clock: ManualClock) -> None:
    withdrawn = fact("w", "link.withdrawn", MONDAY + 2 * HOUR, "invoice:1", "purchase_order:4500017")
    store(database, [CREATED, BILLED, ONE, withdrawn])
    correlator(database, clock).tick()

    assert stored_memberships(database) == {(ERP, ERP), (INVOICE, INVOICE)}


@pytest.mark.database
def test_what_only_a_withdrawal_joins_to_what_is_touched_keeps_the_links_of_its_other_numbers(
    database: Database, clock: ManualClock
) -> None:
    received = fact("r", "goods_receipt.posted", MONDAY, "goods_receipt:1", "purchase_order:SAAS-7")
    withdrawn = fact("w", "link.withdrawn", MONDAY + 2 * HOUR, "invoice:1", "purchase_order:SAAS-7")
    following = correlator(database, clock)
    store(database, [CREATED, SYNCED, ONE, received, BILLED, withdrawn])
    following.tick()

    store(database, [fact("m", "invoice.matched", MONDAY + 3 * HOUR, "invoice:1")])
    following.tick()

    assert stored_memberships(database) == {(ERP, ERP), (ERP, ("goods_receipt", "1")), (INVOICE, INVOICE)}


@pytest.mark.database
def test_a_hub_with_two_numbers_merges_no_journeys(database: Database, clock: ManualClock) -> None:
    orders = range(30)
    store(database, [fact(f"i{n}", "invoice.received", MONDAY, f"invoice:{n}", f"purchase_order:{n}") for n in orders])
    for half, payment in ((orders[:15], "payment:RUN-1"), (orders[15:], "payment:88")):
        store(database, [fact(payment, "payment.released", MONDAY, payment, *(f"invoice:{n}" for n in half))])
    store(database, [same("s", 1, "payment:88", "payment:RUN-1"), same("g", 1, "supplier:GLN-1", "supplier:V-1")])
    correlator(database, clock).tick()

    of_payment = [root for root, member in stored_memberships(database) if member == ("payment", "88")]
    assert sorted(of_payment) == sorted(("purchase_order", str(n)) for n in orders)


@pytest.mark.database
def test_what_was_sent_under_any_number_is_found_under_each(database: Database, clock: ManualClock) -> None:
    store(database, [CREATED, SYNCED, BILLED, ONE])
    store_span(database, "purchase_order:SAAS-7", MONDAY + HOUR, error="timed out")
    correlator(database, clock).tick()
    journeys = Journeys(database, [P2P])

    own = ObjectRef(*ERP)
    assert journeys.of_object(ObjectRef(*SAAS)).roots == journeys.of_object(own).roots == (own,)
    timeline = journeys.journey(own, MONDAY + 9 * HOUR).timeline
    assert [(entry.kind, entry.object) for entry in timeline] == [
        ("event", ObjectRef(*SAAS)),
        ("event", own),
        ("event", ObjectRef(*INVOICE)),
        ("span", ObjectRef(*SAAS)),
        ("event", ObjectRef(*SAAS)),
    ]


@pytest.mark.database
@pytest.mark.parametrize("number", ["4500017", "SAAS-7", "X-EXTRA"])
def test_a_journey_and_its_family_are_found_under_every_number_of_the_order(
    database: Database, clock: ManualClock, number: str
) -> None:
    extra = same("t", 1, "purchase_order:SAAS-7", "purchase_order:X-EXTRA")
    store(database, [CREATED, SYNCED, BILLED, ONE, extra, same("i", 1, "invoice:1", "invoice:1-EXTRA")])
    correlator(database, clock).tick()
    journeys, own = Journeys(database, [P2P]), ObjectRef(*ERP)
    asked = ObjectRef("purchase_order", number)

    found = journeys.journey(asked, MONDAY + 9 * HOUR)
    assert found.header.root == Families(database).family(asked, MONDAY + 9 * HOUR).root == own
    assert journeys.ids(asked) == OtherIds(own, ("SAAS-7", "X-EXTRA"))
    assert found.other_ids == (OtherIds(ObjectRef(*INVOICE), ("1-EXTRA",)), OtherIds(own, ("SAAS-7", "X-EXTRA")))


@pytest.mark.database
def test_a_failed_span_on_another_number_explains_the_stall(database: Database, clock: ManualClock) -> None:
    store(database, [CREATED, same("s", 0, "purchase_order:SAAS-7", "purchase_order:4500017")])
    store_span(database, "purchase_order:SAAS-7", MONDAY + HOUR, error="timed out")
    correlator(database, clock).tick()

    (stall,) = Stalls(database, [P2P]).page(Filters(as_of=MONDAY + 9 * HOUR, handoff=("order_to_erp",))).items

    assert (str(stall.object), stall.cause.code) == ("purchase_order:4500017", "integration_failure")


@pytest.mark.database
def test_what_a_run_that_died_had_already_written_is_followed_by_the_next(
    database: Database, clock: ManualClock
) -> None:
    withdrawn = fact("w", "link.withdrawn", MONDAY + 2 * HOUR, "invoice:1", "purchase_order:4500017")
    store(database, [CREATED, BILLED, withdrawn])
    correlator(database, clock).tick()
    store(database, [ONE])  # now the withdrawal concerns the link of an invoice that this fact does not name
    for statement in (
        "aliased_event_objects\n",
        "identities (",
        "run_links (",
        "links (",
        "{run_roots:Identifier} (",
        "handoffs:",
    ):
        opened = Interrupted.open(database.dsn, database=database.name)
        assert isinstance(opened, Interrupted)
        with pytest.raises(InterruptedError):
            correlator(opened.interrupt(statement, die), clock).tick()

    correlator(database, clock).tick()

    assert stored_memberships(database) == {(ERP, ERP), (INVOICE, INVOICE)}
    incremental = snapshot(database)
    correlator(database, clock).rebuild()
    assert snapshot(database) == incremental

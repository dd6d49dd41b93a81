"""What ticks and rebuilds make of facts; that any order and interleaving gives the same is in test_worlds.py."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from support.derived import clear, snapshot, stored_memberships
from support.facts import MONDAY, fact, store

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import StoreError
from correlator.loading import load_models
from correlator.model import JourneyModel
from correlator.tick import Correlator

(P2P,) = load_models(["procure-to-pay"])
HOUR = timedelta(hours=1)


def correlator(database: Database, clock: ManualClock, model: JourneyModel = P2P) -> Correlator:
    return Correlator(database, model, clock, overlap=timedelta(0))


@pytest.mark.database
def test_a_payment_run_over_many_invoices_merges_no_journeys(database: Database, clock: ManualClock) -> None:
    orders = range(300)
    store(database, [fact(f"i{n}", "invoice.received", MONDAY, f"invoice:{n}", f"purchase_order:{n}") for n in orders])
    store(database, [fact("run", "payment.released", MONDAY, "payment:1", *(f"invoice:{n}" for n in orders))])

    correlator(database, clock).tick()

    of_payment = [root for root, member in stored_memberships(database) if member == ("payment", "1")]
    assert sorted(of_payment) == sorted(("purchase_order", str(n)) for n in orders)
    assert database.rows("SELECT uniqExact(objects) AS sizes, min(objects) AS size FROM journeys FINAL") == [
        {"sizes": 1, "size": 3}
    ]


@pytest.mark.database
def test_a_provisional_journey_dissolves_when_its_link_arrives(database: Database, clock: ManualClock) -> None:
    live = correlator(database, clock)
    store(
        database,
        [
            fact("a", "invoice.received", MONDAY, "invoice:1"),
            fact("b", "payment.released", MONDAY, "payment:1", "invoice:1"),
        ],
    )
    live.tick()
    before = database.rows("SELECT root_type, root_id, provisional FROM journeys FINAL")

    store(database, [fact("c", "invoice.matched", MONDAY + HOUR, "invoice:1", "purchase_order:7")])
    live.tick()

    assert before == [{"root_type": "invoice", "root_id": "1", "provisional": True}]
    assert database.rows("SELECT root_type, root_id, provisional, objects FROM journeys FINAL") == [
        {"root_type": "purchase_order", "root_id": "7", "provisional": False, "objects": 3}
    ]


@pytest.mark.database
@pytest.mark.parametrize("in_memory", [0, 30_000])
def test_a_shared_object_stands_in_journeys_too_that_a_tick_does_not_touch(
    database: Database, clock: ManualClock, in_memory: int
) -> None:
    live = Correlator(database, P2P, clock, overlap=timedelta(0), objects_in_memory=in_memory)
    orders = [f"purchase_order:{number}" for number in range(3)]
    store(database, [fact("r", "invoice.received", MONDAY, "invoice:1", *orders, flow_type="three_way")])
    live.tick()

    store(database, [fact("s", "purchase_order.synced", MONDAY + HOUR, orders[2])])
    live.tick()

    stands = database.rows("SELECT DISTINCT journey_id, journeys FROM handoffs FINAL WHERE object_type = 'invoice'")
    ticked = snapshot(database)
    live.rebuild()
    assert stands == [{"journey_id": "0", "journeys": 3}]
    assert snapshot(database) == ticked


@pytest.mark.database
def test_a_rebuild_slice_by_slice_derives_what_ticks_derive(database: Database, clock: ManualClock) -> None:
    live = correlator(database, clock)
    orders = [f"purchase_order:{number}" for number in range(3)]
    log = [
        fact(f"o{n}", "purchase_order.created", MONDAY, order, flow_type="three_way") for n, order in enumerate(orders)
    ]
    log += [
        fact("r", "invoice.received", MONDAY, "invoice:1", *orders),
        fact("p", "payment.released", MONDAY, "payment:1", "invoice:1"),
    ]
    store(database, log)
    live.tick()
    ticked = snapshot(database)

    Correlator(database, P2P, clock, overlap=timedelta(0), objects_a_slice=1).rebuild()

    assert snapshot(database) == ticked
    assert {row["object_id"] for row in ticked["handoffs"] if row["object_type"] == "purchase_order"} == {"0", "1", "2"}


@pytest.mark.database
def test_a_late_receipt_closes_the_handoff_it_should_have_closed(database: Database, clock: ManualClock) -> None:
    live = correlator(database, clock)
    store(database, [fact("a", "purchase_order.acknowledged", MONDAY, "purchase_order:1", flow_type="three_way")])
    live.tick()
    store(database, [fact("b", "goods_receipt.posted", MONDAY + HOUR, "goods_receipt:1", "purchase_order:1")])
    live.tick()

    rows = database.rows("SELECT closed_at, closed_by FROM handoffs FINAL WHERE handoff = 'order_to_receipt'")

    assert rows == [{"closed_at": MONDAY + HOUR, "closed_by": "b"}]


@pytest.mark.database
def test_a_flow_without_the_step_has_no_such_handoff(database: Database, clock: ManualClock) -> None:
    store(
        database,
        [
            fact("a", "purchase_order.acknowledged", MONDAY, "purchase_order:1", flow_type="two_way"),
            fact("b", "purchase_order.acknowledged", MONDAY, "purchase_order:2", flow_type="consignment"),
        ],
    )
    correlator(database, clock).tick()

    rows = database.rows("SELECT object_id FROM handoffs FINAL WHERE handoff = 'order_to_receipt'")

    assert rows == [{"object_id": "2"}]


@pytest.mark.database
def test_an_object_takes_from_its_journey_what_it_does_not_state(database: Database, clock: ManualClock) -> None:
    store(
        database,
        [
            fact("a", "purchase_order.created", MONDAY, "purchase_order:1", facility="mercy", criticality="low"),
            fact("b", "invoice.posted", MONDAY, "invoice:1", "purchase_order:1", criticality="clinical-critical"),
        ],
    )
    correlator(database, clock).tick()

    (row,) = database.rows("SELECT facility, criticality FROM handoffs FINAL WHERE handoff = 'posting_to_release'")

    assert row == {"facility": "mercy", "criticality": "clinical-critical"}


@pytest.mark.database
def test_an_idle_tick_does_no_work(database: Database, clock: ManualClock) -> None:
    live = Correlator(database, P2P, clock)
    store(database, [fact("a", "purchase_order.created", MONDAY, "purchase_order:1")])
    worked = [live.tick().worked, live.tick().worked, live.tick().worked]

    assert worked[0]
    assert not worked[2]


@pytest.mark.database
def test_the_watermark_of_an_idle_correlator_moves_and_nothing_is_followed_twice(
    database: Database, clock: ManualClock
) -> None:
    live = Correlator(database, P2P, clock, idle=timedelta(0))
    store(database, [fact("a", "purchase_order.created", MONDAY, "purchase_order:1")])
    live.rebuild()
    reports = [live.tick() for _ in range(4)]

    watermarks = [report.watermark for report in reports]
    assert [report.worked for report in reports] == [False, False, False, False]
    assert watermarks == sorted(set(watermarks))
    assert database.rows("SELECT max(watermark) AS at FROM correlator_runs") == [{"at": watermarks[-1]}]


@pytest.mark.database
def test_what_comes_after_a_rest_is_followed(database: Database, clock: ManualClock) -> None:
    live = Correlator(database, P2P, clock, idle=timedelta(0))
    for number in range(3):
        live.tick()
        live.tick()
        store(database, [fact(f"e{number}", "purchase_order.created", MONDAY, f"purchase_order:{number}")])
    live.tick()

    assert len(stored_memberships(database)) == 3


@pytest.mark.database
def test_a_changed_model_is_derived_anew(database: Database, clock: ManualClock) -> None:
    store(database, [fact("a", "quotation.requested", MONDAY, "quotation:1", "purchase_order:1")])
    correlator(database, clock).tick()
    objects = dict(P2P.objects) | {
        "quotation": P2P.objects["quotation"].model_copy(update={"attaches_via": ()}),
        "purchase_order": P2P.objects["purchase_order"].model_copy(update={"attaches_via": ("quotation",)}),
    }
    moved = P2P.model_copy(update={"anchor": "quotation", "objects": objects})

    correlator(database, clock, moved).tick()

    assert database.rows("SELECT root_type, objects FROM journeys FINAL") == [{"root_type": "quotation", "objects": 2}]


@pytest.mark.database
@pytest.mark.parametrize("first", ["A", "B"])
def test_of_two_versions_of_an_event_the_first_received_holds_and_the_other_is_in_quarantine(
    database: Database, clock: ManualClock, first: str
) -> None:
    told = {
        "A": replace(
            fact("e", "invoice.received", MONDAY, "invoice:1", "purchase_order:A", flow_type="two_way"), version=1
        ),
        "B": replace(
            fact("e", "invoice.received", MONDAY, "invoice:1", "purchase_order:B", flow_type="two_way"), version=2
        ),
    }
    second = "B" if first == "A" else "A"
    live = correlator(database, clock)
    for name in (first, second, first):
        store(database, [told[name]])
        live.tick()
    incremental = snapshot(database)
    live.rebuild()

    order = ("purchase_order", first)
    assert stored_memberships(database) == {(order, order), (order, ("invoice", "1"))}
    assert snapshot(database) == incremental
    merged = database.rows("SELECT objects.2[2] AS order_id FROM events FINAL ORDER BY received_at")
    assert [row["order_id"] for row in merged] == [first, second]
    quarantined = database.rows("SELECT reason, record FROM quarantine")
    assert [row["reason"] for row in quarantined] == ["conflicting_event"]
    assert json.loads(quarantined[0]["record"])["objects"][1]["id"] == second


@pytest.mark.database
def test_a_run_that_fails_leaves_no_working_rows(database: Database, clock: ManualClock) -> None:
    live = correlator(database, clock)
    live.tick()
    store(database, [fact("a", "purchase_order.created", MONDAY, "purchase_order:1")])
    database.execute("RENAME TABLE handoffs TO elsewhere")
    with pytest.raises(StoreError, match="handoffs"):
        live.tick()
    database.execute("RENAME TABLE elsewhere TO handoffs")

    assert database.rows("SELECT count() AS left FROM tick_objects") == [{"left": 0}]
    assert live.tick().roots == 1


@pytest.mark.database
def test_whoever_was_away_for_longer_than_touches_are_kept_rebuilds(database: Database, clock: ManualClock) -> None:
    live = correlator(database, clock)
    live.tick()
    store(database, [fact("a", "purchase_order.created", MONDAY, "purchase_order:1")])
    clear(database, "touched_objects")
    database.execute(
        "ALTER TABLE correlator_runs UPDATE watermark = now64(6) - INTERVAL 20 DAY WHERE true SETTINGS mutations_sync = 2"
    )

    assert live.tick().roots == 1

"""Why a handoff is stalled: each cause, which comes first, and the facts it rests on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.facts import MONDAY, Fact, fact, store, store_span
from support.stalled import FIRST, HOUR, LATER, ORDER, P2P, causes, publish_hours, stalled

from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from core.integrations import Integrations
from core.registry import Integration, Registry, publish_registry
from core.vocabulary import ObjectRef
from correlator.causes import Cause, Evidence
from correlator.model import Need
from correlator.stalls import Stalls
from correlator.tick import Correlator


@pytest.mark.database
def test_a_silent_integration_is_the_first_cause(database: Database, clock: ManualClock) -> None:
    registry = Registry(integrations={"erp": Integration(name="Ledger ERP", heartbeat="2h")})
    publish_registry(database, registry, clock)
    store_span(database, "purchase_order:1", MONDAY + 2 * HOUR, error="503")

    (stall,) = stalled(database, clock, [ORDER])

    assert stall.cause == Cause(
        "silence",
        "Ledger ERP has sent nothing since 2026-03-02 17:00 UTC",
        None,
        "silence:erp",
        (Evidence("silence", "erp", MONDAY + 2 * HOUR),),
    )


@pytest.mark.database
def test_silence_is_judged_by_what_is_expected_now(database: Database, clock: ManualClock) -> None:
    publish_registry(database, Registry(integrations={"erp": Integration(name="Ledger ERP", heartbeat="2h")}), clock)
    known = Integrations(database, clock)
    store_span(database, "purchase_order:1", MONDAY + 2 * HOUR)
    codes = [stalled(database, clock, [ORDER])[0].cause.code]

    known.put("erp", Integration(name="Ledger ERP", heartbeat="9d"), "ops")
    codes.append(stalled(database, clock, [])[0].cause.code)
    known.put("erp", Integration(name="Ledger ERP", heartbeat="1h"), "ops")
    codes.append(stalled(database, clock, [])[0].cause.code)
    known.delete("erp", "ops")
    clock.advance(timedelta(seconds=1))
    publish_registry(database, Registry(integrations={"wms": Integration(name="WMS")}), clock)
    codes.append(stalled(database, clock, [])[0].cause.code)

    assert codes == ["silence", "waiting_on", "silence", "waiting_on"]


@pytest.mark.database
def test_an_integration_that_speaks_or_was_never_seen_is_not_silent(database: Database, clock: ManualClock) -> None:
    integrations = {
        "erp": Integration(name="Ledger ERP", heartbeat="2h"),
        "payments": Integration(name="Pay", heartbeat="2h"),
    }
    publish_registry(database, Registry(integrations=integrations), clock)
    store_span(database, "purchase_order:9", MONDAY + 29 * HOUR)

    found = stalled(database, clock, [ORDER, fact("p", "payment.released", MONDAY - 100 * HOUR, "payment:1")])

    assert {cause.code for cause in causes(found).values()} == {"waiting_on"}


@pytest.mark.database
def test_the_newest_span_in_error_after_opening_is_the_cause(database: Database, clock: ManualClock) -> None:
    second = fact("b", "purchase_order.created", MONDAY, "purchase_order:2")
    third = fact("c", "purchase_order.created", MONDAY, "purchase_order:3")
    store_span(database, "purchase_order:1", MONDAY + HOUR, error="503 from ERP", trace=10)
    store_span(database, "purchase_order:2", MONDAY + HOUR, error="503 from ERP", trace=20)
    store_span(database, "purchase_order:2", MONDAY + 2 * HOUR, trace=21)
    store_span(database, "purchase_order:3", MONDAY - HOUR, error="503 from ERP", trace=30)

    found = causes(stalled(database, clock, [ORDER, second, third]))

    assert found["purchase_order:1"].summary == "erp-adapter fails: 503 from ERP"
    assert found["purchase_order:1"].trace_id == f"{10:032x}"
    assert found["purchase_order:1"].evidence == (
        Evidence("span", "erp", MONDAY + HOUR, trace_id=f"{10:032x}", span_id=f"{10:016x}", object=FIRST),
    )
    assert [found[f"purchase_order:{n}"].code for n in (1, 2, 3)] == ["integration_failure", "waiting_on", "waiting_on"]


@pytest.mark.database
def test_a_failure_explains_the_waits_of_those_who_hand_over_or_are_awaited_and_no_others(
    database: Database, clock: ManualClock
) -> None:
    synced = fact("s", "purchase_order.synced", MONDAY, "purchase_order:1", flow_type="three_way")
    asked = replace(LATER, handoff=("order_to_inventory", "order_to_ap"))
    store_span(database, "purchase_order:1", MONDAY + HOUR, error="503", integration="inventory", trace=1)
    store_span(database, "purchase_order:1", MONDAY + 2 * HOUR, error="late", integration="analytics", trace=2)
    store_span(database, "purchase_order:1", MONDAY + 2 * HOUR, integration="analytics", trace=3)
    awaited = {stall.handoff: stall.cause for stall in stalled(database, clock, [synced], asked)}

    store_span(database, "purchase_order:1", MONDAY + 3 * HOUR, error="refused", trace=4)
    handed_over = {stall.handoff: stall.cause for stall in stalled(database, clock, [], asked)}

    assert {key: cause.code for key, cause in awaited.items()} == {
        "order_to_inventory": "integration_failure",
        "order_to_ap": "waiting_on",
    }
    assert awaited["order_to_inventory"].trace_id == f"{1:032x}"
    assert {key: cause.trace_id for key, cause in handed_over.items()} == {
        "order_to_inventory": f"{4:032x}",
        "order_to_ap": f"{4:032x}",
    }


@pytest.mark.database
def test_an_open_exception_is_the_cause_until_it_is_resolved(database: Database, clock: ManualClock) -> None:
    raised = fact("b", "exception.raised", MONDAY, "exception:1", "purchase_order:1", reason="blocked_supplier")
    resolved = fact("c", "exception.resolved", MONDAY + 9 * HOUR, "exception:1")
    before = stalled(database, clock, [ORDER, raised, resolved], Filters(as_of=MONDAY + 8 * HOUR))
    after = stalled(database, clock, [], Filters(as_of=MONDAY + 10 * HOUR))

    assert causes(before)["purchase_order:1"].summary == "Exception open: blocked supplier"
    assert causes(before)["purchase_order:1"].evidence == (
        Evidence("event", "erp", MONDAY, "exception.raised", "b", object=ObjectRef("exception", "1")),
    )
    assert causes(after)["purchase_order:1"].code == "waiting_on"


@pytest.mark.database
@pytest.mark.parametrize(
    "ending",
    [
        fact("c", "exception.cancelled", MONDAY + 9 * HOUR, "exception:1"),
        fact("c", "invoice.voided", MONDAY + 9 * HOUR, "invoice:7", "exception:1"),
    ],
    ids=["cancelled", "with the invoice it names"],
)
def test_an_exception_that_ended_in_any_way_the_model_knows_is_no_cause(
    database: Database, clock: ManualClock, ending: Fact
) -> None:
    raised = fact("b", "exception.raised", MONDAY, "exception:1", "purchase_order:1", reason="blocked_supplier")

    (stall,) = [each for each in stalled(database, clock, [ORDER, raised, ending]) if each.object == FIRST]

    assert stall.cause.code == "waiting_on"


@pytest.mark.database
def test_an_exception_raised_again_after_its_end_is_the_cause_again(database: Database, clock: ManualClock) -> None:
    told = [
        fact("b", "exception.raised", MONDAY, "exception:1", "purchase_order:1"),
        fact("c", "exception.cancelled", MONDAY + 9 * HOUR, "exception:1"),
        fact("d", "exception.raised", MONDAY + 10 * HOUR, "exception:1", "purchase_order:1"),
    ]

    found = stalled(database, clock, [ORDER, *told])

    assert causes(found)[str(FIRST)].code == "exception"


@pytest.mark.database
def test_a_receipt_is_looked_for_on_the_order_however_far_up_it_is(database: Database, clock: ManualClock) -> None:
    posted = fact(
        "b", "goods_receipt.posted", MONDAY - 300 * HOUR, "goods_receipt:1", "purchase_order:1", flow_type="three_way"
    )
    received = fact("c", "invoice.received", MONDAY - 300 * HOUR, "invoice:1", "goods_receipt:1", flow_type="three_way")

    publish_hours(database)
    found = stalled(database, clock, [ORDER, posted, received], Filters(MONDAY + 8 * HOUR))

    (match,) = [stall for stall in found if stall.handoff == "invoice_to_match"]
    assert (match.journey, match.cause.code) == (FIRST, "waiting_on")


@pytest.mark.database
def test_what_is_missing_where_no_order_is_known_is_missing_on_the_document_itself(
    database: Database, clock: ManualClock
) -> None:
    received = fact("c", "invoice.received", MONDAY - 300 * HOUR, "invoice:1", flow_type="three_way")

    publish_hours(database)
    found = stalled(database, clock, [received], Filters(MONDAY + 8 * HOUR))

    (match,) = [stall for stall in found if stall.handoff == "invoice_to_match"]
    assert match.cause.evidence[0] == Evidence(
        "missing", event_type="goods_receipt.posted", object=ObjectRef("invoice", "1")
    )


@pytest.mark.database
def test_a_missing_receipt_is_named_until_it_is_posted(database: Database, clock: ManualClock) -> None:
    facts = [
        fact("a", "invoice.received", MONDAY - 300 * HOUR, "invoice:1", "purchase_order:1", flow_type="three_way"),
        fact("b", "goods_receipt.posted", MONDAY + 9 * HOUR, "goods_receipt:1", "purchase_order:1"),
    ]
    publish_hours(database)
    before = stalled(database, clock, facts, Filters(as_of=MONDAY + 8 * HOUR, handoff=("invoice_to_match",)))
    after = stalled(database, clock, [], Filters(as_of=MONDAY + 9 * HOUR, handoff=("invoice_to_match",)))

    assert causes(before)["invoice:1"].code == "missing_prerequisite"
    assert causes(before)["invoice:1"].summary == "No goods receipt"
    assert causes(before)["invoice:1"].evidence == (
        Evidence("missing", event_type="goods_receipt.posted", object=FIRST),
        Evidence("event", "erp", MONDAY - 300 * HOUR, "invoice.received", "a", object=ObjectRef("invoice", "1")),
    )
    assert causes(after)["invoice:1"].code == "waiting_on"


@pytest.mark.database
def test_a_failure_on_what_is_waited_for_explains_the_wait(database: Database, clock: ManualClock) -> None:
    publish_hours(database)
    waiting = fact("a", "invoice.received", MONDAY - 300 * HOUR, "invoice:1", "purchase_order:1", flow_type="three_way")
    lost = {"error": "receipt lost", "service": "inventory-adapter", "integration": "inventory"}
    store_span(database, "purchase_order:1", MONDAY - 100 * HOUR, trace=1, **lost)
    store_span(database, "purchase_order:1", MONDAY - 90 * HOUR, trace=2, error="no", integration="analytics")

    (stall,) = stalled(database, clock, [waiting], replace(LATER, handoff=("invoice_to_match",)))

    assert stall.cause.summary == "inventory-adapter fails: receipt lost"
    assert [each.object for each in stall.cause.evidence] == [FIRST]


@pytest.mark.database
def test_the_evidence_is_the_same_in_any_order_of_arrival_and_however_often_it_is_told(
    database: Database, clock: ManualClock
) -> None:
    second = fact("b", "purchase_order.created", MONDAY, "purchase_order:2")
    raised = [
        fact(key, "exception.raised", MONDAY + HOUR, f"exception:{key}", "purchase_order:2", integration=key)
        for key in ("x", "y")
    ]
    for trace in (31, 30, 31):
        store_span(database, "purchase_order:1", MONDAY + HOUR, error=f"no {trace}", trace=trace)
    once = causes(stalled(database, clock, [ORDER, second, *raised]))

    store_span(database, "purchase_order:1", MONDAY + HOUR, error="no 30", trace=30)
    again = causes(stalled(database, clock, [*reversed(raised), second, ORDER]))

    assert [each.trace_id for each in once["purchase_order:1"].evidence] == [f"{31:032x}"]
    assert [each.event_id for each in once["purchase_order:2"].evidence] == ["x"]
    assert again == once


@pytest.mark.database
def test_of_several_things_that_are_missing_the_first_of_the_model_is_named(
    database: Database, clock: ManualClock
) -> None:
    def need(event: str) -> Need:
        return Need(event=event, on="purchase_order", summary=f"No {event}")

    handoff = P2P.handoffs["invoice_to_match"].model_copy(
        update={"needs": (need("purchase_order.created"), need("goods_receipt.posted"), need("purchase_order.synced"))}
    )
    model = P2P.model_copy(update={"handoffs": {"invoice_to_match": handoff}})
    publish_hours(database)
    facts = ("invoice.received", MONDAY - 300 * HOUR, "invoice:1", "purchase_order:1")
    store(database, [ORDER, fact("i", *facts, flow_type="three_way")])
    Correlator(database, model, clock).tick()

    (stall,) = Stalls(database, [model]).page(LATER).items

    assert (stall.cause.code, stall.cause.summary) == ("missing_prerequisite", "No goods_receipt.posted")


@pytest.mark.database
def test_what_is_on_a_page_has_the_same_causes_as_among_all_stalls(database: Database, clock: ManualClock) -> None:
    """Every cause at once: a page reasons about its own stalls alone, a list by cause about all of them together."""
    publish_registry(database, Registry(integrations={"wms": Integration(name="WMS", heartbeat="2h")}), clock)
    orders = [fact(f"o{n}", "purchase_order.created", MONDAY + n * HOUR, f"purchase_order:{n}") for n in range(1, 5)]
    synced = fact("w", "purchase_order.synced", MONDAY, "purchase_order:9", flow_type="three_way", integration="wms")
    billed = fact("i", "invoice.received", MONDAY - 300 * HOUR, "invoice:1", "purchase_order:9", flow_type="three_way")
    raised = fact("x", "exception.raised", MONDAY + 2 * HOUR, "exception:1", "purchase_order:2", reason="tax_variance")
    store_span(database, "purchase_order:3", MONDAY + 4 * HOUR, error="503 from ERP", trace=30)
    store_span(database, "purchase_order:9", MONDAY + HOUR, error="lost", integration="inventory", trace=31)
    publish_hours(database)

    first = stalled(database, clock, [*orders, synced, billed, raised], Filters(MONDAY + 70 * HOUR))

    stalls = Stalls(database, [P2P])
    everything = stalls.page(Filters(MONDAY + 70 * HOUR), sort="cause").items
    assert {each.cause.code for each in first} >= {"integration_failure", "exception", "waiting_on"}
    assert sorted(map(str, first)) == sorted(map(str, everything))
    assert [each.total for each in (stalls.page(Filters(MONDAY + 70 * HOUR), limit=2, cursor="2"),)] == [len(first)]

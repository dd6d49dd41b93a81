"""What is stalled, and why: each cause, their order, groups, and `as_of`."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from support.facts import MONDAY, Fact, fact, store, store_span

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import MisuseError
from core.filters import Filters
from core.integrations import Integrations
from core.registry import Integration, Registry, publish_registry
from core.vocabulary import ObjectRef
from correlator.causes import Cause, Evidence
from correlator.model import Need, load_models
from correlator.stalls import Stall, Stalls
from correlator.tick import Correlator

(P2P,) = load_models(["procure-to-pay"])
HOUR = timedelta(hours=1)
LATER = Filters(as_of=MONDAY + 30 * HOUR)
FIRST = ObjectRef("purchase_order", "1")
ORDER = fact("a", "purchase_order.created", MONDAY, "purchase_order:1", facility="mercy", amount=Decimal(100))


def stalled(database: Database, clock: ManualClock, facts: list[Fact], filters: Filters = LATER) -> list[Stall]:
    store(database, facts)
    Correlator(database, P2P, clock).tick()
    return list(Stalls(database, [P2P]).page(filters).items)


def causes(stalls: list[Stall]) -> dict[str, Cause]:
    return {str(stall.object): stall.cause for stall in stalls}


@pytest.mark.database
def test_an_open_handoff_past_its_due_time_is_stalled(database: Database, clock: ManualClock) -> None:
    (stall,) = stalled(database, clock, [ORDER])

    assert (stall.handoff, str(stall.object), stall.facility, stall.amount) == (
        "order_to_erp",
        "purchase_order:1",
        "mercy",
        Decimal(100),
    )
    assert (stall.due_at, stall.overdue_seconds) == (MONDAY + HOUR, 29 * 3600)
    assert (stall.cause.code, stall.cause.summary) == ("waiting_on", "Waiting on ERP integration team")
    assert stall.cause.evidence == (Evidence("event", "erp", MONDAY, "purchase_order.created", "a", object=FIRST),)


@pytest.mark.database
def test_being_due_exactly_now_is_not_a_breach(database: Database, clock: ManualClock) -> None:
    on_time = stalled(database, clock, [ORDER], Filters(as_of=MONDAY + HOUR))
    just_past = stalled(database, clock, [], Filters(as_of=MONDAY + HOUR + timedelta(microseconds=1)))

    assert (len(on_time), len(just_past)) == (0, 1)


@pytest.mark.database
def test_what_happened_after_as_of_has_not_happened_yet(database: Database, clock: ManualClock) -> None:
    closed = fact("b", "purchase_order.synced", MONDAY + 20 * HOUR, "purchase_order:1")
    before = stalled(database, clock, [ORDER, closed], Filters(as_of=MONDAY + 19 * HOUR))
    after = stalled(database, clock, [], Filters(as_of=MONDAY + 20 * HOUR))

    assert [stall.handoff for stall in before] == ["order_to_erp"]
    assert "order_to_erp" not in [stall.handoff for stall in after]


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
    store_span(database, "purchase_order:1", MONDAY - 100 * HOUR, error="receipt lost", service="inventory-adapter")

    (stall,) = stalled(database, clock, [waiting], replace(LATER, handoff=("invoice_to_match",)))

    assert stall.cause.summary == "inventory-adapter fails: receipt lost"
    assert [each.object for each in stall.cause.evidence] == [FIRST]


@pytest.mark.database
def test_one_cause_is_one_group_with_its_blast_radius(database: Database, clock: ManualClock) -> None:
    second = fact(
        "b", "purchase_order.created", MONDAY + HOUR, "purchase_order:2", facility="grace", amount=Decimal("50.5")
    )
    third = fact("c", "payment.executed", MONDAY, "payment:1", facility="grace", amount=Decimal(7))
    stalled(database, clock, [ORDER, second, third])

    groups = {group.signature: group for group in Stalls(database, [P2P]).groups(LATER)}
    summary = Stalls(database, [P2P]).summary(LATER)

    erp = groups["waiting_on:procure-to-pay:order_to_erp"]
    assert (erp.count, erp.amounts, erp.facilities) == (2, {"USD": Decimal("150.5")}, ("grace", "mercy"))
    assert erp.since == MONDAY + HOUR
    assert (erp.journeys, [each.event_id for each in erp.evidence]) == (2, ["a", "b"])
    assert len(groups) == 2
    assert (summary.stalls, summary.facilities, summary.amounts) == (3, 2, {"USD": Decimal("157.5")})


@pytest.mark.database
def test_a_stalled_document_that_journeys_share_touches_them_all(database: Database, clock: ManualClock) -> None:
    invoices = [fact(f"i{n}", "invoice.received", MONDAY, f"invoice:{n}", f"purchase_order:{n}") for n in range(40)]
    run = fact("run", "payment.executed", MONDAY, "payment:1", *(f"invoice:{n}" for n in range(40)))
    stalled(database, clock, [*invoices, run])

    reflected = next(g for g in Stalls(database, [P2P]).groups(LATER) if g.evidence[0].event_id == "run")

    assert (reflected.count, reflected.journeys) == (1, 40)


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
def test_what_is_stalled_in_one_journey_is_told_by_itself(database: Database, clock: ManualClock) -> None:
    other = fact("b", "purchase_order.created", MONDAY, "purchase_order:2")
    stalled(database, clock, [ORDER, other])
    stalls = Stalls(database, [P2P])

    assert [stall.object for stall in stalls.of_journey(FIRST, LATER.as_of)] == [FIRST]
    assert stalls.of_journey(FIRST, MONDAY) == ()
    assert stalls.of_journey(ObjectRef("purchase_order", "9"), LATER.as_of) == ()


@pytest.mark.database
def test_the_same_money_counts_once_in_the_amount_at_risk(database: Database, clock: ManualClock) -> None:
    facts = [
        ORDER,  # 100
        fact("i1", "invoice.posted", MONDAY, "invoice:1", "purchase_order:1", amount=Decimal(60)),
        fact("i2", "invoice.posted", MONDAY, "invoice:2", "purchase_order:1", amount=Decimal(60)),
        fact("p", "payment.executed", MONDAY, "payment:1", "invoice:1", amount=Decimal(60)),
        fact("o", "purchase_order.created", MONDAY, "purchase_order:2", amount=Decimal(7)),
    ]
    publish_hours(database)
    as_of = Filters(as_of=MONDAY + 500 * HOUR)
    stalled(database, clock, facts, as_of)
    stalls = Stalls(database, [P2P])

    assert stalls.summary(as_of).stalls == 5
    assert stalls.summary(as_of).amounts == {"USD": Decimal(120 + 7)}
    orders = next(group for group in stalls.groups(as_of) if group.handoffs == ("order_to_erp",))
    assert orders.amounts == {"USD": Decimal(107)}


@pytest.mark.database
def test_pages_follow_each_other_without_gap_or_repeat(database: Database, clock: ManualClock) -> None:
    facts = [
        fact(f"e{n}", "purchase_order.created", MONDAY + n * timedelta(minutes=1), f"purchase_order:{n}")
        for n in range(7)
    ]
    stalled(database, clock, facts)
    stalls, cursor, seen = Stalls(database, [P2P]), None, []

    while True:
        page = stalls.page(LATER, limit=3, cursor=cursor)
        seen += [stall.object.id for stall in page.items]
        assert page.total == 7
        cursor = page.next_cursor
        if cursor is None:
            break

    assert seen == [str(n) for n in range(7)]


@pytest.mark.database
def test_filters_narrow_by_what_a_stall_is_about(database: Database, clock: ManualClock) -> None:
    other = fact("b", "purchase_order.created", MONDAY, "purchase_order:2", facility="grace", criticality="low")
    stalled(database, clock, [ORDER, other])
    stalls = Stalls(database, [P2P])

    def ids(**fields: tuple[str, ...]) -> list[str]:
        return [stall.object.id for stall in stalls.page(replace(LATER, **fields)).items]

    assert ids(facility=("grace",)) == ["2"]
    assert ids(criticality=("low",)) == ["2"]
    assert ids(cause=("silence",)) == []
    assert ids(cause=("waiting_on",), facility=("mercy", "grace")) == ["1", "2"]


@pytest.mark.parametrize("cursor", ["-1", "x", "²", "9" * 40])
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(MisuseError, match="not a cursor"):
        Stalls(None, []).page(LATER, cursor=cursor)  # type: ignore[arg-type]  # refused before the store is asked


def publish_hours(database: Database) -> None:
    """Weekdays 08:00-17:00 UTC through March 2026, as "always@UTC", the calendar of an unknown facility."""
    day, worked, rows = datetime(2026, 2, 2, tzinfo=UTC), 0, []
    while day < datetime(2026, 4, 1, tzinfo=UTC):
        if day.weekday() < 5:
            rows.append(("always@UTC", day.replace(hour=8), day.replace(hour=17), worked, len(rows), MONDAY))
            worked += 9 * 3600
        day += timedelta(days=1)
    database.insert(
        "business_hours", ("calendar", "opens_at", "closes_at", "worked_before", "day_index", "published_at"), rows
    )

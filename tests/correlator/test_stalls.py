"""What is stalled: its order, filters, groups, money, and `as_of`."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from support.at_risk import AT_RISK, facts_at_risk
from support.facts import MONDAY, fact
from support.stalled import FIRST, HOUR, LATER, ORDER, P2P, publish_hours, stalled

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import MisuseError
from core.filters import Filters
from core.vocabulary import ObjectRef
from correlator.causes import Evidence
from correlator.stalls import Stalls


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
def test_what_several_journeys_share_is_at_risk_once(database: Database, clock: ManualClock) -> None:
    facts = facts_at_risk()
    publish_hours(database)
    as_of = Filters(as_of=MONDAY + 500 * HOUR)
    stalled(database, clock, facts, as_of)
    stalls = Stalls(database, [P2P])

    found = {
        story: stalls.summary(replace(as_of, supplier=(f"s{case}",))).amounts for case, story in enumerate(AT_RISK)
    }
    assert found == {
        story: {key: Decimal(value) for key, value in risk.items()} for story, (_, risk) in AT_RISK.items()
    }


@pytest.mark.database
def test_what_several_journeys_share_is_at_risk_once_in_its_group(database: Database, clock: ManualClock) -> None:
    """Five orders; the fourth invoice is over two of them, and both payments are of the first invoice."""
    facts = [
        *(
            fact(f"i{n}", "invoice.posted", MONDAY, f"invoice:{n}", f"purchase_order:{n}", amount=300)
            for n in (1, 2, 3)
        ),
        fact("i4", "invoice.posted", MONDAY, "invoice:4", "purchase_order:4", "purchase_order:5", amount=50),
        fact("p1", "payment.executed", MONDAY, "payment:1", "invoice:1", "invoice:2", "invoice:3", amount=900),
        fact("p2", "payment.executed", MONDAY, "payment:2", "invoice:1", "invoice:4", amount=60),
    ]
    publish_hours(database)
    as_of = Filters(as_of=MONDAY + 500 * HOUR)
    stalled(database, clock, facts, as_of)

    groups = Stalls(database, [P2P]).groups(as_of)

    assert {each.handoffs: (each.count, each.journeys, each.amounts) for each in groups} == {
        ("posting_to_release",): (4, 5, {"USD": Decimal(950)}),
        ("payment_to_reporting",): (2, 5, {"USD": Decimal(960)}),
    }


@pytest.mark.database
def test_what_is_judged_as_standard_is_found_as_standard(database: Database, clock: ManualClock) -> None:
    levels = {"1": "standard", "2": "", "3": "low", "4": "clinical-critical", "5": "urgent"}
    facts = [
        fact(f"o{number}", "purchase_order.created", MONDAY, f"purchase_order:{number}", criticality=level)
        for number, level in levels.items()
    ]
    stalled(database, clock, facts)
    stalls = Stalls(database, [P2P])

    def found(*chosen: str) -> tuple[set[str], int]:
        filters = replace(LATER, criticality=chosen)
        return {stall.object.id for stall in stalls.page(filters).items}, stalls.summary(filters).open_handoffs

    assert found("standard") == ({"1", "2", "5"}, 3)
    assert found("low", "urgent") == ({"3", "5"}, 2)
    assert stalls.choices(LATER.as_of)["criticality"] == ["clinical-critical", "low", "standard", "urgent"]


@pytest.mark.database
def test_money_that_comes_back_is_not_at_risk(database: Database, clock: ManualClock) -> None:
    memos = [fact(f"m{n}", "credit_memo.received", MONDAY, f"credit_memo:{n}", amount=Decimal(-50)) for n in (1, 2)]
    publish_hours(database)
    as_of = Filters(as_of=MONDAY + 500 * HOUR)
    alone = stalled(database, clock, memos, as_of)
    stalls = Stalls(database, [P2P])
    assert [stall.amount for stall in alone] == [Decimal(-50), Decimal(-50)]
    assert (stalls.summary(as_of).stalls, stalls.summary(as_of).amounts) == (2, {})

    stalled(database, clock, [fact("m3", "credit_memo.received", MONDAY, "credit_memo:3", amount=Decimal(7))], as_of)

    assert stalls.summary(as_of).amounts == stalls.groups(as_of)[0].amounts == {"USD": Decimal(7)}


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
    assert (stalls.page(LATER, cursor="1000").items, stalls.page(LATER, cursor="1000").total) == ((), 7)


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

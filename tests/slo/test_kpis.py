from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.event_rows import Touch, store_touches, supersede

from core.clickhouse import Database
from core.filters import Filters
from slo.kpis import KPIS, Kpi, Kpis

pytestmark = pytest.mark.database

START = datetime(2026, 2, 1, 8, tzinfo=UTC)
FILTERS = Filters(as_of=datetime(2026, 3, 4, 12, tzinfo=UTC))


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def received(invoice: str, at: float = 0, facility: str = "", flow_type: str = "") -> Touch:
    return Touch("invoice.received", day(at), (f"invoice:{invoice}",), facility=facility, flow_type=flow_type)


def matched(invoice: str, at: float) -> Touch:
    return Touch("invoice.matched", day(at), (f"invoice:{invoice}",))


def paid(payment: str, at: float, *invoices: str) -> Touch:
    return Touch("payment.executed", day(at), (f"payment:{payment}", *[f"invoice:{i}" for i in invoices]))


def excepted(invoice: str, at: float) -> Touch:
    return Touch("exception.raised", day(at), (f"exception:E-{invoice}-{at}", f"invoice:{invoice}"))


def kpi(database: Database, key: str, filters: Filters = FILTERS) -> Kpi:
    return Kpis(database).one(key, filters)


def test_every_kpi_says_what_it_is_and_has_no_value_where_nothing_happened(database: Database) -> None:
    found = Kpis(database).all(FILTERS)

    assert [k.key for k in found] == [definition.key for definition in KPIS]
    assert all(k.title and k.definition and k.exclusions and k.source for k in found)
    assert {k.key: k.value for k in found if k.value} == {}
    assert {k.value for k in found} == {None}
    assert all(k.not_measured == f"not measured: no event states {k.needs}" for k in found if k.needs)


def test_cycle_time_is_the_median_from_first_receipt_to_first_payment(database: Database) -> None:
    store_touches(
        database,
        *[received(i) for i in "abc"],
        received("a", 1),  # received again: the first counts
        paid("P1", 4, "a", "b"),
        paid("P2", 9, "c", "a"),
        received("never paid"),
        paid("P3", 3, "never received"),
        received("paid before it came", 5),
        paid("P4", 4, "paid before it came"),
    )

    found = kpi(database, "invoice_cycle_time")

    assert (found.value, found.denominator) == (4, 3)
    behind = Kpis(database).items("invoice_cycle_time", FILTERS, part="denominator")
    with_open_ones = Kpis(database).items("invoice_cycle_time_all", FILTERS, part="denominator")
    assert {item.object.id for item in behind.items} == {"a", "b", "c"}
    assert (behind.total, with_open_ones.total) == (3, 4)


def test_cycle_time_with_open_invoices_says_at_least_while_too_few_are_paid(database: Database) -> None:
    store_touches(database, *[received(i) for i in "abcd"], paid("P1", 2, "a"))

    found = kpi(database, "invoice_cycle_time_all", replace(FILTERS, as_of=day(10)))

    assert (found.value, found.at_least, found.numerator, found.denominator) == (None, 10, 1, 4)


def test_cycle_time_with_open_invoices_counts_them_as_still_running(database: Database) -> None:
    # By hand: two of four paid on days 2 and 5, one open since day 7 only (three days), one voided on day 1.
    # Shares paid: day 1 none of 4 (one voided: 3/4 go on); day 2: 3/4 · 1/3 = 1/4; day 3 one leaves unseen;
    # day 5: 3/4 · 2/3 · 1/1 = 1/2, in all 3/4.
    store_touches(
        database,
        *[received(i) for i in "abd"],
        received("c", 7),
        paid("P1", 2, "a"),
        paid("P2", 5, "b"),
        Touch("invoice.voided", day(1), ("invoice:d",)),
    )

    found = kpi(database, "invoice_cycle_time_all", replace(FILTERS, as_of=day(10)))

    assert (found.value, found.at_least) == (5, None)


def test_the_same_payment_executed_twice_is_two_payments(database: Database) -> None:
    store_touches(database, paid("P1", 1, "a", "b"), paid("P1", 2, "a"), paid("P2", 3, "a"))

    assert (kpi(database, "invoices_paid_more_than_once").value, kpi(database, "surplus_payments").value) == (1, 2)
    assert (
        kpi(database, "invoices_paid_more_than_once").denominator,
        kpi(database, "surplus_payments").denominator,
    ) == (2, 4)


def test_a_payment_stored_twice_is_one_payment(database: Database) -> None:
    store_touches(database, paid("P1", 1, "a"))
    store_touches(database, paid("P1", 1, "a"))

    assert kpi(database, "surplus_payments").value == 0


def test_of_an_event_told_in_two_versions_only_the_one_that_holds_counts(database: Database) -> None:
    store_touches(database, received("a"), paid("P1", 2, "a"), replace(paid("P1", 6, "a"), event_id="other version"))

    assert kpi(database, "surplus_payments").value == 1
    supersede(database, "other version", day(7))
    assert (kpi(database, "surplus_payments").value, kpi(database, "invoice_cycle_time").value) == (0, 2)


def test_a_match_is_first_pass_unless_an_exception_came_before_it(database: Database) -> None:
    store_touches(
        database,
        *[matched(i, 2) for i in "abcd"],
        excepted("b", 1),
        excepted("c", 3),
        excepted("not matched", 1),
        received("d", flow_type="two_way"),
        received("a", flow_type="three_way"),
    )

    found = kpi(database, "first_pass_match_rate")

    assert (found.numerator, found.denominator, found.value) == (2, 3, pytest.approx(2 / 3))


def test_figures_stand_as_of_the_instant_asked_for(database: Database) -> None:
    store_touches(database, received("a"), paid("P1", 2, "a"), paid("P2", 6, "a"))

    assert kpi(database, "surplus_payments", replace(FILTERS, as_of=day(5))).value == 0
    assert kpi(database, "surplus_payments", replace(FILTERS, as_of=day(6))).value == 1


def test_filters_choose_invoices_by_what_their_own_events_say(database: Database) -> None:
    store_touches(
        database,
        received("a", facility="east"),
        received("b", facility="west"),
        replace(paid("P1", 3, "a", "b"), facility="headquarters"),
        paid("P2", 5, "b"),
    )

    assert kpi(database, "invoice_cycle_time", replace(FILTERS, facility=("east",))).denominator == 1
    assert kpi(database, "surplus_payments", replace(FILTERS, facility=("west",))).value == 1
    assert kpi(database, "surplus_payments", replace(FILTERS, facility=("headquarters",))).value is None

"""KPIs that rest on what invoices state beyond their moments, each worked by hand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any

import pytest
from support.facts import Fact, fact, store

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import MisuseError, NotFoundError
from core.filters import Filters
from core.registry import Facility, Registry, publish_registry
from slo.day_ends import publish_day_ends
from slo.kpi_rules import COMPANY_FORMS, KpiRules, one_of
from slo.kpis import Kpi, Kpis

pytestmark = pytest.mark.database

START = datetime(2026, 2, 1, 8, tzinfo=UTC)
AS_OF = datetime(2026, 3, 4, 12, tzinfo=UTC)
FILTERS = Filters(as_of=AS_OF)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def received(invoice: str, at: float = 0, says: dict[str, str] | None = None, **fields: Any) -> Fact:
    said = tuple((says or {}).items())
    return fact(f"received {invoice}", "invoice.received", day(at), f"invoice:{invoice}", attributes=said, **fields)


def told(event_type: str, invoice: str, at: float, **fields: Any) -> Fact:
    return fact(f"{event_type} {invoice} {at}", event_type, day(at), f"invoice:{invoice}", **fields)


def paid(invoice: str, at: float) -> Fact:
    return fact(f"paid {invoice} {at}", "payment.executed", day(at), f"payment:P-{invoice}", f"invoice:{invoice}")


def kpi(database: Database, key: str, filters: Filters = FILTERS, **fields: Any) -> Kpi:
    return Kpis(database, **fields).one(key, filters)


def bill(  # noqa: PLR0917 - what an invoice says, in the order of the rule
    invoice: str, at: float, reference: str, dated: str, value: str, supplier: str
) -> Fact:
    return received(
        invoice, at, {"reference": reference, "document_date": dated}, amount=Decimal(value), supplier=supplier
    )


def counted(database: Database, key: str, part: str = "numerator", **fields: Any) -> dict[str, str]:
    return {
        item.object.id: item.note for item in Kpis(database, **fields).items(key, FILTERS, part=part, limit=500).items
    }


def test_of_invoices_that_are_equal_in_all_four_the_later_ones_are_duplicates(database: Database) -> None:
    store(
        database,
        [
            bill("a", 1, "R-10044", "2026-01-30", "100.00", "V-7"),
            bill("b", 2, "R-10044", "2026-01-30", "100.00", "V-7"),
            bill("c", 3, "r-10044 ", "2026-01-30", "100", "V-7"),
            bill("another day", 4, "R-10044", "2026-01-31", "100.00", "V-7"),
            bill("another value", 4, "R-10044", "2026-01-30", "100.01", "V-7"),
            bill("another supplier", 4, "R-10044", "2026-01-30", "100.00", "V-8"),
        ],
    )

    found = kpi(database, "duplicate_invoices")

    assert counted(database, "duplicate_invoices") == {"b": "equals invoice a", "c": "equals invoice a"}
    assert (found.value, found.numerator, found.denominator) == (2, 2, 6)
    assert found.amounts == {"USD": Decimal(200)}


def test_three_equal_and_a_supplier_that_is_only_written_otherwise_is_a_duplicate(database: Database) -> None:
    store(
        database,
        [
            bill("a", 1, "R-10044", "2026-01-30", "100", "Acme Medical, Inc."),
            bill("b", 2, "R-10044", "2026-01-30", "100", "ACME MEDICAL"),
            bill("c", 3, "R-10044", "2026-01-30", "100", "Acme Dental Inc"),
        ],
    )

    assert counted(database, "duplicate_invoices") == {
        "b": "as invoice a, whose supplier is written Acme Medical, Inc."
    }


def test_a_reference_may_differ_by_three_characters_of_a_long_one_and_by_none_of_a_short_one(
    database: Database,
) -> None:
    store(
        database,
        [
            bill("a", 1, "INV-2026-00017", "2026-01-30", "100", "V-7"),
            bill("three others", 2, "INV-2026-00A2B7", "2026-01-30", "100", "V-7"),
            bill("four others", 3, "XYZ-2026-00A17", "2026-01-30", "100", "V-7"),
            bill("short", 4, "12", "2026-02-01", "100", "V-7"),
            bill("as short", 5, "13", "2026-02-01", "100", "V-7"),
            bill("alike by another supplier", 6, "INV-2026-00018", "2026-01-30", "100", "V-8"),
        ],
    )

    assert counted(database, "duplicate_invoices") == {
        "three others": "as invoice a, whose reference is INV-2026-00017"
    }


def test_duplicates_among_many_are_those_that_comparing_each_with_each_finds(database: Database) -> None:
    rng = Random(7)  # noqa: S311 - bills, not secrets
    stems = [f"{rng.choice('ABC')}{rng.randint(10000, 10030)}" for _ in range(20)]
    suppliers = ("Acme Inc.", "ACME", "Bolt GmbH", "Bolt & Co", "V-9")
    bills = [
        (
            f"i{n:03}",
            n / 10,
            rng.choice(stems),
            f"2026-01-{rng.randint(10, 12)}",
            rng.choice("123"),
            rng.choice(suppliers),
        )
        for n in range(240)
    ]
    store(database, [bill(*each) for each in bills])

    expected = {
        later[0]
        for earlier, later in product(bills, bills)
        if earlier[1] < later[1] and earlier[3:5] == later[3:5] and repeats(earlier[2], later[2], earlier[5], later[5])
    }
    assert len(expected) > 40
    assert set(counted(database, "duplicate_invoices")) == expected


def repeats(reference: str, other: str, supplier: str, another: str) -> bool:
    """Celonis' rule, by the textbook's table of edit distances and a list of names instead of a pattern."""
    alike = {"Acme Inc.": "acme", "ACME": "acme", "Bolt GmbH": "bolt", "Bolt & Co": "bolt"}
    if reference == other:
        return alike.get(supplier, supplier) == alike.get(another, another)
    return supplier == another and distance(reference, other) <= 3 - (max(len(reference), len(other)) <= 6)


def distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        above, row[0] = row[0], place
        for column, against in enumerate(other, start=1):
            above, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, above + (letter != against))
    return row[-1]


def test_a_voided_invoice_repeats_nothing_and_is_repeated_by_nothing(database: Database) -> None:
    store(
        database,
        [
            bill("a", 1, "R-10044", "2026-01-30", "100", "V-7"),
            told("invoice.voided", "a", 1.5),
            bill("b", 2, "R-10044", "2026-01-30", "100", "V-7"),
        ],
    )

    assert kpi(database, "duplicate_invoices").numerator == 0


def test_an_invoice_that_says_less_cannot_be_compared_and_is_counted_as_such(database: Database) -> None:
    store(
        database,
        [
            received("no reference", 1, {"document_date": "2026-01-30"}, amount=Decimal(5), supplier="V-7"),
            received("no amount", 1, {"document_date": "2026-01-30", "reference": "R-1"}, supplier="V-7"),
        ],
    )

    found = kpi(database, "duplicate_invoices")

    assert (found.value, found.denominator, found.lacking) == (None, 0, 2)
    assert found.not_measured.startswith("not measured: no event states `reference`")
    assert set(counted(database, "duplicate_invoices", "lacking")) == {"no reference", "no amount"}


def test_what_a_description_says_of_an_invoice_counts_and_the_newest_word_holds(database: Database) -> None:
    says = {"reference": "R-10044", "document_date": "2026-01-30"}
    store(
        database,
        [
            bill("a", 1, "R-10044", "2026-01-30", "100", "V-7"),
            received("b", 2, {"reference": "typo"}, amount=Decimal(100), supplier="V-7"),
            fact("d", "object.described", day(3), "invoice:b", attributes=tuple(says.items())),
        ],
    )

    assert counted(database, "duplicate_invoices") == {"b": "equals invoice a"}
    assert kpi(database, "duplicate_invoices", Filters(as_of=day(2.5))).numerator == 0


def due(database: Database, clock: ManualClock) -> None:
    """Publish two facilities of different zones."""
    place = {"kind": "hospital", "region": "r", "calendar": "always"}
    registry = Registry(
        facilities={
            "east": Facility(name="East", time_zone="America/New_York", **place),
            "west": Facility(name="West", time_zone="America/Los_Angeles", **place),
        }
    )
    publish_registry(database, registry, clock)
    publish_day_ends(database, [each.time_zone for each in registry.facilities.values()], clock, date(2027, 1, 1))


def test_a_due_date_lasts_until_its_day_ends_at_the_facility(database: Database, clock: ManualClock) -> None:
    due(database, clock)
    says = {"due_date": "2026-02-10"}
    store(
        database,
        [
            received("west", 0, says, facility="west"),  # the day ends at 08:00 UTC
            received("east", 0, says, facility="east"),  # at 05:00 UTC
            received("nowhere", 0, says),  # at midnight UTC
            *[paid(each, 9 + 23 / 24) for each in ("west", "east", "nowhere")],  # 11 February, 07:00 UTC
        ],
    )

    found = kpi(database, "on_time_payment")

    assert set(counted(database, "on_time_payment")) == {"west"}
    assert (found.numerator, found.denominator) == (1, 3)


def test_unpaid_invoices_past_their_due_date_are_late_and_those_not_yet_due_are_undecided(database: Database) -> None:
    store(
        database,
        [
            received("in time", 0, {"due_date": "2026-02-10"}), paid("in time", 3),
            received("late", 0, {"due_date": "2026-02-10T08:00:00Z"}), paid("late", 9.01),
            received("on the second", 0, {"due_date": "2026-02-10T08:00:00Z"}), paid("on the second", 9),
            received("never", 0, {"due_date": "2026-02-10"}),
            received("not yet due", 0, {"due_date": "2026-04-10"}),
            received("voided", 0, {"due_date": "2026-02-10"}), told("invoice.voided", "voided", 1),
            received("says nothing", 0), paid("says nothing", 1),
        ],
    )  # fmt: skip

    found = kpi(database, "on_time_payment")

    assert (found.numerator, found.denominator, found.lacking) == (2, 4, 1)
    assert counted(database, "on_time_payment", "denominator")["late"] == "paid 1 days after it was due"
    assert kpi(database, "on_time_payment", Filters(as_of=day(5))).denominator == 1


def test_a_discount_is_captured_by_a_payment_on_its_last_day_and_lost_a_day_later(database: Database) -> None:
    offer = {"discount": "12.50", "discount_until": "2026-02-10"}
    store(
        database,
        [
            received("taken", 0, offer), paid("taken", 9.5),
            received("lost", 0, offer), paid("lost", 10.5),
            received("lapsed", 0, {**offer, "discount": "7.5"}),
            received("can still be had", 0, {**offer, "discount_until": "2026-04-01"}),
            received("none", 0), paid("none", 1),
        ],
    )  # fmt: skip

    found = kpi(database, "discounts_captured")

    assert (found.numerator, found.denominator, found.lacking) == (1, 3, 1)
    assert (found.amounts, found.amounts_of) == ({"USD": Decimal("12.5")}, {"USD": Decimal("32.5")})


def test_a_person_on_the_way_to_posting_makes_an_invoice_touched(database: Database) -> None:
    store(
        database,
        [
            *posted("touchless"),
            *posted("coded"), told("invoice.coded", "coded", 1, actor="ann.lee"),
            *posted("by a batch job"), told("invoice.coded", "by a batch job", 1, actor="BATCH_07"),
            *posted("marker"), told("invoice.due_date_set", "marker", 1, actor="ann.lee"),
            *posted("goods"), fact("g", "goods_receipt.posted", day(1), "goods_receipt:G", "invoice:goods", actor="dock"),
            *posted("paid by hand"), told("invoice.payment_unblocked", "paid by hand", 3, actor="ann.lee"),
            *posted("scanned by hand", by="ann.lee"),
            received("says nobody"), told("invoice.posted", "says nobody", 2),
            received("not posted", actor="ann.lee"),
        ],
    )  # fmt: skip

    found = kpi(database, "touch_rate")

    assert set(counted(database, "touch_rate", "denominator")) - set(counted(database, "touch_rate")) == {"coded"}
    assert (found.numerator, found.denominator, found.lacking) == (6, 7, 1)
    assert found.closed_only


def posted(invoice: str, by: str = "svc-ap") -> Iterator[Fact]:
    yield received(invoice, actor=by)
    yield told("invoice.posted", invoice, 2, actor="svc-erp")


def test_who_is_a_system_is_a_setting(database: Database) -> None:
    store(database, [*posted("a"), told("invoice.coded", "a", 1, actor="coder-9000")])

    assert kpi(database, "touch_rate").numerator == 0
    assert kpi(database, "touch_rate", rules=KpiRules(system_actors=("svc-*", "CODER-????"))).numerator == 1


def test_touchless_is_told_apart_by_flow_type(database: Database) -> None:
    store(
        database,
        [
            *[told("invoice.noted", each, 0.5, flow_type=flow) for each, flow in (("a", "two_way"), ("b", "non_po"))],
            *posted("a"), *posted("b"), told("invoice.approved", "b", 1, actor="budget.owner"),
        ],
    )  # fmt: skip

    found = Kpis(database).breakdown("touch_rate", "flow_type", FILTERS)

    assert {each.key: (each.numerator, each.denominator) for each in found} == {"two_way": (1, 1), "non_po": (0, 1)}


def test_days_payable_outstanding_is_what_is_owed_over_what_is_bought_a_day(database: Database) -> None:
    # By hand: owed 400 + 500; received within 90 days 400 + 200: 900 / (600 / 90) = 135 days.
    store(
        database,
        [
            received("owed", 0, amount=Decimal(400)),
            received("paid", 0, amount=Decimal(200)), paid("paid", 3),
            received("owed for long", -80, amount=Decimal(500)),
            received("paid long ago", -80, amount=Decimal(900)), paid("paid long ago", -70),
            received("voided", 0, amount=Decimal(9000)), told("invoice.voided", "voided", 1),
            received("says no amount", 0),
        ],
    )  # fmt: skip

    found = kpi(database, "days_payable_outstanding")

    assert found.value == pytest.approx(135)
    assert (found.amounts, found.amounts_of, found.lacking) == ({"USD": Decimal(900)}, {"USD": Decimal(600)}, 1)


def test_days_payable_outstanding_adds_no_currencies_up(database: Database) -> None:
    store(database, [received("a", 0, amount=Decimal(1)), received("b", 0, amount=Decimal(1), currency="CAD")])

    assert kpi(database, "days_payable_outstanding").value is None


def test_an_exception_counts_whether_or_not_it_is_resolved(database: Database) -> None:
    store(
        database,
        [
            *[received(each) for each in "abc"],
            fact("x", "exception.raised", day(1), "exception:X", "invoice:a"),
            fact("y", "exception.resolved", day(2), "exception:X", "invoice:a"),
        ],
    )

    found = kpi(database, "exception_rate")

    assert (found.numerator, found.denominator) == (1, 3)


def test_the_documents_behind_a_figure_come_in_pages_and_say_how_many_they_are(database: Database) -> None:
    store(database, [received(str(number), number / 10) for number in range(7)])

    first = Kpis(database).items("exception_rate", FILTERS, part="denominator", limit=3)
    last = Kpis(database).items("exception_rate", FILTERS, part="denominator", limit=3, cursor="6")

    assert [item.object.id for item in first.items] == ["6", "5", "4"]
    assert (first.total, first.next_cursor, last.total, last.next_cursor) == (7, "3", 7, None)


def test_the_documents_of_one_value_of_a_breakdown_are_chosen_by_it(database: Database) -> None:
    store(database, [received("a", facility="east"), received("b", facility="west"), received("c")])

    def of(facility: str) -> list[str]:
        page = Kpis(database).items("exception_rate", FILTERS, part="denominator", by="facility", value=facility)
        return [item.object.id for item in page.items]

    assert (of("east"), of("")) == (["a"], ["c"])


def test_what_does_not_exist_is_refused_by_name(database: Database) -> None:
    kpis = Kpis(database)

    with pytest.raises(NotFoundError, match="no KPI 'touchrate'; did you mean 'touch_rate'"):
        kpis.one("touchrate", FILTERS)
    with pytest.raises(MisuseError, match="touch_rate is not told apart by 'colour'"):
        kpis.breakdown("touch_rate", "colour", FILTERS)
    with pytest.raises(MisuseError, match="'half' is no part of a KPI"):
        kpis.items("touch_rate", FILTERS, part="half")


def test_a_pattern_of_actors_matches_whole_names_only() -> None:
    assert one_of(("svc-*", "a.b")) == r"^(?i:svc\-.*|a\.b)$"
    assert COMPANY_FORMS.endswith("$")

"""Data-quality findings: what cannot be is counted for the integration that told it, what can is not."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from support.facts import Fact, fact, store

from collector.signals import CLOUDEVENTS, LOGS, TRACES
from core.clickhouse import Database
from core.clock import ManualClock, SystemClock
from core.errors import MisuseError
from core.filters import Filters
from core.registry import Registry, publish_registry
from correlator.findings import KINDS, Finding, Findings, parse_window
from correlator.loading import load_models
from correlator.tick import Correlator

pytestmark = pytest.mark.database
MODELS = load_models(["procure-to-pay"])
TENTH = datetime.fromisoformat("2026-02-10T09:00:00Z")
AS_OF = TENTH + timedelta(days=5)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KINDS_OF_EVENTS = ("impossible_order", "orphan_object", "future_time")


def told(name: str, event_type: str, at: datetime, *objects: str, **fields: object) -> Fact:
    """Return an event that arrived a minute after it happened, unless it says otherwise."""
    return fact(name, event_type, at, *objects, **{"received_at": at + timedelta(minutes=1), **fields})


def found_in(database: Database, facts: Sequence[Fact], kind: str, **chosen: tuple[str, ...]) -> list[Finding]:
    store(database, facts)
    filters = Filters(as_of=AS_OF, **chosen)
    return Findings(database, MODELS).all(filters, kinds=[kind])


def invoice(number: int, received: datetime, posted: datetime, **fields: object) -> list[Fact]:
    """Return an invoice that was matched on receipt at AP, and posted at the ERP."""
    of_ap, ref = {"integration": "ap", **fields}, f"invoice:I{number}"
    return [
        told(f"r{number}", "invoice.received", received, ref, **of_ap),
        told(f"m{number}", "invoice.matched", received, ref, **of_ap),
        told(f"p{number}", "invoice.posted", posted, ref, **({"integration": "erp"} | fields)),
    ]


def test_a_step_before_all_that_must_come_before_it_is_counted_once_for_who_told_it(database: Database) -> None:
    early, sound = invoice(1, TENTH, TENTH - HOUR), invoice(2, TENTH, TENTH + HOUR)

    (finding,) = found_in(database, [*early, *sound], "impossible_order")

    assert (finding.integration, finding.found, finding.checked) == ("erp", 1, 2)
    (example,) = finding.examples
    assert (example.event_id, str(example.object)) == ("p1", "invoice:I1")
    assert example.note == "before invoice.matched of 2026-02-10 09:00 UTC from ap"


def test_steps_at_one_moment_and_steps_without_the_one_before_are_in_order(database: Database) -> None:
    facts = [*invoice(1, TENTH, TENTH), told("p2", "invoice.posted", TENTH, "invoice:I2", integration="erp")]

    assert found_in(database, facts, "impossible_order") == []


def test_a_second_cycle_does_not_make_the_first_impossible(database: Database) -> None:
    again = told("r9", "invoice.matched", TENTH + 2 * HOUR, "invoice:I1", integration="ap")

    assert found_in(database, [*invoice(1, TENTH, TENTH + HOUR), again], "impossible_order") == []


def test_a_step_whose_predecessor_came_long_before_the_window_is_in_order(database: Database) -> None:
    long_ago = TENTH - timedelta(days=300)
    matched = told("m0", "invoice.matched", long_ago, "invoice:I1", integration="ap")

    assert found_in(database, [matched, *invoice(1, TENTH + HOUR, TENTH)], "impossible_order") == []


def test_what_happens_after_its_arrival_is_found_and_a_clock_five_minutes_ahead_is_not(database: Database) -> None:
    ahead = [
        fact("e1", "invoice.received", TENTH, "invoice:I1", received_at=TENTH - timedelta(minutes=6)),
        fact("e2", "invoice.received", TENTH, "invoice:I2", received_at=TENTH - timedelta(minutes=5)),
    ]

    (finding,) = found_in(database, ahead, "future_time")

    assert (finding.integration, finding.found, finding.checked) == ("erp", 1, 2)
    assert finding.examples[0].event_id == "e1"


def test_times_before_business_hours_begin_are_ancient(database: Database) -> None:
    old = datetime.fromisoformat("1999-12-31T23:59:59Z")
    facts = [
        fact("e1", "invoice.received", old, "invoice:I1", received_at=TENTH),
        fact("e2", "invoice.received", old + timedelta(seconds=1), "invoice:I2", received_at=TENTH),
    ]

    (finding,) = found_in(database, facts, "ancient_time")

    assert (finding.found, finding.examples[0].event_id) == (1, "e1")


def test_records_refused_for_their_time_are_counted_beside_the_facts(database: Database) -> None:
    columns = ("quarantined_at", "integration", "signal", "reason", "detail", "record", "request_id")
    database.insert(
        "quarantine",
        columns,
        [
            [TENTH, "erp", LOGS.name, "too_old", "1948-01-26", "one", "q1"],
            [TENTH, "erp", LOGS.name, "too_old", "1948-01-26", "one", "q1"],
            [TENTH, "erp", CLOUDEVENTS.name, "too_far_ahead", "2091-01-26", "one", "q4"],
            [TENTH, "erp", LOGS.name, "bad_amount", "x", "two", "q2"],
            [TENTH, "erp", TRACES.name, "too_old", "1948-01-26", "three", "q3"],
        ],
    )

    (finding,) = found_in(database, [], "refused_time")

    assert (finding.integration, finding.found, finding.examples[0].object) == ("erp", 2, None)
    assert found_in(database, [], "refused_time", facility=("MWEST",)) == []


def test_an_event_told_again_with_other_content_is_counted_and_changes_no_other_count(
    database: Database, clock: ManualClock
) -> None:
    first = told("e1", "invoice.received", TENTH, "invoice:I1")
    other = told("e1", "invoice.received", TENTH, "invoice:I1", reason="x", version=1, received_at=TENTH + HOUR)
    store(database, [first, other, first])
    Correlator(database, MODELS[0], clock).rebuild()

    (finding,) = found_in(database, [], "conflicting_duplicate")

    assert (finding.integration, finding.found, finding.examples[0].event_id) == ("erp", 1, "e1")


def test_facilities_are_unknown_by_key_and_alias_where_any_is_known(database: Database, clock: ManualClock) -> None:
    facts = [
        told("e1", "invoice.received", TENTH, "invoice:I1", facility="MWEST"),
        told("e2", "invoice.received", TENTH, "invoice:I2", facility="0860001"),
        told("e3", "invoice.received", TENTH, "invoice:I3", facility="NOWHERE"),
        told("e4", "invoice.received", TENTH, "invoice:I4"),
    ]
    before = found_in(database, facts, "unknown_facility")
    known = Registry.model_validate({"facilities": {"MWEST": {"name": "Mercy West", "aliases": ["0860001"]}}})
    publish_registry(database, known, clock)

    (finding,) = found_in(database, [], "unknown_facility")

    assert before == []
    assert (finding.found, finding.checked, finding.examples[0].note) == (1, 3, "NOWHERE")


def test_suppliers_are_unknown_where_suppliers_are_told_of(database: Database) -> None:
    facts = [
        told("e1", "invoice.received", TENTH, "invoice:I1", supplier="V-1"),
        told("e2", "invoice.received", TENTH, "invoice:I2", supplier="V-2"),
    ]
    before = found_in(database, facts, "unknown_supplier")

    (finding,) = found_in(database, [told("e3", "supplier.created", TENTH, "supplier:V-1")], "unknown_supplier")

    assert before == []
    assert (finding.found, finding.checked, finding.examples[0].note) == (1, 2, "V-2")


def test_an_object_that_is_only_ever_named_is_an_orphan_until_it_speaks(database: Database) -> None:
    named = told("e1", "invoice.received", TENTH, "invoice:I1", "purchase_order:4711", "supplier:V-1")

    (finding,) = found_in(database, [named], "orphan_object")
    spoken = found_in(database, [told("e2", "purchase_order.created", TENTH, "purchase_order:4711")], "orphan_object")

    assert (finding.integration, finding.found, finding.checked) == ("erp", 1, 2)
    assert str(finding.examples[0].object) == "purchase_order:4711"
    assert spoken == []


def test_what_was_told_of_at_another_facility_is_no_orphan_of_this_one(database: Database) -> None:
    east, west = {"facility": "mercy-east"}, {"facility": "mercy-west"}
    facts = [
        told("e1", "purchase_order.created", TENTH, "purchase_order:1", **west),
        told("e2", "invoice.received", TENTH, "invoice:1", "purchase_order:1", "purchase_order:2", **east),
        told("e3", "invoice.received", TENTH, "invoice:2", "purchase_order:3", **west),
    ]

    (finding,) = found_in(database, facts, "orphan_object", facility=("mercy-east",))

    assert (finding.found, finding.checked) == (1, 3)
    assert [str(each.object) for each in finding.examples] == ["purchase_order:2"]


def test_an_object_that_speaks_or_is_described_under_another_of_its_ids_is_no_orphan(
    database: Database, clock: ManualClock
) -> None:
    now = SystemClock().now()
    named = [
        fact(f"n{order}", "invoice.received", now, f"invoice:I{order}", f"purchase_order:{order}") for order in "123"
    ]
    spoken = fact("s1", "purchase_order.created", now, "purchase_order:SAAS-1")
    described = fact("s2", "object.described", now, "purchase_order:SAAS-2")
    same = [fact(f"i{n}", "object.same_as", now, f"purchase_order:{n}", f"purchase_order:SAAS-{n}") for n in "123"]
    store(database, [*named, spoken, described, *same])
    findings, at = Findings(database, MODELS), Filters(as_of=now + DAY)

    (before,) = findings.all(at, kinds=["orphan_object"])
    Correlator(database, MODELS[0], clock).rebuild()
    (after,) = findings.all(at, kinds=["orphan_object"])

    assert before.found == 3
    assert [str(example.object) for example in after.examples] == ["purchase_order:3"]


def test_an_object_without_an_anchor_is_a_finding_after_seven_days_unless_it_needs_none(
    database: Database, clock: ManualClock
) -> None:
    store(
        database,
        [
            told("e1", "invoice.received", AS_OF - 8 * DAY, "invoice:I1"),
            told("e2", "invoice.received", AS_OF - 6 * DAY, "invoice:I2"),
            told("e3", "invoice.received", AS_OF - 8 * DAY, "invoice:I3", flow_type="non_po"),
            told("e4", "invoice.received", AS_OF - 8 * DAY, "invoice:I4", "purchase_order:4711"),
            told("e5", "requisition.created", AS_OF - 8 * DAY, "requisition:R5"),  # becomes an order, or stalls
        ],
    )
    Correlator(database, MODELS[0], clock).rebuild()

    (finding,) = found_in(database, [], "no_anchor")

    assert (finding.found, str(finding.examples[0].object)) == (1, "invoice:I1")


def test_events_that_name_too_many_objects_to_say_which_belong_together_are_counted(database: Database) -> None:
    orders, receipts = ([f"{kind}:{n}" for n in range(45)] for kind in ("purchase_order", "goods_receipt"))
    suppliers = [f"supplier:{n}" for n in range(200)]  # which attach to nothing
    payments = [f"payment:{n}" for n in range(45)]  # which attach to invoices, and not to orders
    facts = [
        told("e1", "purchase_order.changed", TENTH, *orders, *receipts),
        told("e2", "purchase_order.changed", TENTH, *orders[:44], *receipts),
        told("e3", "purchase_order.changed", TENTH, *orders, *suppliers, *payments),
        told("e4", "link.withdrawn", TENTH, *orders, *receipts),
    ]

    (finding,) = found_in(database, facts, "too_many_pairs")

    assert (finding.integration, finding.found) == ("erp", 1)
    (example,) = finding.examples
    assert (example.event_id, str(example.object)) == ("e1", "purchase_order:0")
    assert example.note == "45 goods_receipt and 45 purchase_order"


def test_a_promised_time_that_nobody_can_read_is_counted_for_who_told_it(database: Database) -> None:
    order, receipt = "purchase_order:1", "goods_receipt:1"
    facts = [
        told(f"e{number}", "purchase_order.acknowledged", TENTH, order, attributes=(("promised_at", text),))
        for number, text in enumerate(("2026-02-12", "2026-02-12T14:00:00-05:00", " ", "2/12/2026", "2026-02-30"))
    ]
    facts.append(told("e5", "goods_receipt.posted", TENTH, receipt, attributes=(("promised_at", "later"),)))

    (finding,) = found_in(database, facts, "unread_promise")

    assert (finding.integration, finding.found, finding.checked) == ("erp", 2, 4)
    assert [(each.event_id, each.note) for each in finding.examples] == [
        ("e3", "promised_at: 2/12/2026"),
        ("e4", "promised_at: 2026-02-30"),
    ]


def test_a_promised_time_that_is_a_number_is_one_that_nobody_can_read(database: Database) -> None:
    store(database, [told("e0", "purchase_order.created", TENTH, "purchase_order:1")])
    for number, (kind, value) in enumerate((("int", "20260212"), ("float", "1.771e9"), ("bool", "true")), 1):
        # The builders tell texts: what is sent as a number lies in a column of its own.
        database.execute(
            f"""INSERT INTO events SELECT * REPLACE ('e{number}' AS event_id, map('promised_at', {value}) AS attributes_{kind})
                FROM (SELECT * FROM events WHERE event_id = 'e0')"""
        )

    (finding,) = Findings(database, MODELS).all(Filters(as_of=AS_OF), kinds=["unread_promise"])

    assert (finding.found, finding.checked) == (3, 3)
    notes = ["promised_at: 20260212", "promised_at: 1771000000", "promised_at: true"]
    assert [each.note for each in finding.examples] == notes


def test_what_is_shown_of_a_promised_time_is_cut_between_characters(database: Database) -> None:
    attributes = (("promised_at", "x" * 99 + "éé"),)
    facts = [told("e1", "purchase_order.acknowledged", TENTH, "purchase_order:1", attributes=attributes)]

    (finding,) = found_in(database, facts, "unread_promise")

    assert [each.note for each in finding.examples] == ["promised_at: " + "x" * 99 + "é"]


def test_so_is_one_that_a_description_tells_where_nothing_is_filtered(database: Database) -> None:
    order, promised = "purchase_order:1", (("promised_at", "soon"),)
    store(database, [told("d1", "object.described", TENTH, order, attributes=promised)])
    findings, now = Findings(database, MODELS), SystemClock().now()  # descriptions are dated by when they were stored

    (finding,) = findings.all(Filters(as_of=now), kinds=["unread_promise"])

    assert [(each.event_id, str(each.object), each.note) for each in finding.examples] == [
        ("d1", order, "promised_at: soon")
    ]
    assert findings.all(Filters(as_of=now, supplier=("V-1",)), kinds=["unread_promise"]) == []


def test_what_is_said_to_be_the_same_as_an_object_of_another_type_is_counted(database: Database) -> None:
    facts = [
        told("e1", "object.same_as", TENTH, "purchase_order:1", "purchase_order:A1"),
        told("e2", "object.same_as", TENTH, "purchase_order:1", "invoice:1", "purchase_order:B1"),
    ]

    (finding,) = found_in(database, facts, "other_type")

    assert (finding.integration, finding.found, finding.checked) == ("erp", 1, 2)
    (example,) = finding.examples
    assert (example.event_id, str(example.object), example.note) == ("e2", "purchase_order:1", "the same as invoice:1")


def test_what_was_received_outside_the_window_or_elsewhere_is_not_counted(database: Database) -> None:
    store(database, [*invoice(1, TENTH, TENTH - HOUR, facility="MWEST")])
    findings = Findings(database, MODELS)

    def kinds(window: str, **chosen: tuple[str, ...]) -> set[str]:
        return {finding.kind for finding in findings.all(Filters(as_of=AS_OF, **chosen), window, kinds=KINDS_OF_EVENTS)}

    assert kinds("24h") == set()
    assert "impossible_order" in kinds("7d")
    assert "impossible_order" in kinds("7d", facility=("MWEST",))
    assert kinds("7d", facility=("MEAST",)) == set()
    assert findings.all(Filters(as_of=TENTH - DAY), "7d") == []


def test_a_window_that_there_is_not_is_refused() -> None:
    assert parse_window(None) == "30d"
    with pytest.raises(MisuseError, match="7d"):
        parse_window("1h")


def test_every_kind_says_what_it_counts() -> None:
    assert all(kind.title and kind.meaning.endswith(".") for kind in KINDS.values())

"""Senders have other names for types and events: what is derived is what it would be had they used the model's own."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from support.correlation_oracle import cycles, in_own_words, memberships
from support.derived import clear, snapshot, stored_cycles, stored_memberships
from support.facts import DESCRIBED, MONDAY, Fact, fact, store, store_span

from collector.lookup import Lookup
from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from core.problems import WrongDefinitionError
from core.vocabulary import ObjectRef
from correlator.families import Families
from correlator.journeys import Journeys
from correlator.loading import load_models
from correlator.model import JourneyModel
from correlator.naming_views import publish_names, statements
from correlator.own_names import OwnNames, own_names
from correlator.stalls import Stalls
from correlator.tick import Correlator

HOUR = timedelta(hours=1)
TYPES = {"po": "purchase_order", "order": "purchase_order", "grn": "goods_receipt", "Bill": "invoice"}
EVENTS = {"grn.made": "goods_receipt.posted", "INVOIC": "invoice.received"}


def model(*, aliases: bool = True) -> JourneyModel:
    """Return a model of orders, receipts and invoices; with `aliases`, under other names as well."""
    kinds: dict[str, dict[str, Any]] = {
        "purchase_order": {},
        "goods_receipt": {"attaches_via": ["purchase_order"]},
        "invoice": {"attaches_via": ["goods_receipt", "purchase_order"], "references": {"po_number": "purchase_order"}},
    }
    for sent, own in TYPES.items() if aliases else ():
        kinds[own].setdefault("aliases", []).append(sent)
    return JourneyModel.model_validate(
        {
            "model": "tested",
            "version": 1,
            "title": "Tested",
            "anchor": "purchase_order",
            "objects": kinds,
            "events": {"aliases": EVENTS if aliases else {}},
            "milestones": {"ordered": {"title": "Ordered", "event": "purchase_order.created"}},
            "handoffs": {
                "receipt": {
                    "title": "Receipt",
                    "on": "purchase_order",
                    "start": ["purchase_order.created"],
                    "stop": ["goods_receipt.posted"],
                    "target": {"standard": "4h"},
                },
                "posting": {
                    "title": "Posting",
                    "on": "invoice",
                    "start": ["invoice.received", {"event": "goods_receipt.posted", "of": "goods_receipt"}],
                    "stop": ["invoice.posted"],
                    "reopen_on": ["invoice.unposted"],
                    "due_from": "promised_at",
                    "target": {"standard": "1h"},
                    "needs": [{"event": "goods_receipt.posted", "on": "purchase_order", "summary": "No receipt"}],
                },
            },
        }
    )


def told() -> list[Fact]:
    """Return events in the words of three senders: orders known by two ids, links stated, referred to and withdrawn."""
    promised = (("promised_at", "2026-03-03T09:00:00Z"),)
    return [
        fact("e01", "po.created", MONDAY, "po:17", "Bill:B1", facility="MWEST"),
        fact("e02", "purchase_order.created", MONDAY, "purchase_order:18"),
        fact("e03", "order.created", MONDAY, "order:19"),
        fact("e04", "grn.made", MONDAY + HOUR, "grn:G1", "po:17"),
        fact("e05", "goods_receipt.posted", MONDAY + 2 * HOUR, "goods_receipt:G2", "order:18"),
        fact("e06", "INVOIC", MONDAY + 3 * HOUR, "Bill:B1", "grn:G1", attributes=promised),
        fact("e07", "invoice.received", MONDAY + HOUR, "invoice:B2", attributes=(("po_number", "order:18"),)),
        fact("e08", "Bill.received", MONDAY + HOUR, "Bill:B3", attributes=(("po_number", '["po:17", "19"]'),)),
        fact("e09", "object.same_as", MONDAY, "po:19", "purchase_order:X19"),
        fact("e10", "order.changed", MONDAY + HOUR, "order:X19", "Bill:B4"),
        fact("e11", "link.withdrawn", MONDAY + 4 * HOUR, "grn:G2", "purchase_order:18"),
        fact("e12", "Bill.posted", MONDAY + 5 * HOUR, "Bill:B1"),
        fact("e13", "invoice.unposted", MONDAY + 6 * HOUR, "invoice:B1"),
        fact("e14", DESCRIBED, MONDAY, "Bill:B5", "po:17", attributes=promised),
        fact("e15", "Bill.received", MONDAY + HOUR, "Bill:B5"),
        fact("e16", "supplier.created", MONDAY, "supplier:V1", "po:17", "purchase_order:17"),
        fact("e17", "object.same_as", MONDAY, "po:21", "po:22"),
        fact("e18", "link.withdrawn", MONDAY + HOUR, "order:21", "order:22"),
        fact("e19", "po.created", MONDAY + HOUR, "po:22", "grn:G1"),
    ]


def derived(database: Database, clock: ManualClock, facts: Iterable[Fact], *, aliases: bool) -> dict[str, Any]:
    publish_names(database, own_names([model(aliases=aliases)]))
    store(database, facts)
    Correlator(database, model(aliases=aliases), clock).rebuild()
    return snapshot(database)


def forget(database: Database) -> None:
    stored = "SELECT name FROM system.tables WHERE database = currentDatabase() AND total_rows > 0"
    for table in database.rows(f"{stored} AND name != 'schema_migrations'"):
        clear(database, table["name"])


@pytest.fixture
def renamed(database: Database) -> Iterator[Database]:
    """A database that is read under other names, and by its own again when the test is over."""
    yield database
    publish_names(database, OwnNames())


@pytest.mark.database
def test_what_is_derived_speaks_of_own_names_however_it_was_sent(renamed: Database, clock: ManualClock) -> None:
    expected = derived(renamed, clock, in_own_words(model(), told()), aliases=False)
    forget(renamed)

    found = derived(renamed, clock, told(), aliases=True)

    assert found == expected
    assert stored_memberships(renamed) == memberships(model(), in_own_words(model(), told()))
    assert stored_cycles(renamed) == cycles(model(), in_own_words(model(), told()))
    assert len(found["current_links"]) > 5
    assert sent_as_they_were(renamed) == {item.type for item in told()} - {DESCRIBED}

    forget(renamed)
    following = Correlator(renamed, model(), clock)
    following.tick()
    for facts in (told()[12:], told()[5:12], told()[:5]):
        store(renamed, facts)
        following.tick()
    assert snapshot(renamed) == expected


def sent_as_they_were(database: Database) -> set[str]:
    return {row["type"] for row in database.rows("SELECT DISTINCT toString(type) AS type FROM events")}


@pytest.mark.database
def test_names_that_are_given_or_taken_away_derive_everything_anew(renamed: Database, clock: ManualClock) -> None:
    before = derived(renamed, clock, told(), aliases=False)
    publish_names(renamed, own_names([model()]))
    given = Correlator(renamed, model(), clock)

    given.tick()

    between = snapshot(renamed)
    assert stored_memberships(renamed) == memberships(model(), in_own_words(model(), told()))
    assert between != before
    publish_names(renamed, OwnNames())
    Correlator(renamed, model(aliases=False), clock).tick()
    assert snapshot(renamed) == before
    runs = renamed.rows("SELECT changed, derived FROM correlator_runs WHERE kind = 'rebuild' ORDER BY revision")
    assert [run["changed"][:3] for run in runs[1:]] == [["names", "events", "objects.purchase_order.aliases"]] * 2


@pytest.mark.database
def test_a_node_that_reads_under_other_names_is_put_right_by_the_next_tick(
    renamed: Database, clock: ManualClock
) -> None:
    if not renamed.cluster:
        pytest.skip("one engine has one set of views")
    live = Correlator(renamed, model(), clock)
    live.tick()
    for statement in statements(OwnNames(), renamed.name):
        renamed.nodes[-1].execute(statement)

    live.tick()

    assert not publish_names(renamed, own_names([model()]))


@pytest.mark.database
def test_what_another_process_published_is_neither_followed_nor_kept(renamed: Database, clock: ManualClock) -> None:
    expected = derived(renamed, clock, told(), aliases=True)
    forget(renamed)
    following = Correlator(renamed, model(), clock, overlap=timedelta(0))
    following.tick()
    store(renamed, told()[:8])
    following.tick()
    publish_names(renamed, OwnNames())
    store(renamed, told()[8:13])

    following.tick()

    store(renamed, told()[13:])
    publish_names(renamed, OwnNames())
    publish_names(renamed, own_names([model()]))  # as its own process does when it begins anew
    Correlator(renamed, model(), clock, overlap=timedelta(0)).tick()
    assert snapshot(renamed) == expected


@pytest.mark.database
def test_a_further_model_takes_no_statement_of_identity_away(renamed: Database, clock: ManualClock) -> None:
    derived(renamed, clock, told(), aliases=True)
    before = snapshot(renamed)
    renamed.execute("DELETE FROM events WHERE type = 'object.same_as'")  # what retention does in time

    Correlator(renamed, model().model_copy(update={"model": "another"}), clock, names=own_names([model()])).tick()
    Correlator(renamed, model(), clock).rebuild()

    after = snapshot(renamed)
    assert before["identities"]
    assert (after["identities"], after["aliases"]) == (before["identities"], before["aliases"])


@pytest.mark.database
def test_an_event_that_names_one_id_by_two_names_is_told_of_its_subject_in_any_order(
    renamed: Database, clock: ManualClock
) -> None:
    publish_names(renamed, own_names([model()]))
    following = Correlator(renamed, model(), clock, overlap=timedelta(0))
    told_twice = [
        fact("t1", "object.same_as", MONDAY, "po:A", "po:B"),
        fact("t2", "po.created", MONDAY, "po:B", "purchase_order:B", amount=Decimal(100)),
    ]

    store(renamed, told_twice[1:])
    following.tick()
    store(renamed, told_twice[:1])
    following.tick()

    ticked = snapshot(renamed)
    following.rebuild()
    assert snapshot(renamed) == ticked
    assert [row["amount"] for row in renamed.rows("SELECT amount FROM journeys FINAL")] == [Decimal(100)]


@pytest.mark.database
def test_thousands_of_other_names_of_facilities_are_read(renamed: Database) -> None:
    publish_names(renamed, OwnNames(facilities={f"location-{n:06}": f"clinic-{n % 40}" for n in range(5_000)}))

    store(renamed, [fact("x", "po.created", MONDAY, "po:1", facility="location-004999")])

    assert renamed.rows("SELECT toString(facility) AS f FROM current_event_objects") == [{"f": "clinic-39"}]


@pytest.mark.database
def test_an_event_is_told_by_own_names_and_as_it_was_sent(renamed: Database) -> None:
    publish_names(renamed, OwnNames(types=TYPES, facilities={"west": "MWEST"}))
    store(renamed, [fact("e1", "po.created", MONDAY, "po:17", facility="west")])
    store(renamed, [fact("e2", "purchase_order.created", MONDAY, "purchase_order:17", facility="MWEST")])

    (told_otherwise,), (told_so,) = (Lookup(renamed).events(each) for each in ("e1", "e2"))

    assert told_otherwise.objects == told_so.objects == told_so.sent_objects == (ObjectRef("purchase_order", "17"),)
    assert (told_otherwise.sent_type, told_otherwise.sent_objects) == ("po.created", (ObjectRef("po", "17"),))
    assert (told_otherwise.facility, told_otherwise.sent_facility) == ("MWEST", "west")
    assert [told_otherwise.was_renamed, told_so.was_renamed] == [True, False]


@pytest.mark.database
def test_answers_are_found_under_every_name(renamed: Database, clock: ManualClock) -> None:
    derived(renamed, clock, told(), aliases=True)
    store_span(renamed, "Bill:B1", MONDAY + 7 * HOUR, error="refused")
    as_of = MONDAY + timedelta(days=30)
    journeys = Journeys(renamed, [model()])

    found = journeys.journey(ObjectRef("po", "17"), as_of)
    shared = Families(renamed, names=own_names([model()])).family(ObjectRef("order", "17"), as_of)
    stalled = Stalls(renamed, [model()]).page(Filters(as_of=as_of)).items

    assert found.header.root == shared.root == ObjectRef("purchase_order", "17")
    assert journeys.of_object(ObjectRef("Bill", "B4")).roots == (ObjectRef("purchase_order", "19"),)
    assert journeys.ids(ObjectRef("order", "X19")).object == ObjectRef("purchase_order", "19")
    assert found.milestones[0].reached_at == MONDAY
    told_types = {entry.title for entry in found.timeline if entry.kind == "event"}
    assert "goods_receipt.posted" in told_types
    assert not told_types & {item.type for item in told() if item.type.split(".")[0] in {*TYPES, "INVOIC"}}
    (failure,) = [each for each in found.timeline if each.kind == "span"]
    assert failure.object == ObjectRef("invoice", "B1")
    assert {each.object.type for each in stalled} == {"invoice", "purchase_order"}
    assert not {each.object.type for each in stalled} & {*TYPES}


def write(folder: Path, name: str, content: str) -> str:
    (folder / name).write_text(content, encoding="utf-8")
    return str(folder / name)


FIRST = """model: first
version: 1
title: First
anchor: purchase_order
objects:
  purchase_order: {aliases: [po, po, receipt, link]}
  invoice: {attaches_via: [purchase_order], aliases: [bill, second]}
events:
  aliases:
    receipt.made: invoice.received
    INVOIC: invoice.recieved
    object.described: invoice.received
    invoice.received: invoice.posted
    twice: invoice.received
handoffs:
  posting: {title: Posting, on: invoice, start: [invoice.received, bill.received], stop: [invoice.posted]}
"""
SECOND = """model: second
version: 1
title: Second
anchor: receipt
objects:
  receipt: {aliases: [bill]}
events: {aliases: {twice: receipt.made}}
milestones:
  made: {title: Made, event: receipt.made}
"""


def test_names_that_mean_two_things_are_refused_with_their_line(tmp_path: Path) -> None:
    files = [write(tmp_path, "first.yaml", FIRST), write(tmp_path, "second.yaml", SECOND)]

    with pytest.raises(WrongDefinitionError) as raised:
        load_models(files)

    told_of = [str(each).replace(f"{tmp_path}/", "") for each in raised.value.problems]
    for line in (
        "first.yaml:6:34: objects.purchase_order.aliases.1: 'po' is given twice; keep one",
        "objects.purchase_order.aliases.2: 'receipt' is a type of objects of the model 'second' itself; remove it",
        "objects.purchase_order.aliases.3: 'link' is reserved (object.described, object.same_as, link.withdrawn)",
        "first.yaml:7:55: objects.invoice.aliases.0: 'bill' is another name of receipt in the model 'second'; keep one",
        "events.aliases.receipt.made: receipt.made is an event that the model 'second' names itself; remove it",
        "events.aliases.INVOIC: nothing in the model names invoice.recieved; did you mean 'invoice.received'?",
        "events.aliases.object.described: object.described, object.same_as, link.withdrawn are reserved",
        "events.aliases.invoice.received: invoice.received is an event that the model 'first' names itself; remove it",
        "events.aliases.twice: twice is another name of receipt.made in the model 'second'; keep one",
        "handoffs.posting.start.1: bill.received is another name of invoice.received",
        "second.yaml:6:23: objects.receipt.aliases.0: 'bill' is another name of invoice in the model 'first'",
    ):
        assert any(line in each for each in told_of), (line, told_of)


def test_of_a_name_that_is_wrong_the_events_it_would_rename_are_not_told(tmp_path: Path) -> None:
    wrong = SECOND.replace("model: second", "model: wrong").replace("receipt", "lease").replace("[bill]", "[order]")
    files = [write(tmp_path, "wrong.yaml", wrong), write(tmp_path, "order.yaml", SECOND.replace("receipt", "order"))]

    with pytest.raises(WrongDefinitionError) as raised:
        load_models(files)

    assert [str(each).split(": ", 1)[1] for each in raised.value.problems if "aliases.0" in str(each)] == [
        "objects.lease.aliases.0: 'order' is a type of objects of the model 'second' itself; remove it"
    ]
    assert not [each for each in raised.value.problems if "order.made is another name" in str(each)]


def test_two_models_may_give_one_name_to_one_thing(tmp_path: Path) -> None:
    text = SECOND.replace("model: second", "model: third").replace("receipt:", "order:").replace("receipt", "order")
    third = text.replace("anchor: order", "anchor: note").replace(
        "  order:", "  note: {}\n  order: {attaches_via: [note],"
    )
    files = [write(tmp_path, "one.yaml", text), write(tmp_path, "two.yaml", third.replace("[note], {", "[note], "))]
    files[1] = write(tmp_path, "two.yaml", (tmp_path / "two.yaml").read_text().replace("model: third", "model: fourth"))

    models = load_models(files)

    assert own_names(models) == OwnNames({"bill": "order"}, {"twice": "order.made"})


# Who reads facts as they were sent: by their time of storing or id alone, or to show or keep them so.
AS_SENT = {
    "web/waiting_since",
    "alerts/hearing",
    "stallwatch/sent_events",
    "stallwatch/stored_facts",
    *(f"correlator/{name}" for name in ("progress", "touched_window", "insert_superseded", "quarantine_superseded")),
    *(f"correlator/{name}" for name in ("unsettled_versions", "conflicts_to_follow")),
    *(f"correlator/{name}" for name in ("forget_superseded_identity_statements", "count_superseded_in_window")),
    "correlator/count_withdrawals",
    *(f"correlator/view_{name}" for name in ("current_events", "current_statements", "told_events")),
}
FACTS_AS_SENT = re.compile(r"(?:FROM|JOIN) (?:events|event_objects|object_states|span_objects|touched_objects)\b")


def test_whoever_derives_or_answers_reads_own_names() -> None:
    root = Path(__file__).parents[2]
    queries = [
        path
        for room in ("correlator", "slo", "alerts", "web", "stallwatch")
        for path in (root / room).glob("sql/*.sql")
    ]

    reading = {f"{path.parts[-3]}/{path.stem}" for path in queries if FACTS_AS_SENT.search(path.read_text())}

    assert reading - AS_SENT == set()

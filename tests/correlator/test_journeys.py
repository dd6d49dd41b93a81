"""Journeys as of an instant: header, milestones, handoffs, timeline, lists."""

from datetime import timedelta
from decimal import Decimal

import pytest
from support.facts import MONDAY, fact, store, store_span

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import NotFoundError
from core.filters import Filters
from core.vocabulary import ObjectRef
from correlator.journeys import Journeys, JourneysOfObject
from correlator.loading import load_models
from correlator.stalls import Stalls
from correlator.tick import Correlator
from correlator.timeline import Most

(P2P,) = load_models(["procure-to-pay"])
HOUR = timedelta(hours=1)
ORDER = ObjectRef("purchase_order", "1")


@pytest.fixture
def journeys(database: Database, clock: ManualClock) -> Journeys:
    store(
        database,
        [
            fact("a", "purchase_order.created", MONDAY, "purchase_order:1", facility="mercy", amount=Decimal(100)),
            fact("b", "purchase_order.synced", MONDAY + HOUR, "purchase_order:1"),
            fact("c", "invoice.received", MONDAY + 2 * HOUR, "invoice:1", "purchase_order:1", flow_type="two_way"),
            fact("d", "invoice.received", MONDAY + HOUR, "invoice:2", "purchase_order:2", flow_type="two_way"),
            fact("e", "payment.released", MONDAY + 3 * HOUR, "payment:1", "invoice:1", "invoice:2"),
        ],
    )
    store_span(database, "invoice:1", MONDAY + 2 * HOUR, error="timed out", trace=7)
    Correlator(database, P2P, clock).tick()
    return Journeys(database, [P2P])


@pytest.mark.database
def test_a_journey_tells_its_story_in_order(journeys: Journeys) -> None:
    journey = journeys.journey(ORDER, MONDAY + 9 * HOUR)

    assert [(entry.kind, entry.title) for entry in journey.timeline] == [
        ("event", "purchase_order.created"),
        ("event", "purchase_order.synced"),
        ("event", "invoice.received"),
        ("span", "post"),
        ("event", "payment.released"),
    ]
    failed = journey.timeline[3]
    assert (failed.error, failed.trace_id, failed.detail["error"]) == (True, f"{7:032x}", "timed out")
    assert [str(member) for member in journey.members] == ["invoice:1", "payment:1", "purchase_order:1"]


@pytest.mark.database
def test_a_milestone_is_reached_by_the_journeys_own_documents_only(journeys: Journeys) -> None:
    reached = {m.key: m.reached_at for m in journeys.journey(ORDER, MONDAY + 9 * HOUR).milestones}

    assert reached["invoice_received"] == MONDAY + 2 * HOUR
    assert reached["purchase_order_created"] == MONDAY
    assert reached["goods_received"] is None


@pytest.mark.database
def test_standing_earlier_the_later_has_not_happened(journeys: Journeys) -> None:
    journey = journeys.journey(ORDER, MONDAY + HOUR / 2)
    states = {handoff.handoff: handoff.state for handoff in journey.handoffs}

    assert states == {"order_to_erp": "open"}
    assert [entry.title for entry in journey.timeline] == ["purchase_order.created"]
    assert journeys.totals(MONDAY + HOUR / 2).journeys == 1


@pytest.mark.database
def test_an_unknown_or_not_yet_begun_journey_is_not_found(journeys: Journeys) -> None:
    for ref, at in ((ObjectRef("purchase_order", "9"), MONDAY + HOUR), (ORDER, MONDAY - HOUR)):
        with pytest.raises(NotFoundError, match=f"there is no journey {ref} as of"):
            journeys.journey(ref, at)


@pytest.mark.database
def test_an_object_leads_to_every_journey_it_belongs_to(journeys: Journeys) -> None:
    run, models = ObjectRef("payment", "1"), (P2P.model,)

    assert journeys.of_object(run) == JourneysOfObject((ORDER, ObjectRef("purchase_order", "2")), 2, (models, models))
    assert journeys.of_object(run, limit=1) == JourneysOfObject((ORDER,), 2, (models,))
    assert journeys.of_object(run, P2P.model).total == 2
    assert journeys.of_object(run, "another").total == 0
    assert journeys.of_object(ObjectRef("payment", "9")) == JourneysOfObject((), 0)


@pytest.mark.database
def test_lists_filter_and_page(journeys: Journeys) -> None:
    late = Filters(as_of=MONDAY + 9 * HOUR)
    first = journeys.handoffs(late, limit=2)
    rest = journeys.handoffs(late, limit=50, cursor=first.next_cursor)

    assert (first.total, len(first.items) + len(rest.items), rest.next_cursor) == (7, 7, None)
    assert [h.root.id for h in journeys.page(Filters(as_of=late.as_of, facility=("mercy",))).items] == ["1"]
    with_release = Filters(as_of=late.as_of, handoff=("release_to_execution",))
    assert {h.root.id for h in journeys.page(with_release).items} == {"1", "2"}
    assert journeys.page(Filters(as_of=late.as_of, handoff=("payment_to_reporting",))).total == 0


@pytest.mark.database
@pytest.mark.parametrize("at_once", [1, 1000])
def test_a_list_tells_of_each_journey_what_its_own_page_does_at_any_instant(
    journeys: Journeys, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr("correlator.journeys.ASKED_AT_ONCE", at_once)
    unpaid, late = MONDAY + 2 * HOUR, MONDAY + 9 * HOUR
    listed = {at: journeys.page(Filters(as_of=at)).items for at in (MONDAY, MONDAY + HOUR, unpaid, late)}

    for at, headers in listed.items():
        assert headers == tuple(journeys.journey(header.root, at).header for header in headers)
    assert [(header.objects, header.last_event_at) for header in listed[MONDAY]] == [(1, MONDAY)]
    assert [header.objects for header in listed[unpaid]] == [2, 2]
    assert [header.objects for header in listed[late]] == [3, 3]


@pytest.mark.database
def test_beyond_the_last_page_a_list_still_says_how_many_there_are(journeys: Journeys) -> None:
    late = Filters(as_of=MONDAY + 9 * HOUR)

    beyond = [journeys.page(late, cursor="1000"), journeys.handoffs(late, cursor="1000")]

    assert [(page.items, page.next_cursor, page.total) for page in beyond] == [((), None, 2), ((), None, 7)]
    assert journeys.page(Filters(as_of=late.as_of, facility=("nowhere",)), cursor="1000").total == 0


@pytest.mark.database
def test_a_journey_that_is_longer_than_a_page_shows_the_newest_and_says_so(
    journeys: Journeys, database: Database
) -> None:
    store_span(database, "invoice:1", MONDAY + 3 * HOUR, trace=8)
    whole = Journeys(database, [P2P], Most(events=4, traces=2)).journey(ORDER, MONDAY + 9 * HOUR)
    short = Journeys(database, [P2P], Most(events=2, traces=1)).journey(ORDER, MONDAY + 9 * HOUR)

    assert (whole.truncated, len(whole.timeline), len(whole.traces)) == (False, 6, 2)
    assert short.truncated
    assert [(entry.kind, entry.at) for entry in short.timeline] == [
        ("event", MONDAY + 2 * HOUR),
        ("event", MONDAY + 3 * HOUR),
        ("span", MONDAY + 3 * HOUR),
    ]
    assert [trace.trace_id for trace in short.traces] == [f"{8:032x}"]


@pytest.mark.database
def test_of_more_traces_than_a_page_holds_those_that_touched_the_journey_last_are_shown(
    journeys: Journeys, database: Database
) -> None:
    store_span(database, None, MONDAY, trace=8)
    store_span(database, "invoice:1", MONDAY + 4 * HOUR, trace=8, span=2)
    store_span(database, "invoice:1", MONDAY + 3 * HOUR, trace=9)

    most = [Most(events=4, traces=many) for many in (1, 2, 3)]
    found = [Journeys(database, [P2P], each).journey(ORDER, MONDAY + 9 * HOUR) for each in most]

    assert [[int(trace.trace_id, 16) for trace in each.traces] for each in found] == [[8], [8, 9], [8, 7, 9]]
    assert [each.truncated for each in found] == [True, True, False]


@pytest.mark.database
def test_a_root_that_two_models_know_is_a_journey_of_each(database: Database, clock: ManualClock) -> None:
    bills = P2P.model_copy(
        update={
            "model": "z-bills",
            "anchor": "invoice",
            "objects": {"invoice": P2P.objects["purchase_order"]},
            "handoffs": {"to_book": P2P.handoffs["invoice_to_match"].model_copy(update={"target": {"standard": "1h"}})},
        }
    )
    models = [P2P, bills]
    store(database, [fact("d", "invoice.received", MONDAY, "invoice:9", flow_type="two_way")])
    for model in models:
        Correlator(database, model, clock).tick()
    invoice, later = ObjectRef("invoice", "9"), MONDAY + 500 * HOUR
    known, stalls = Journeys(database, models), Stalls(database, models)

    asked = [known.journey(invoice, later, name) for name in ("", "procure-to-pay", "z-bills")]

    assert [journey.header.model for journey in asked] == ["z-bills", "procure-to-pay", "z-bills"]
    assert {journey.known_to for journey in asked} == {("z-bills", "procure-to-pay")}
    assert [stall.handoff for stall in stalls.of_journey(invoice, later, "z-bills")] == ["to_book"]
    with pytest.raises(NotFoundError, match="no journey invoice:9 of the model 'other'"):
        known.journey(invoice, later, "other")


@pytest.mark.database
def test_progress_says_how_far_the_facts_were_followed(journeys: Journeys) -> None:
    progress = journeys.progress()

    assert progress.events == 5
    assert progress.watermark is not None


@pytest.mark.database
def test_a_trace_that_has_no_spans_is_none_of_those_that_are_told(database: Database, clock: ManualClock) -> None:
    store_span(database, "purchase_order:1", MONDAY, trace=5)
    later = [fact(f"n{n}", "purchase_order.changed", MONDAY + n * HOUR, "purchase_order:1", trace=n) for n in (7, 8)]
    store(database, [fact("a", "purchase_order.created", MONDAY, "purchase_order:1"), *later])
    Correlator(database, P2P, clock).tick()

    found = Journeys(database, [P2P], Most(events=9, traces=1)).journey(ORDER, MONDAY + 9 * HOUR)

    assert [each.trace_id for each in found.traces] == [f"{5:032x}"]
    assert not found.truncated

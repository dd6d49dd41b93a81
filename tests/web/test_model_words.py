"""A model in words: targets, conditions and limits as somebody reads them who has never seen its file."""

from typing import Any

import pytest

from correlator.model import JourneyModel
from web.model_words import documents, duration, promises

ON_LEASE = {"title": "To delivery", "on": "lease", "start": ["lease.signed"], "stop": ["delivery.posted"]}


def a_model(**handoff: Any) -> JourneyModel:
    content = {
        "model": "leases",
        "version": 1,
        "title": "Leases",
        "anchor": "lease",
        "objects": {"lease": {}, "delivery": {"title": "Delivery note", "attaches_via": ["lease"]}},
        "handoffs": {"to_delivery": {**ON_LEASE, **handoff}},
    }
    return JourneyModel.model_validate(content)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("30m", "30 minutes"),
        ("1h", "1 hour"),
        ("1bd", "1 business day"),
        ("8bh", "8 business hours"),
        ("90bm", "90 business minutes"),
        ("2w", "2 weeks"),
    ],
)
def test_a_duration_reads_in_words(written: str, words: str) -> None:
    assert duration(written) == words


def test_a_target_that_is_the_same_for_all_is_said_once() -> None:
    same = a_model(target={"clinical-critical": "1bd", "standard": "1bd", "low": "1bd"})
    other = a_model(target={"low": "3bd", "clinical-critical": "4bh"})

    assert promises(same)[0].due == (("Always", "1 business day"),)
    assert promises(other)[0].due == (("Clinical-critical", "4 business hours"), ("Low", "3 business days"))


def test_what_moves_the_due_time_or_ends_a_handoff_is_said() -> None:
    (promise,) = promises(
        a_model(
            target_at={"facilities": {"mercy": {"standard": "3bd"}}},
            calendar="bank@America/New_York",
            due_from="promised_at",
            grace="1bd",
            cancel=["lease.cancelled"],
            pause=["lease.held"],
            resume=["lease.freed"],
            reopen_on=["delivery.reversed"],
            reopen="resume",
            needs=[{"event": "delivery.ordered", "on": "delivery", "summary": "x", "flow_types": ["two_way"]}],
        )
    )

    assert promise.notes == (
        "Due when events promise it (promised at), and 1 business day more; within this where none does",
        "At mercy: standard 3 business days",
        "Business time of the calendar bank in America/New_York",
        "Given up by: Lease cancelled",
        "Stands still from: Lease held",
        "Goes on from: Lease freed",
        "Open again from: Delivery reversed, without the time it was met",
        "Needs first: Delivery ordered for the delivery note (Two way)",
    )


def test_what_a_handoff_is_limited_to_is_said() -> None:
    when = {"amount": {"at_least": 5000, "below": 100_000}, "currency": ["USD"], "reason": ["price_variance"]}
    (promise,) = promises(a_model(when=when, flow_types=["non_po"]))

    assert promise.only == (
        "Flow: Non PO",
        "Currency: USD",
        "Started because of: Price variance",
        "Amount: from 5,000.00 below 100,000.00",
    )


def test_reasons_that_start_nothing_are_said() -> None:
    (promise,) = promises(a_model(when={"reason_not": ["price_variance", "tax_variance"]}))

    assert promise.only == ("Started because of anything but: Price variance, Tax variance",)


def test_events_of_linked_documents_say_whose_they_are() -> None:
    linked = [{"event": "delivery.posted", "of": "delivery", "match": "all", "earlier": True}]
    (promise,) = promises(a_model(stop=linked))

    assert promise.stops == ("Delivery posted of every linked delivery note, also before the start",)


def test_events_of_what_is_linked_through_another_document_say_through_which() -> None:
    leases = a_model().model_dump(exclude_defaults=True)
    objects = {**leases["objects"], "invoice": {"attaches_via": ["lease"]}}
    stop = [{"event": "delivery.posted", "of": "delivery", "through": "lease"}]
    awaited = {"awaited": {"title": "Awaited", "on": "invoice", "start": ["invoice.received"], "stop": stop}}
    (promise,) = promises(JourneyModel.model_validate({**leases, "objects": objects, "handoffs": awaited}))

    assert promise.stops == ("Delivery posted of a linked delivery note through a linked lease",)


def test_acronyms_stay_as_they_are_written_inside_a_sentence() -> None:
    model = a_model(stop=[{"event": "delivery.posted", "of": "delivery"}], due_from="po_date")
    titled = model.objects["delivery"].model_copy(update={"title": "ERP Posting of a PO"})
    (promise,) = promises(model.model_copy(update={"objects": {**model.objects, "delivery": titled}}))

    assert promise.stops == ("Delivery posted of a linked ERP posting of a PO",)
    assert promise.notes == ("Due when events promise it (PO date); within this where none does",)


def test_documents_say_what_they_belong_to() -> None:
    assert [(each.title, each.through) for each in documents(a_model())] == [
        ("Lease", ()),
        ("Delivery note", ("Lease",)),
    ]

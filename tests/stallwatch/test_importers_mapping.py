import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import DefinitionError
from core.vocabulary import ObjectRef
from stallwatch.importers import OcelEvent, OcelObject, OcelReference, load_vocabulary
from stallwatch.importers.log import OcelAttribute
from stallwatch.importers.mapping import Names, event_record, object_records
from stallwatch.importers.values import Value
from stallwatch.importers.vocabulary import slug

NOON = datetime(2024, 3, 4, 12, tzinfo=UTC)
LATER = datetime(2024, 3, 5, 12, tzinfo=UTC)
LATEST = datetime(2024, 3, 6, 12, tzinfo=UTC)


def names(*types: str) -> Names:
    return Names(load_vocabulary(), types)


def event(kind: str, *touched: OcelReference, at: datetime = NOON, **attributes: Value) -> OcelEvent:
    return OcelEvent("event:52", kind, at, tuple(sorted(attributes.items())), touched)


def reference(identifier: str, kind: str, qualifier: str = "") -> OcelReference:
    return OcelReference(identifier, kind, qualifier)


# The table of issue 2 and of the fact sheet: names in the public procure-to-pay log → our vocabulary.
@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Create Purchase Requisition", "requisition.created"),
        ("Approve Purchase Requisition", "requisition.approved"),
        ("Delegate Purchase Requisition Approval", "requisition.delegated"),
        ("Create Request for Quotation", "quotation.requested"),
        ("Create Purchase Order", "purchase_order.created"),
        ("Approve Purchase Order", "purchase_order.approved"),
        ("Create Goods Receipt", "goods_receipt.posted"),
        ("Create Invoice Receipt", "invoice.received"),
        ("Perform Two-Way Match", "invoice.matched"),
        ("Execute Payment", "payment.executed"),
        ("EXECUTE payment", "payment.executed"),
        ("create_purchase_order", "purchase_order.created"),
        ("Ship Package", "ship_package"),
        ("Prüfe Rechnung", "prüfe_rechnung"),
        ("???", "unnamed"),
    ],
)
def test_an_event_type_has_our_name_or_its_own_as_a_slug(theirs: str, ours: str) -> None:
    assert names().event_type(theirs) == ours


@pytest.mark.parametrize(
    ("identifier", "kind", "expected"),
    [
        ("purchase_order:2", "purchase_order", "purchase_order:2"),
        ("purchase_requisition:622:pr_trigger_622", "purchase_requisition", "requisition:622:pr_trigger_622"),
        ("goods receipt:1287", "goods receipt", "goods_receipt:1287"),
        ("invoice receipt:16", "invoice receipt", "invoice:16"),
        ("4500017", "Purchase Order", "purchase_order:4500017"),
        ("payment:", "payment", "payment:payment:"),
        ("order:2", "purchase_order", "purchase_order:order:2"),
        ("C-1", "Delivery Truck", "delivery_truck:C-1"),
    ],
)
def test_an_object_keeps_its_id_but_for_a_leading_type(identifier: str, kind: str, expected: str) -> None:
    assert str(names(kind).ref(reference(identifier, kind))) == expected


def test_two_types_that_are_one_here_keep_their_ids_apart() -> None:
    both = names("purchase_order", "Purchase Order")

    assert both.ref(reference("purchase_order:1", "purchase_order")) == ObjectRef("purchase_order", "purchase_order:1")
    assert both.ref(reference("Purchase Order:1", "Purchase Order")) == ObjectRef("purchase_order", "Purchase Order:1")


def test_the_subject_is_the_only_object_of_the_type_that_the_event_type_begins_with() -> None:
    record = event_record(
        event("Execute Payment", reference("payment:9", "payment"), reference("purchase_order:1", "purchase_order")),
        names(),
        (),
    )

    assert record.subject == ObjectRef("payment", "9")
    assert record.objects == (ObjectRef("payment", "9"), ObjectRef("purchase_order", "1"))


def test_an_event_on_two_objects_of_its_type_has_no_subject() -> None:
    record = event_record(event("Execute Payment", reference("1", "payment"), reference("2", "payment")), names(), ())

    assert record.subject is None


def test_an_object_touched_twice_in_two_roles_is_one_object() -> None:
    record = event_record(
        event("Execute Payment", reference("1", "payment", "a"), reference("1", "payment", "b")), names(), ()
    )

    assert record.subject == ObjectRef("payment", "1")
    assert record.objects == (ObjectRef("payment", "1"),)


def test_the_resource_is_the_actor_and_everything_else_stays_an_attribute() -> None:
    record = event_record(
        event("Create Purchase Order", resource="Procurement", lifecycle="complete", score=0.5), names(), ()
    )

    assert record.fields == {"actor": "Procurement"}
    assert record.attributes == {"lifecycle": "complete", "score": 0.5, "ocel.type": "Create Purchase Order"}


def test_an_attribute_cannot_pose_as_one_of_our_fields() -> None:
    forged: dict[str, Value] = {"stallwatch.event.id": "x", "ocel.type": "y"}

    record = event_record(event("Create Purchase Order", **forged), names(), ())

    assert record.attributes == {
        "log.stallwatch.event.id": "x",
        "log.ocel.type": "y",
        "ocel.type": "Create Purchase Order",
    }


AMOUNTS = (
    OcelAttribute("AmountDMBTR", None, 100.0),
    OcelAttribute("AmountDMBTR", LATER, 250.0),
    OcelAttribute("AmountDMBTR", LATEST, None),
)


@pytest.mark.parametrize(("at", "amount"), [(NOON, 100.0), (LATER, 250.0), (LATEST, 250.0)])
def test_the_amount_is_the_one_in_force_when_the_event_happened(at: datetime, amount: float) -> None:
    record = event_record(event("Execute Payment", reference("payment:9", "payment"), at=at), names(), AMOUNTS)

    assert record.fields == {"amount": amount}


def test_an_amount_first_stated_after_the_event_is_better_than_none() -> None:
    record = event_record(event("Execute Payment", reference("payment:9", "payment")), names(), AMOUNTS[1:])

    assert record.fields == {"amount": 250.0}


def test_an_amount_that_is_no_number_is_not_one() -> None:
    unknown = (OcelAttribute("AmountDMBTR", None, "n/a"),)

    record = event_record(event("Execute Payment", reference("payment:9", "payment")), names(), unknown)

    assert record.fields == {}


def test_the_vendor_of_an_order_is_its_supplier() -> None:
    vendor = (OcelAttribute("VendorEKKOLIFNR", None, "Brake Bosses Ltd"),)

    record = event_record(
        event("Create Purchase Order", reference("purchase_order:2", "purchase_order")), names(), vendor
    )

    assert record.fields == {"supplier": "Brake Bosses Ltd"}


def test_an_object_is_described_with_its_first_values_and_links_when_it_was_first_touched() -> None:
    receipt = OcelObject(
        "goods receipt:74",
        "goods receipt",
        (OcelAttribute("Lines", None, 3), OcelAttribute("Block", None, None)),
        (reference("purchase_order:1", "purchase_order", "Good Receipts of Purchase Order"),),
    )

    (record,) = object_records(receipt, names(), NOON)

    assert (record.id, record.type, record.at) == ("described:goods receipt:74", "object.described", NOON)
    assert record.subject == ObjectRef("goods_receipt", "74")
    assert record.objects == (ObjectRef("goods_receipt", "74"), ObjectRef("purchase_order", "1"))
    assert record.attributes == {
        "Lines": 3,
        "ocel.type": "goods receipt",
        "ocel.qualifiers": json.dumps({"purchase_order:1": ["Good Receipts of Purchase Order"]}),
    }


def test_each_moment_of_change_is_a_description_of_its_own() -> None:
    payment = OcelObject(
        "payment:9",
        "payment",
        (
            OcelAttribute("AmountDMBTR", LATER, 250.0),
            OcelAttribute("Method", LATER, None),
            OcelAttribute("AmountDMBTR", LATEST, 300.0),
        ),
        (),
    )

    first, second, third = object_records(payment, names(), NOON)

    assert first.attributes == {"ocel.type": "payment"}
    assert second.at == LATER
    assert second.attributes == {"AmountDMBTR": 250.0, "ocel.changed": "AmountDMBTR,Method", "ocel.type": "payment"}
    assert third.attributes == {"AmountDMBTR": 300.0, "ocel.changed": "AmountDMBTR", "ocel.type": "payment"}
    assert len({first.id, second.id, third.id}) == 3


def test_two_values_at_one_moment_are_both_kept() -> None:
    twice = (OcelAttribute("AmountDMBTR", LATER, 1.0), OcelAttribute("AmountDMBTR", LATER, 2.0))

    _, one, other = object_records(OcelObject("payment:9", "payment", twice, ()), names(), NOON)

    assert (one.attributes["AmountDMBTR"], other.attributes["AmountDMBTR"]) == (1.0, 2.0)
    assert one.id != other.id


def test_one_value_given_twice_at_one_moment_is_one_change() -> None:
    twice = (OcelAttribute("Block", LATER, None), OcelAttribute("Block", LATER, None))

    assert len(list(object_records(OcelObject("payment:9", "payment", twice, ()), names(), NOON))) == 2


def test_a_slug_is_lower_case_words_joined_by_underscores() -> None:
    assert slug(" Perform  Two-Way/Match ") == "perform_two_way_match"


def test_a_vocabulary_of_ones_own_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("vocabulary: mine\nversion: 1\nevents: {Ship Package: shipment.sent}\n")

    assert Names(load_vocabulary(file), ()).event_type("ship package") == "shipment.sent"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("events: {Ship: sent}", "events.Ship"),
        ("objects: {a b: x, A_B: y}", "two of the names differ only in case"),
        ("event_fields: {resource: boss}", "event_fields.resource"),
        ("colour: red", "colour: unknown key"),
    ],
)
def test_a_wrong_vocabulary_is_named_by_file_and_key(line: str, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(f"vocabulary: mine\nversion: 1\n{line}\n")

    with pytest.raises(DefinitionError) as refused:
        load_vocabulary(file)

    assert str(refused.value).startswith(f"{file}:")
    assert reason in str(refused.value)


def test_an_unknown_vocabulary_lists_the_shipped_ones() -> None:
    with pytest.raises(DefinitionError, match=r"there is no vocabulary 'order-to-cash': .* procure-to-pay"):
        load_vocabulary("order-to-cash")

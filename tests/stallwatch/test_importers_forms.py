import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.ocel_logs import FORMS, Document, small_log, write_log

from stallwatch.importers import Counts, ImportFileError, OcelEvent, OcelObject, OcelReference, open_log
from stallwatch.importers.log import OcelAttribute

ORDER = OcelReference("purchase_order:7", "purchase_order", "purchase_order")
RECEIPT = OcelReference("goods receipt:1:a", "goods receipt", "goods receipt")
EVENTS = [
    OcelEvent(
        "e1",
        "Create Purchase Order",
        datetime(2024, 3, 4, 11, 30, 0, 250_000, tzinfo=UTC),
        (("resource", "Ops\nNight"), ("score", 0.5)),
        (ORDER,),
    ),
    OcelEvent("e2", "Create Goods Receipt", datetime(2024, 3, 5, 10, tzinfo=UTC), (("resource", "Dock"),), (RECEIPT,)),
    OcelEvent(
        "e3",
        "Execute Payment",
        datetime(2024, 3, 9, 8, tzinfo=UTC),
        (),
        (OcelReference("P9", "payment", "payment"), ORDER),
    ),
    OcelEvent("e4", "Close Period", datetime(2024, 3, 31, 23, 59, 59, tzinfo=UTC), (), ()),
]
OBJECTS = [
    OcelObject(
        "P9",
        "payment",
        (OcelAttribute("AmountDMBTR", None, 69300.5),),
        (OcelReference("purchase_order:7", "purchase_order", "order_pm"),),
    ),
    OcelObject(
        "goods receipt:1:a",
        "goods receipt",
        (
            OcelAttribute("Lines", None, 3),
            OcelAttribute("Posted", None, value=False),
            OcelAttribute("Posted", datetime(2024, 3, 5, 10, tzinfo=UTC), value=True),
            OcelAttribute("Lines", datetime(2024, 3, 6, 10, tzinfo=UTC), None),
        ),
        (OcelReference("purchase_order:7", "purchase_order", "Good Receipts of Purchase Order"),),
    ),
    OcelObject(
        "purchase_order:7",
        "purchase_order",
        (OcelAttribute("Group", None, "003"), OcelAttribute("Vendor", None, 'Müller, "Söhne" & Co')),
        (),
    ),
]


def read(path: Path) -> tuple[list[OcelEvent], list[OcelObject]]:
    with open_log(path) as log:
        assert list(log.broken()) == []
        return list(log.events()), list(log.objects())


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_log_reads_as_the_same_log(form: str, tmp_path: Path) -> None:
    path = write_log(small_log(), form, tmp_path)

    events, objects = read(path)

    assert events == EVENTS
    assert objects == OBJECTS
    # True == 1 == 1.0 in Python: the kinds must agree as well
    assert [type(a.value) for o in objects for a in o.attributes] == [
        type(a.value) for o in OBJECTS for a in o.attributes
    ]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_log_is_counted_alike(form: str, tmp_path: Path) -> None:
    path = write_log(small_log(), form, tmp_path)

    with open_log(path) as log:
        counts = log.counts()

    assert counts == Counts(events=4, objects=3, event_object_relations=4, object_object_relations=2)


@pytest.mark.parametrize("form", FORMS)
def test_the_order_of_a_file_does_not_matter(form: str, tmp_path: Path) -> None:
    document = small_log()
    turned: Document = {name: part[::-1] for name, part in reversed(document.items())}

    assert read(write_log(turned, form, tmp_path)) == (EVENTS, OBJECTS)


def test_the_form_is_told_by_content_not_by_the_name_of_the_file(tmp_path: Path) -> None:
    for form in ("json", "xml", "sqlite"):
        path = write_log(small_log(), form, tmp_path)
        renamed = shutil.move(path, tmp_path / f"{form}.txt")

        assert read(renamed)[0] == EVENTS


def test_a_byte_order_mark_is_no_part_of_a_log(tmp_path: Path) -> None:
    for form in ("json", "xml"):
        path = write_log(small_log(), form, tmp_path)
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

        assert read(path)[0] == EVENTS


# The example of https://ocel-standard.org/specification/formats/xml/
PUBLISHED = """<log>
<event-types>
<event-type name="create-order"><attributes><attribute name="total-items" type="integer"/></attributes></event-type>
</event-types>
<object-types>
<object-type name="order"><attributes><attribute name="item" type="integer"/></attributes></object-type>
</object-types>
<events>
<event id="e1" type="create-order" time="2023-10-16T15:30:00Z">
<attributes><attribute name="total-items">1</attribute></attributes>
<objects><relationship object-id="o1" relationship="order"/></objects>
</event>
</events>
<objects>
<object id="o1" type="order"><attributes><attribute name="item" time="1970-01-01T00:00:00Z">1</attribute></attributes></object>
</objects>
</log>
"""


def test_the_published_example_of_the_xml_form_is_read(tmp_path: Path) -> None:
    path = tmp_path / "example.xml"
    path.write_text(PUBLISHED)

    events, objects = read(path)

    at = datetime(2023, 10, 16, 15, 30, tzinfo=UTC)
    assert events == [
        OcelEvent("e1", "create-order", at, (("total-items", 1),), (OcelReference("o1", "order", "order"),))
    ]
    assert objects == [OcelObject("o1", "order", (OcelAttribute("item", None, 1),), ())]


def test_a_changed_value_may_stand_in_a_column_of_its_own(tmp_path: Path) -> None:
    folder = write_log(small_log(), "csv", tmp_path)
    (folder / "object_payment.csv").write_text(
        "ocel_id,ocel_time,AmountDMBTR,new_value,ocel_changed_field\n"
        "P9,1970-01-01T00:00:00Z,1.5,,\n"
        "P9,2024-03-09T08:00:00Z,,2.5,AmountDMBTR\n"
    )

    with open_log(folder) as log:
        attributes = log.attributes_of("P9")

    assert [(a.name, a.value) for a in attributes] == [("AmountDMBTR", 1.5), ("AmountDMBTR", 2.5)]


def test_a_column_with_one_code_that_starts_with_zero_is_text_throughout(tmp_path: Path) -> None:
    folder = write_log(small_log(), "csv", tmp_path)
    (folder / "object_payment.csv").write_text("ocel_id,ocel_time,Code\nP9,1970-01-01,12\nP9,2024-03-09,012\n")

    with open_log(folder) as log:
        attributes = log.attributes_of("P9")

    assert [a.value for a in attributes] == ["12", "012"]


def test_a_link_to_an_object_outside_of_the_log_is_kept_where_its_id_says_its_type(tmp_path: Path) -> None:
    document = small_log()
    document["objects"][2]["relationships"].append({"objectId": "goods receipt:99", "qualifier": "paid"})

    with open_log(write_log(document, "json", tmp_path)) as log:
        assert log.broken_count() == 0
        assert log.counts().links_elsewhere == 1
        assert next(log.objects()).links[0] == OcelReference("goods receipt:99", "goods receipt", "paid")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"hello", "neither JSON, XML, SQLite nor a folder"),
        (b"", "neither JSON, XML, SQLite nor a folder"),
        (b'{"a": 1}', "the list 'eventTypes' is missing"),
        (b'{"ocel:global-log": {}}', "OCEL 1.0"),
        (b'{"events": [}', "log:1: not valid JSON"),
        (b'{"events": [],\n"events": []}', "the key 'events' is given twice"),
        (b'{"events": [\n"\xff"]}', "log:2: not UTF-8"),
        (b'{"events": [NaN]}', "NaN is not JSON"),
        (b"<html></html>", "its root is <html>, not <log>"),
        (b"<log><events></events></log>", "the element <event-types> is missing"),
        (b"<log>\n<events>\n</log>", "log:3: not well-formed XML"),
        (b"<log>\n<events>\xff</events></log>", "log:2: not well-formed XML"),
        (b"SQLite format 3\0 but no more", "cannot read"),
    ],
)
def test_a_file_that_is_no_ocel_log_is_refused_with_the_reason(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(content)

    with pytest.raises(ImportFileError, match="log") as refused, open_log(path):
        pass

    assert reason in str(refused.value)


def test_a_document_type_declaration_is_refused_before_its_entities_can_grow(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xml"
    path.write_text('<?xml version="1.0"?>\n<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n<log>&b;</log>')

    with pytest.raises(ImportFileError, match=r"bomb\.xml:2: a document type declaration"), open_log(path):
        pass


def test_a_path_that_does_not_exist_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match=r"cannot read .*nowhere: No such file"), open_log(tmp_path / "nowhere"):
        pass

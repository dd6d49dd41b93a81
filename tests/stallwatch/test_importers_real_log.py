"""The public procure-to-pay log as its authors published it; what it must hold is in their own answer key."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.ocel_logs import Document, write_log
from support.otlp_sink import OtlpSink, attributes

from stallwatch.importers import ImportReport, import_ocel, load_vocabulary, open_log

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "ocel2-p2p"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the public procure-to-pay log is not at {FOLDER}")

# What the columns hold, by their SAP meaning: prices, quantities and amounts; plants and movement types are numbers
# without leading zeros in this log. Everything else is text, the storage location "0001" above all.
FLOATS = {"NetPriceEKPONETPR", "QuantityEKPOMENGE", "CreditAmountBSEGWRBTR", "DebitAmountBSEGDMBTR", "AmountDMBTR"}
BEGINNING = 1_500  # events
INTEGERS = {"MovementTypeMSEGBWART", "PlantEKPOWERKS"}


@pytest.fixture(scope="module")
def sink() -> OtlpSink:
    return OtlpSink()


@pytest.fixture(scope="module")
def report(sink: OtlpSink) -> ImportReport:
    return import_ocel(FOLDER, sink, vocabulary=load_vocabulary())


def test_nothing_of_the_log_is_lost(report: ImportReport) -> None:
    assert (report.events, report.objects) == (14_671, 9_543)
    assert (report.event_object_relations, report.object_object_relations) == (35_927, 20_402)
    assert (report.rejected, report.quarantined) == (0, 0)


def test_the_events_are_those_of_the_answer_key(report: ImportReport, sink: OtlpSink) -> None:
    assert Counter(record.event_name for record in sink.events.values()) == {
        "goods_receipt.posted": 4_042,
        "invoice.received": 1_941,
        "invoice.matched": 1_941,
        "purchase_order.created": 1_598,
        "purchase_order.approved": 1_598,
        "payment.executed": 1_166,
        "quotation.requested": 927,
        "requisition.created": 729,
        "requisition.approved": 607,
        "requisition.delegated": 122,
    }


def test_every_event_says_what_it_is_about(report: ImportReport, sink: OtlpSink) -> None:
    for record in sink.events.values():
        about = record.event_name.partition(".")[0]
        assert attributes(record)["stallwatch.subject"].startswith(f"{about}:")


def test_payments_executed_again_are_still_there(report: ImportReport, sink: OtlpSink) -> None:
    paid: Counter[str] = Counter()
    for record in sink.events.values():
        if record.event_name == "payment.executed":
            paid.update(name for name in attributes(record)["stallwatch.objects"] if name.startswith("invoice:"))

    # The check figures: 188 invoices paid more than once, 239 surplus payments.
    assert sum(times > 1 for times in paid.values()) == 188
    assert sum(times - 1 for times in paid.values()) == 239


def test_amounts_and_suppliers_are_those_of_the_tables(report: ImportReport, sink: OtlpSink) -> None:
    payment, vendor = column("payment", "AmountDMBTR"), column("purchase_order", "VendorEKKOLIFNR")
    invoice = column("invoicereceipt", "CreditAmountBSEGWRBTR")
    for record in sink.events.values():
        stated = attributes(record)
        subject = stated["stallwatch.subject"]
        kind, _, identifier = subject.partition(":")
        if kind == "payment":
            assert stated["stallwatch.amount"] == float(payment[subject])
        elif kind == "invoice":
            assert stated["stallwatch.amount"] == float(invoice[f"invoice receipt:{identifier}"])
        elif kind == "purchase_order":
            assert stated["stallwatch.supplier"] == vendor[subject]


def test_each_object_is_described_no_later_than_its_first_event(report: ImportReport, sink: OtlpSink) -> None:
    first: dict[str, int] = {}
    for record in sink.events.values():
        for name in attributes(record)["stallwatch.objects"]:
            first[name] = min(record.time_unix_nano, first.get(name, record.time_unix_nano))

    described: dict[str, int] = {}
    for record in sink.records:
        if record.event_name == "object.described":
            described.setdefault(attributes(record)["stallwatch.subject"], record.time_unix_nano)

    assert len(described) == 9_543
    assert {name: described[name] for name in first} == first


@pytest.mark.parametrize("form", ["json", "xml", "sqlite"])
def test_the_other_forms_of_the_same_events_send_the_same_bytes(form: str, beginning: Document, tmp_path: Path) -> None:
    def sent(written_as: str) -> tuple[ImportReport, list[bytes]]:
        folder = tmp_path / written_as
        folder.mkdir()
        sink = OtlpSink()
        return import_ocel(write_log(beginning, written_as, folder), sink, vocabulary=load_vocabulary()), sink.bodies

    converted, tables = sent(form), sent("csv")

    assert converted == tables
    assert converted[0].events == BEGINNING


def test_links_to_documents_outside_of_the_log_break_nothing() -> None:
    with open_log(FOLDER) as log:
        assert list(log.broken()) == []
        assert log.counts().links_elsewhere == 2_028  # counted apart with a join of the tables


def rows(table: str) -> Iterator[dict[str, str]]:
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def column(table: str, name: str) -> dict[str, str]:
    return {row["ocel_id"]: row[name] for row in rows(f"object_{table}") if row["ocel_time"].startswith("1970")}


@pytest.fixture(scope="module")
def beginning(document: Document) -> Document:
    """Return the first events of the log with the objects they touch: every form of the whole takes its time."""
    events = document["events"][:BEGINNING]
    touched = {each["objectId"] for event in events for each in event["relationships"]}
    objects = [
        item | {"relationships": [each for each in item["relationships"] if each["objectId"] in touched]}
        for item in document["objects"]
        if item["id"] in touched
    ]
    return document | {"events": events, "objects": objects}


@pytest.fixture(scope="module")
def document() -> Document:
    """Return the log as the JSON form has it, converted here by hand rather than by the importer."""
    found: Document = {"eventTypes": [], "objectTypes": []}
    for scope in ("event", "object"):
        items = {
            row["ocel_id"]: {"id": row["ocel_id"], "type": row["ocel_type"], "attributes": [], "relationships": []}
            for row in rows(scope)
        }
        for mapped in rows(f"{scope}_map_type"):
            declare(
                found[f"{scope}Types"], mapped["ocel_type"], items, list(rows(f"{scope}_{mapped['ocel_type_map']}"))
            )
        found[f"{scope}s"] = list(items.values())
    for table, scope, source, target in (
        ("event_object", "events", "ocel_event_id", "ocel_object_id"),
        ("object_object", "objects", "ocel_source_id", "ocel_target_id"),
    ):
        by_id = {item["id"]: item for item in found[scope]}
        for row in rows(table):
            by_id[row[source]]["relationships"].append({"objectId": row[target], "qualifier": row["ocel_qualifier"]})
    return found


def declare(types: list[Document], name: str, items: dict[str, Document], table: list[dict[str, str]]) -> None:
    own = [column for column in table[0] if not column.startswith("ocel_") and column != "new_value"]
    kinds = {column: "float" if column in FLOATS else "integer" if column in INTEGERS else "string" for column in own}
    types.append({"name": name, "attributes": [{"name": column, "type": kind} for column, kind in kinds.items()]})
    for row in table:
        item, changed = items[row["ocel_id"]], row.get("ocel_changed_field")
        stated = {changed: None} if changed else {column: row[column] for column in own if row[column]}
        if "time" not in item and "ocel_changed_field" not in row:
            item["time"] = row["ocel_time"]
            item["attributes"] = [{"name": key, "value": value} for key, value in stated.items()]
        else:
            item["attributes"] += [
                {"name": key, "time": row["ocel_time"], "value": native(value, kinds[key])}
                for key, value in stated.items()
            ]


def native(value: str | None, kind: str) -> str | float | int | None:
    if value is None or kind == "string":
        return value
    return float(value) if kind == "float" else int(value)

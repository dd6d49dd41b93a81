from pathlib import Path

import pytest
from support.ocel_logs import FORMS, small_log, write_log
from support.otlp_sink import OtlpSink, attributes, plain, records_of

from core.errors import StoreUnavailableError
from stallwatch.importers import ImportFileError, ImportReport, Receipt, import_ocel, load_vocabulary
from stallwatch.importers.broken import Broken
from stallwatch.importers.otlp import BATCH_BYTES, BATCH_RECORDS, bodies, broken_record

VOCABULARY = load_vocabulary()


def test_a_log_arrives_as_the_events_and_descriptions_it_holds(tmp_path: Path) -> None:
    sink = OtlpSink()

    report = import_ocel(write_log(small_log(), "json", tmp_path), sink, vocabulary=VOCABULARY)

    # Three objects, two later changes of the receipt, four events.
    assert report == ImportReport(4, 3, 4, 2, sent=9, rejected=0, quarantined=0)
    assert [record.event_name for record in sink.records] == ["object.described"] * 5 + [
        "purchase_order.created",
        "goods_receipt.posted",
        "payment.executed",
        "close_period",
    ]


def test_an_event_arrives_as_the_wire_contract_says(tmp_path: Path) -> None:
    sink = OtlpSink()

    import_ocel(write_log(small_log(), "json", tmp_path), sink, vocabulary=VOCABULARY)

    created = sink.events["e1"]
    assert created.event_name == "purchase_order.created"
    assert created.time_unix_nano == 1_709_551_800_250_000_000  # date -u -d 2024-03-04T11:30:00.250Z +%s%N
    assert attributes(created) == {
        "stallwatch.event.id": "e1",
        "stallwatch.subject": "purchase_order:7",
        "stallwatch.objects": ["purchase_order:7"],
        "stallwatch.actor": "Ops\nNight",
        "score": 0.5,
        "ocel.type": "Create Purchase Order",
    }


def test_an_object_arrives_with_its_attributes_and_links(tmp_path: Path) -> None:
    sink = OtlpSink()

    import_ocel(write_log(small_log(), "json", tmp_path), sink, vocabulary=VOCABULARY)

    described = [attributes(record) for record in sink.records if record.event_name == "object.described"]
    assert described[0] == {
        "stallwatch.event.id": "described:P9",
        "stallwatch.subject": "payment:P9",
        "stallwatch.objects": ["payment:P9", "purchase_order:7"],
        "AmountDMBTR": 69300.5,
        "ocel.type": "payment",
        "ocel.qualifiers": '{"purchase_order:7": ["order_pm"]}',
    }


def test_the_amount_of_a_payment_arrives_with_its_execution(tmp_path: Path) -> None:
    sink = OtlpSink()

    import_ocel(write_log(small_log(), "json", tmp_path), sink, vocabulary=VOCABULARY)

    assert attributes(sink.events["e3"])["stallwatch.amount"] == 69300.5


def test_the_integration_is_stated_with_every_request(tmp_path: Path) -> None:
    sink = OtlpSink()

    import_ocel(write_log(small_log(), "json", tmp_path), sink, vocabulary=VOCABULARY, integration="sap-archive")

    (resource,) = sink.requests[0].resource_logs
    assert {pair.key: plain(pair.value) for pair in resource.resource.attributes} == {
        "stallwatch.integration": "sap-archive",
        "service.name": "sap-archive",
    }


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_log_sends_the_same_bytes_each_time(form: str, tmp_path: Path) -> None:
    first, second, reference = OtlpSink(), OtlpSink(), OtlpSink()
    path = write_log(small_log(), form, tmp_path)
    (tmp_path / "reference").mkdir()

    import_ocel(path, first, vocabulary=VOCABULARY)
    import_ocel(path, second, vocabulary=VOCABULARY)
    import_ocel(write_log(small_log(), "json", tmp_path / "reference"), reference, vocabulary=VOCABULARY)

    assert first.bodies == second.bodies == reference.bodies


@pytest.mark.parametrize("form", FORMS)
def test_skipping_the_broken_imports_the_rest_and_quarantines_the_broken(form: str, tmp_path: Path) -> None:
    document = small_log()
    document["events"][0]["time"] = "yesterday"
    sink = OtlpSink()

    report = import_ocel(write_log(document, form, tmp_path), sink, vocabulary=VOCABULARY, skip_broken=True)

    assert sorted(sink.events) == ["e1", "e2", "e4"]
    assert (report.events, report.rejected) == (3, 0)
    quarantined = [record for record in sink.records if not record.time_unix_nano]
    assert report.quarantined == len(quarantined)
    # The row without a time, and what stood or fell with it: two relations, and as a table the event's own row too.
    assert len(quarantined) == (4 if form in {"csv", "sqlite"} else 3)
    assert any("'yesterday' is not an ISO 8601 time" in attributes(record)["import.reason"] for record in quarantined)
    assert all("e3" in record.body.string_value for record in quarantined)


def test_every_row_of_a_table_is_stored_or_quarantined(tmp_path: Path) -> None:
    folder = write_log(small_log(), "csv", tmp_path)
    with (folder / "event_object.csv").open("a") as file:
        file.writelines(f"e1,unknown-{number},x\n" for number in range(BATCH_RECORDS + 1))
    sink = OtlpSink()

    report = import_ocel(folder, sink, vocabulary=VOCABULARY, skip_broken=True)

    assert report.event_object_relations == 4
    assert report.quarantined == BATCH_RECORDS + 1
    assert report.messages == ("an event needs a time",)


def test_broken_rows_on_one_line_of_an_xml_log_are_told_apart(tmp_path: Path) -> None:
    document = small_log()
    document["events"][0]["time"] = document["events"][3]["time"] = "yesterday"
    path = write_log(document, "xml", tmp_path)
    path.write_text(path.read_text().replace("\n", " "))
    sink = OtlpSink()

    report = import_ocel(path, sink, vocabulary=VOCABULARY, skip_broken=True)

    assert sorted(sink.events) == ["e1", "e2"]
    assert report.quarantined == 4  # two events, and the two relations of the first


def test_broken_rows_that_do_not_end_in_quarantine_are_an_error(tmp_path: Path) -> None:
    document = small_log()
    document["events"][0]["time"] = "yesterday"
    path = write_log(document, "json", tmp_path)

    with pytest.raises(ImportFileError, match="3 broken rows were sent, but only 0 quarantined"):
        import_ocel(path, lambda _body: Receipt(1, 0), vocabulary=VOCABULARY, skip_broken=True)


def test_what_the_collector_rejects_is_reported(tmp_path: Path) -> None:
    path = write_log(small_log(), "json", tmp_path)

    report = import_ocel(path, lambda _body: Receipt(7, 2, "subject too long"), vocabulary=VOCABULARY)

    assert (report.sent, report.rejected, report.messages) == (9, 2, ("subject too long",))


def test_a_collector_that_is_down_stops_the_import(tmp_path: Path) -> None:
    def down(_body: bytes) -> Receipt:
        message = "the store does not answer"
        raise StoreUnavailableError(message)

    with pytest.raises(StoreUnavailableError):
        import_ocel(write_log(small_log(), "json", tmp_path), down, vocabulary=VOCABULARY)


def test_progress_is_told_up_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []

    import_ocel(
        write_log(small_log(), "csv", tmp_path),
        OtlpSink(),
        vocabulary=VOCABULARY,
        progress=lambda stage, done, total: told.append((stage, done, total)),
    )

    assert [line for line in told if line[0] == "send"] == [("send", done, 7) for done in range(1, 8)]


def test_a_request_is_bounded_in_records_and_in_bytes() -> None:
    many = [broken_record(Broken("a:1", "x")) for _ in range(BATCH_RECORDS * 2 + 1)]
    large = [broken_record(Broken("a:1", "x", "y" * 60_000)) for _ in range(300)]
    sink = OtlpSink()

    numbers = [number for _, number in bodies(many, "i")]
    batches = list(bodies(large, "i"))
    for body, _ in batches:
        sink(body)

    assert numbers == [BATCH_RECORDS, BATCH_RECORDS, 1]
    assert all(len(body) < BATCH_BYTES * 1.1 for body, _ in batches)
    assert sum(len(records_of(request)) for request in sink.requests) == 300


def test_first_values_are_never_described_after_a_change_of_them(tmp_path: Path) -> None:
    document = small_log()
    document["objects"][2]["attributes"].append({"name": "AmountDMBTR", "time": "2024-03-01T00:00:00Z", "value": 1.5})
    sink = OtlpSink()

    import_ocel(write_log(document, "json", tmp_path), sink, vocabulary=VOCABULARY)

    first, change = (record for record in sink.records if "described:P9" in attributes(record)["stallwatch.event.id"])
    assert (attributes(first)["AmountDMBTR"], attributes(change)["AmountDMBTR"]) == (69300.5, 1.5)
    assert first.time_unix_nano == change.time_unix_nano == 1_709_251_200_000_000_000  # 2024-03-01, before its event

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from support.ocel_logs import FORMS, Document, small_log, write_log

from stallwatch.importers import ImportFileError, Receipt, import_ocel, load_vocabulary, open_log


def refusal(path: Path) -> str:
    """Import and return the error, sure that nothing was sent."""
    sent: list[bytes] = []

    def send(body: bytes) -> Receipt:
        sent.append(body)
        return Receipt(1, 0)

    with pytest.raises(ImportFileError) as refused:
        import_ocel(path, send, vocabulary=load_vocabulary())
    assert sent == []
    return str(refused.value)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_log(small_log(), "csv", tmp_path)


def edit(file: Path, line: int, text: str) -> None:
    """Replace one line of a file, counted from 1; a line past the end is added."""
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[line - 1 : line] = [text]
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")


@pytest.mark.parametrize(
    ("table", "line", "text", "reason"),
    [
        ("event", 2, "e3,Execute Payment,more", "3 columns instead of 2"),
        ("event", 2, "e3", "1 columns instead of 2"),
        ("event", 2, "e3,Pay", "unknown event type 'Pay'"),
        ("event", 6, "e1,Create Purchase Order", "the event 'e1' is given twice, first at {folder}/event.csv:3"),
        ("event", 6, ",Execute Payment", "an event without an id"),
        ("event", 6, "e9,Execute Payment", "the event 'e9' has no time"),
        ("event_ExecutePayment", 2, "e3,yesterday", "'yesterday' is not an ISO 8601 time"),
        ("event_ExecutePayment", 2, "e3,1970-01-01T00:00:00Z", "not after 1970-01-01"),
        ("event_ExecutePayment", 2, "e3,1969-07-20T20:17:40Z", "not after 1970-01-01"),
        ("event_ExecutePayment", 3, "e9,2024-03-09", "unknown event 'e9'"),
        (
            "event_ExecutePayment",
            3,
            "e2,2024-03-09",
            "'e2' is of the type 'Create Goods Receipt', not 'Execute Payment'",
        ),
        (
            "event_ExecutePayment",
            3,
            "e3,2024-03-10",
            "'e3' has two times, first at {folder}/event_ExecutePayment.csv:2",
        ),
        ("event_object", 2, "e3,P10,payment", "the event 'e3' refers to the unknown object 'P10'"),
        ("event_object", 2, "e9,P9,payment", "unknown event 'e9'"),
        ("object", 5, "X1,truck", "unknown object type 'truck'"),
        ("object", 5, "P9,payment", "the object 'P9' is given twice, first at {folder}/object.csv:4"),
        ("object", 5, "payment:P9,payment", "the objects 'payment:P9' and 'P9' of one type would get the same id"),
        ("object_payment", 3, "P10,1970-01-01,,1", "unknown object 'P10'"),
        ("object_payment", 3, "purchase_order:7,1970-01-01,,1", "is of the type 'purchase_order', not 'payment'"),
        ("object_payment", 3, "P9,2024-01-01,Colour,1", "ocel_changed_field names 'Colour', which is no column"),
        ("object_payment", 3, "P9,1969-01-01,,1", "is before 1970-01-01"),
        ("object_object", 2, "P9,P10,paid", "the link from 'P9' to 'P10' names an unknown object"),
        ("object_object", 2, "P10,P9,paid", "the link from 'P10' to 'P9' names an unknown object"),
    ],
)
def test_a_broken_row_of_a_table_is_named_by_file_and_row(
    table: str, line: int, text: str, reason: str, folder: Path
) -> None:
    edit(folder / f"{table}.csv", line, text)

    lines = refusal(folder).splitlines()

    assert lines[0] == f"{folder} has 1 broken row; nothing was imported"
    assert lines[1].startswith(f"{folder}/{table}.csv:{line}: ")
    assert reason.format(folder=folder) in lines[1]
    assert len(lines) == 2


def test_a_row_that_is_not_csv_is_named_and_so_is_what_it_leaves_without_a_time(folder: Path) -> None:
    edit(folder / "event_ExecutePayment.csv", 2, 'e3,"2024-03-09')

    first, second = refusal(folder).splitlines()[1:]

    assert first.startswith(f"{folder}/event.csv:2: the event 'e3' has no time")
    assert second.startswith(f"{folder}/event_ExecutePayment.csv:2: not valid CSV")


def test_a_row_after_one_with_a_line_break_keeps_its_own_line(folder: Path) -> None:
    file = folder / "event_CreatePurchaseOrder.csv"
    assert "Ops\nNight" in file.read_text()  # the row of e1 takes lines 2 and 3
    edit(file, 4, "e9,2024-01-01,x,1")

    assert f"{file}:4: unknown event 'e9'" in refusal(folder)


def test_a_row_that_is_not_utf_8_is_named(folder: Path) -> None:
    file = folder / "event_CreateGoodsReceipt.csv"
    file.write_bytes(file.read_bytes().replace(b"Dock", b"D\xf6ck"))

    assert f"{file}:2: not UTF-8" in refusal(folder)


@pytest.mark.parametrize(
    "table", ["event", "object", "event_object", "object_object", "event_map_type", "object_map_type"]
)
def test_a_missing_table_is_named(table: str, folder: Path) -> None:
    (folder / f"{table}.csv").unlink()

    assert refusal(folder) == f"{folder} is not an OCEL 2.0 log: the table {folder}/{table}.csv is missing"


def test_a_missing_table_of_a_type_is_named_with_the_row_that_asks_for_it(folder: Path) -> None:
    (folder / "event_ExecutePayment.csv").unlink()

    wanted = f"the table {folder}/event_ExecutePayment.csv of the event type 'Execute Payment' is missing"
    assert refusal(folder) == f"{folder}/event_map_type.csv:4: {wanted}"


def test_a_table_name_that_leads_out_of_the_folder_is_only_a_missing_table(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "event_secret.csv").write_text("ocel_id,ocel_time\n")
    edit(folder / "event_map_type.csv", 4, "Execute Payment,x/../../event_secret")

    assert "is missing" in refusal(folder)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("ocel_id,kind", "the column ocel_type is missing"),
        ("ocel_id,ocel_type,ocel_id", "the column 'ocel_id' stands twice"),
    ],
)
def test_a_table_without_its_columns_is_named(header: str, reason: str, folder: Path) -> None:
    edit(folder / "event.csv", 1, header)

    assert refusal(folder) == f"{folder}/event.csv:1: {reason}"


def test_twenty_broken_rows_are_shown_and_all_are_counted(folder: Path) -> None:
    with (folder / "event_object.csv").open("a") as file:
        file.writelines(f"e1,unknown-{number},x\n" for number in range(1_234))

    lines = refusal(folder).splitlines()

    assert lines[0] == f"{folder} has 1,234 broken rows; nothing was imported"
    assert len(lines) == 1 + 20 + 1
    assert lines[-1] == "… and 1,214 more"


def test_a_long_value_is_shortened_in_the_error(folder: Path) -> None:
    edit(folder / "event_ExecutePayment.csv", 2, "e3," + "x" * 5_000)

    assert len(refusal(folder)) < 500


def broken_time(document: Document) -> None:
    document["events"][0]["time"] = "yesterday"


def unknown_object(document: Document) -> None:
    document["events"][0]["relationships"][1]["objectId"] = "nobody"


def repeated_event(document: Document) -> None:
    document["events"][3]["id"] = "e3"


def unknown_type(document: Document) -> None:
    document["events"][0]["type"] = "Pay"


def not_a_number(document: Document) -> None:
    document["objects"][2]["attributes"][0]["value"] = "much"


def unknown_link(document: Document) -> None:
    document["objects"][2]["relationships"][0]["objectId"] = "nobody"


NESTED = [
    (broken_time, "events[0]", "'yesterday' is not an ISO 8601 time"),
    (unknown_object, "events[0].relationships[1]", "the event 'e3' refers to the unknown object 'nobody'"),
    (repeated_event, "events[3]", "the event 'e3' is given twice, first at {path}:{first}"),
    (unknown_type, "events[0]", "unknown event type 'Pay'"),
    (not_a_number, "objects[2].attributes[0]", "'AmountDMBTR' is not of its declared type float: 'much'"),
    (unknown_link, "objects[2].relationships[0]", "the link from 'P9' to 'nobody' names an unknown object"),
]


@pytest.mark.parametrize(("spoil", "where", "reason"), NESTED)
def test_a_broken_part_of_a_json_log_is_named_by_its_path(
    spoil: Callable[[Document], None], where: str, reason: str, tmp_path: Path
) -> None:
    document = small_log()
    spoil(document)
    path = write_log(document, "json", tmp_path)

    assert refusal(path).splitlines()[1:] == [f"{path}:{where}: {reason.format(path=path, first='events[0]')}"]


@pytest.mark.parametrize(("spoil", "where", "reason"), NESTED)
def test_a_broken_part_of_an_xml_log_is_named_by_line_and_column(
    spoil: Callable[[Document], None], where: str, reason: str, tmp_path: Path
) -> None:
    document = small_log()
    spoil(document)
    path = write_log(document, "xml", tmp_path)

    (found,) = refusal(path).splitlines()[1:]

    place, said = found.removeprefix(f"{path}:").split(": ", 1)
    number, column = map(int, place.split(":"))
    marks = {"events[3]": '<event id="e3" type="Close Period"', "objects[2].attributes[0]": ">much<"}
    mark = marks.get(where, '"nobody"' if "relationships" in where else '<event id="e3"')
    lines = path.read_text().splitlines()
    assert mark in lines[number - 1]
    assert lines[number - 1][column - 1] == "<"
    first = next(f"{number}:1" for number, line in enumerate(lines, 1) if '<event id="e3"' in line)
    assert said == reason.format(path=path, first=first)


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"type": "Execute Payment", "time": "2024-01-01"}, "the key 'id' is missing"),
        ({"id": 7, "type": "Execute Payment", "time": "2024-01-01"}, "'id' is not text"),
        ({"id": "e9", "type": "Execute Payment"}, "the key 'time' is missing"),
        (
            {"id": "e9", "type": "Execute Payment", "time": "2024-01-01", "relationships": {}},
            "'relationships' is not a list",
        ),
        (
            {"id": "e9", "type": "Execute Payment", "time": "2024-01-01", "relationships": [3]},
            "the key 'objectId' is missing",
        ),
        (
            {"id": "e9", "type": "Execute Payment", "time": "2024-01-01", "attributes": [{"name": "a", "value": []}]},
            "neither text",
        ),
        (
            {"id": "e9", "type": "Execute Payment", "time": "2024-01-01", "attributes": [{"name": "a"}, {"name": "a"}]},
            "the attribute 'a' is given twice",
        ),
        ({"id": "\ud800", "type": "Execute Payment", "time": "2024-01-01"}, "not UTF-8"),
        ("e9", "the key 'id' is missing"),
        (None, "the key 'id' is missing"),
    ],
)
def test_an_event_of_a_wrong_shape_is_one_broken_row(item: object, reason: str, tmp_path: Path) -> None:
    document = small_log()
    document["events"].append(item)
    path = tmp_path / "log.json"
    path.write_text(json.dumps(document))

    (line,) = refusal(path).splitlines()[1:]

    assert line.startswith(f"{path}:events[4]: ")
    assert reason in line


def test_an_xml_element_without_its_attribute_is_one_broken_row(tmp_path: Path) -> None:
    path = write_log(small_log(), "xml", tmp_path)
    path.write_text(path.read_text().replace(' id="e2"', ""))

    assert "<event> at " in refusal(path).splitlines()[1]


def test_a_broken_row_of_a_sqlite_log_is_named_by_table_and_position(tmp_path: Path) -> None:
    path = write_log(small_log(), "sqlite", tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE event_ExecutePayment SET ocel_time = 'yesterday'")
        connection.execute("INSERT INTO event_object VALUES ('e1', 'nobody', 'x')")
        connection.execute("INSERT INTO event_object VALUES (x'00ff', 'nobody', 'x')")
        connection.commit()

    assert refusal(path).splitlines()[1:] == [
        f"{path}:event_ExecutePayment:1: 'yesterday' is not an ISO 8601 time",
        f"{path}:event_object:5: the event 'e1' refers to the unknown object 'nobody'",
        f"{path}:event_object:6: a BLOB, where OCEL has text and numbers",
    ]


def test_a_missing_table_of_a_sqlite_log_is_named(tmp_path: Path) -> None:
    path = write_log(small_log(), "sqlite", tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE object_object")

    assert refusal(path) == f"{path} is not an OCEL 2.0 log: the table {path}:object_object is missing"


@pytest.mark.parametrize("form", FORMS)
def test_everything_but_the_broken_is_still_readable(form: str, tmp_path: Path) -> None:
    document = small_log()
    broken_time(document)

    with open_log(write_log(document, form, tmp_path)) as log:
        assert [event.id for event in log.events()] == ["e1", "e2", "e4"]
        assert len(list(log.objects())) == 3
        assert log.broken_count(consequences=False) == 1


@pytest.mark.parametrize("form", ["json", "xml"])
def test_what_is_written_inside_a_repeated_event_does_not_join_the_first(form: str, tmp_path: Path) -> None:
    document = small_log()
    repeated_event(document)
    document["events"][3]["relationships"] = [{"objectId": "goods receipt:1:a", "qualifier": "stray"}]

    with open_log(write_log(document, form, tmp_path)) as log:
        touched = {event.id: [reference.id for reference in event.objects] for event in log.events()}

    assert touched["e3"] == ["P9", "purchase_order:7"]


def test_a_log_without_events_has_nothing_to_import(tmp_path: Path) -> None:
    document = small_log() | {"events": []}

    assert "has no events" in refusal(write_log(document, "json", tmp_path))

"""The import through the real collector: what is stored is what was in the log, once."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from support.ocel_logs import small_log, write_log

from collector.service import Collector
from core.clickhouse import Database
from core.clock import ManualClock
from stallwatch.importers import import_ocel, load_vocabulary

pytestmark = pytest.mark.database
VOCABULARY = load_vocabulary()


@pytest.fixture
def collector(database: Database, clock: ManualClock) -> Iterator[Collector]:
    service = Collector(database, clock)
    yield service
    service.close()


def test_an_imported_log_is_stored(database: Database, collector: Collector, tmp_path: Path) -> None:
    report = import_ocel(write_log(small_log(), "csv", tmp_path), collector.accept_logs, vocabulary=VOCABULARY)

    assert (report.sent, report.rejected) == (9, 0)
    events = database.rows("SELECT * FROM events ORDER BY occurred_at")
    assert [(row["event_id"], row["type"], row["subject_type"], row["subject_id"]) for row in events] == [
        ("e1", "purchase_order.created", "purchase_order", "7"),
        ("e2", "goods_receipt.posted", "goods_receipt", "1:a"),
        ("e3", "payment.executed", "payment", "P9"),
        ("e4", "close_period", "", ""),
    ]
    assert {row["integration"] for row in events} == {"ocel-import"}
    assert events[2]["amount"] == Decimal("69300.5")
    assert events[0]["actor"] == "Ops\nNight"


def test_objects_are_stored_with_their_values_and_links(
    database: Database, collector: Collector, tmp_path: Path
) -> None:
    import_ocel(write_log(small_log(), "csv", tmp_path), collector.accept_logs, vocabulary=VOCABULARY)

    states = database.rows(
        "SELECT * FROM object_states WHERE object_type = 'goods_receipt' ORDER BY described_at, event_id"
    )

    # The receipt is first touched on 5 March at 10:00, the moment at which it is also posted.
    first, posted, lines = states
    assert [(link[0], link[1]) for link in map(tuple_of, first["linked"])] == [("purchase_order", "7")]
    assert (first["attributes_int"], first["attributes_bool"]) == ({"Lines": 3}, {"Posted": False})
    assert posted["attributes_bool"] == {"Posted": True}
    assert lines["attributes_string"]["ocel.changed"] == "Lines"


def test_a_log_imported_twice_is_stored_once(database: Database, collector: Collector, tmp_path: Path) -> None:
    path = write_log(small_log(), "csv", tmp_path)
    import_ocel(path, collector.accept_logs, vocabulary=VOCABULARY)

    (tmp_path / "again").mkdir()
    second = Collector(database, ManualClock(collector._clock.now()))
    import_ocel(write_log(small_log(), "xml", tmp_path / "again"), second.accept_logs, vocabulary=VOCABULARY)
    second.close()

    assert database.rows("SELECT count() AS n, uniqExact(event_id) AS u FROM events FINAL") == [{"n": 4, "u": 4}]
    assert database.rows("SELECT count() AS n FROM object_states FINAL") == [{"n": 5}]


def test_broken_rows_are_found_in_quarantine(database: Database, collector: Collector, tmp_path: Path) -> None:
    folder = write_log(small_log(), "csv", tmp_path)
    with (folder / "event_object.csv").open("a") as file:
        file.write("e1,unknown-object,x\n")

    report = import_ocel(folder, collector.accept_logs, vocabulary=VOCABULARY, skip_broken=True)

    (row,) = database.rows("SELECT * FROM quarantine")
    assert report.quarantined == 1
    assert (row["integration"], row["signal"]) == ("ocel-import", "logs")
    assert "e1,unknown-object,x" in row["record"]
    assert "event_object.csv:6" in row["record"].replace("\\/", "/")
    assert database.rows("SELECT count() AS n FROM events") == [{"n": 4}]


def tuple_of(link: object) -> tuple[str, ...]:
    return tuple(link.values()) if isinstance(link, dict) else tuple(link)  # type: ignore[call-overload]  # a driver gives either

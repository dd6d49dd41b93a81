from datetime import timedelta
from typing import Any, ClassVar

import pytest
from support.otlp import event, logs

from collector.quarantine import QuarantineFilter, QuarantineStore
from collector.replay import Replayer
from collector.service import Collector
from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import MisuseError
from core.sql import sql

pytestmark = pytest.mark.database


def test_records_are_listed_newest_first_page_by_page(
    collector: Collector, database: Database, clock: ManualClock
) -> None:
    for amount in ("first", "second", "third"):
        collector.accept_logs(logs(event(amount=amount)))
        clock.advance(timedelta(minutes=1))
    store = QuarantineStore(database)

    page = store.page(2)
    rest = store.page(2, page.next_cursor)

    assert [record.detail for record in (*page.items, *rest.items)] == ["third", "second", "first"]
    assert (page.total, rest.next_cursor) == (3, None)


def test_a_list_can_be_narrowed_to_one_integration(collector: Collector, database: Database) -> None:
    for integration in ("erp", "inventory"):
        collector.accept_logs(logs(event(amount="much"), resource={"service.name": integration}))

    page = QuarantineStore(database).page(10, chosen=QuarantineFilter(integration=("erp",)))

    assert ([record.integration for record in page.items], page.total) == (["erp"], 1)


def test_a_cursor_of_another_list_is_refused(database: Database) -> None:
    with pytest.raises(MisuseError):
        QuarantineStore(database).page(10, "abc")


def test_why_a_record_is_left_is_kept_and_so_holds_no_private_value(
    collector: Collector, database: Database, clock: ManualClock
) -> None:
    collector.accept_logs(logs(event(amount="much")))
    store = QuarantineStore(database)
    (record,) = store.page(1).items

    with pytest.raises(MisuseError, match="private value"):
        store.dismiss([record.record_id], "asked ann@example.org about it", "ann", clock)

    assert store.record(record.record_id).history == ()


@pytest.mark.parametrize("name", ["quarantine_counts", "quarantine_total", "quarantine_page", "quarantine_record"])
def test_what_is_in_quarantine_is_found_and_counted_without_reading_contents(database: Database, name: str) -> None:
    tree = database.rows(
        f"EXPLAIN QUERY TREE {sql('collector', name)}", **QuarantineFilter().parameters(), limit=1, offset=0
    )

    text = "\n".join(row["explain"] for row in tree)
    assert "column_name: replayable," in text or name == "quarantine_total"
    assert "column_name: record," not in text


class Noting(Database):
    """A store that notes what it was asked."""

    asked: ClassVar[list[str]] = []

    def rows(self, statement: str, settings: Any = None, **values: Any) -> list[dict[str, Any]]:
        self.asked.append(statement)
        return super().rows(statement, settings, **values)


def test_a_preview_fetches_no_contents(collector: Collector, database: Database, clock: ManualClock) -> None:
    collector.accept_logs(logs(event(amount="much")))
    noting = Noting.open(database.dsn, database=database.name)
    try:
        report = Replayer(noting, clock).preview(QuarantineFilter(reason=("bad_amount",)))
    finally:
        noting.close()

    assert (report.left, len(Noting.asked) > 0) == (1, True)
    assert sql("collector", "quarantine_contents") not in Noting.asked

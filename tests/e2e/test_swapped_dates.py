"""A log whose days and months are exchanged raises the alarm; the sound one does not."""

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.ocel_oracle import LOG
from support.swapped_dates import exchange_events

from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from core.registry import Registry
from core.settings import Settings
from correlator.findings import Finding, Findings
from correlator.loading import load_models
from stallwatch.bootstrap import House
from stallwatch.importers import import_ocel, load_vocabulary

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(not LOG.is_dir(), reason=f"the OCEL log is not at {LOG}"),
]
AFTER = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = ("impossible_order", "day_month_swap", "orphan_object")
Found = dict[str, Finding]


@pytest.fixture
def findings_of(store_dsn: str) -> Iterator[Callable[[Path], Found]]:
    """Import a log into a database of its own and return its findings by kind."""
    opened: list[Database] = []

    def imported(log: Path) -> Found:
        database = Database.open(store_dsn, database=f"t_{secrets.token_hex(6)}")
        opened.append(database)
        models = load_models(["procure-to-pay-documents"])
        settings = Settings(retention_spans_days=0, retention_quarantine_days=0)
        house = House(settings, ManualClock(AFTER), Registry(), models, database)
        house.prepare()
        import_ocel(log, house.collector.accept_logs, vocabulary=load_vocabulary("procure-to-pay"))
        house.collector.close()
        return {each.kind: each for each in Findings(database, models).all(Filters(as_of=AFTER), kinds=KINDS)}

    yield imported
    for database in opened:
        database.execute(f"DROP DATABASE {database.name} SYNC")
        database.close()


def test_the_sound_ocel_log_has_nothing_but_the_requisitions_that_it_never_tells_of(
    findings_of: Callable[[Path], Found],
) -> None:
    found = findings_of(LOG)

    assert set(found) == {"orphan_object"}
    assert found["orphan_object"].found == 198  # components without a requisition (facts/journeys.md)
    assert {each.object.type for each in found["orphan_object"].examples if each.object} == {"requisition"}


def test_the_ocel_log_with_days_and_months_exchanged_raises_the_alarm(
    findings_of: Callable[[Path], Found], tmp_path: Path
) -> None:
    found = findings_of(exchange_events(LOG, tmp_path / "exchanged"))
    swap = found["day_month_swap"]

    assert swap.suspected
    # Counted with Python's own calendar over the event tables: events on dates that can be exchanged, and of them
    # those of which one reading alone falls on a weekend.
    assert (swap.found, swap.checked) == (5328, 14671)
    assert (swap.figures["weekend_now"], swap.figures["weekend_then"]) == (1523, 662)
    assert swap.figures["order_now"] > 0 == swap.figures["order_then"]
    assert "out of order as told" in swap.summary
    assert found["impossible_order"].found > 0

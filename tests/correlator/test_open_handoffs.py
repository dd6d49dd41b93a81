"""What is open is answered from a small table, and the same as from all there ever was."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.facts import MONDAY, fact, store
from support.handoff_rows import OPENED, HandoffRow, store_handoffs
from support.stalled import ORDER, P2P

from core.clickhouse import Database
from core.clock import ManualClock
from core.filters import Filters
from core.migrations import migrate, migrations
from correlator.open_handoffs import clean, read_open
from correlator.stalls import Stalls
from correlator.tick import Correlator

MODEL = "procure-to-pay"
DAY = timedelta(days=1)
FUTURE = datetime(2190, 1, 1, tzinfo=UTC)  # the engine's clock never gets there: what ends then is open
OPEN_ROWS = "SELECT * EXCEPT is_gone FROM open_handoffs FINAL ORDER BY ALL"
NOT_ENDED = """
SELECT * EXCEPT is_gone FROM handoffs FINAL WHERE ifNull(coalesce(closed_at, cancelled_at), now64(6) + 1) > now64(6) ORDER BY ALL
"""


class Asked:
    """A store whose horizon moves as it is told, a further step each time that it is asked for."""

    def __init__(self, *horizons: datetime) -> None:
        self._horizons, self.read = list(horizons), list[str]()

    def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        assert "horizon" in statement
        assert values == {"models": [MODEL]}
        return [{"horizon": self._horizons.pop(0)}]

    def ask(self, as_of: datetime) -> str:
        return read_open(self, [MODEL], as_of, lambda table: self.read.append(table) or table)


def lives(seed: int, count: int = 40) -> list[list[HandoffRow]]:
    """Instances that open, close, reopen and vanish, in four batches; the newest revision of each holds."""
    chance, batches = random.Random(seed), []  # noqa: S311 - rows, not secrets
    for revision in range(1, 5):
        batch = []
        for number in range(count):
            if revision > 1 and chance.random() < 0.5:
                continue
            opened = OPENED + chance.randrange(20) * DAY
            ended = chance.choice([None, opened + chance.randrange(1, 20) * DAY, FUTURE])
            how = chance.choice(["closed_at", "cancelled_at"])
            row = HandoffRow(f"INV-{number}", opened, due_at=opened + chance.randrange(9) * DAY, revision=revision)
            batch.append(replace(row, **{how: ended}, is_gone=int(chance.random() < 0.1)))
        batches.append(batch)
    return batches


def open_at(batches: Sequence[Sequence[HandoffRow]], as_of: datetime) -> tuple[set[str], int]:
    """Who is stalled at an instant, and how many are open, by what the rows say."""
    newest = {row.object_id: row for batch in batches for row in batch}
    ends = {key: row.closed_at or row.cancelled_at for key, row in newest.items()}
    still = [
        row
        for key, row in newest.items()
        if not row.is_gone and row.opened_at <= as_of and (ends[key] is None or ends[key] > as_of)
    ]
    return {row.object_id for row in still if row.due_at and row.due_at < as_of}, len(still)


@pytest.mark.database
@pytest.mark.parametrize("seed", range(3))
def test_either_table_gives_what_was_open_at_any_instant(database: Database, seed: int) -> None:
    batches, stalls = lives(seed), Stalls(database, [P2P])
    instants = [OPENED + days * DAY for days in (3, 11, 19, 30, 39, 200)]

    for told in range(1, len(batches) + 1):
        store_handoffs(database, *batches[told - 1])
        found = [
            ({stall.object.id for stall in stalls.page(Filters(at), limit=100).items}, summary.open_handoffs)
            for at in instants
            for summary in [stalls.summary(Filters(at))]
        ]
        assert found == [open_at(batches[:told], at) for at in instants]


def test_from_the_newest_end_on_the_small_table_is_read() -> None:
    asked = Asked(MONDAY, MONDAY)

    assert asked.ask(MONDAY) == "open_handoffs"
    assert Asked(MONDAY).ask(MONDAY - timedelta(microseconds=1)) == "handoffs"


def test_what_a_tick_closes_during_the_read_is_looked_for_among_all() -> None:
    asked = Asked(MONDAY, MONDAY + DAY)

    assert asked.ask(MONDAY + timedelta(hours=1)) == "handoffs"
    assert asked.read == ["open_handoffs", "handoffs"]


@pytest.mark.database
def test_an_end_is_known_as_soon_as_its_instance_is_gone(database: Database) -> None:
    store_handoffs(database, HandoffRow("INV-1"))
    store_handoffs(database, HandoffRow("INV-1", closed_at=OPENED + DAY, revision=2))
    read = list[str]()

    for at in (OPENED + DAY - timedelta(microseconds=1), OPENED + DAY):
        read.append(read_open(database, [MODEL], at, str))
    of_another = read_open(database, ["leases"], OPENED, str)

    assert read == ["handoffs", "open_handoffs"]
    assert of_another == "open_handoffs"


@pytest.mark.database
def test_cleaning_leaves_what_is_open_and_the_newest_end(database: Database) -> None:
    rows = [HandoffRow(f"INV-{number}", closed_at=OPENED + number * DAY) for number in range(1, 9)]
    store_handoffs(database, HandoffRow("INV-0"), *rows)

    too_few = clean(database, MODEL, few=8)
    cleaned = clean(database, MODEL, few=7)

    assert (too_few, cleaned) == (False, True)
    assert database.rows("SELECT object_id FROM open_handoffs") == [{"object_id": "INV-0"}]
    assert read_open(database, [MODEL], OPENED + 8 * DAY - timedelta(seconds=1), str) == "handoffs"
    assert read_open(database, [MODEL], OPENED + 8 * DAY, str) == "open_handoffs"


@pytest.mark.database
def test_ticks_a_rebuild_and_a_changed_model_copy_what_is_open(database: Database, clock: ManualClock) -> None:
    synced = fact("b", "purchase_order.synced", MONDAY + timedelta(hours=1), "purchase_order:1", flow_type="three_way")
    correlator = Correlator(database, P2P, clock)
    seen = []

    store(database, [ORDER, fact("c", "purchase_order.created", MONDAY, "purchase_order:2")])
    correlator.tick()
    seen.append((database.rows(OPEN_ROWS), database.rows(NOT_ENDED)))
    store(database, [synced])
    correlator.tick()
    seen.append((database.rows(OPEN_ROWS), database.rows(NOT_ENDED)))
    correlator.rebuild()
    seen.append((database.rows(OPEN_ROWS), database.rows(NOT_ENDED)))
    handoffs = {key: each for key, each in P2P.handoffs.items() if key != "order_to_inventory"}
    Correlator(database, P2P.model_copy(update={"handoffs": handoffs}), clock).tick()
    seen.append((database.rows(OPEN_ROWS), database.rows(NOT_ENDED)))

    assert [len(rows) for rows, _ in seen] == [2, 4, 4, 3]
    assert all(rows == not_ended for rows, not_ended in seen)


@pytest.mark.database
def test_an_upgrade_copies_what_is_open(empty_database: Database, clock: ManualClock) -> None:
    migrate(empty_database, clock, [step for step in migrations() if step.number < 57])
    columns = ("model", "handoff", "object_type", "object_id", "cycle", "opened_at", "closed_at", "revision")
    key = (MODEL, "invoice_to_match", "invoice")
    told = [(*key, "1", 1, OPENED, None, 1), (*key, "2", 1, OPENED, None, 1), (*key, "2", 1, OPENED, OPENED + DAY, 2)]
    empty_database.insert("handoffs", columns, told)

    migrate(empty_database, clock)

    assert empty_database.rows("SELECT object_id FROM open_handoffs FINAL") == [{"object_id": "1"}]
    assert read_open(empty_database, [MODEL], OPENED + DAY, str) == "open_handoffs"
    assert read_open(empty_database, [MODEL], OPENED, str) == "handoffs"

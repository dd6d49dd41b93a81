import pytest

from core.clickhouse import Database
from core.clock import ManualClock
from core.migrations import migrate, migrations, pending


@pytest.mark.database
def test_migrating_twice_applies_everything_once(empty_database: Database, clock: ManualClock) -> None:
    first = migrate(empty_database, clock)
    second = migrate(empty_database, clock)

    assert [step.number for step in first] == list(range(1, len(migrations()) + 1))
    assert second == []
    assert pending(empty_database) == []

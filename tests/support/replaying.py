"""What tests of quarantine and replay say often."""

from datetime import timedelta
from typing import Any

from collector.policy import Policy, RecordLimits
from collector.quarantine import QuarantinedRecord, QuarantineFilter, QuarantineStore
from core.clickhouse import Database
from core.clock import ManualClock


def only(store: QuarantineStore) -> QuarantinedRecord:
    (record,) = store.page(10).items
    return record


def these(*records: QuarantinedRecord) -> QuarantineFilter:
    return QuarantineFilter(ids=tuple(record.record_id for record in records))


def publish(database: Database, clock: ManualClock, **limits: Any) -> Policy:
    """Put another policy in force."""
    clock.advance(timedelta(seconds=1))
    policy = Policy(RecordLimits(**limits))
    policy.publish(database, clock)
    return policy

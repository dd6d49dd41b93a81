"""Rows of the table `handoffs`, with defaults, for tests that read what the correlator writes."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from core.clickhouse import Database

OPENED = datetime(2026, 1, 5, 8, tzinfo=UTC)


@dataclass(frozen=True)
class HandoffRow:
    object_id: str
    opened_at: datetime = OPENED
    closed_at: datetime | None = None
    cancelled_at: datetime | None = None
    due_at: datetime | None = None
    handoff: str = "invoice_to_match"
    object_type: str = "invoice"
    cycle: int = 1
    model: str = "procure-to-pay"
    journey_type: str = "purchase_order"
    journey_id: str = "PO-1"
    journeys: int = 1
    opened_by: str = ""
    closed_by: str = ""
    facility: str = "mercy-west"
    supplier: str = ""
    department: str = ""
    spend_category: str = ""
    criticality: str = "standard"
    flow_type: str = "three_way"
    amount: Decimal | None = None
    currency: str = ""
    revision: int = 1
    is_gone: int = 0
    first_opened_at: datetime | None = None  # None: opened_at
    paused_since: datetime | None = None
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()
    stood: tuple[tuple[datetime, datetime], ...] = ()
    opened_received_at: datetime | None = None  # None: when it opened
    ended_received_at: datetime | None = None  # None: when it ended


def store_handoffs(database: Database, *rows: HandoffRow) -> None:
    columns = tuple(HandoffRow.__dataclass_fields__)
    rows = tuple(
        replace(
            row,
            first_opened_at=row.first_opened_at or row.opened_at,
            opened_received_at=row.opened_received_at or row.opened_at,
            ended_received_at=row.ended_received_at or row.closed_at or row.cancelled_at,
        )
        for row in rows
    )
    database.insert("handoffs", columns, [[getattr(row, column) for column in columns] for row in rows])

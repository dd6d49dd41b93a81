"""Rows of the table `event_objects`, with defaults, for tests that read facts without the collector."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from core.clickhouse import Database


@dataclass(frozen=True)
class Touch:
    """An event that touches some objects ("type:id"), the first of them its subject."""

    event_type: str
    occurred_at: datetime
    objects: tuple[str, ...]
    event_id: str = ""
    integration: str = "erp"
    facility: str = ""
    flow_type: str = ""
    reason: str = ""
    amount: Decimal | None = None
    further: dict[str, str] = field(default_factory=dict)


COLUMNS = (
    "object_type", "object_id", "event_type", "occurred_at", "integration", "event_id", "is_subject", "facility",
    "supplier", "department", "spend_category", "criticality", "flow_type", "amount", "currency", "reason", "content_hash",
)  # fmt: skip


def supersede(database: Database, event_id: str, at: datetime, integration: str = "erp") -> None:
    """Say that another version of that event holds: the stored one counts no more."""
    database.insert(
        "superseded_events", ("integration", "event_id", "content_hash", "noticed_at"), [(integration, event_id, 1, at)]
    )


def store_touches(database: Database, *touches: Touch) -> None:
    rows = []
    for touch in touches:
        event_id = touch.event_id or f"{touch.event_type}/{touch.objects[0]}/{touch.occurred_at.isoformat()}"
        for place, ref in enumerate(touch.objects):
            kind, _, identifier = ref.partition(":")
            values = {
                "object_type": kind,
                "object_id": identifier,
                "event_id": event_id,
                "is_subject": place == 0,
                "content_hash": 1,
                "currency": "",
            }
            values |= {c: touch.further.get(c, "") for c in ("supplier", "department", "spend_category", "criticality")}
            rows.append([values[c] if c in values else getattr(touch, c) for c in COLUMNS])
    database.insert("event_objects", COLUMNS, rows)

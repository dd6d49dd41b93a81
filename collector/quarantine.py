"""Records that could not be read as facts: kept with the reason, the offending value and their content."""

from dataclasses import dataclass
from datetime import datetime

from core.clickhouse import Database
from core.paging import Page, place
from core.sql import sql


@dataclass(frozen=True)
class QuarantinedRecord:
    """One record: when it was received (UTC), from whom, why, the offending value, and its content (JSON)."""

    quarantined_at: datetime
    integration: str
    signal: str
    reason: str
    detail: str
    record: str
    request_id: str


@dataclass(frozen=True)
class QuarantineStore:
    """Reads the quarantine."""

    database: Database

    def page(self, limit: int, after: str | None = None, integration: str | None = None) -> Page[QuarantinedRecord]:
        """Return up to `limit` records, newest first, from the cursor `after` on. Raises MisuseError."""
        offset = place(after)
        of = [integration] if integration else []
        rows = self.database.rows(sql("collector", "quarantine_page"), limit=limit, offset=offset, integration=of)
        total = self.database.rows(sql("collector", "quarantine_total"), integration=of)[0]["total"]
        further = str(offset + limit) if offset + limit < total else None
        return Page(tuple(QuarantinedRecord(**row) for row in rows), further, total)

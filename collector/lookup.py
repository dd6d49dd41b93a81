"""Looking facts up by what an operator has in hand: a trace id, an event id, an attribute of a span."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.clickhouse import Database
from core.errors import MisuseError
from core.sql import sql

TRACE_ID = re.compile("[0-9a-fA-F]{32}")  # W3C Trace Context §3.2.2.3
MOST_SPANS = 10_000  # of one trace; more than anybody reads


@dataclass(frozen=True)
class FoundSpan:
    """One span: ids in hex, start (UTC), duration (nanoseconds), OTLP status code (2: error), text attributes."""

    trace: str
    span: str
    integration: str
    service: str
    name: str
    started_at: datetime
    duration_ns: int
    status_code: int
    status_message: str
    attributes_string: Mapping[str, str]


@dataclass(frozen=True)
class FoundEvent:
    """One event: when it happened and was received (UTC), its subject, trace id in hex (zeros: none)."""

    event_id: str
    integration: str
    type: str
    occurred_at: datetime
    received_at: datetime
    subject_type: str
    subject_id: str
    reason: str
    trace: str
    attributes_string: Mapping[str, str]


@dataclass(frozen=True)
class Lookup:
    """Finds facts by index, each once."""

    database: Database

    def trace(self, trace_id: str) -> list[FoundSpan]:
        """Return the spans of a trace in order of their start. Raises MisuseError for what is not 32 hex digits."""
        if not TRACE_ID.fullmatch(trace_id):
            message = f"{trace_id!r} is not a trace id: 32 hexadecimal digits"
            raise MisuseError(message)
        rows = self.database.rows(sql("collector", "trace_spans"), trace_id=trace_id, limit=MOST_SPANS)
        return [FoundSpan(**row) for row in rows]

    def spans_with(self, key: str, value: str, since: datetime, until: datetime, *, limit: int) -> list[FoundSpan]:
        """Return up to `limit` spans that started within the window and have the text attribute, newest first."""
        rows = self.database.rows(
            sql("collector", "spans_with_attribute"), key=key, value=value, since=since, until=until, limit=limit
        )
        return [FoundSpan(**row) for row in rows]

    def events(self, event_id: str) -> list[FoundEvent]:
        """Return the events with this id, at most one an integration: the version that holds."""
        return [FoundEvent(**row) for row in self.database.rows(sql("collector", "events_by_id"), event_id=event_id)]

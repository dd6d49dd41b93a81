"""Looking facts up by what an operator has in hand: a trace id, an event id, an attribute of a span."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from core.clickhouse import Database
from core.errors import MisuseError
from core.sql import sql
from core.vocabulary import ObjectRef

NO_TRACE = "0" * 32
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
    """One event: when it happened and was received (UTC), its subject, trace id in hex (zeros: none).

    Types, events and facilities are under their own names, and `sent_*` as they came.
    """

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
    span: str = ""
    objects: tuple[ObjectRef, ...] = ()
    actor: str = ""
    amount: Decimal | None = None
    currency: str = ""
    facility: str = ""
    supplier: str = ""
    department: str = ""
    spend_category: str = ""
    criticality: str = ""
    flow_type: str = ""
    attributes_int: Mapping[str, int] = field(default_factory=dict)
    attributes_float: Mapping[str, float] = field(default_factory=dict)
    attributes_bool: Mapping[str, bool] = field(default_factory=dict)
    sent_type: str = ""
    sent_objects: tuple[ObjectRef, ...] = ()
    sent_facility: str = ""

    @property
    def was_renamed(self) -> bool:
        """Whether it was sent under other names than it is told under."""
        sent = (self.sent_type, self.sent_objects, self.sent_facility)
        return sent != (self.type, self.objects, self.facility)

    @property
    def subject(self) -> ObjectRef | None:
        """The object that it happened to, where it names one."""
        return ObjectRef(self.subject_type, self.subject_id) if self.subject_type else None

    @property
    def trace_id(self) -> str | None:
        """The trace it was sent in, if any."""
        return None if self.trace == NO_TRACE else self.trace

    @property
    def attributes(self) -> dict[str, str | int | float | bool]:
        """Every attribute, by name."""
        kinds = (self.attributes_string, self.attributes_int, self.attributes_float, self.attributes_bool)
        return dict(sorted(pair for kind in kinds for pair in kind.items()))


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
        rows = self.database.rows(sql("collector", "events_by_id"), event_id=event_id)
        named = ("objects", "sent_objects")
        return [FoundEvent(**{**row, **{name: objects_of(row[name]) for name in named}}) for row in rows]


def objects_of(stored: list[Mapping[str, str]]) -> tuple[ObjectRef, ...]:
    """Return a record's objects as the store gives them."""
    return tuple(ObjectRef(item["type"], item["id"]) for item in stored)

"""The wire format of the quarantine: records, their history, and what a replay did."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from collector.quarantine import QuarantineFilter
from core.instants import parse_instant
from web.api.wire import Instant, Wire

LARGEST_LIST = 500
LISTS = ("reason", "integration", "signal", "status")
Words = list[str]


class WireQuarantined(Wire):
    """A record that was refused. `status`: open, refused (again, at a replay: for `reason`), replayed, dismissed.

    `copies`: equal records of one request. Not `replayable`: it can only be sent again by its sender.
    """

    id: str = Field(validation_alias="record_id")
    quarantined_at: Instant
    integration: str
    signal: str
    reason: str
    detail: str
    request_id: str
    status: str
    copies: int
    replayable: bool


class WireStep(Wire):
    """One step of a record: begun, released, replayed, refused or dismissed, by key:… or cli:…, at an instant."""

    changed_at: Instant
    changed_by: str
    status: str
    reason: str
    detail: str
    correction: dict[str, str]
    because: str
    replay_id: str


class WireQuarantineFile(Wire):
    """A record with its redacted content and what was done about it, oldest first."""

    record: WireQuarantined
    first_reason: str
    content: Any
    history: list[WireStep]


class WireOutcome(Wire):
    """What became of a record: replayed, refused, skipped; would_replay in a dry run."""

    id: str = Field(validation_alias="record_id")
    outcome: str
    reason: str
    detail: str


class WireReplay(Wire):
    """One replay. `left`: records that match and were not taken in hand (in a dry run: that would be).

    `outcomes` are at most 500, those that were not replayed first.
    """

    replay_id: str
    dry_run: bool
    replayed: int
    refused: int
    skipped: int
    left: int
    outcomes: list[WireOutcome]


class QuarantineChoice(BaseModel):
    """Which records. An empty list does not restrict; several values are alternatives."""

    model_config = ConfigDict(extra="forbid")

    reason: Words = Field([], description="Reasons, as `reason` tells them.", max_length=LARGEST_LIST)
    integration: Words = Field([], description="Integration keys.", max_length=LARGEST_LIST)
    signal: Words = Field([], description="logs, cloudevents, traces; events: versions that do not hold.", max_length=9)
    status: Words = Field([], description="open, refused, replayed, dismissed.", max_length=9)
    received_from: str | None = Field(None, max_length=60, description="ISO 8601 instant, included.")
    received_before: str | None = Field(None, max_length=60, description="ISO 8601 instant, not included.")

    def chosen(self) -> QuarantineFilter:
        """Return the filter. Raises MisuseError."""
        bounds = {"received_from": self.received_from, "received_before": self.received_before}
        given: dict[str, Any] = {name: parse_instant(text) for name, text in bounds.items() if text}
        given |= {name: tuple(filter(None, getattr(self, name))) for name in LISTS}
        return QuarantineFilter(**given)


class QuarantineParameters(QuarantineChoice):
    """The query string of the list."""

    limit: int = Field(50, ge=1, le=LARGEST_LIST, description="Most items on one page.")
    cursor: str | None = Field(None, max_length=2000, description="`next_cursor` of the page before.")


class ReplayRequest(BaseModel):
    """What to replay: `ids`, or all that `filter` chooses. `corrections`: fields of one record, said anew."""

    model_config = ConfigDict(extra="forbid")

    ids: Words = Field([], max_length=LARGEST_LIST, description="Record ids.")
    filter: QuarantineChoice = Field(
        default=QuarantineChoice.model_validate({}), description="Without ids: open ones it chooses."
    )
    corrections: dict[str, str] = Field({}, description="Of one id: field to text, '' to leave it out.")
    dry_run: bool = Field(default=False, description="Only tell what would be replayed.")


class DismissRequest(BaseModel):
    """Why a record is left as it is."""

    model_config = ConfigDict(extra="forbid")

    because: str = Field(min_length=1, max_length=500, description="Kept in the record's history.")

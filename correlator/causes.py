"""Why a handoff is stalled, and the facts that say so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from core.vocabulary import ObjectRef

CauseCode = Literal["silence", "integration_failure", "exception", "missing_prerequisite", "waiting_on"]
CAUSES: tuple[CauseCode, ...] = get_args(CauseCode)
EvidenceKind = Literal["event", "span", "silence", "missing"]


@dataclass(frozen=True)
class Evidence:
    """One fact that a cause rests on.

    `event`: what opened the handoff, or raised the exception (`integration`, `event_id`, when it occurred). `span`:
    the one that failed (`trace_id`, `span_id` in hexadecimal, when it started). `silence`: `integration` and when it
    was last heard. `missing`: the `object` on which nothing of `event_type` has happened; no instant.
    """

    kind: EvidenceKind
    integration: str = ""
    at: datetime | None = None
    event_type: str = ""
    event_id: str = ""
    trace_id: str = ""
    span_id: str = ""
    object: ObjectRef | None = None

    def __str__(self) -> str:
        """Return its ids in one line."""
        if self.kind == "missing":
            return f"no {self.event_type} on {self.object}"
        if self.kind == "silence":
            return f"{self.integration} last heard {self.at:%Y-%m-%d %H:%M} UTC"
        return f"event {self.event_id} of {self.integration}" if self.kind == "event" else f"trace {self.trace_id}"


@dataclass(frozen=True)
class Cause:
    """Why a handoff is stalled, and what that rests on. Stalls with one signature have one cause."""

    code: CauseCode
    summary: str
    trace_id: str | None
    signature: str
    evidence: tuple[Evidence, ...] = ()


def evidence_of(found: list[tuple[Any, ...]]) -> tuple[Evidence, ...]:
    """Return the `evidence` of correlator/sql/stalled_judged.sql: tuples of Evidence's fields, the object in two."""
    return tuple(
        Evidence(kind, integration, at, event_type, event_id, trace_id, span_id, ObjectRef(on, key) if on else None)
        for kind, integration, at, event_type, event_id, trace_id, span_id, on, key in found
    )

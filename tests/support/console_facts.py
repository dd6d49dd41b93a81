"""Single facts of the invented network, and a fake of the port that looks them up."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from support.console_network import NOW, ORDER, TRACE

from collector.lookup import FoundEvent
from collector.traces import LATEST, FoundTrace, TraceSpan
from core.errors import NotFoundError
from core.vocabulary import ObjectRef

INVOICE = ObjectRef("invoice", "INV-881")


def make_event_fact(**changes: object) -> FoundEvent:
    made: dict[str, object] = {
        "event_id": "evt-881",
        "integration": "ap_automation",
        "type": "invoice.received",
        "occurred_at": NOW - timedelta(days=2),
        "received_at": NOW - timedelta(days=2) + timedelta(seconds=4),
        "subject_type": INVOICE.type,
        "subject_id": INVOICE.id,
        "reason": "",
        "trace": TRACE,
        "span": "00f067aa0ba902b7",
        "attributes_string": {"erp.plant": "1010", "source.file": "inbound/2026-03-02.edi"},
        "attributes_int": {"lines": 14},
        "attributes_bool": {"partial": True},
        "objects": (INVOICE, ORDER),
        "actor": "j.alvarez",
        "amount": Decimal("46100.0000"),
        "currency": "USD",
        "facility": "MWEST",
        "supplier": "Stryker Orthopaedics",
        "department": "Surgery",
        "criticality": "clinical-critical",
        "flow_type": "three_way",
    }
    made |= changes
    sent = {f"sent_{name}": made[name] for name in ("type", "objects", "facility")}
    return FoundEvent(**{**sent, **made})


@dataclass
class FakeFacts:
    known: list[FoundEvent] = field(default_factory=lambda: [make_event_fact()])

    def events(self, event_id: str) -> list[FoundEvent]:
        return [each for each in self.known if each.event_id == event_id]


def make_trace_span(number: int, depth: int, name: str, after_ms: float, ms: float, **changes: object) -> TraceSpan:
    started_at = NOW - timedelta(hours=10) + timedelta(milliseconds=after_ms)
    made = TraceSpan(
        span_id=f"{0x00F067AA0BA902B6 + number:016x}",
        parent_id="" if depth == 0 else f"{0x00F067AA0BA902B6 + number - 1:016x}",
        depth=depth,
        orphan=False,
        integration="inventory",
        service="inventory",
        name=name,
        kind="server",
        started_at=started_at,
        offset_ns=round(after_ms * 1e6),
        duration_ns=round(ms * 1e6),
        error=False,
        status_message="",
        objects=(),
        attributes={"http.request.method": "GET", "http.response.status_code": 200},
        resource={"service.name": "inventory", "service.version": "4.2.1"},
        moments=(),
    )
    return replace(made, **changes)


def make_trace() -> FoundTrace:
    failed = {"error": True, "status_message": "503 Service Unavailable: upstream connect error, reset before headers"}
    spans = (
        make_trace_span(1, 0, "match invoice", 0, 5230, service="ap_automation", objects=(INVOICE, ORDER)),
        make_trace_span(2, 1, "GET /receipts?po=4500017", 120, 5001, **failed, moments=((5_120_000_000, "exception"),)),
        make_trace_span(3, 2, "SELECT receipts", 130, 12, service="inventory-db", kind="client"),
        make_trace_span(4, 1, "retry 1", 5150, 38, **failed, orphan=True),
    )
    return FoundTrace(TRACE, spans[0].started_at, 5_230_000_000, 4, 2, ("ap_automation", "inventory"), spans)


@dataclass
class FakeTraces:
    known: dict[str, FoundTrace] = field(default_factory=lambda: {TRACE: make_trace()})

    def trace(self, trace_id: str, as_of: datetime = LATEST) -> FoundTrace:
        if trace_id not in self.known or self.known[trace_id].started_at > as_of:
            message = f"there is no trace {trace_id}: it may have expired, or not arrived yet"
            raise NotFoundError(message)
        return self.known[trace_id]

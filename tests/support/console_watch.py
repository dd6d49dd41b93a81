"""Alerts, integrations and quarantine of the invented network, as fakes of their ports."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from support.console_network import NOW, OUTAGE, REGISTRY, TRACE, VARIANCE

from alerts.store import Alert, DeliveryReport
from collector.health import DEFAULT_WINDOW, WINDOWS, ArrivalHour, IntegrationHealth, Percentiles, Window
from collector.quarantine import (
    EVERY,
    QuarantineCount,
    QuarantinedRecord,
    QuarantineFile,
    QuarantineFilter,
    QuarantineStep,
)
from collector.replay import ReplayOutcome, ReplayReport
from core.errors import NotFoundError
from core.filters import Filters
from core.paging import Page
from slo.coverage import Awaited, Coverage, hearing
from web.telemetry import IntegrationStatus, statuses


def make_alert(**changes: object) -> Alert:
    made = Alert(
        alert_id="3f9a-1",
        rule="stalls-clinical",
        title="Clinical-critical handoffs stalled",
        state="firing",
        severity="page",
        summary="52 handoffs stalled: Inventory and receiving: 503 Service Unavailable",
        labels={"cause": OUTAGE.signature},
        count=52,
        amounts={"USD": Decimal("1204331.10")},
        facilities=("MWEST", "CDC01"),
        criticalities=("clinical-critical", "standard"),
        handoffs=("order_to_receipt",),
        since=NOW - timedelta(hours=9, minutes=50),
        pending_since=NOW - timedelta(hours=9, minutes=45),
        firing_since=NOW - timedelta(hours=9, minutes=40),
        resolved_at=None,
        owner="Receiving",
        cause_code="integration_failure",
        cause_summary=OUTAGE.summary,
        trace_id=TRACE,
        deliveries=(
            DeliveryReport(
                "n1", "webhook", "firing", "delivered", 1, NOW - timedelta(hours=9), "", NOW - timedelta(hours=9)
            ),
        ),
    )
    return replace(made, **changes)


@dataclass
class FakeAlerts:
    alerts: list[Alert] = field(
        default_factory=lambda: [
            make_alert(),
            make_alert(
                alert_id="77b0-1", state="pending", severity="ticket", title="Stalled amount above USD 250 k", count=9,
                amounts={"USD": Decimal(310_400)}, firing_since=None, cause_code="exception", cause_summary=VARIANCE.summary,
                labels={"cause": VARIANCE.signature}, trace_id=None, owner="Accounts payable", deliveries=(),
            ),
        ]
    )  # fmt: skip

    def active(self, as_of: datetime) -> tuple[Alert, ...]:
        return tuple(alert for alert in self.alerts if alert.state in {"pending", "firing"})

    def page(self, state: str | None = None, limit: int = 100, after: str | None = None) -> Page[Alert]:
        found = tuple(alert for alert in self.alerts if state in {None, alert.state})
        return Page(found[:limit], None, len(found))


# Integration: minutes since it was heard, events and spans an hour, failed spans an hour.
HEARD = {
    "procurement": (3, 1240, 3720, 2), "erp": (1, 5120, 15360, 0), "inventory": (4, 2210, 6630, 481),
    "ap_automation": (9, 1830, 5490, 11), "payments": (200, 96, 12, 0), "supplier_network": (590, 311, 0, 0),
    "legacy_edi": (42, 57, 0, 0),
}  # fmt: skip
IN_QUARANTINE = {"legacy_edi": {"missing_event_name": 1}, "erp": {"bad_amount": 3, "bad_timestamp": 1}}


def make_health(key: str, window: Window) -> IntegrationHealth:
    """The health of an integration that sends evenly until it was heard last."""
    minutes, events, spans, failed = HEARD[key]
    if timedelta(minutes=minutes) > WINDOWS[window]:
        return IntegrationHealth(WINDOWS[window])
    share = WINDOWS[window] / timedelta(hours=1) * max(0.0, 1 - timedelta(minutes=minutes) / WINDOWS[window])
    events, spans, failed = (round(share * count) for count in (events, spans, failed))
    return IntegrationHealth(
        window=WINDOWS[window],
        events=events,
        spans=spans,
        failed_spans=failed,
        quarantined=IN_QUARANTINE.get(key, {}),
        latency=Percentiles.of(spans, (0.038, 0.412, 2.1)) if spans else Percentiles(),
        event_delay=Percentiles.of(events, (4.2, 65.0, 700.0)) if events else Percentiles(),
        span_delay=Percentiles.of(spans, (-0.4, 5.1, 9.0)) if spans else Percentiles(),
        last_received=NOW - timedelta(minutes=minutes),
        backlog=timedelta(hours=3) if key == "legacy_edi" else timedelta(seconds=4),
    )


@dataclass
class FakeTelemetry:
    waiting: datetime | None = None
    silent: bool = False

    def integrations(self, as_of: datetime, window: Window = DEFAULT_WINDOW) -> list[IntegrationStatus]:
        heard = {} if self.silent else {key: NOW - timedelta(minutes=minutes) for key, (minutes, *_) in HEARD.items()}
        return statuses(REGISTRY, heard, {key: make_health(key, window) for key in heard}, as_of, window)

    def arrivals(self, as_of: datetime) -> dict[str, list[ArrivalHour]]:
        return {} if self.silent else {key: list(self._hours(key)) for key in HEARD}

    def waiting_since(self, watermark: datetime | None) -> datetime | None:
        return self.waiting

    def _hours(self, key: str) -> Iterator[ArrivalHour]:
        minutes, *counts = HEARD[key]
        for back in range(23, -1, -1):
            ends_at = NOW + timedelta(minutes=1) - back * timedelta(hours=1)
            sent = [0, 0, 0] if back < minutes // 60 else [count * (10 + (7 * back) % 5) // 12 for count in counts]
            failed = sent[2] if back < 10 else 0
            yield ArrivalHour(key, ends_at - timedelta(hours=1), ends_at, sent[0], sent[1], failed, 0)


class FakeAwaiting:
    def coverage(self, filters: Filters) -> Coverage:
        heard = {key: NOW - timedelta(minutes=minutes) for key, (minutes, *_) in HEARD.items()}
        return Coverage(
            tuple(
                Awaited(key, each.name, hearing(each.heartbeat or timedelta(), heard.get(key), NOW), heard.get(key))
                for key, each in sorted(REGISTRY.integrations.items())
            )
        )


RECORD = (
    '{"type":"invoice.received","given_time":"","happened":1772616600000000000,"service":"erp","objects":["invoice:INV-881"],'
    '"attribute_keys":["stallwatch.amount","note"],"attribute_texts":["much","call [email:0a1b2c]"]}'
)


def make_quarantined(**changes: object) -> QuarantinedRecord:
    made = QuarantinedRecord(
        quarantined_at=NOW - timedelta(minutes=5),
        integration="erp",
        signal="logs",
        reason="bad_amount",
        detail="much",
        record=RECORD,
        request_id="r-17",
        record_id="9f3c" * 8,
    )
    return replace(made, **changes)


@dataclass
class FakeQuarantine:
    records: list[QuarantinedRecord] = field(
        default_factory=lambda: [
            make_quarantined(reason="no_event_type", detail="", integration="legacy_edi", record_id="01" * 16, request_id="r-91"),
            make_quarantined(quarantined_at=NOW - timedelta(hours=3), copies=2),
            make_quarantined(quarantined_at=NOW - timedelta(hours=5), reason="bad_timestamp", detail="04.03.2026", signal="cloudevents", record_id="02" * 16, status="refused"),
            make_quarantined(quarantined_at=NOW - timedelta(days=2), reason="invalid_time", detail="x", record_id="03" * 16, replayable=False, record="{}"),
            make_quarantined(quarantined_at=NOW - timedelta(days=3), integration="inventory", signal="traces", reason="bad_object_reference", detail='["INV-1"]', record_id="04" * 16, status="replayed"),
        ]
    )  # fmt: skip

    def page(self, limit: int, after: str | None = None, chosen: QuarantineFilter = EVERY) -> Page[QuarantinedRecord]:
        found = [record for record in self.records if _fits(record, chosen)]
        return Page(tuple(found[:limit]), None, len(found))

    def counts(self, chosen: QuarantineFilter = EVERY) -> list[QuarantineCount]:
        return [
            QuarantineCount(each.reason, each.integration, each.signal, each.status, each.replayable, 1)
            for each in self.records
            if _fits(each, chosen)
        ]

    def record(self, record_id: str) -> QuarantineFile:
        for each in self.records:
            if each.record_id == record_id:
                step = QuarantineStep(
                    NOW, "key:a1b2", "refused", each.reason, each.detail, {"stallwatch.amount": "12,50"}, "", "f00d"
                )
                return QuarantineFile(each, each.reason, (replace(step, status="begun", reason="", detail=""), step))  # fmt: skip
        message = f"there is no record {record_id!r} in quarantine"
        raise NotFoundError(message)

    def dismiss(self, ids: list[str], because: str, by: str, clock: object) -> list[QuarantinedRecord]:
        self.records = [replace(each, status="dismissed") if each.record_id in ids else each for each in self.records]
        return []


@dataclass
class FakeReplays:
    """Stores whatever it is given, and remembers it."""

    asked: list[tuple[QuarantineFilter, str, dict[str, str]]] = field(default_factory=list)

    def preview(self, chosen: QuarantineFilter, corrected: dict[str, str] | None = None) -> ReplayReport:
        return ReplayReport("", 0, 0, 0, 1, (ReplayOutcome("9f3c" * 8, "would_replay", "bad_amount", "much"),))

    def replay(self, chosen: QuarantineFilter, by: str, corrected: dict[str, str] | None = None) -> ReplayReport:
        self.asked.append((chosen, by, dict(corrected or {})))
        return ReplayReport("f00d", 1, 0, 0, 0, (ReplayOutcome("9f3c" * 8, "replayed"),))


def _fits(record: QuarantinedRecord, chosen: QuarantineFilter) -> bool:
    names = ("reason", "integration", "signal", "status")
    return all(not getattr(chosen, name) or getattr(record, name) in getattr(chosen, name) for name in names)

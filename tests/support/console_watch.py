"""Alerts, integrations and quarantine of the invented network, as fakes of their ports."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from support.console_network import NOW, OUTAGE, REGISTRY, TRACE, VARIANCE

from alerts.store import Alert, DeliveryReport
from collector.quarantine import QuarantinedRecord
from core.paging import Page
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


@dataclass
class FakeTelemetry:
    waiting: datetime | None = None
    seen: dict[str, dict[str, object]] = field(
        default_factory=lambda: {
            key: {"last_seen": NOW - timedelta(minutes=ago), "events_day": events, "spans_day": 3 * events, "errors_day": errors}
            for key, ago, events, errors in (
                ("procurement", 3, 1240, 2), ("erp", 1, 5120, 0), ("inventory", 4, 2210, 481), ("ap_automation", 9, 1830, 11),
                ("payments", 200, 96, 0), ("supplier_network", 590, 311, 0), ("legacy_edi", 42, 57, 0),
            )
        }
    )  # fmt: skip

    def integrations(self, as_of: datetime) -> list[IntegrationStatus]:
        return statuses(REGISTRY, self.seen, as_of)

    def waiting_since(self, watermark: datetime | None) -> datetime | None:
        return self.waiting


@dataclass
class FakeQuarantine:
    records: list[QuarantinedRecord] = field(
        default_factory=lambda: [
            QuarantinedRecord(NOW - timedelta(minutes=5), "legacy_edi", "logs", "missing_event_name", "the log record names no event", "{}", "r-91"),
            QuarantinedRecord(NOW - timedelta(hours=3), "erp", "events", "invalid_time", "time: not an instant: '04.03.2026'", "{}", "r-17"),
        ]
    )  # fmt: skip

    def page(self, limit: int, after: str | None = None, integration: str | None = None) -> Page[QuarantinedRecord]:
        found = [record for record in self.records if integration in {None, record.integration}]
        return Page(tuple(found[:limit]), None, len(found))

"""A cast for alert tests: groups of stalls, where they come from, and channels that do as they are told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from alerts.errors import DeliveryError, Reason
from alerts.ports import Message
from alerts.rulebook import QualityRule, StallRule, load_rules
from core.clickhouse import Database
from core.errors import StoreUnavailableError
from core.filters import Filters

DUE = datetime(2026, 3, 4, 10, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Group:
    """Stalls that share a cause, as the correlator tells of them."""

    signature: str = "integration_failure:inventory"
    code: str = "integration_failure"
    summary: str = "inventory adapter fails: HTTP 503"
    handoffs: tuple[str, ...] = ("invoice_to_match",)
    count: int = 143
    amounts: dict[str, Decimal] = field(default_factory=lambda: {"USD": Decimal("1200000.50")})
    facilities: tuple[str, ...] = ("mercy-west",)
    criticalities: tuple[str, ...] = ("standard",)
    since: datetime = DUE
    owner: str = "Accounts payable"
    trace_id: str | None = "0af7651916cd43dd8448eb211c80319c"


@dataclass
class TheseStalls:
    """Returns the groups it was given, or fails while `down`; remembers what it was asked."""

    standing: Sequence[Group] = ()
    down: bool = False
    asked: list[Filters] = field(default_factory=list)

    def groups(self, filters: Filters) -> Sequence[Group]:
        self.asked.append(filters)
        if self.down:
            message = "the store does not answer"
            raise StoreUnavailableError(message)
        return list(self.standing)


@dataclass(frozen=True)
class Found:
    """One kind of finding at one integration, as the correlator tells of it."""

    kind: str = "impossible_order"
    title: str = "Impossible order"
    integration: str = "inventory"
    suspected: bool = False
    found: int = 40
    checked: int = 500
    summary: str = "40 of 500"


@dataclass
class TheseFindings:
    """Returns the findings it was given, or fails while `down`; remembers what it was asked."""

    standing: Sequence[Found] = ()
    down: bool = False
    asked: list[tuple[datetime, str]] = field(default_factory=list)

    def all(self, filters: Filters, window: str) -> Sequence[Found]:
        self.asked.append((filters.as_of, window))
        if self.down:
            message = "the store does not answer"
            raise StoreUnavailableError(message)
        return list(self.standing)


class PowerCutError(BaseException):
    """The process dies here."""


@dataclass
class Pager:
    """A channel whose receiver keeps what it took, first sightings and repeats, and behaves as told, message by message."""

    orders: list[str] = field(default_factory=list)
    taken: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        order = self.orders.pop(0) if self.orders else "take"
        if order in {"take", "take_then_time_out", "take_then_power_cut"}:
            self.taken.append(message)
        match order:
            case "take_then_power_cut" | "power_cut":
                raise PowerCutError
            case "take_then_time_out":
                raise DeliveryError(Reason.TIMED_OUT, "no answer in time")
            case "reject":
                raise DeliveryError(Reason.REJECTED, "HTTP 404")
            case "unreachable":
                raise DeliveryError(Reason.UNREACHABLE, "connection refused")
            case "throttle":
                raise DeliveryError(Reason.THROTTLED, "HTTP 429", timedelta(minutes=7))

    def close(self) -> None:
        """Hold nothing."""

    @property
    def ids(self) -> list[str]:
        return [message.id for message in self.taken]


def stall_rule(tmp_path: Path, **changes: str) -> StallRule:
    """Return a rule read from YAML: fires after 2 minutes, resolves after 5; a change replaces or adds a line."""
    lines = {"rule": "stalled", "kind": "stalls", "title": "Stalled", "for": "2m", "keep_firing_for": "5m", **changes}
    file = tmp_path / f"{lines['rule']}.yaml"
    file.write_text("".join(f"{key}: {value}\n" for key, value in lines.items()))
    (rule,) = load_rules([file])
    assert isinstance(rule, StallRule)
    return rule


def quality_rule(tmp_path: Path, **changes: str) -> QualityRule:
    """Return a rule on data quality read from YAML: what is found twice fires after 6 minutes, resolves after an hour."""
    lines = {
        "rule": "quality",
        "kind": "findings",
        "title": "Quality",
        "at_least": "{found: 2}",
        "for": "6m",
        "keep_firing_for": "1h",
        **changes,
    }
    file = tmp_path / f"{lines['rule']}.yaml"
    file.write_text("".join(f"{key}: {value}\n" for key, value in lines.items()))
    (rule,) = load_rules([file])
    assert isinstance(rule, QualityRule)
    return rule


def finished_run(database: Database, at: datetime) -> None:
    """Record that the correlator has finished a run."""
    database.insert(
        "correlator_runs",
        ("model", "revision", "kind", "watermark", "definitions", "finished_at", "roots", "events"),
        [("procure-to-pay", 1, "rebuild", at, "", at, 0, 0)],
    )

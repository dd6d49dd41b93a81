"""How well each integration's telemetry comes in: counted as received, told minute by minute of arrival.

Every figure rests on `arrivals` (core/migrations/0011_arrivals.sql) and `quarantine`, for any `as_of` of the last 30
days; docs/operations.md defines each. Where nothing arrived there is no figure: silence is not health.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from core.clickhouse import Database
from core.errors import MisuseError
from core.sql import sql

Window = Literal["15m", "1h", "24h"]
WINDOWS: Mapping[str, timedelta] = {
    "15m": timedelta(minutes=15),
    "1h": timedelta(hours=1),
    "24h": timedelta(days=1),
}
DEFAULT_WINDOW: Window = "1h"
HOURS = 24
COUNTS = ("events", "spans", "failed_spans", "quarantined")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
# Of fewer than 1 / (1 - p) values, the p-th percentile is merely the largest of them.
FEWEST = {"p50": 2, "p95": 20, "p99": 100}


def parse_window(text: str | None) -> Window:
    """Return the window that `text` names; an hour where it is empty. Raises MisuseError."""
    if not text:
        return DEFAULT_WINDOW
    for window in get_args(Window):
        if text == window:
            return window  # type: ignore[no-any-return]  # get_args is untyped: it is one of them
    message = f"{text[:40]!r} is not a window: take one of {', '.join(WINDOWS)}"
    raise MisuseError(message)


@dataclass(frozen=True)
class Percentiles:
    """Seconds at a percentile of `n` values, within 1 %; None where there are too few to tell (see FEWEST)."""

    n: int = 0
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None

    @classmethod
    def of(cls, n: int, seconds: Sequence[float]) -> "Percentiles":
        """Keep of the three what `n` values can tell."""
        told = zip(FEWEST.items(), seconds, strict=True)
        return cls(n, **{name: value if n >= fewest else None for (name, fewest), value in told})


@dataclass(frozen=True)
class IntegrationHealth:
    """What arrived from one integration in a window, the minute of `as_of` included.

    `failed_spans` ended in error. `quarantined`: records by reason. `latency`: how long spans took. Delays: from what
    happened (or a span's end) to its arrival; negative where the sender's clock is ahead. `backlog`: by how much the
    newest moment told of, in the minute of the last arrival, lay behind that arrival: of events and spans the greater.
    None where no good record came.
    """

    window: timedelta
    events: int = 0
    spans: int = 0
    failed_spans: int = 0
    quarantined: Mapping[str, int] = field(default_factory=dict)
    latency: Percentiles = Percentiles()
    event_delay: Percentiles = Percentiles()
    span_delay: Percentiles = Percentiles()
    last_received: datetime | None = None
    backlog: timedelta | None = None

    @property
    def arrived(self) -> bool:
        """Whether anything came at all, good or bad."""
        return bool(self.events or self.spans or self.quarantined)

    @property
    def events_per_minute(self) -> float:
        """Events received, per minute of the window."""
        return self.events / (self.window / MINUTE)

    @property
    def spans_per_minute(self) -> float:
        """Spans received, per minute of the window."""
        return self.spans / (self.window / MINUTE)

    @property
    def error_rate(self) -> float | None:
        """The share of spans that ended in error, 0 to 1; None without spans."""
        return self.failed_spans / self.spans if self.spans else None

    @property
    def quarantined_records(self) -> int:
        """Records that went to quarantine, for any reason."""
        return sum(self.quarantined.values())


@dataclass(frozen=True)
class ArrivalHour:
    """What arrived from one integration in one hour, from `starts_at` up to, not including, `ends_at`."""

    integration: str
    starts_at: datetime
    ends_at: datetime
    events: int = 0
    spans: int = 0
    failed_spans: int = 0
    quarantined: int = 0


@dataclass(frozen=True)
class HealthStore:
    """Reads what arrived."""

    database: Database

    def figures(self, as_of: datetime, window: Window = DEFAULT_WINDOW) -> dict[str, IntegrationHealth]:
        """Return the health of every integration of which anything came in the window that ends with `as_of`."""
        minutes = WINDOWS[window] // MINUTE
        arrived = self.database.rows(sql("collector", "health_window"), as_of=as_of, minutes=minutes)
        refused = self.database.rows(sql("collector", "health_quarantined"), as_of=as_of, minutes=minutes)
        came, went_wrong = _by_integration(arrived), _by_integration(refused)
        return {
            key: _health(WINDOWS[window], came.get(key, []), went_wrong.get(key, []))
            for key in dict.fromkeys([*came, *went_wrong])
        }

    def hours(self, as_of: datetime) -> dict[str, list[ArrivalHour]]:
        """Return the 24 hours up to the minute of `as_of`, oldest first, of each integration that sent anything."""
        rows = self.database.rows(sql("collector", "health_hours"), as_of=as_of)
        return {key: _hours(key, known, as_of) for key, known in _by_integration(rows).items()}


def empty_hours(integration: str, as_of: datetime) -> list[ArrivalHour]:
    """Return the 24 hours up to the minute of `as_of` of an integration that sent nothing."""
    return _hours(integration, [], as_of)


def _by_integration(rows: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["integration"], []).append(row)
    return found


def _health(
    window: timedelta, arrived: Sequence[Mapping[str, Any]], refused: Sequence[Mapping[str, Any]]
) -> IntegrationHealth:
    kinds = {row["kind"]: row for row in arrived}
    events, spans = kinds.get("events", {}), kinds.get("spans", {})
    return IntegrationHealth(
        window=window,
        events=events.get("arrived", 0),
        spans=spans.get("arrived", 0),
        failed_spans=spans.get("failed", 0),
        quarantined={row["reason"]: row["records"] for row in sorted(refused, key=lambda row: row["reason"])},
        latency=_percentiles(spans, "latency"),
        event_delay=_percentiles(events, "delay"),
        span_delay=_percentiles(spans, "delay"),
        last_received=max((row["last_received"] for row in arrived), default=None),
        backlog=max((row["last_received"] - row["newest"] for row in arrived), default=None),
    )


def _percentiles(row: Mapping[str, Any], name: str) -> Percentiles:
    return Percentiles.of(row["arrived"], row[name]) if row.get("arrived") else Percentiles()


def _hours(integration: str, rows: Sequence[Mapping[str, Any]], as_of: datetime) -> list[ArrivalHour]:
    end = as_of.replace(second=0, microsecond=0) + MINUTE
    known = {row["hours_back"]: row for row in rows}
    found = []
    for back in reversed(range(HOURS)):
        counts = {name: known.get(back, {}).get(name, 0) for name in COUNTS}
        found.append(ArrivalHour(integration, end - (back + 1) * HOUR, end - back * HOUR, **counts))
    return found

"""The last day of one integration as small bars: one an hour, what failed of it at its foot. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from collector.health import ArrivalHour
from web.bars import WIDTH, height
from web.words import clock, plural


@dataclass(frozen=True)
class Bar:
    """One hour: its place, and the heights of all that arrived and of what failed of it, from the foot up."""

    x: int
    arrived: float
    failed: float
    title: str


@dataclass(frozen=True)
class ArrivalBars:
    """One integration's bars, scaled to its own busiest hour; `summary` says them in words."""

    hours: tuple[ArrivalHour, ...]
    bars: tuple[Bar, ...]
    summary: str

    @property
    def told(self) -> tuple[ArrivalHour, ...]:
        """The hours in which anything arrived."""
        return tuple(hour for hour in self.hours if _arrived(hour))


def arrival_bars(hours: Sequence[ArrivalHour]) -> ArrivalBars:
    """Return the bars of consecutive hours, oldest first."""
    most = max(map(_arrived, hours), default=0)
    bars = tuple(
        Bar(place * WIDTH, height(_arrived(hour), most), height(_failed(hour), most), _title(hour))
        for place, hour in enumerate(hours)
        if _arrived(hour)
    )
    return ArrivalBars(tuple(hours), bars, _summary(hours))


def _arrived(hour: ArrivalHour) -> int:
    return hour.events + hour.spans + hour.quarantined


def _failed(hour: ArrivalHour) -> int:
    return hour.failed_spans + hour.quarantined


def _title(hour: ArrivalHour) -> str:
    failed = f", {_failed(hour):,} of them failed" if _failed(hour) else ""
    return f"{clock(hour.starts_at)} to {clock(hour.ends_at)}: {plural(_arrived(hour), 'record')}{failed}"


def _summary(hours: Sequence[ArrivalHour]) -> str:
    busiest = max(hours, key=_arrived, default=None)
    if busiest is None or not _arrived(busiest):
        return "Nothing arrived in the last 24 hours"
    total, failed = sum(map(_arrived, hours)), sum(map(_failed, hours))
    silent = sum(not _arrived(hour) for hour in hours)
    return (
        f"{plural(total, 'record')} in the last 24 hours, {f'{failed:,}' if failed else 'none'} of them failed; "
        f"most in the hour from {clock(busiest.starts_at)}; nothing in {plural(silent, 'hour')}"
    )

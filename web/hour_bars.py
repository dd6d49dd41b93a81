"""The hours of the day at which one integration's events occurred, as small bars, one an hour. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from web.bars import WIDTH, height
from web.words import plural


@dataclass(frozen=True)
class HourBar:
    """One hour of the day: its place, and the height of what occurred in it."""

    x: int
    height: float
    title: str


@dataclass(frozen=True)
class HourBars:
    """One integration's day, scaled to its own busiest hour; `summary` says it in words."""

    bars: tuple[HourBar, ...]
    summary: str


def hour_bars(hours: Sequence[int]) -> HourBars | None:
    """Return the bars of 24 counts, from midnight on; None where nothing was counted."""
    most = max(hours, default=0)
    if not most:
        return None
    bars = tuple(
        HourBar(hour * WIDTH, height(count, most), f"{_from(hour)}: {plural(count, 'event')}")
        for hour, count in enumerate(hours)
        if count
    )
    return HourBars(bars, f"most events occur in the hour {_from(list(hours).index(most))}, by the facilities' clocks")


def _from(hour: int) -> str:
    return f"from {hour:02}:00"

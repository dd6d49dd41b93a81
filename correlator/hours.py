"""At which hours of the day events say that they occurred, by the clocks of their facilities."""

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

HOURS = 24


def hours_of_day(rows: Iterable[Mapping[str, Any]]) -> dict[str, tuple[int, ...]]:
    """Return for each integration how many events occurred in each hour of the day, from midnight on.

    `rows` are those of sql/findings_hours: what occurred in quarters of an hour, which zones differ by.
    """
    counts: dict[str, list[int]] = {}
    for row in rows:
        local = row["since"].astimezone(ZoneInfo(row["zone"]))
        counts.setdefault(row["integration"], [0] * HOURS)[local.hour] += row["events"]
    return {integration: tuple(each) for integration, each in counts.items()}

"""How long handoff instances took: on the wall, and in business time on their calendar while their clock ran."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from correlator.model import JourneyModel

Row = dict[str, Any]
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Lasted:
    """Whole seconds since an instance first opened, until it ended or the instant asked for.

    On the wall it counts for how long its clock stood still, in business time it does not.
    """

    seconds: int
    business_seconds: int


def lasted(
    rows: Sequence[Row], as_of: datetime, models: Mapping[str, JourneyModel], ask: Callable[..., list[Row]]
) -> list[Lasted]:
    """Return how long each of these rows of `handoffs` took as of an instant, in their order.

    `ask` takes the name of a query and values to bind. An instance counts on the calendar that its handoff names, else
    on that of its facility, else on the one that never closes.
    """
    running = [list(_running(row, as_of)) for row in rows]
    stretches = [(place, *stretch) for place, found in enumerate(running) for stretch in found]
    business = dict.fromkeys(range(len(rows)), 0)
    if stretches:
        places, since, until = (list(each) for each in zip(*stretches, strict=True))
        bound = {
            "places": places,
            "calendars": [_calendar(rows[place], models) for place in places],
            "facilities": [rows[place]["facility"] for place in places],
            "since": since,
            "until": until,
        }
        business |= {row["place"]: row["business_seconds"] for row in ask("handoff_lasted", **bound)}
    return [
        Lasted(max(0, int((_ended_at(row, as_of) - row["first_opened_at"]).total_seconds())), business[place])
        for place, row in enumerate(rows)
    ]


def _running(row: Row, as_of: datetime) -> Iterator[Stretch]:
    """Yield the stretches in which the clock of an instance ran, in order."""
    since, end = row["first_opened_at"], _ended_at(row, as_of)
    for stop in sorted((*row["stood"], *row["pauses"]), key=lambda each: each["since"]):
        if since < min(stop["since"], end):
            yield since, min(stop["since"], end)
        since = max(since, stop["until"] or end)
    if since < end:
        yield since, end


def _ended_at(row: Row, as_of: datetime) -> datetime:
    ends: tuple[datetime | None, ...] = (row["closed_at"], row["cancelled_at"], as_of)
    return min(end for end in ends if end is not None)


def _calendar(row: Row, models: Mapping[str, JourneyModel]) -> str:
    model = models.get(row["model"])
    definition = model.handoffs.get(row["handoff"]) if model else None
    return (definition.calendar if definition else None) or ""

"""Lag of the present, reckoned once a minute beside many instances, however many look: it reads every one of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.clock import Clock
from core.filters import Filters
from slo.lag import Curve, Lag, LagRow
from slo.opened import EVER, Opened

BY = ("facility", "handoff")
WORTH_KEEPING = 0.1  # seconds: what takes less is reckoned for whoever asks
PAUSE = 20  # times as long as reckoning took: a twentieth of the time at most goes into it
GOOD_FOR = timedelta(minutes=5)  # a job that fails or is slow leaves no older figures standing
PRESENT = timedelta(seconds=5)  # between a request's reading of the clock and ours


@dataclass(frozen=True)
class _Kept:
    as_of: datetime
    rows: tuple[LagRow, ...]


class KeptLag:
    """Lag as `Lag` tells it, and at once of the instant at which it was last kept.

    Whoever wants the present asks `as_of` first, and then of that instant.
    """

    def __init__(self, lag: Lag, clock: Clock, monotonic: Callable[[], float]) -> None:
        """`monotonic` returns seconds that never go back."""
        self._lag, self._clock, self._monotonic = lag, clock, monotonic
        self._kept: _Kept | None = None
        self._not_before = 0.0

    def keep(self) -> bool:
        """Reckon the present by facility and handoff, unless that was done lately for as long as it takes.

        Returns whether it was. Keeps nothing where reckoning is quick.
        """
        began = self._monotonic()
        if began < self._not_before:
            return False
        as_of = self._clock.now()
        rows = tuple(self._lag.by_facility(Filters(as_of), group_by=BY))
        ended = self._monotonic()
        self._kept = _Kept(as_of, rows) if ended - began > WORTH_KEEPING else None
        self._not_before = ended + PAUSE * (ended - began)
        return True

    def as_of(self, filters: Filters, *, group_by: Sequence[str] = BY, opened: Opened = EVER) -> datetime:
        """Return of which instant to ask: where `filters` asks for the present, of what is kept of a moment ago."""
        kept, now = self._fitting(filters, group_by, opened), self._clock.now()
        if kept and abs(now - filters.as_of) <= PRESENT and timedelta(0) <= filters.as_of - kept.as_of <= GOOD_FOR:
            return kept.as_of
        return filters.as_of

    def by_facility(self, filters: Filters, *, group_by: Sequence[str] = BY, opened: Opened = EVER) -> list[LagRow]:
        """Return what `Lag.by_facility` returns."""
        kept = self._fitting(filters, group_by, opened)
        if kept is None or kept.as_of != filters.as_of:
            return self._lag.by_facility(filters, group_by=group_by, opened=opened)
        chosen = {key: getattr(filters, key) for key in BY}
        return [row for row in kept.rows if all(not of or row.keys[key] in of for key, of in chosen.items())]

    def trend(
        self, filters: Filters, step: str = "week", *, group_by: Sequence[str] = (), opened: Opened = EVER
    ) -> list[LagRow]:
        """Return what `Lag.trend` returns."""
        return self._lag.trend(filters, step, group_by=group_by, opened=opened)

    def curves(
        self, filters: Filters, *, group_by: Sequence[str] = (), opened: Opened = EVER, points: int = 200
    ) -> list[Curve]:
        """Return what `Lag.curves` returns."""
        return self._lag.curves(filters, group_by=group_by, opened=opened, points=points)

    def _fitting(self, filters: Filters, group_by: Sequence[str], opened: Opened) -> _Kept | None:
        """Return what is kept, where nothing else is asked for than that rows are told apart by."""
        chosen_otherwise = replace(filters, facility=(), handoff=(), cause=()) != Filters(filters.as_of)
        return None if chosen_otherwise or tuple(group_by) != BY or opened != EVER else self._kept

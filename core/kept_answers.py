"""Answers about the present that cost much: reckoned in the background for as long as somebody asks for them."""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from core.clock import Clock

Answer = TypeVar("Answer")
WORTH_KEEPING = 0.1  # seconds: what takes less is reckoned for whoever asks
PRESENT = timedelta(seconds=5)  # between a request's reading of the clock and ours
# An answer is told for this and so many times as long as it took, but never for longer than GOOD_FOR, however
# slow the job is. At rest, when nobody has asked since, it is reckoned anew at half that age.
AT_LEAST, TIMES = timedelta(seconds=5), 20
GOOD_FOR = timedelta(minutes=5)
ASKED_LATELY = timedelta(minutes=5)  # what nobody has asked for since is reckoned no more
MOST = 64  # questions; of more, the ones asked longest ago are forgotten


@dataclass(frozen=True)
class _Wanted:
    """A question: how it is answered, when it was last asked; the answer that is kept, of when, and what it took."""

    reckon: Callable[[datetime], Any]
    asked_at: datetime
    answer: Any = None
    as_of: datetime | None = None
    tried_at: datetime | None = None
    took: float = 0.0  # seconds

    @property
    def good_for(self) -> timedelta:
        """How old the answer may be."""
        return min(GOOD_FOR, AT_LEAST + TIMES * timedelta(seconds=self.took))

    def is_due(self, now: datetime) -> bool:
        """Return whether the background is to answer it."""
        return self.tried_at is None or self.asked_at > self.tried_at or now - self.tried_at >= self.good_for / 2


class KeptAnswers:
    """Whoever asks for the present is answered as of a moment ago where that is kept, and told of when it is.

    `keep` is the background's part: it answers one question a time. All that is reckoned there takes no more than one
    part in `pause` + 1 of the time.
    """

    def __init__(self, clock: Clock, monotonic: Callable[[], float], pause: float) -> None:
        """`monotonic` returns seconds that never go back."""
        self._clock, self._monotonic, self._pause = clock, monotonic, pause
        self._wanted: dict[Hashable, _Wanted] = {}  # in the order of asking
        self._lock = threading.Lock()
        self._not_before = 0.0

    def of(self, question: Hashable, as_of: datetime, reckon: Callable[[datetime], Answer]) -> tuple[Answer, datetime]:
        """Return the answer and the instant that it is of: `as_of`, or where that is the present, maybe a kept one."""
        return self.at(question, as_of, reckon) or (reckon(as_of), as_of)

    def at(
        self, question: Hashable, as_of: datetime, reckon: Callable[[datetime], Answer]
    ) -> tuple[Answer, datetime] | None:
        """Return the answer that is kept of the present, if `as_of` is that; remember that it was asked for."""
        now = self._clock.now()
        if abs(now - as_of) > PRESENT:
            return None
        with self._lock:
            known = self._wanted.pop(question, None)
            wanted = replace(known, asked_at=now) if known else _Wanted(reckon, now)
            self._wanted[question] = wanted
            if len(self._wanted) > MOST:
                del self._wanted[next(iter(self._wanted))]
        if wanted.as_of is None or not timedelta(0) <= as_of - wanted.as_of <= wanted.good_for:
            return None
        return wanted.answer, wanted.as_of

    def keep(self) -> bool:
        """Answer the question that has waited longest, unless it is too soon or nobody asked; return whether it did.

        An answer that was quick is not kept. A question that cannot be answered is forgotten until it is asked again.
        """
        began, now = self._monotonic(), self._clock.now()
        with self._lock:
            self._wanted = {key: each for key, each in self._wanted.items() if now - each.asked_at <= ASKED_LATELY}
            due = [found for found in self._wanted.items() if found[1].is_due(now)]
            waiting = sorted(due, key=lambda found: found[1].tried_at or found[1].asked_at - GOOD_FOR)
        if began < self._not_before or not waiting:
            return False
        question, wanted = waiting[0]
        try:
            answer = wanted.reckon(now)
        except Exception:
            with self._lock:
                self._wanted.pop(question, None)
            raise
        finally:
            took = self._monotonic() - began
            self._not_before = began + took * (1 + self._pause)
        kept = {"answer": answer, "as_of": now} if took > WORTH_KEEPING else {"answer": None, "as_of": None}
        with self._lock:
            if question in self._wanted:
                self._wanted[question] = replace(self._wanted[question], tried_at=now, took=took, **kept)
        return True

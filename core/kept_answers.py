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
# An answer is told for this and so many times as long as it took, or for so many rounds through all that is asked where
# that is longer: else who asks would wait each time. At rest, when nobody has asked since, it is reckoned anew at half
# that age. By default it is never told for longer than GOOD_FOR, however slow the job is.
AT_LEAST, TIMES, ROUNDS = timedelta(seconds=5), 20, 2
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


class KeptAnswers:
    """Whoever asks for the present is answered as of a moment ago where that is kept, and told of when it is.

    `keep` is the background's part: it answers one question a time. All that is reckoned there takes no more than one
    part in `pause` + 1 of the time.
    """

    def __init__(
        self, clock: Clock, monotonic: Callable[[], float], pause: float, longest: timedelta = GOOD_FOR
    ) -> None:
        """`monotonic` returns seconds that never go back. No answer is told that is older than `longest`."""
        self._clock, self._monotonic, self._pause, self._longest = clock, monotonic, pause, longest
        self._wanted: dict[Hashable, _Wanted] = {}  # in the order of asking
        self._lock = threading.Lock()
        self._not_before = 0.0

    def of(self, question: Hashable, as_of: datetime, reckon: Callable[[datetime], Answer]) -> tuple[Answer, datetime]:
        """Return the answer and the instant that it is of: `as_of`, or where that is the present, maybe a kept one.

        What took long to reckon for one who asks is kept for the next.
        """
        found = self.at(question, as_of, reckon)
        if found:
            return found
        return (self._reckoned(question, as_of, reckon) if self._is_present(as_of) else reckon(as_of)), as_of

    def at(
        self, question: Hashable, as_of: datetime, reckon: Callable[[datetime], Answer]
    ) -> tuple[Answer, datetime] | None:
        """Return the answer that is kept of the present, if `as_of` is that; remember that it was asked for."""
        if not self._is_present(as_of):
            return None
        now = self._clock.now()
        with self._lock:
            known = self._wanted.pop(question, None)
            wanted = replace(known, asked_at=now) if known else _Wanted(reckon, now)
            self._wanted[question] = wanted
            if len(self._wanted) > MOST:
                del self._wanted[next(iter(self._wanted))]
            good_for = self._good_for(wanted)
        if wanted.as_of is None or not timedelta(0) <= as_of - wanted.as_of <= good_for:
            return None
        return wanted.answer, wanted.as_of

    def keep(self) -> bool:
        """Answer the question that has waited longest, unless it is too soon or nobody asked; return whether it did.

        An answer that was quick is not kept. A question that cannot be answered is forgotten until it is asked again.
        """
        began, now = self._monotonic(), self._clock.now()
        with self._lock:
            self._wanted = {key: each for key, each in self._wanted.items() if self._is_wanted(each, now)}
            due = [found for found in self._wanted.items() if self._is_due(found[1], now)]
            waiting = sorted(due, key=lambda found: found[1].tried_at or found[1].asked_at - GOOD_FOR)
        if began < self._not_before or not waiting:
            return False
        question, wanted = waiting[0]
        try:
            self._reckoned(question, now, wanted.reckon, tried_at=now)
        finally:
            self._not_before = began + (self._monotonic() - began) * (1 + self._pause)
        return True

    def _is_present(self, as_of: datetime) -> bool:
        return abs(self._clock.now() - as_of) <= PRESENT

    def _is_wanted(self, it: _Wanted, now: datetime) -> bool:
        return now - it.asked_at <= max(ASKED_LATELY, self._good_for(it))

    def _is_due(self, it: _Wanted, now: datetime) -> bool:
        """Return whether the background is to answer it."""
        return it.tried_at is None or it.asked_at > it.tried_at or now - it.tried_at >= self._good_for(it) / 2

    def _good_for(self, it: _Wanted) -> timedelta:
        """Return how old the answer may be."""
        a_round = sum(each.took for each in self._wanted.values()) * (1 + self._pause)
        return min(
            self._longest, max(AT_LEAST + timedelta(seconds=TIMES * it.took), timedelta(seconds=ROUNDS * a_round))
        )

    def _reckoned(
        self,
        question: Hashable,
        as_of: datetime,
        reckon: Callable[[datetime], Answer],
        tried_at: datetime | None = None,
    ) -> Answer:
        """Reckon, and keep the answer of a question that is wanted, if that took long and nothing newer is kept."""
        began = self._monotonic()
        try:
            answer = reckon(as_of)
        except Exception:
            with self._lock:
                self._wanted.pop(question, None)
            raise
        took = self._monotonic() - began
        kept = {"answer": answer, "as_of": as_of} if took > WORTH_KEEPING else {"answer": None, "as_of": None}
        with self._lock:
            wanted = self._wanted.get(question)
            if wanted and (wanted.as_of is None or wanted.as_of <= as_of):
                self._wanted[question] = replace(wanted, tried_at=tried_at or wanted.tried_at, took=took, **kept)
        return answer

"""Answers about the present that cost much: reckoned in the background for as long as somebody asks for them."""

import threading
from collections.abc import Callable, Hashable, Sized
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from core.clock import Clock
from core.errors import StoreError
from core.filters import Filters

Answer = TypeVar("Answer")
WORTH_KEEPING = 0.1  # seconds: what takes less is reckoned for whoever asks
PRESENT = timedelta(minutes=1)  # between a request's reading of the clock and its last question
# An answer is told for this and so many times as long as it took, or for so many rounds through all that is asked often
# where that is longer: else who asks would wait each time. It is never told for longer than GOOD_FOR, or what is asked
# for instead, however slow the job is. It is reckoned anew at a quarter of that age, or half if nobody asked since.
AT_LEAST, TIMES, ROUNDS = timedelta(seconds=5), 20, 2
AGAIN, AT_REST = 4, 2
GOOD_FOR = timedelta(minutes=5)
ASKED_LATELY = timedelta(minutes=5)  # what nobody has asked for since is reckoned no more
MOST = 64  # questions; of more, the ones asked longest ago are forgotten
LONGEST = 20_000  # rows of an answer: a longer one is reckoned for whoever asks


@dataclass(frozen=True)
class _Wanted:
    """A question: how it is answered, when and how often it was asked; the answer that is kept, and what it took."""

    reckon: Callable[[datetime], Any]
    asked_at: datetime
    asked: int = 1
    answer: Any = None
    as_of: datetime | None = None
    tried_at: datetime | None = None
    took: float = 0.0  # seconds


class KeptAnswers:
    """Whoever asks for the present is answered as of a moment ago where that is kept, and told of when it is.

    `keep` is the background's part: it answers one question a time. All that is reckoned there takes no more than one
    part in `pause` + 1 of the time. Whoever asks while the same is being reckoned waits for that answer.
    """

    def __init__(
        self, clock: Clock, monotonic: Callable[[], float], pause: float, longest: timedelta = GOOD_FOR
    ) -> None:
        """`monotonic` returns seconds that never go back. No answer is told that is older than `longest`."""
        self._clock, self._monotonic, self._pause, self._longest = clock, monotonic, pause, longest
        self._wanted: dict[Hashable, _Wanted] = {}  # in the order of asking
        self._flying: dict[Hashable, Future[tuple[Any, datetime]]] = {}
        self._lock = threading.Lock()
        self._not_before = 0.0

    def of(self, question: Hashable, asked: Filters, reckon: Callable[[datetime], Answer]) -> tuple[Answer, datetime]:
        """Return the answer and the instant that it is of: the one asked for, or of the present maybe a kept one.

        What took long to reckon for one who asks is kept for the next.
        """
        found = self.at(question, asked, reckon)
        if found:
            return found
        if not self.is_present(asked):
            return reckon(asked.as_of), asked.as_of
        return self._reckoned(question, asked.as_of, reckon)

    def at(
        self, question: Hashable, asked: Filters, reckon: Callable[[datetime], Answer]
    ) -> tuple[Answer, datetime] | None:
        """Return the answer that is kept, if the present is asked for; remember that it was.

        An instant that was named is answered by what is kept of that very instant alone.
        """
        if not self.is_present(asked):
            with self._lock:
                kept = self._wanted.get(question)
            return (kept.answer, asked.as_of) if kept and kept.as_of == asked.as_of else None
        now = self._clock.now()
        with self._lock:
            known = self._wanted.pop(question, None)
            wanted = replace(known, asked_at=now, asked=known.asked + 1) if known else _Wanted(reckon, now)
            self._wanted[question] = wanted
            if len(self._wanted) > MOST:
                del self._wanted[next(iter(self._wanted))]
            good_for = self._good_for(wanted)
        if wanted.as_of is None or not timedelta(0) <= asked.as_of - wanted.as_of <= good_for:
            return None
        return wanted.answer, wanted.as_of

    def keep(self) -> bool:
        """Answer the question that has waited longest, unless it is too soon or nobody asked; return whether it did.

        An answer that was quick is not kept.
        """
        began, now = self._monotonic(), self._clock.now()
        with self._lock:
            self._wanted = {key: each for key, each in self._wanted.items() if now - each.asked_at <= ASKED_LATELY}
            due = [found for found in self._wanted.items() if self._is_due(found[1], now)]
            waiting = sorted(due, key=lambda found: found[1].tried_at or found[1].asked_at - GOOD_FOR)
        if began < self._not_before or not waiting:
            return False
        question, wanted = waiting[0]
        try:
            self._reckoned(question, now, wanted.reckon)
        finally:
            self._not_before = began + (self._monotonic() - began) * (1 + self._pause)
        return True

    def is_present(self, asked: Filters) -> bool:
        """Return whether the present is asked for, and not an instant by its name."""
        return not asked.named_instant and abs(self._clock.now() - asked.as_of) <= PRESENT

    def _is_due(self, it: _Wanted, now: datetime) -> bool:
        """Return whether the background is to answer it: what was quick is looked at again once in a while."""
        if it.tried_at is None:
            return True
        if it.took <= WORTH_KEEPING:
            return now - it.tried_at >= ASKED_LATELY
        age, good_for = now - it.tried_at, self._good_for(it)
        return age >= good_for / AGAIN if it.asked_at > it.tried_at else it.asked > 1 and age >= good_for / AT_REST

    def _good_for(self, it: _Wanted) -> timedelta:
        """Return how old the answer may be."""
        often = sum(each.took for each in self._wanted.values() if each.asked > 1)
        rounds = timedelta(seconds=ROUNDS * often * (1 + self._pause))
        return min(self._longest, max(AT_LEAST + timedelta(seconds=TIMES * it.took), rounds))

    def _reckoned(
        self, question: Hashable, as_of: datetime, reckon: Callable[[datetime], Answer]
    ) -> tuple[Answer, datetime]:
        """Reckon, or wait for who is reckoning it already; return the answer and the instant that it is of."""
        with self._lock:
            flight = self._flying.get(question)
            mine = self._flying.setdefault(question, Future())
        if flight is not None:
            return flight.result()
        began = self._monotonic()
        try:
            mine.set_result((reckon(as_of), as_of))
        except BaseException as error:
            mine.set_exception(error)
            self._note_failure(question, as_of, error)
            raise
        else:
            self._note(question, mine.result()[0], as_of, self._monotonic() - began)
        finally:
            with self._lock:
                del self._flying[question]
        return mine.result()

    def _note(self, question: Hashable, answer: object, as_of: datetime, took: float) -> None:
        """Keep an answer to what is wanted, if it took long and nothing newer is kept."""
        worth = took > WORTH_KEEPING and not (isinstance(answer, Sized) and len(answer) > LONGEST)
        kept = {"answer": answer, "as_of": as_of} if worth else {"answer": None, "as_of": None}
        with self._lock:
            wanted = self._wanted.get(question)
            if wanted and (wanted.as_of is None or wanted.as_of <= as_of):
                self._wanted[question] = replace(wanted, tried_at=as_of, took=took, **kept)

    def _note_failure(self, question: Hashable, as_of: datetime, error: BaseException) -> None:
        """Leave what is kept to age where the store failed; forget a question that has no answer until asked again."""
        with self._lock:
            wanted = self._wanted.get(question)
            if wanted and wanted.as_of is not None and isinstance(error, StoreError):
                self._wanted[question] = replace(wanted, tried_at=as_of)
            else:
                self._wanted.pop(question, None)

"""What the benchmark of queries asks as the console does: of the present, while the background keeps the answers."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.clock import Clock
from core.filters import Filters
from core.kept_answers import KeptAnswers

TURNS = 2  # of the background, for each question: so that reckoning has its share of the time in what is measured


@dataclass(frozen=True)
class Question:
    """`ask` returns the instant that the console's answer is of, `reckon` reckons what is kept, if for nothing else."""

    ask: Callable[[Filters], datetime]
    reckon: Callable[[datetime], object] | None = None


@dataclass
class Background:
    """The job that keeps answers, run each `every` as the scheduler does; how often it has answered a question."""

    kept: KeptAnswers
    every: timedelta
    turns: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Look for what is due, until it is over."""
        while not self._stop.wait(self.every.total_seconds()):
            self.turns += self.kept.keep()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run beside what is done meanwhile."""
        thread = threading.Thread(target=self.run)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()


def asked_of_the_present(
    questions: Mapping[str, Question], background: Background, clock: Clock, rounds: int
) -> dict[str, dict[str, Any]]:
    """Return what the answers take and how old they are, and what reckoning them takes, by name of the question.

    All are asked once a second, at least `rounds` times, until the background has reckoned each of them TURNS times.
    Left out is the time until it has reckoned each once: who asks then waits for what the next ones find.
    """
    reckoned = {name: _reckoned(each.reckon, clock) for name, each in questions.items() if each.reckon}
    seconds, ages = ({name: list[float]() for name in questions} for _ in range(2))
    with background.running():
        first = max(1, len(reckoned))
        while min(map(len, ages.values())) < rounds or background.turns < TURNS * first:
            for name, each in questions.items():
                asked_at, started = clock.now(), time.perf_counter()
                as_of = each.ask(Filters(asked_at))
                if background.turns >= first:
                    seconds[name].append(time.perf_counter() - started)
                    ages[name].append((asked_at - as_of).total_seconds())
            time.sleep(1)
    return {name: _summed_up(seconds[name], ages[name]) | reckoned.get(name, {}) for name in questions}


def _reckoned(reckon: Callable[[datetime], object], clock: Clock) -> dict[str, float]:
    """Return what reckoning takes, the second time: the first reads what later ones find in memory."""
    for _ in range(2):
        started, used = time.perf_counter(), time.process_time()
        reckon(clock.now())
        took = time.perf_counter() - started, time.process_time() - used
    return {"reckoned_seconds": round(took[0], 4), "reckoned_cpu_seconds": round(took[1], 4)}


def _summed_up(seconds: list[float], ages: list[float]) -> dict[str, float]:
    return {
        "asked": len(seconds),
        "p50_seconds": round(statistics.median(seconds), 6),
        "p95_seconds": round(_p95(seconds), 6),
        "p95_age_seconds": round(_p95(ages), 1),
    }


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]

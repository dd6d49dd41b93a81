"""Rates as definition files write them: "500/s", "30/m", "1000/h", and the bucket that keeps somebody to one."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from core.errors import DefinitionError

SECONDS = {"s": 1, "m": 60, "h": 3600}
WRITTEN = re.compile(rf"([1-9][0-9]{{0,8}})/([{''.join(SECONDS)}])")


class RateError(DefinitionError, ValueError):
    """The text is no rate. A ValueError too, so that a definition file's error names its line."""


@dataclass(frozen=True)
class Rate:
    """So many in so many seconds. All of them may come at once, and then one every `seconds / count`."""

    count: int
    seconds: int


def parse_rate(text: str) -> Rate:
    """Read "500/s", "30/m" or "1000/h". Raises RateError for anything else, zero included."""
    written = WRITTEN.fullmatch(text.strip())
    if written is None:
        message = f"{text!r} is not a rate: write 500/s, 30/m or 1000/h"
        raise RateError(message)
    return Rate(int(written[1]), SECONDS[written[2]])


class TokenBucket:
    """Keeps to one rate. Shared by all threads. `monotonic` returns seconds that never go back."""

    def __init__(self, rate: Rate, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.rate = rate
        self._monotonic, self._guard = monotonic, threading.Lock()
        self._tokens, self._seen = float(rate.count), monotonic()

    def take(self) -> float:
        """Take one; return 0, or, where there is none, the seconds until there is."""
        with self._guard:
            now, rate = self._monotonic(), self.rate
            self._tokens = min(rate.count, self._tokens + (now - self._seen) * rate.count / rate.seconds)
            self._seen = now
            if self._tokens < 1:
                return (1 - self._tokens) * rate.seconds / rate.count
            self._tokens -= 1
            return 0.0

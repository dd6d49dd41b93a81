"""How many bytes may be on their way to the store at one time: past that, senders are asked to wait."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from collector.errors import OverloadedError
from collector.senders import ANYONE, Sender


class Admission:
    """Counts the bytes of every request that is not answered yet, in all and by key. Shared by all threads.

    A key may hold `max_bytes_per_key`, or one request of any size that the whole has room for; senders without a key
    may use all. None: a key may use all too.
    """

    def __init__(self, max_bytes: int, max_bytes_per_key: int | None = None) -> None:
        self.max_bytes = max_bytes
        self.max_bytes_per_key = max_bytes if max_bytes_per_key is None else max_bytes_per_key
        self._bytes = 0
        self._by_key: Counter[str] = Counter()
        self._guard = threading.Lock()

    @property
    def in_flight(self) -> int:
        """The bytes held now."""
        return self._bytes

    def held_by(self, key: str) -> int:
        """Return the bytes that one key holds now."""
        return self._by_key[key]

    @contextmanager
    def hold(self, sender: Sender = ANYONE) -> Iterator["Hold"]:
        """Open a hold of zero bytes; all that it has grown to is released at the end."""
        hold = Hold(self, sender.key)
        try:
            yield hold
        finally:
            hold.release()

    def _grow(self, hold: "Hold", size: int) -> None:
        with self._guard:
            if self._bytes + size > self.max_bytes:
                message = f"more than {self.max_bytes} bytes wait to be stored; send this again later"
                raise OverloadedError(message)
            others = self._by_key[hold.key] - hold.held
            if hold.key and others and others + hold.held + size > self.max_bytes_per_key:
                message = (
                    f"more than {self.max_bytes_per_key} bytes of your key wait to be stored; send this again later"
                )
                raise OverloadedError(message)
            self._add(hold, size)

    def _add(self, hold: "Hold", size: int) -> None:
        self._bytes += size
        hold.held += size
        self._by_key[hold.key] += size
        if not self._by_key[hold.key]:
            del self._by_key[hold.key]


@dataclass
class Hold:
    """The bytes of one request."""

    admission: Admission
    key: str = ""
    held: int = 0

    def grow(self, size: int) -> None:
        """Take `size` more bytes. Raises OverloadedError where there is no room."""
        self.admission._grow(self, size)  # noqa: SLF001 - the two are one thought

    def release(self) -> None:
        """Give all of them back."""
        with self.admission._guard:  # noqa: SLF001 - as above
            self.admission._add(self, -self.held)  # noqa: SLF001 - as above

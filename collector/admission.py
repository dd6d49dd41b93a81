"""How many bytes may be on their way to the store at one time: past that, senders are asked to wait."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from collector.errors import OverloadedError


class Admission:
    """Counts the bytes of every request that is not answered yet. Shared by all threads."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._bytes = 0
        self._guard = threading.Lock()

    @property
    def in_flight(self) -> int:
        """The bytes held now."""
        return self._bytes

    @contextmanager
    def hold(self) -> Iterator["Hold"]:
        """Open a hold of zero bytes; all that it has grown to is released at the end."""
        hold = Hold(self)
        try:
            yield hold
        finally:
            self._add(-hold.held)

    def _add(self, size: int) -> None:
        with self._guard:
            if size > 0 and self._bytes + size > self.max_bytes:
                message = f"more than {self.max_bytes} bytes wait to be stored; send this again later"
                raise OverloadedError(message)
            self._bytes += size


@dataclass
class Hold:
    """The bytes of one request."""

    admission: Admission
    held: int = 0

    def grow(self, size: int) -> None:
        """Take `size` more bytes. Raises OverloadedError where there is no room."""
        self.admission._add(size)  # noqa: SLF001 - the two are one thought
        self.held += size

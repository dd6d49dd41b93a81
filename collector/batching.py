"""Requests of one signal wait for each other and go to the store as one insert, by one writer thread of a few.

While an insert runs, the next batch gathers, so the busier it is, the larger the batches are.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence

from collector.receipts import Submission
from core.errors import StoreUnavailableError

# The receipts of a batch are asked for by request id, 64 characters each, and a listening ClickHouse takes bound values
# of 128 KiB (http_max_field_value_size).
MOST_REQUESTS = 1000


class Batcher:
    """Gathers submissions and hands them to `write`, in order, from threads of its own until `close`.

    With several writers one may prepare its insert while another's runs; what each takes is in order still. A second
    one waits for half a batch, since each insert costs the same planning, however small it is; after `patience_seconds`
    it goes with what there is, since the first may hang.
    """

    def __init__(
        self,
        name: str,
        write: Callable[[Sequence[Submission]], None],
        *,
        max_bytes: int,
        linger_seconds: float,
        writers: int = 1,
        patience_seconds: float = 1.0,
    ) -> None:
        self._write = write
        self._max_bytes = max_bytes
        self._linger = linger_seconds
        self._patience = patience_seconds
        self._waiting: deque[Submission] = deque()
        self._bytes = 0
        self._writing = 0
        self._closed = False
        self._changed = threading.Condition()
        self._threads = [
            threading.Thread(target=self._run, name=f"collector-{name}-{number}", daemon=True)
            for number in range(writers)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, submission: Submission) -> None:
        """Put a submission in the next batch. Raises StoreUnavailableError while shutting down."""
        with self._changed:
            if self._closed:
                message = "the collector is shutting down; send this again later"
                raise StoreUnavailableError(message)
            self._waiting.append(submission)
            self._bytes += len(submission.block)
            self._changed.notify()

    def close(self) -> None:
        """Take no more, write what waits, and return when it is written."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while batch := self._next():
            self._write(batch)
            with self._changed:
                self._writing -= 1
                self._changed.notify()

    def _next(self) -> list[Submission]:
        """Return the next batch; an empty one when there will be none any more."""
        with self._changed:
            while self._waiting or not self._closed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                self._changed.wait_for(self._is_worth_an_insert, self._patience)
                self._changed.wait_for(lambda: self._closed or self._is_full(), self._linger)
                if batch := self._taken():  # another writer may have been quicker
                    self._writing += 1
                    return batch
            return []

    def _is_worth_an_insert(self) -> bool:
        """Whether a writer should go at once: an insert costs planning, so a second one had better be half full."""
        return self._closed or (bool(self._waiting) and (not self._writing or 2 * self._bytes >= self._max_bytes))

    def _is_full(self) -> bool:
        return self._bytes >= self._max_bytes or len(self._waiting) >= MOST_REQUESTS

    def _taken(self) -> list[Submission]:
        batch: list[Submission] = []
        size = 0
        while self._waiting and (not batch or self._fits(len(batch), size)):
            batch.append(self._waiting.popleft())
            size += len(batch[-1].block)
        self._bytes -= size
        return batch

    def _fits(self, requests: int, size: int) -> bool:
        return requests < MOST_REQUESTS and size + len(self._waiting[0].block) <= self._max_bytes

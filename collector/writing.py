"""What happens to a batch: stored and acknowledged, tried again, taken apart around a bad request, or refused."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from google.protobuf.message import DecodeError

from collector.errors import RequestError
from collector.landing import Landing, unreadable
from collector.metrics import CollectorMetrics
from collector.receipts import Receipt, Submission
from core.errors import StallwatchError, StoreError, StoreUnavailableError
from core.logs import get_logger

RETRY_AFTER_SECONDS = (0.1, 0.5)  # a merge or a replica catching up; a longer outage is the sender's to wait for


@dataclass(frozen=True)
class Writer:
    """Writes batches and answers their requests; never raises."""

    landing: Landing
    metrics: CollectorMetrics
    pauses: Sequence[float] = RETRY_AFTER_SECONDS
    _never: threading.Event = field(default_factory=threading.Event)

    def write(self, batch: Sequence[Submission]) -> None:
        """Store the batch and answer each request in it."""
        try:
            self._answer(batch, self._stored(batch))
        except StoreError as error:
            self._take_apart(batch, error)
        except Exception as error:  # noqa: BLE001 - an unforeseen failure must answer its requests, not end the thread
            self._refuse(batch, _not_now(error))

    def _stored(self, batch: Sequence[Submission], blocks: Sequence[bytes] | None = None) -> list[Receipt]:
        """Write under one token that stays the same over the tries."""
        for pause in self.pauses:
            with suppress(StoreUnavailableError):
                return self._timed(batch, blocks)
            self.metrics.retries.labels(batch[0].signal.name).inc()
            self._never.wait(pause)
        return self._timed(batch, blocks)

    def _timed(self, batch: Sequence[Submission], blocks: Sequence[bytes] | None) -> list[Receipt]:
        with self.metrics.insert(batch[0].signal):
            return self.landing.write(batch, blocks)

    def _take_apart(self, batch: Sequence[Submission], error: StoreError) -> None:
        """Keep a request that ClickHouse stumbles over from failing its neighbours: halve until it is alone."""
        if isinstance(error, StoreUnavailableError):
            self._refuse(batch, error)
        elif len(batch) > 1:
            middle = len(batch) // 2
            self.write(batch[:middle])
            self.write(batch[middle:])
        elif unreadable(error):
            self._write_plainer(batch[0], error)
        else:
            self._refuse(batch, _not_now(error))

    def _write_plainer(self, submission: Submission, error: StoreError) -> None:
        """Try once more without the fields that the protobuf runtime skips and ClickHouse stumbles over."""
        try:
            if submission.plainer is None:
                raise error
            self._answer([submission], self._stored([submission], [submission.plainer()]))
        except (StoreError, DecodeError) as again:
            if isinstance(again, StoreUnavailableError):
                self._refuse([submission], again)
            else:
                self._refuse([submission], RequestError(f"the body cannot be decoded: {again}"))

    def _answer(self, batch: Sequence[Submission], receipts: Sequence[Receipt]) -> None:
        self.metrics.stored(batch, receipts)
        for submission, receipt in zip(batch, receipts, strict=True):
            submission.receipt.set_result(receipt)

    def _refuse(self, batch: Sequence[Submission], error: StallwatchError) -> None:
        """Log what went wrong, and answer without the engine's words: they name hosts and quote statements."""
        get_logger("collector").warning("batch_not_stored", signal=batch[0].signal.name, error=str(error))
        told = (
            StoreUnavailableError("the store does not take it now; send it again later")
            if error.retryable
            else RequestError("the body cannot be decoded")
        )
        for submission in batch:
            if not submission.receipt.done():
                self.metrics.refused(submission)
                submission.receipt.set_exception(told)


def _not_now(error: Exception) -> StoreUnavailableError:
    """Whatever it is, it is not the sender's fault and nothing is acknowledged: ask for it again."""
    return StoreUnavailableError(f"the batch could not be stored: {error}")

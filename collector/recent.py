"""The requests of late: the same bytes sent again get the receipt of the first, and store nothing."""

import threading
from collections import OrderedDict
from concurrent.futures import Future

from collector.receipts import Receipt, Submission


class RecentRequests:
    """The receipts of the last `capacity` requests by request id, without their bytes. Shared by all threads."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._known: OrderedDict[str, Future[Receipt]] = OrderedDict()
        self._guard = threading.Lock()

    def claim(self, submission: Submission) -> Future[Receipt]:
        """Return the receipt of an earlier request of the same bytes, else remember and return its own."""
        with self._guard:
            earlier = self._known.get(submission.request_id)
            if earlier is not None and not _failed(earlier):
                self._known.move_to_end(submission.request_id)
                return earlier
            self._known[submission.request_id] = submission.receipt
            self._known.move_to_end(submission.request_id)
            while len(self._known) > self._capacity:
                self._known.popitem(last=False)
            return submission.receipt


def _failed(receipt: Future[Receipt]) -> bool:
    return receipt.done() and receipt.exception() is not None

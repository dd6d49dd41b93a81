"""The requests of late: the same bytes sent again get the receipt of the first, and store nothing."""

import threading
from collections import OrderedDict

from collector.receipts import Submission


class RecentRequests:
    """The last `capacity` submissions by request id. Shared by all threads."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._known: OrderedDict[str, Submission] = OrderedDict()
        self._guard = threading.Lock()

    def claim(self, submission: Submission) -> Submission:
        """Return the earlier submission of the same bytes if there is one, else remember and return this one."""
        with self._guard:
            earlier = self._known.get(submission.request_id)
            if earlier is not None and not _failed(earlier):
                self._known.move_to_end(submission.request_id)
                return earlier
            self._known[submission.request_id] = submission
            self._known.move_to_end(submission.request_id)
            while len(self._known) > self._capacity:
                self._known.popitem(last=False)
            return submission


def _failed(submission: Submission) -> bool:
    return submission.receipt.done() and submission.receipt.exception() is not None

import weakref

import pytest

from collector.receipts import Receipt, Submission
from collector.recent import RecentRequests
from collector.signals import LOGS


def submission(request_id: str) -> Submission:
    return Submission(LOGS, request_id, b"", 1)


def test_a_repeat_is_given_the_first_receipt_answered_or_not() -> None:
    recent = RecentRequests(2)
    first = recent.claim(submission("a"))

    assert recent.claim(submission("a")) is first
    first.set_result(Receipt(1))
    assert recent.claim(submission("a")) is first


def test_a_repeat_of_a_failed_request_is_a_new_try() -> None:
    recent = RecentRequests(2)
    recent.claim(submission("a")).set_exception(RuntimeError("down"))
    again = submission("a")

    assert recent.claim(again) is again.receipt


@pytest.mark.parametrize("capacity", [1, 2])
def test_only_so_many_are_remembered_and_the_longest_unheard_goes_first(capacity: int) -> None:
    recent = RecentRequests(capacity)
    first = recent.claim(submission("a"))
    recent.claim(submission("b"))
    recent.claim(submission("a"))
    recent.claim(submission("c"))

    assert (recent.claim(submission("a")) is first) == (capacity == 2)


def test_the_bytes_of_a_request_are_not_kept() -> None:
    recent = RecentRequests(2)
    remembered = submission("a")
    told = weakref.ref(remembered)
    recent.claim(remembered)

    del remembered

    assert told() is None

"""Batches keep the order, end at a number of bytes and of requests, and lose nothing on closing."""

import threading
from collections.abc import Sequence

import pytest

from collector.batching import Batcher
from collector.receipts import Submission
from collector.signals import LOGS
from core.errors import StoreUnavailableError


def submission(number: int, size: int = 10) -> Submission:
    return Submission(LOGS, str(number), b"x" * size, 1)


def batches_of(submissions: Sequence[Submission], *, max_bytes: int) -> list[list[str]]:
    """What a batcher makes of submissions that all wait while it is held up by the first."""
    written: list[list[str]] = []
    gate = threading.Event()

    def write(batch: Sequence[Submission]) -> None:
        gate.wait(60)
        written.append([each.request_id for each in batch])

    batcher = Batcher("test", write, max_bytes=max_bytes, linger_seconds=0.0)
    for each in submissions:
        batcher.submit(each)
    gate.set()
    batcher.close()
    return written


def test_every_submission_is_written_once_and_in_order() -> None:
    written = batches_of([submission(number) for number in range(50)], max_bytes=100)

    assert [name for batch in written for name in batch] == [str(number) for number in range(50)]
    assert max(map(len, written)) == 10


def test_a_batch_ends_at_a_thousand_requests_however_small() -> None:
    written = batches_of([submission(number, 1) for number in range(2500)], max_bytes=10**6)

    assert sum(map(len, written)) == 2500
    assert max(map(len, written)) == 1000


def test_a_submission_larger_than_a_batch_goes_alone() -> None:
    written = batches_of([submission(1), submission(2, 500), submission(3)], max_bytes=100)

    assert ["2"] in written


def test_after_closing_nothing_is_taken() -> None:
    batcher = Batcher("test", lambda _: None, max_bytes=10, linger_seconds=0.0)
    batcher.close()

    with pytest.raises(StoreUnavailableError, match="shutting down"):
        batcher.submit(submission(1))


def test_several_writers_share_the_work_and_lose_nothing() -> None:
    written: list[str] = []
    at_once = threading.Barrier(3, timeout=60)

    def write(batch: Sequence[Submission]) -> None:
        if batch[0].request_id in {"0", "1", "2"}:
            at_once.wait()  # none gets further before all three are at work
        written.extend(each.request_id for each in batch)

    batcher = Batcher("test", write, max_bytes=10, linger_seconds=0.0, writers=3)
    for number in range(100):
        batcher.submit(submission(number))
    batcher.close()

    assert sorted(map(int, written)) == list(range(100))


def test_a_second_writer_leaves_a_small_batch_to_gather() -> None:
    written: list[list[str]] = []
    busy, gate, done = threading.Event(), threading.Event(), threading.Event()

    def write(batch: Sequence[Submission]) -> None:
        busy.set()
        gate.wait(30)
        written.append([each.request_id for each in batch])
        if len(written) > 1:
            done.set()

    batcher = Batcher("test", write, max_bytes=100, linger_seconds=0.0, writers=2, patience_seconds=60)
    batcher.submit(submission(0))
    busy.wait(30)
    for number in range(1, 4):  # 30 bytes: less than half of a batch
        batcher.submit(submission(number))
    gate.set()
    done.wait(30)
    batcher.close()

    assert written == [["0"], ["1", "2", "3"]]


def test_a_second_writer_does_not_wait_for_ever() -> None:
    busy, stuck, second = threading.Event(), threading.Event(), threading.Event()

    def write(batch: Sequence[Submission]) -> None:
        if batch[0].request_id == "0":
            busy.set()
            stuck.wait(60)
        else:
            second.set()

    batcher = Batcher("test", write, max_bytes=100, linger_seconds=0.0, writers=2, patience_seconds=0.01)
    batcher.submit(submission(0))
    busy.wait(30)
    batcher.submit(submission(1))
    gone_meanwhile = second.wait(60)
    stuck.set()
    batcher.close()

    assert gone_meanwhile

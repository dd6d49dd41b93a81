"""When jobs run again."""

from stallwatch.scheduler import repeat


def runs(*took: float, fails_at: int = 0, stops_at: int = 0) -> int:
    """How often a job runs in one turn that takes these seconds, one after the other, with an interval of one second."""
    count, now, seconds = 0, 0.0, iter(took)

    def job() -> bool:
        nonlocal count, now
        count, now = count + 1, now + next(seconds)
        return count != fails_at

    repeat(job, 1.0, lambda: bool(stops_at) and count >= stops_at, lambda: now)
    return count


def test_a_job_that_takes_longer_than_its_interval_runs_again_at_once_until_it_does_not() -> None:
    assert runs(0.5) == 1
    assert runs(1.5, 3, 0.5) == 3


def test_a_job_that_failed_waits_for_its_next_turn() -> None:
    assert runs(1.5, 3, 3, fails_at=2) == 2


def test_no_job_runs_again_once_it_is_to_stop() -> None:
    assert runs(1.5, 3, 3, stops_at=2) == 2
    assert runs(stops_at=-1) == 0

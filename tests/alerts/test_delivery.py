from datetime import timedelta

from alerts.delivery import ATTEMPTS, pause_after
from alerts.errors import DeliveryError, Reason


def seconds(attempts: int, retry_after: float | None = None) -> float:
    return pause_after(attempts, None if retry_after is None else timedelta(seconds=retry_after)).total_seconds()


def test_pauses_double_from_five_seconds_to_ten_minutes() -> None:
    assert [seconds(attempts) for attempts in range(1, 10)] == [5, 10, 20, 40, 80, 160, 320, 600, 600]
    assert seconds(100_000) == 600


def test_all_attempts_together_last_about_three_hours() -> None:
    total = sum(seconds(attempts) for attempts in range(1, ATTEMPTS))

    assert 2.5 * 3600 < total < 3.5 * 3600


def test_a_receiver_that_asks_for_time_gets_it_within_an_hour() -> None:
    assert seconds(1, 30) == 30
    assert seconds(8, 30) == 600
    assert seconds(1, 86_400) == 3600


def test_only_what_a_repeat_cannot_cure_is_permanent() -> None:
    permanent = {reason for reason in Reason if DeliveryError(reason, "").permanent}

    assert permanent == {Reason.BAD_URL, Reason.REDIRECTED, Reason.REJECTED, Reason.FIRING_UNDELIVERED}


def test_a_failure_without_an_answer_may_have_arrived() -> None:
    doubtful = {reason for reason in Reason if DeliveryError(reason, "").may_have_arrived}

    assert doubtful == {Reason.TIMED_OUT, Reason.DISCONNECTED, Reason.RECEIVER_ERROR}

import pytest

from collector.admission import Admission
from collector.errors import OverloadedError


def test_bytes_are_given_back_when_the_request_is_answered() -> None:
    admission = Admission(10)

    with admission.hold() as hold:
        hold.grow(6)
        hold.grow(4)
        assert admission.in_flight == 10

    assert admission.in_flight == 0


def test_past_the_limit_a_sender_is_asked_to_wait_and_the_others_go_on() -> None:
    admission = Admission(10)

    with admission.hold() as first, admission.hold() as second:
        first.grow(6)
        with pytest.raises(OverloadedError) as refusal:
            second.grow(5)
        first.grow(4)

    assert (refusal.value.status, refusal.value.retryable) == (429, True)
    assert admission.in_flight == 0

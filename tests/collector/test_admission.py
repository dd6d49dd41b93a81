from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest

from collector.admission import Admission
from collector.errors import OverloadedError
from collector.senders import Sender


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


def test_one_key_that_sends_too_much_leaves_room_for_the_others() -> None:
    admission = Admission(100, 25)
    greedy, modest = Sender("greedy"), Sender("modest")

    with ExitStack() as stack:
        first, second = (stack.enter_context(admission.hold(greedy)) for _ in range(2))
        first.grow(20)
        second.grow(5)
        with pytest.raises(OverloadedError, match="more than 25 bytes of your key") as refusal:
            second.grow(1)
        stack.enter_context(admission.hold(modest)).grow(25)
        stack.enter_context(admission.hold()).grow(50)
        with pytest.raises(OverloadedError, match="more than 100 bytes wait"):
            stack.enter_context(admission.hold(modest)).grow(1)

    assert (refusal.value.status, refusal.value.retryable) == (429, True)
    assert (admission.in_flight, admission.held_by("greedy"), admission.held_by("modest")) == (0, 0, 0)


def test_a_key_may_always_send_one_request_that_the_whole_has_room_for() -> None:
    admission = Admission(100, 25)

    with admission.hold(Sender("key")) as hold:
        hold.grow(60)
        hold.grow(40)
        assert admission.held_by("key") == 100


def test_senders_without_a_key_may_use_all() -> None:
    admission = Admission(100, 25)

    with admission.hold() as first, admission.hold() as second:
        first.grow(60)
        second.grow(40)

    assert admission.in_flight == 0


def test_nothing_leaks_when_a_request_fails_or_is_refused() -> None:
    admission = Admission(100, 25)

    for _ in range(3):
        with suppress(ZeroDivisionError), admission.hold(Sender("key")) as hold:
            hold.grow(20)
            raise ZeroDivisionError
        with suppress(OverloadedError), admission.hold(Sender("key")) as hold:
            hold.grow(20)
            hold.grow(90)

    assert (admission.in_flight, admission.held_by("key")) == (0, 0)


def test_many_threads_give_back_what_they_took() -> None:
    admission = Admission(1000, 400)

    def send(number: int) -> None:
        for _ in range(200):
            with suppress(OverloadedError), admission.hold(Sender(f"key {number % 3}")) as hold:
                hold.grow(150)
                hold.grow(50)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(8)))

    assert admission.in_flight == 0
    assert not admission._by_key

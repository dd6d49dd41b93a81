"""What a tick follows of the inserts it finds."""

from datetime import datetime, timedelta

from support.facts import MONDAY

from correlator.touches import MOST_NAMED, OVER_AFTER, Touches, before, named

SECOND = timedelta(seconds=1)


def found(until: datetime, **counts: int) -> Touches:
    return Touches.found({MONDAY + int(second[1:]) * SECOND: count for second, count in counts.items()}, until)


def test_an_insert_is_followed_when_it_is_seen_when_more_of_it_is_seen_and_once_more_when_it_is_over() -> None:
    states = [
        found(MONDAY + SECOND, s0=3),
        found(MONDAY + 2 * SECOND, s0=3),
        found(MONDAY + 3 * SECOND, s0=5),
        found(MONDAY + OVER_AFTER, s0=5),
        found(MONDAY + OVER_AFTER + SECOND, s0=5),
    ]

    followed, runs = Touches(), []
    for state in states:
        runs.append(state.beyond(followed))
        followed = state

    assert runs == [(MONDAY,), (), (MONDAY,), (MONDAY,), ()]


def test_what_began_after_the_engine_was_asked_is_left_to_the_next_run() -> None:
    assert found(MONDAY, s0=1, s1=1).beyond(Touches()) == (MONDAY,)


def test_the_inserts_to_follow_are_in_order_and_too_many_to_name_stand_for_all() -> None:
    inserts = found(MONDAY + 9 * SECOND, s3=1, s1=1).beyond(Touches())
    many = [MONDAY] * (MOST_NAMED + 1)

    assert named(inserts) == [MONDAY + SECOND, MONDAY + 3 * SECOND]
    assert before(inserts) == MONDAY + SECOND - timedelta(microseconds=1)
    assert named(many) == []

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from core.clock import ManualClock
from core.errors import StoreError
from core.filters import Filters
from core.kept_answers import ASKED_LATELY, GOOD_FOR, LONGEST, MOST, PRESENT, KeptAnswers

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@dataclass
class Store:
    """Answers questions with their instant, takes as long as told, and notes what was asked."""

    clock: ManualClock = field(default_factory=lambda: ManualClock(NOW))
    takes: float = 3.0
    time: float = 0.0
    asked: list[tuple[str, datetime]] = field(default_factory=list)
    fails: bool = False

    def reckon(self, name: str = "board") -> Callable[[datetime], str]:
        def answer(as_of: datetime) -> str:
            self.asked.append((name, as_of))
            self.time += self.takes
            if self.fails:
                message = "the store is away"
                raise StoreError(message)
            return f"{name} at {as_of:%H:%M:%S}"

        return answer

    def wait(self, seconds: float) -> None:
        self.time += seconds
        self.clock.advance(seconds * SECOND)

    def kept(self, pause: float = 4, longest: timedelta = GOOD_FOR) -> KeptAnswers:
        return KeptAnswers(self.clock, lambda: self.time, pause, longest)

    def look(self, kept: KeptAnswers, name: str = "board") -> tuple[str, datetime] | None:
        return kept.at(name, Filters(self.clock.now()), self.reckon(name))

    def ask(self, kept: KeptAnswers, name: str = "board") -> tuple[str, datetime]:
        return kept.of(name, Filters(self.clock.now()), self.reckon(name))


@pytest.fixture
def store() -> Store:
    return Store()


def test_who_looks_first_finds_nothing_and_who_looks_after_the_background_is_answered_at_once(store: Store) -> None:
    kept = store.kept()

    assert store.look(kept) is None
    store.wait(1)
    assert kept.keep()
    store.wait(2)
    assert store.look(kept) == ("board at 12:00:01", NOW + SECOND)
    assert store.asked == [("board", NOW + SECOND)]


def test_what_took_long_for_one_who_asks_is_kept_for_the_next(store: Store) -> None:
    kept = store.kept()
    store.ask(kept)
    store.wait(1)

    assert store.ask(kept) == ("board at 12:00:00", NOW)
    assert len(store.asked) == 1


def test_what_was_asked_once_is_not_reckoned_again(store: Store) -> None:
    kept = store.kept(pause=0)
    store.ask(kept)
    store.wait(60)

    assert not kept.keep()


def test_what_is_asked_again_is_reckoned_again_once_it_has_a_quarter_of_the_age_that_it_may_have(store: Store) -> None:
    kept = store.kept(pause=0)  # three seconds: it may be 65 seconds old
    store.ask(kept)
    store.wait(1)
    store.ask(kept)

    store.wait(15)
    assert not kept.keep()
    store.wait(0.25)
    assert kept.keep()


def test_what_was_asked_more_than_once_and_not_since_is_reckoned_again_at_half_that_age(store: Store) -> None:
    kept = store.kept(pause=0)
    for _ in range(2):
        store.ask(kept)

    store.wait(32)
    assert not kept.keep()
    store.wait(0.5)
    assert kept.keep()


def test_nothing_is_reckoned_that_nobody_asked_for_or_that_nobody_asks_for_anymore(store: Store) -> None:
    kept = store.kept()
    assert not kept.keep()

    for _ in range(2):
        store.look(kept)
    store.wait(ASKED_LATELY.total_seconds() + 1)

    assert not kept.keep()
    assert store.asked == []


def test_the_background_pauses_so_many_times_as_long_as_it_took(store: Store) -> None:
    kept = store.kept(pause=4)
    for name in ("lag", "trend"):
        store.look(kept, name)

    assert kept.keep()
    store.wait(11.9)
    assert not kept.keep()
    store.wait(0.2)
    assert kept.keep()


def test_the_past_and_the_future_are_reckoned_for_whoever_asks(store: Store) -> None:
    kept = store.kept()
    store.ask(kept)

    for as_of in (NOW - timedelta(hours=1), NOW + timedelta(hours=1)):
        assert kept.of("board", Filters(as_of), store.reckon())[1] == as_of
        assert kept.at("board", Filters(as_of), store.reckon()) is None


def test_an_instant_that_was_named_is_answered_of_no_other(store: Store) -> None:
    kept = store.kept()
    store.ask(kept)
    store.wait(2)

    named, very = (Filters(at, named_instant=True) for at in (store.clock.now(), NOW))

    assert kept.of("board", very, store.reckon()) == ("board at 12:00:00", NOW)
    assert len(store.asked) == 1
    assert kept.of("board", named, store.reckon()) == ("board at 12:00:02", NOW + 2 * SECOND)


def test_a_request_that_takes_long_still_asks_for_the_present(store: Store) -> None:
    kept = store.kept()
    store.ask(kept)
    read_at = store.clock.now()
    store.wait(PRESENT.total_seconds())

    assert kept.of("board", Filters(read_at), store.reckon()) == ("board at 12:00:00", NOW)
    store.wait(1)
    assert kept.at("board", Filters(read_at - SECOND), store.reckon()) is None


@pytest.mark.parametrize(("takes", "good_for"), [(0.5, 15.0), (3.0, 65.0), (60.0, GOOD_FOR.total_seconds())])
def test_what_is_kept_is_told_for_longer_the_longer_it_takes_and_never_for_long(
    store: Store, takes: float, good_for: float
) -> None:
    store.takes = takes
    kept = store.kept()
    store.ask(kept)

    store.wait(good_for)
    assert store.ask(kept)[1] == NOW
    store.wait(400)
    assert store.ask(kept)[1] == store.clock.now()


def test_where_going_round_all_that_is_asked_often_takes_long_answers_are_good_for_two_rounds(store: Store) -> None:
    # By hand: three questions of 20 seconds and ten times that in pauses are a round of 660 seconds.
    store.takes = 20
    kept = store.kept(pause=10, longest=timedelta(hours=1))
    for name in ("lag", "trend", "objectives"):
        for _ in range(2):
            store.ask(kept, name)

    store.wait(1320)
    assert store.ask(kept, "lag")[1] == NOW
    store.wait(1)
    assert store.ask(kept, "trend")[1] == store.clock.now()


def test_what_others_asked_once_makes_nobody_wait_for_a_newer_answer(store: Store) -> None:
    kept = store.kept(pause=10, longest=timedelta(hours=1))
    for number in range(60):
        store.ask(kept, f"of one moment {number}")
    store.ask(kept, "lag")

    store.wait(72)  # one question of three seconds, eleven times, twice, and a little more

    assert store.ask(kept, "lag")[1] == store.clock.now()


def test_nothing_is_told_that_is_older_than_it_may_be_however_long_it_takes(store: Store) -> None:
    store.takes = 600
    kept = store.kept(longest=timedelta(minutes=10))
    store.ask(kept)

    store.wait(600)
    assert store.ask(kept)[1] == NOW
    store.wait(1)
    assert store.ask(kept)[1] == store.clock.now()


def test_what_was_asked_of_the_past_is_not_kept_for_the_present(store: Store) -> None:
    kept = store.kept()
    store.ask(kept)

    kept.of("board", Filters(NOW - SECOND * 90), store.reckon())

    assert store.ask(kept) == ("board at 12:00:00", NOW)


def test_what_was_asked_of_an_instant_before_the_kept_one_is_not_answered_from_later(store: Store) -> None:
    kept = store.kept()
    store.look(kept)
    asked_at = store.clock.now()
    store.wait(1)
    kept.keep()

    assert kept.of("board", Filters(asked_at), store.reckon())[1] == asked_at
    assert store.look(kept) == ("board at 12:00:01", NOW + SECOND)  # the older answer took no newer one's place


def test_what_is_quick_is_reckoned_for_whoever_asks_and_not_in_the_background(store: Store) -> None:
    store.takes = 0.05
    kept = store.kept()
    store.ask(kept)
    store.wait(1)

    assert store.ask(kept)[1] == store.clock.now()
    assert not kept.keep()


def test_an_answer_of_too_many_rows_is_not_kept(store: Store) -> None:
    kept = store.kept()

    def rows(as_of: datetime) -> list[datetime]:
        store.time += 3
        return [as_of] * (LONGEST + 1)

    kept.of("lag", Filters(NOW), rows)

    assert kept.at("lag", Filters(NOW), rows) is None


def test_questions_take_turns(store: Store) -> None:
    kept = store.kept(pause=0)
    for name in ("lag", "trend"):
        store.look(kept, name)

    for _ in range(4):
        kept.keep()
        for name in ("lag", "trend"):
            store.look(kept, name)
        store.wait(20)

    assert [name for name, _ in store.asked] == ["lag", "trend", "lag", "trend"]


def test_of_too_many_questions_the_one_asked_longest_ago_is_forgotten(store: Store) -> None:
    kept = store.kept(pause=0)
    for number in range(MOST + 1):
        store.look(kept, f"question {number}")

    for _ in range(MOST + 1):
        kept.keep()
        store.wait(1)

    assert {name for name, _ in store.asked} == {f"question {number}" for number in range(1, MOST + 1)}


def test_a_store_that_fails_takes_no_answer_away(store: Store) -> None:
    kept = store.kept(pause=0)
    for _ in range(2):
        store.ask(kept)
    store.wait(40)

    store.fails = True
    with pytest.raises(StoreError):
        kept.keep()

    assert store.ask(kept) == ("board at 12:00:00", NOW)


def test_a_question_that_cannot_be_answered_does_not_keep_others_waiting(store: Store) -> None:
    kept = store.kept(pause=0)
    store.look(kept, "lag")
    store.wait(1)
    store.look(kept, "trend")

    store.fails = True
    with pytest.raises(StoreError):
        kept.keep()
    store.fails = False
    store.wait(1)
    kept.keep()

    assert [name for name, _ in store.asked] == ["lag", "trend"]
    assert store.look(kept, "lag") is None


def test_who_asks_while_it_is_being_reckoned_waits_for_that_answer(store: Store) -> None:
    kept, begun, go_on = store.kept(), threading.Event(), threading.Event()
    answers = list[tuple[str, datetime]]()

    def slowly(as_of: datetime) -> str:
        begun.set()
        assert go_on.wait(30)
        return store.reckon()(as_of)

    def ask() -> None:
        answers.append(kept.of("board", Filters(NOW), slowly))

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    assert begun.wait(30)
    go_on.set()
    for asker in askers:
        asker.join(30)

    assert answers == [("board at 12:00:00", NOW)] * 3
    assert len(store.asked) == 1

"""What is kept of the present board answers as reasoning anew would."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from support.at_risk import facts_at_risk
from support.facts import MONDAY, fact, store, store_span
from support.stalled import HOUR, P2P, publish_hours, stalled

from core.clickhouse import Database
from core.clock import ManualClock
from core.errors import MisuseError
from core.filters import Filters
from core.kept_answers import GOOD_FOR, KeptAnswers
from correlator.kept_stalls import READ_FOR, KeptStalls
from correlator.stalls import SORTS, Stalls
from correlator.tick import Correlator

NOW = MONDAY + 500 * HOUR
NO_FILTERS = Filters(NOW)
CHOSEN = {
    "everything": {},
    "one facility, whose documents share journeys with the other's": {"facility": ("mercy",)},
    "some suppliers": {"supplier": ("s0", "s2", "s5", "s8")},
    "one handoff": {"handoff": ("payment_to_reporting",)},
    "a criticality that nobody stated": {"criticality": ("standard",)},
    "a cause by its kind": {"cause": ("integration_failure", "exception")},
    "a cause by its signature": {"cause": ("waiting_on:procure-to-pay:posting_to_release",)},
    "a cause at one facility": {"cause": ("waiting_on",), "facility": ("grace",)},
    "nothing that there is": {"facility": ("nowhere",)},
}


@dataclass
class Kept:
    """The stalls of a store, those that are kept of them, and the clock that both go by."""

    database: Database
    clock: ManualClock
    fresh: Stalls
    stalls: KeptStalls
    answers: KeptAnswers

    def keep(self) -> datetime:
        """Ask, let the background answer if that is due, and return the instant that is kept."""
        self.stalls.as_of(Filters(self.clock.now()))
        self.answers.keep()
        return self.stalls.as_of(Filters(self.clock.now()))


@pytest.fixture
def kept(database: Database) -> Kept:
    clock, steps = ManualClock(NOW), count()
    answers = KeptAnswers(clock, lambda: float(next(steps)), pause=0)
    fresh = Stalls(database, [P2P])
    return Kept(database, clock, fresh, KeptStalls(fresh, database, answers, clock), answers)


@pytest.fixture
def bad_day(kept: Kept) -> Kept:
    """Documents that journeys share, a failing adapter, an open exception, and one that is not due yet."""
    publish_hours(kept.database)
    raised = fact("x", "exception.raised", MONDAY, "exception:1", "invoice:0/1", reason="price_variance", amount=9)
    fails = fact("f", "purchase_order.created", MONDAY, "purchase_order:fails", facility="mercy", amount=77)
    late = fact("l", "purchase_order.created", NOW - timedelta(minutes=2), "purchase_order:late", facility="mercy")
    store_span(kept.database, "purchase_order:fails", MONDAY + HOUR, error="connection refused")
    stalled(kept.database, kept.clock, [*facts_at_risk(), raised, fails, late])
    return kept


@pytest.mark.database
def test_what_is_kept_answers_as_what_is_reasoned_anew(bad_day: Kept) -> None:
    assert bad_day.keep() == NOW
    kept, fresh = [
        {
            story: (stalls.groups(filters), stalls.summary(filters), stalls.page(filters))
            for story, chosen in CHOSEN.items()
            for filters in [replace(NO_FILTERS, **chosen)]
        }
        for stalls in (bad_day.stalls, bad_day.fresh)
    ]

    assert kept == fresh
    counted = {story: summary.stalls for story, (_, summary, _) in kept.items()}
    assert (
        counted["everything"]
        == counted["a criticality that nobody stated"]
        == len([*facts_at_risk(), "raised", "fails"])
    )
    assert (counted["one handoff"], counted["nothing that there is"]) == (1, 0)
    assert all(counted[story] for story in CHOSEN if story != "nothing that there is")


@pytest.mark.database
@pytest.mark.parametrize("sort", SORTS)
def test_what_is_kept_is_in_the_order_that_is_asked_for(bad_day: Kept, sort: str) -> None:
    bad_day.keep()

    assert bad_day.stalls.page(NO_FILTERS, sort=sort) == bad_day.fresh.page(NO_FILTERS, sort=sort)


@pytest.mark.database
def test_pages_of_what_is_kept_follow_each_other(bad_day: Kept) -> None:
    bad_day.keep()

    for cursor in (None, "3", "18", "900"):
        asked = {"limit": 5, "cursor": cursor, "sort": "amount"}
        assert bad_day.stalls.page(NO_FILTERS, **asked) == bad_day.fresh.page(NO_FILTERS, **asked)


@pytest.mark.database
def test_an_order_that_there_is_not_is_refused(bad_day: Kept) -> None:
    bad_day.keep()

    with pytest.raises(MisuseError, match="sort must be one of"):
        bad_day.stalls.page(NO_FILTERS, sort="size")


@pytest.mark.database
def test_what_is_told_since_is_seen_once_it_is_reckoned_again(bad_day: Kept) -> None:
    bad_day.keep()
    bad_day.clock.advance(timedelta(seconds=7))
    synced = [fact("s", "purchase_order.synced", NOW + timedelta(seconds=1), "purchase_order:fails")]
    store(bad_day.database, synced)
    Correlator(bad_day.database, P2P, bad_day.clock).tick()

    before = bad_day.stalls.as_of(Filters(bad_day.clock.now()))
    after = bad_day.keep()

    assert (before, after) == (NOW, NOW + timedelta(seconds=7))
    of_erp = {"handoff": ("order_to_erp",), "facility": ("mercy",)}
    at = [bad_day.stalls.summary(Filters(instant, **of_erp)) for instant in (before, after)]
    assert at[0].stalls - at[1].stalls == 1
    assert at[0].open_handoffs - at[1].open_handoffs == 1


@pytest.mark.database
def test_an_instant_that_is_not_kept_is_reasoned_about(bad_day: Kept) -> None:
    bad_day.keep()
    earlier = Filters(MONDAY + 2 * HOUR)

    assert bad_day.stalls.as_of(earlier) == earlier.as_of
    assert bad_day.stalls.groups(earlier) == bad_day.fresh.groups(earlier)
    assert bad_day.stalls.page(earlier) == bad_day.fresh.page(earlier)
    assert bad_day.stalls.summary(earlier) == bad_day.fresh.summary(earlier)


@pytest.mark.database
def test_nothing_stalled_is_kept_too(kept: Kept) -> None:
    stalled(kept.database, kept.clock, [fact("l", "purchase_order.created", NOW, "purchase_order:1")])

    assert kept.keep() == NOW
    assert kept.stalls.page(NO_FILTERS).total == 0
    assert kept.stalls.groups(NO_FILTERS) == []
    assert kept.stalls.summary(NO_FILTERS) == kept.fresh.summary(NO_FILTERS)


@pytest.mark.database
def test_who_began_to_read_an_older_reckoning_reads_it_to_its_end(bad_day: Kept) -> None:
    older = bad_day.keep()
    first = bad_day.stalls.page(Filters(older), limit=4)
    bad_day.clock.advance(GOOD_FOR)
    newer = bad_day.keep()

    second = bad_day.stalls.page(Filters(older), limit=4, cursor=first.next_cursor)

    assert newer > older
    assert [*first.items, *second.items] == list(bad_day.fresh.page(Filters(older), limit=8).items)


@pytest.mark.database
def test_after_a_while_in_which_nobody_looked_what_was_kept_is_reasoned_about_again(bad_day: Kept) -> None:
    kept = bad_day.keep()
    bad_day.database.execute("TRUNCATE TABLE kept_stalls")  # as its TTL does
    bad_day.clock.advance(READ_FOR + timedelta(seconds=1))

    assert bad_day.stalls.page(Filters(kept)).total == bad_day.fresh.page(Filters(kept)).total > 0
    assert bad_day.stalls.summary(Filters(kept)) == bad_day.fresh.summary(Filters(kept))
    assert bad_day.stalls.groups(Filters(kept)) == bad_day.fresh.groups(Filters(kept))


@pytest.mark.database
def test_reckonings_that_nobody_reads_anymore_are_dropped(bad_day: Kept) -> None:
    def reckonings() -> list[int]:
        tables = ("kept_stalls", "kept_open_counts")
        return [bad_day.database.rows(f"SELECT uniqExact(reckoning) AS n FROM {table}")[0]["n"] for table in tables]

    bad_day.keep()
    bad_day.clock.advance(READ_FOR)
    bad_day.keep()
    within = reckonings()
    bad_day.clock.advance(timedelta(seconds=100))
    bad_day.keep()

    assert (within, reckonings()) == ([2, 2], [2, 2])


@pytest.mark.database
def test_who_asks_first_for_little_does_not_wait_for_everything(bad_day: Kept) -> None:
    of_one = Filters(NOW, facility=("mercy",))

    assert bad_day.stalls.as_of(of_one) == NOW
    assert bad_day.stalls.page(of_one) == bad_day.fresh.page(of_one)
    assert bad_day.database.rows("SELECT 1 FROM kept_stalls") == []
    assert bad_day.answers.keep()
    assert bad_day.database.rows("SELECT 1 FROM kept_stalls LIMIT 1")


@pytest.mark.database
def test_who_asks_of_another_instant_keeps_nothing_and_drops_nothing(bad_day: Kept) -> None:
    kept = bad_day.keep()
    rows = bad_day.database.rows("SELECT * FROM kept_stalls ORDER BY ALL")

    for other in (MONDAY, NOW + timedelta(days=9)):
        for named in (False, True):
            assert bad_day.stalls.as_of(Filters(other, named_instant=named)) == other

    assert bad_day.database.rows("SELECT * FROM kept_stalls ORDER BY ALL") == rows
    assert bad_day.stalls.page(Filters(kept)).total == len(rows) > 0

from datetime import UTC, datetime, timedelta

from core.clock import ManualClock, SystemClock


def test_a_manual_clock_stands_still_until_it_is_moved() -> None:
    clock = ManualClock(datetime(2026, 3, 4, 12, tzinfo=UTC))

    before = (clock.now(), clock.now())
    clock.advance(timedelta(minutes=90))

    assert before == (datetime(2026, 3, 4, 12, tzinfo=UTC),) * 2
    assert clock.now() == datetime(2026, 3, 4, 13, 30, tzinfo=UTC)


def test_the_system_clock_reads_utc() -> None:
    assert SystemClock().now().tzinfo is UTC

from datetime import UTC, datetime, timedelta

from collector.health import ArrivalHour
from web.arrival_bars import Bar, arrival_bars

NINE = datetime(2026, 3, 4, 9, tzinfo=UTC)


def hour(number: int, events: int = 0, spans: int = 0, failed: int = 0, quarantined: int = 0) -> ArrivalHour:
    starts_at = NINE + timedelta(hours=number)
    return ArrivalHour("erp", starts_at, starts_at + timedelta(hours=1), events, spans, failed, quarantined)


def test_bars_are_as_high_as_their_share_of_the_busiest_hour_and_empty_hours_have_none():
    found = arrival_bars([hour(0, events=10, spans=6), hour(1), hour(2, spans=8, failed=4)])

    assert found.bars == (
        Bar(0, 32.0, 0, "09:00 to 10:00: 16 records"),
        Bar(12, 16.0, 8.0, "11:00 to 12:00: 8 records, 4 of them failed"),
    )
    assert [each.starts_at for each in found.told] == [NINE, NINE + timedelta(hours=2)]


def test_a_single_failure_among_thousands_can_be_seen():
    (bar,) = arrival_bars([hour(0, spans=100_000, failed=1)]).bars

    assert (bar.arrived, bar.failed) == (32.0, 1.5)


def test_what_went_to_quarantine_arrived_and_failed():
    (bar,) = arrival_bars([hour(0, events=1, quarantined=3)]).bars

    assert (bar.arrived, bar.failed, bar.title) == (32.0, 24.0, "09:00 to 10:00: 4 records, 3 of them failed")


def test_the_bars_are_said_in_words():
    busy = arrival_bars([hour(0, events=1), hour(1, spans=1200, failed=2), hour(2)])

    assert busy.summary == (
        "1,201 records in the last 24 hours, 2 of them failed; most in the hour from 10:00; nothing in 1 hour"
    )
    assert arrival_bars([hour(0)]).summary == arrival_bars([]).summary == "Nothing arrived in the last 24 hours"

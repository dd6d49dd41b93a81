"""The hours of the day are those of the facilities' clocks, summer time and odd zones included."""

from datetime import datetime

from correlator.hours import hours_of_day


def quarter(zone: str, since: str, events: int, integration: str = "erp") -> dict[str, object]:
    return {"integration": integration, "zone": zone, "since": datetime.fromisoformat(since), "events": events}


def test_events_are_counted_at_the_local_hour_of_their_facility() -> None:
    found = hours_of_day(
        [
            quarter("America/Chicago", "2026-01-15T14:00Z", 5),  # 08:00, standard time
            quarter("America/Chicago", "2026-07-15T14:00Z", 7),  # 09:00, summer time
            quarter("Asia/Kolkata", "2026-01-15T03:15Z", 2),  # 08:45
            quarter("Asia/Kolkata", "2026-01-15T03:30Z", 3),  # 09:00
            quarter("UTC", "2026-01-15T00:00Z", 1, "payments"),
        ]
    )

    assert {hour: count for hour, count in enumerate(found["erp"]) if count} == {8: 7, 9: 10}
    assert (found["payments"][0], sum(found["payments"]), len(found["payments"])) == (1, 1, 24)

from datetime import date

import pytest
from support.calendars import calendar

from core.errors import DefinitionError, SettingsError
from core.registry import Calendar, Facility, Registry
from core.settings import load_settings
from stallwatch.commands.upkeep import check_calendars, check_connections


def working(office: Calendar) -> Registry:
    return Registry(calendars={"office": office}, facilities={"east": Facility(name="East", calendar="office")})


@pytest.mark.parametrize("today", [date(2028, 2, 29), date(2027, 2, 28), date(2026, 12, 31)])
def test_calendars_can_be_checked_on_any_day_of_any_year(today: date) -> None:
    check_calendars(working(calendar("08:00-17:00", holidays="US")), today)


def test_a_calendar_with_holidays_of_nowhere_is_refused() -> None:
    with pytest.raises(DefinitionError, match="XX"):
        check_calendars(working(calendar("08:00-17:00", holidays="XX")), date(2026, 3, 4))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"dsn": "postgres://h/x"}, "clickhouse://"),
        ({"webhook_url": "http://127.0.0.1/x"}, "STALLWATCH_WEBHOOK_SECRET"),
        (
            {"webhook_url": "stalls.example", "webhook_secret": "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
            "STALLWATCH_WEBHOOK_URL",
        ),
    ],
)
def test_a_store_or_a_webhook_that_serving_would_refuse_is_refused(given: dict[str, str], reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        check_connections(load_settings(given, environment={}))

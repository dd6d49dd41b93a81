from datetime import date

import pytest
from support.calendars import calendar

from core.errors import DefinitionError
from core.registry import Calendar, Facility, Registry
from stallwatch.commands.upkeep import check_calendars


def working(office: Calendar) -> Registry:
    return Registry(calendars={"office": office}, facilities={"east": Facility(name="East", calendar="office")})


@pytest.mark.parametrize("today", [date(2028, 2, 29), date(2027, 2, 28), date(2026, 12, 31)])
def test_calendars_can_be_checked_on_any_day_of_any_year(today: date) -> None:
    check_calendars(working(calendar("08:00-17:00", holidays="US")), today)


def test_a_calendar_with_holidays_of_nowhere_is_refused() -> None:
    with pytest.raises(DefinitionError, match="XX"):
        check_calendars(working(calendar("08:00-17:00", holidays="XX")), date(2026, 3, 4))

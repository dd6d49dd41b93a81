"""Forecasts of the present, as they were reckoned a moment ago: each reads a year of handoff instances."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.filters import Filters
from core.kept_answers import KeptAnswers
from core.paging import Page
from slo.forecast import Chance, Expected, Forecasts, Outlook

IGNORED = ("cause",)  # what is not late yet has none


@dataclass(frozen=True)
class KeptForecasts:
    """Forecasts as `Forecasts` tells them, with the instant that they are of; a page of a list is reckoned anew."""

    forecasts: Forecasts
    kept: KeptAnswers

    def expected(
        self, filters: Filters, days: int = 7, *, group_by: Sequence[str] = ("facility",)
    ) -> tuple[list[Expected], datetime]:
        """Return what `Forecasts.expected` returns. Raises MisuseError."""

        def reckon(as_of: datetime) -> list[Expected]:
            return self.forecasts.expected(filters.at(as_of), days, group_by=group_by)

        return self.kept.of(_question("forecast", filters, days, tuple(group_by)), filters, reckon)

    def outlook(self, filters: Filters, days: int = 7, *, likeliest: int = 25) -> tuple[Outlook, datetime]:
        """Return what `Forecasts.outlook` returns. Raises MisuseError."""

        def reckon(as_of: datetime) -> Outlook:
            return self.forecasts.outlook(filters.at(as_of), days, likeliest=likeliest)

        return self.kept.of(_question("forecast/outlook", filters, days, likeliest), filters, reckon)

    def page(self, filters: Filters, days: int = 7, *, limit: int = 50, cursor: str | None = None) -> Page[Chance]:
        """Return what `Forecasts.page` returns. Raises MisuseError."""
        return self.forecasts.page(filters, days, limit=limit, cursor=cursor)


def _question(name: str, filters: Filters, *others: Hashable) -> Hashable:
    return (name, filters.chosen(but=IGNORED), *others)

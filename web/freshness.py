"""How fresh figures are: facts followed up to when, whether the correlator is behind, who should tell and is silent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.filters import Filters
from slo.coverage import Coverage
from web.services import Services


@dataclass(frozen=True)
class Freshness:
    """The freshness line. `waiting_since`: when the oldest fact not yet followed was stored; None where all are.

    `coverage`: whom the handoffs in question await, and whether they are heard.
    """

    now: datetime
    as_of: datetime
    watermark: datetime | None
    waiting_since: datetime | None
    events: int
    stale_after: timedelta
    coverage: Coverage = Coverage()  # noqa: RUF009 - frozen, and empty

    @property
    def first_run(self) -> bool:
        """Whether nothing has ever arrived."""
        return self.events == 0 and self.waiting_since is None

    @property
    def behind(self) -> timedelta | None:
        """How long facts have waited, where that is longer than it should be."""
        waited = self.now - self.waiting_since if self.waiting_since else timedelta()
        return waited if waited > self.stale_after else None


def freshness(services: Services, filters: Filters, reckoned_at: datetime | None = None) -> Freshness:
    """Ask how far the figures reach; those that were kept, as far as was followed when they were reckoned."""
    progress = services.journeys.progress()
    return Freshness(
        now=services.clock.now(),
        as_of=filters.as_of,
        watermark=followed_by(services, filters, reckoned_at),
        waiting_since=services.telemetry.waiting_since(progress.watermark),
        events=progress.events,
        stale_after=services.settings.stale_after,
        coverage=services.awaiting.coverage(filters),
    )


def followed_by(services: Services, filters: Filters, reckoned_at: datetime | None) -> datetime | None:
    """Return how far the facts are followed, or were when what was kept was reckoned."""
    if reckoned_at is None or reckoned_at == filters.as_of:
        return services.journeys.progress().watermark
    return services.journeys.progress(reckoned_at).watermark

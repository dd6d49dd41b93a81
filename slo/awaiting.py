"""Who should tell how handoffs ended, and whether they are heard: every figure over handoffs is read with that."""

from collections.abc import Iterable

from core.clickhouse import Database
from core.filters import Filters
from correlator.model import JourneyModel
from slo.coverage import Coverage, Coverages


class Awaiting:
    """The integrations that the handoffs of some models await, over a database."""

    def __init__(self, database: Database, models: Iterable[JourneyModel]) -> None:
        """`models` say whom each handoff awaits; a handoff of several models awaits those of each."""
        self._coverages = Coverages(database)
        self._awaited = [(key, handoff.awaits) for model in models for key, handoff in model.handoffs.items()]

    def coverage(self, filters: Filters) -> Coverage:
        """Return who is awaited by the handoffs that `filters` leave, as of its instant; no other filter applies."""
        named = {awaits for key, awaits in self._awaited if not filters.handoff or key in filters.handoff}
        return self._coverages.of(named, filters.as_of)

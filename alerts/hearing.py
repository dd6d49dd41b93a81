"""Whether we hear anything at all: what cannot be seen has not been resolved."""

from dataclasses import dataclass
from datetime import datetime

from core.clickhouse import Database
from core.sql import sql


@dataclass(frozen=True)
class Hearing:
    """Looks at the correlator's runs and at the heartbeats of the registry."""

    database: Database

    def doubt(self, now: datetime) -> str | None:
        """Return why the absence of a stall proves nothing at `now`, or None where it does."""
        (row,) = self.database.rows(sql("alerts", "hearing"), now=now)
        if not row["runs"]:
            return "the correlator has not finished a run yet"
        if row["watched"] and not row["heard"]:
            return f"all {row['watched']} integrations with a heartbeat are silent"
        return None

"""How good forecasts are on past data: standing at past days, what was said, and what came of it.

    python -m bench.forecast [--seeds 1,2,3,4,5] [--journeys 1500] [--days 3] [--json]

A month of the simulated hospital network is derived, and forecast on each day of it from the tenth on, as it stood
then. Each chance is held against what became of that handoff: late where it still ran when it fell due. Told, of all
seeds together, are the Brier score (the mean square of chance less outcome), that of saying of each the share that was
late of those of its segment decided so far (the base rate), the skill (by how much of the latter the former is less),
of the chances in each tenth what was said and what came, and how often the number that was late at a facility lay in
its interval.
"""

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from core.clickhouse import Database
from core.clock import ManualClock
from core.dsn import embedded_dsn
from core.filters import Filters
from core.settings import Settings
from correlator.loading import load_models
from slo.forecast import Chance, Forecasts
from slo.lag import Lag
from stallwatch.bootstrap import House
from stallwatch.simulator import load_network, simulate
from stallwatch.simulator.otlp import batches

END = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
MONTH, LEARNED = 30, 10  # days: of data, and of those before the first forecast
MODELS = load_models(["procure-to-pay"])
ENDS = """
SELECT handoff, object_id, first_opened_at, opened_at, assumeNotNull(due_at) AS due,
    least(ifNull(closed_at, {end:DateTime64(6, 'UTC')}), ifNull(cancelled_at, {end:DateTime64(6, 'UTC')})) AS ended_at
FROM handoffs FINAL
WHERE is_gone = 0 AND due_at IS NOT NULL
"""
Key = tuple[str, str, datetime, datetime]
Cycles = list[tuple[datetime, datetime]]  # of one promise: when each opened and ended
Rates = dict[tuple[str, ...], float]


@dataclass
class Score:
    """What was said and what came: pairs of chance and outcome, the base rate then, and intervals that held."""

    said: list[tuple[float, bool, float]] = field(default_factory=list)
    withheld: int = 0
    held: list[bool] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """Return the figures."""
        count = len(self.said)
        tenths = defaultdict[int, list[tuple[float, bool]]](list)
        for chance, late, _ in self.said:
            tenths[min(9, int(10 * chance))].append((chance, late))
        brier = sum((chance - late) ** 2 for chance, late, _ in self.said) / count
        of_base_rate = sum((base - late) ** 2 for _, late, base in self.said) / count
        return {
            "chances": count,
            "withheld": self.withheld,
            "late": round(sum(late for _, late, _ in self.said) / count, 4),
            "brier": round(brier, 4),
            "brier_of_base_rate": round(of_base_rate, 4),
            "skill": round(1 - brier / of_base_rate, 3),
            "intervals_that_held": round(sum(self.held) / len(self.held), 3),
            "tenths": [
                {"tenth": n, "chances": len(each), "said": round(sum(c for c, _ in each) / len(each), 3),
                 "came": round(sum(late for _, late in each) / len(each), 3)}
                for n, each in sorted(tenths.items())
            ],
        }  # fmt: skip


def derived(directory: Path, seed: int, journeys: int) -> Database:
    """Return a store with a month of the network, derived."""
    database = Database.open(embedded_dsn(directory / f"db{seed}"))
    settings = Settings(retention_spans_days=0, retention_quarantine_days=0)
    house = House(settings, ManualClock(END), load_network(), MODELS, database)
    house.prepare()
    for batch in batches(simulate(load_network(), seed, END, days=MONTH, journeys=journeys).events, ()):
        if batch.path == "/v1/logs":
            house.collector.accept_logs(batch.body)
    house.collector.close()
    house.rebuild()
    return database


def chances(database: Database, as_of: datetime, days: int) -> Iterator[Chance]:
    cursor: str | None = None
    while True:
        page = Forecasts(database, MODELS).page(Filters(as_of), days, limit=10_000, cursor=cursor)
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def rates(database: Database, as_of: datetime) -> Rates:
    """Return the share that was late, of each handoff and criticality, and of each at each facility."""
    return {
        tuple(row.keys.values()): row.decided_bad / (row.decided_bad + row.decided_good)
        for groups in (("handoff", "criticality"), ("handoff", "criticality", "facility"))
        for row in Lag(database).by_facility(Filters(as_of), group_by=groups)
        if row.decided_bad + row.decided_good
    }


def ended_at(cycles: Cycles, as_of: datetime) -> datetime:
    """Return when the cycle that ran at an instant ended."""
    return next(ended for opened, ended in cycles if opened <= as_of < ended)


def judge(database: Database, score: Score, as_of: datetime, days: int, ended: dict[Key, Cycles]) -> None:
    """Add what was said at an instant, and what came of it."""
    base = rates(database, as_of)
    late_at = defaultdict[str, int](int)
    for each in chances(database, as_of, days):
        late = ended_at(ended[each.handoff, each.object.id, each.opened_at, each.due_at], as_of) > each.due_at
        if each.late is None:
            score.withheld += 1
            continue
        place = (each.facility,) if each.segment == "facility" else ()
        score.said.append((each.late, late, base[each.handoff, each.criticality, *place]))
        late_at[each.facility] += late
    for row in Forecasts(database, MODELS).expected(Filters(as_of), days):
        if row.until == as_of + timedelta(days=days) and row.forecast:
            score.held.append(row.low <= late_at[row.keys["facility"]] <= row.high)


def measure(seed: int, journeys: int, days: int, score: Score) -> None:
    with tempfile.TemporaryDirectory() as directory:
        database = derived(Path(directory), seed, journeys)
        ended = defaultdict[Key, Cycles](list)
        for row in database.rows(ENDS, end=END):
            key = row["handoff"], row["object_id"], row["first_opened_at"], row["due"]
            ended[key].append((row["opened_at"], row["ended_at"]))
        for day in range(LEARNED, MONTH - days):
            judge(database, score, END - timedelta(days=MONTH - day), days, ended)
        database.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", default="1,2,3,4,5", help="months, with commas between them")
    options.add_argument("--journeys", type=int, default=1500)
    options.add_argument("--days", type=int, default=3, help="how far ahead")
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    score = Score()
    for seed in asked.seeds.split(","):
        measure(int(seed), asked.journeys, asked.days, score)
    found = score.told()
    if asked.json:
        print(json.dumps(found))
        return
    print("\n".join(f"{name}: {value}" for name, value in found.items() if name != "tenths"))
    for each in found["tenths"]:
        print(f"{each['chances']:6} chances: said {each['said']:.3f}, came {each['came']:.3f}")


if __name__ == "__main__":
    main()

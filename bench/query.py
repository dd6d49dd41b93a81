"""How long the answers of the console take, over so many handoff instances, of which one in a hundred is stalled.

    python -m bench.query [--instances 0,10000,1000000,10000000] [--rounds 20] [--json]

Asked is what the stalled board shows, its first page, the sum above it and the groups by cause, how old the open
exceptions are, and what one objective has left of its budget: at instants a second apart, so that no answer can be
remembered. Seconds are p50 and p95 of the rounds; CPU seconds are those of the whole process, engine included.
`growth` is p50 and p95 of each size over those of the one before.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.query_facts import store_instances
from core.clickhouse import Database
from core.clock import SystemClock
from core.dsn import embedded_dsn
from core.filters import Filters
from core.migrations import migrate
from correlator.loading import load_models
from correlator.model import JourneyModel
from correlator.stalls import Stalls
from slo.aging import Aging
from slo.evaluations import Evaluations
from slo.objective_loading import load_objectives

OBJECTIVE = "invoice-to-match-standard"


def asked_for(ask: Callable[[Filters], object], now: datetime, rounds: int) -> dict[str, float]:
    """Return what asking takes, the first time left out: it reads what the others find in memory."""
    seconds, cpu_seconds = list[float](), list[float]()
    for number in range(rounds + 1):
        started, used = time.perf_counter(), time.process_time()
        ask(Filters(now + timedelta(seconds=number)))
        seconds.append(time.perf_counter() - started)
        cpu_seconds.append(time.process_time() - used)
    quantiles = statistics.quantiles(seconds[1:], n=20, method="inclusive")
    return {
        "p50_seconds": round(statistics.median(seconds[1:]), 4),
        "p95_seconds": round(quantiles[-1], 4),
        "p50_cpu_seconds": round(statistics.median(cpu_seconds[1:]), 4),
    }


def measure(instances: int, rounds: int) -> dict[str, Any]:
    """Return what questions take over so many instances."""
    with tempfile.TemporaryDirectory() as directory:
        database, clock = Database.open(embedded_dsn(Path(directory) / "db")), SystemClock()
        migrate(database, clock)
        models, now = load_models(["procure-to-pay"]), clock.now()
        store_instances(database, instances, now)
        wait_for_merges(database)
        stalls, summary = Stalls(database, models), Stalls(database, models).summary(Filters(now))
        found = {"instances": instances, "stalled": summary.stalls, "open": summary.open_handoffs} | {
            name: asked_for(ask, now, rounds) for name, ask in questions(database, stalls, models).items()
        }
        database.close()
    return found


def questions(
    database: Database, stalls: Stalls, models: Sequence[JourneyModel]
) -> dict[str, Callable[[Filters], object]]:
    """Return what is asked, by the name of its line."""
    return {
        "stalls_first_page": stalls.page,
        "stalls_summary": stalls.summary,
        "stalls_groups": stalls.groups,
        "exception_aging": Aging(database, models).buckets,
        "objective_budget": objective_budget(database, models),
    }


def objective_budget(database: Database, models: Sequence[JourneyModel]) -> Callable[[Filters], object]:
    """Return what asks for the budget and the burn rates of one objective, beside all other handoffs."""
    every = load_objectives(["procure-to-pay"], models).objectives
    one = tuple(each for each in every if each.name == OBJECTIVE)
    return Evaluations(database, tuple(models), one).all


def wait_for_merges(database: Database) -> None:
    """Wait until what was stored lies as it would after a while."""
    while database.rows("SELECT 1 FROM system.merges LIMIT 1"):
        time.sleep(0.5)


def growth(sizes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return how much longer each question takes at each size than at the one before."""
    return [
        {"from": smaller["instances"], "to": larger["instances"]}
        | {
            name: {each: round(times[each] / smaller[name][each], 2) for each in ("p50_seconds", "p95_seconds")}
            for name, times in larger.items()
            if isinstance(times, dict)
        }
        for smaller, larger in pairwise(sizes)
    ]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--instances", default="0,10000,1000000,10000000", help="sizes, with commas between them")
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    sizes = [measure(int(size), asked.rounds) for size in asked.instances.split(",")]
    if asked.json:
        print(json.dumps({"sizes": sizes, "growth": growth(sizes)}))
        return
    for size in [*sizes, *growth(sizes)]:
        print("\n".join(f"{name}: {value}" for name, value in size.items()), end="\n\n")


if __name__ == "__main__":
    main()

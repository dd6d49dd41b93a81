"""How long the answers of the console take, over so many handoff instances, of which one in a hundred is stalled.

    python -m bench.query [--instances 0,10000,100000,1000000] [--rounds 20] [--json]

Asked is the first page of the stalled board, the sum above it and the groups by cause, at instants a second apart, so
that no answer can be remembered. Seconds are p50 and p95 of the rounds; CPU seconds are those of the whole process,
engine included.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.query_facts import store_instances
from core.clickhouse import Database
from core.clock import SystemClock
from core.dsn import embedded_dsn
from core.filters import Filters
from core.migrations import migrate
from correlator.loading import load_models
from correlator.stalls import Stalls

GROUPS_ROUNDS = 3  # of what reasons about every stall


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
        stalls, now = Stalls(database, load_models(["procure-to-pay"])), clock.now()
        store_instances(database, instances, now)
        found = {
            "instances": instances,
            "stalled": stalls.summary(Filters(now)).stalls,
            "stalls_first_page": asked_for(stalls.page, now, rounds),
            "stalls_summary": asked_for(stalls.summary, now, rounds),
            "stalls_groups": asked_for(stalls.groups, now, GROUPS_ROUNDS),
        }
        database.close()
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--instances", default="0,10000,100000,1000000", help="sizes, with commas between them")
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    sizes = [measure(int(size), asked.rounds) for size in asked.instances.split(",")]
    if asked.json:
        print(json.dumps({"sizes": sizes}))
        return
    for size in sizes:
        print("\n".join(f"{name}: {value}" for name, value in size.items()), end="\n\n")


if __name__ == "__main__":
    main()

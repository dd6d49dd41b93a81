"""How long the answers of the console take, over so many handoff instances, of which one in a hundred is stalled.

    python -m bench.query [--instances 0,10000,1000000,10000000] [--rounds 20] [--json]

Asked is what the stalled board shows, its first page, the sum above it and the groups by cause, and how old the open
exceptions are: at instants a second apart, so that no answer can be remembered. Seconds are p50 and p95 of the rounds;
CPU seconds are those of the whole process, engine included. `growth` is p50 and p95 of each size over those of the one
before.

Lag by facility and handoff, and what one objective has left of its budget, are asked as the console asks them: each
second, at the instant that the clock gives, while a job in the background reckons them anew as `serve` does. Most
answers are thus ones that were kept. How old they were is `p95_age_seconds`, and what each of them cost to reckon
`reckoned_seconds` and `reckoned_cpu_seconds` (lag; all shipped objectives with their past): the seconds of an answer
are not those of reckoning it.
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
from bench.query_kept import Question, asked_of_the_present
from core.clickhouse import Database
from core.clock import SystemClock
from core.dsn import embedded_dsn
from core.filters import Filters
from core.kept_answers import KeptAnswers
from core.migrations import migrate
from correlator.loading import load_models
from correlator.model import JourneyModel
from correlator.stalls import Stalls
from slo.aging import Aging
from slo.evaluations import Evaluations
from slo.kept_lag import KeptLag
from slo.kept_objectives import KeptObjectives
from slo.lag import Lag
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
        "p50_seconds": round(statistics.median(seconds[1:]), 6),
        "p95_seconds": round(quantiles[-1], 6),
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
        found |= asked_of_the_present(kept_questions(database, models), clock, rounds)
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
    }


def kept_questions(database: Database, models: Sequence[JourneyModel]) -> dict[str, Question]:
    """Return what is asked of the present while it is kept, by the name of its line."""
    lag = Lag(database)
    objectives = load_objectives(["procure-to-pay"], models).objectives
    evaluations = Evaluations(database, tuple(models), objectives)

    def one_objective(kept: KeptAnswers, filters: Filters) -> datetime:
        return KeptObjectives(evaluations, kept).one(OBJECTIVE, filters).as_of

    return {
        "lag_by_facility": Question(
            lambda kept, filters: KeptLag(lag, kept).by_facility(filters)[1],
            lambda as_of: lag.by_facility(Filters(as_of)),
        ),
        "objective_budget": Question(one_objective, lambda as_of: evaluations.all(Filters(as_of), history=True)),
    }


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

"""How long the answers of the console take, over so many handoff instances, of which one in a hundred is stalled.

    python -m bench.query [--instances 0,10000,1000000,10000000] [--rounds 20] [--json]

Asked are the first page of the stalled board, the sum above it and the groups by cause, of everything and of one
facility, exceptions by age, lag by facility and handoff, and what one objective has left of its budget: as the console
asks them, each second, at the instant that the clock gives, while jobs in the background reckon them anew as `serve`
does. Most answers are thus ones that were kept. How old they were is `p95_age_seconds`, and what it cost to reckon
them `reckoned_seconds` and `reckoned_cpu_seconds` (the board as a whole under its first page; all shipped objectives
with their past): the seconds of an answer are not those of reckoning it. CPU seconds are those of the whole process,
engine included. `first_page_of_another_instant` is what nobody keeps: the board of an hour ago.
`growth` is p50 and p95 of each size over those of the one before.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.query_facts import store_instances
from bench.query_kept import Background, Question, asked_of_the_present
from core.clickhouse import Database
from core.clock import Clock, SystemClock
from core.dsn import embedded_dsn
from core.filters import Filters
from core.kept_answers import KeptAnswers
from core.migrations import migrate
from correlator.kept_stalls import KeptStalls
from correlator.loading import load_models
from correlator.model import JourneyModel
from correlator.stalls import Stalls
from slo.aging import Aging
from slo.evaluations import Evaluations
from slo.kept_aging import KeptAging
from slo.kept_lag import KeptLag
from slo.kept_objectives import KeptObjectives
from slo.lag import Lag
from slo.objective_loading import load_objectives
from stallwatch.bootstrap import BOARD_PAUSE, FIGURES_AT_LONGEST, FIGURES_PAUSE
from stallwatch.server import BOARD_EVERY, FIGURES_EVERY

OBJECTIVE, FACILITY = "invoice-to-match-standard", "facility-3"
HOUR = timedelta(hours=1)
MOST_UNKEPT = 5  # rounds of what takes seconds


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
        stalls = Stalls(database, models)
        summary = stalls.summary(Filters(now))
        found: dict[str, Any] = {"instances": instances, "stalled": summary.stalls, "open": summary.open_handoffs}
        found |= {"first_page_of_another_instant": asked_for(stalls.page, now - HOUR, min(rounds, MOST_UNKEPT))}
        for questions, background in (
            board_questions(database, stalls, clock),
            figure_questions(database, models, clock),
        ):
            found |= asked_of_the_present(questions, background, clock, rounds)
        database.close()
    return found


def board_questions(database: Database, stalls: Stalls, clock: Clock) -> tuple[dict[str, Question], Background]:
    """Return what is asked of the present board, by the name of its line, and what keeps it."""
    answers = KeptAnswers(clock, time.monotonic, BOARD_PAUSE)
    kept = KeptStalls(stalls, database, answers, clock)

    def asked(ask: Callable[[Filters], object], **chosen: tuple[str, ...]) -> Callable[[Filters], datetime]:
        def answered(filters: Filters) -> datetime:
            as_of = kept.as_of(filters)
            ask(replace(filters, as_of=as_of, **chosen))
            return as_of

        return answered

    lines = {"stalls_first_page": kept.page, "stalls_summary": kept.summary, "stalls_groups": kept.groups}
    questions = {name: Question(asked(ask), stalls.keep if ask == kept.page else None) for name, ask in lines.items()}
    of_one = {f"{name}_of_a_facility": Question(asked(ask, facility=(FACILITY,))) for name, ask in lines.items()}
    return questions | of_one, Background(answers, BOARD_EVERY)


def figure_questions(
    database: Database, models: Sequence[JourneyModel], clock: Clock
) -> tuple[dict[str, Question], Background]:
    """Return what is asked of the figures of the present, by the name of its line, and what keeps them."""
    answers = KeptAnswers(clock, time.monotonic, FIGURES_PAUSE, FIGURES_AT_LONGEST)
    lag, aging = Lag(database), Aging(database, models)
    objectives = load_objectives(["procure-to-pay"], models).objectives
    evaluations = Evaluations(database, tuple(models), objectives)
    kept_lag, kept_aging = KeptLag(lag, answers), KeptAging(aging, answers)
    kept_objectives = KeptObjectives(evaluations, answers)
    questions = {
        "exception_aging": Question(
            lambda filters: kept_aging.buckets(filters)[1], lambda as_of: aging.buckets(Filters(as_of))
        ),
        "lag_by_facility": Question(
            lambda filters: kept_lag.by_facility(filters)[1], lambda as_of: lag.by_facility(Filters(as_of))
        ),
        "objective_budget": Question(
            lambda filters: kept_objectives.one(OBJECTIVE, filters).as_of,
            lambda as_of: evaluations.all(Filters(as_of), history=True),
        ),
    }
    return questions, Background(answers, FIGURES_EVERY)


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

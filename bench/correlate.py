"""What the correlator does: rebuilds at several sizes, ticks beside them, and how soon an event is on the board.

    python -m bench.correlate [--events 100000,1000000] [--rounds 3] [--latency-seconds 30] [--json]

Each size is measured in a process of its own, whose most resident memory is reported: load, rebuild (the median of the
rounds), then ticks that each follow one event for 200 journeys spread over all, 1,000 objects. Latency is measured
beside the smallest size: 1,000 events a second through the collector, a tick each `tick_seconds`, a reader of journeys.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.correlate_facts import DOCUMENTS, STEPS, store_journeys, touch_journeys
from bench.correlate_latency import latency
from core.clickhouse import Database
from core.clock import SystemClock
from core.dsn import embedded_dsn
from core.migrations import migrate
from core.registry import Registry
from correlator.model import load_models
from correlator.tick import Correlator
from slo.calendars import publish_calendars

TOUCHED_OBJECTS = 1_000
TICKS = 5
RATE = 1_000  # events a second while latency is measured


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def resident_megabytes() -> int:
    """Return the most resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def measure_size(database: Database, correlator: Correlator, events: int, rounds: int) -> dict[str, Any]:
    """Return what rebuilding so many events takes, and a tick beside them."""
    clock, journeys = SystemClock(), events // len(STEPS)
    # Stored a day ago: as possibly late they would be followed again.
    store_journeys(database, journeys, clock.now() - timedelta(days=1))
    seconds = statistics.median(timed(correlator.rebuild) for _ in range(rounds))
    rebuilt_in = resident_megabytes()
    touched = TOUCHED_OBJECTS // len(DOCUMENTS)
    ticks = []
    for number in range(TICKS):
        touch_journeys(database, touched, number, max(1, journeys // touched), clock.now())
        ticks.append(timed(correlator.tick))
    return {
        "events": journeys * len(STEPS),
        "rebuild_seconds": round(seconds, 2),
        "rebuild_events_per_second": round(journeys * len(STEPS) / seconds),
        "rebuild_resident_megabytes": rebuilt_in,
        "tick_touching_1000_objects_seconds": round(statistics.median(ticks), 3),
        "resident_megabytes": resident_megabytes(),
    }


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Measure one size, or latency beside it, in this process."""
    with tempfile.TemporaryDirectory() as directory:
        database, clock = Database.open(embedded_dsn(Path(directory) / "db")), SystemClock()
        migrate(database, clock)
        publish_calendars(database, Registry(), clock)
        (model,) = load_models(["procure-to-pay"])
        correlator = Correlator(database, model, clock)
        found = measure_size(database, correlator, asked.measure, asked.rounds)
        if asked.latency_seconds:
            found = latency(database, correlator, clock, asked.latency_seconds, RATE)
        database.close()
    return found


def in_its_own_process(events: int, rounds: int, latency_seconds: float) -> dict[str, Any]:
    """Return what a process of its own measures."""
    options = [f"--measure={events}", f"--rounds={rounds}", f"--latency-seconds={latency_seconds}"]
    ended = subprocess.run(
        [sys.executable, "-m", "bench.correlate", *options], stdout=subprocess.PIPE, check=True, text=True
    )
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", default="100000,1000000", help="sizes, with commas between them")
    options.add_argument("--rounds", type=int, default=3, help="rebuilds at each size")
    options.add_argument("--latency-seconds", type=float, default=30, help="0 leaves latency out")
    options.add_argument("--json", action="store_true")
    options.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.measure:
        print(json.dumps(measure(asked)))
        return
    sizes = sorted(int(size) for size in asked.events.split(","))
    result: dict[str, Any] = {"sizes": [in_its_own_process(size, asked.rounds, 0) for size in sizes]}
    if asked.latency_seconds:
        result["event_to_board"] = in_its_own_process(sizes[0], 1, asked.latency_seconds)
    if asked.json:
        print(json.dumps(result))
        return
    for part in (*result["sizes"], *([result["event_to_board"]] if asked.latency_seconds else [])):
        print("\n".join(f"{name}: {value:,}" for name, value in part.items()), end="\n\n")


if __name__ == "__main__":
    main()

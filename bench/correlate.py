"""What the correlator does: rebuilds at several sizes, ticks beside them, and how soon an event is on the board.

    python -m bench.correlate [--events 100000,1000000,10000000] [--rounds 3] [--latency-seconds 90] [--json]

Each size is measured in a process of its own, whose most resident memory is reported: load, rebuild (the median of the
rounds; one round where they take long), then ticks that each follow one event for 200 journeys spread over all, 1,000
objects. The first of them set off merges of what the load and the rebuild wrote, which are paid once, whatever comes
first: those are told apart, as `soon_after_rebuild`, from the ticks that follow. Latency is measured beside the
smallest size: 1,000 events a second through the collector, a tick each `tick_seconds`, a reader of journeys; for 90
seconds, of which the first 45 do not count: until then no insert could be old enough to be followed again. CPU seconds
are those of the whole process, engine included: they say what the work costs where something else keeps the machine
busy, and what two cores could do at best.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
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
from correlator.loading import load_models
from correlator.tick import Correlator
from slo.calendars import publish_calendars

TOUCHED_OBJECTS = 1_000
TICKS = 5
# Ticks after a rebuild that are not those of a store in use: the first five set off merges of 25 million rows that the
# load and the rebuild of ten million events had left, about half of their CPU seconds; the next nine, hardly any.
TICKS_SOON_AFTER = 8
RATE = 1_000  # events a second while latency is measured
LONG_SECONDS = 300.0  # rounds at one size that took so long together are enough
SETTLE_SECONDS = 900.0  # for how long merges of what was loaded or rebuilt are waited for
QUIET_SECONDS = 3.0  # without a merge: one often begins right after another


@dataclass(frozen=True)
class Took:
    """What a piece of work took."""

    seconds: float
    cpu_seconds: float


def timed(work: Callable[[], object]) -> Took:
    started, used = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - started, time.process_time() - used)


def median(took: list[Took]) -> Took:
    """Return the medians, each by itself."""
    return Took(statistics.median(one.seconds for one in took), statistics.median(one.cpu_seconds for one in took))


def rounds_of(work: Callable[[], object], rounds: int) -> list[Took]:
    """Do it so many times, or fewer where that takes long."""
    took: list[Took] = []
    while len(took) < rounds and sum(one.seconds for one in took) < LONG_SECONDS:
        took.append(timed(work))
    return took


def settle(database: Database) -> None:
    """Wait until the engine has merged what was loaded or rebuilt: it is no part of what is measured."""
    merged_at = started = time.perf_counter()
    while time.perf_counter() < min(merged_at + QUIET_SECONDS, started + SETTLE_SECONDS):
        if database.rows("SELECT count() AS merges FROM system.merges")[0]["merges"]:
            merged_at = time.perf_counter()
        time.sleep(0.2)


def resident_megabytes() -> int:
    """Return the most resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def measure_size(database: Database, correlator: Correlator, events: int, rounds: int) -> dict[str, Any]:
    """Return what rebuilding so many events takes, and a tick beside them."""
    clock, journeys = SystemClock(), events // len(STEPS)
    # Stored a day ago: as possibly late they would be followed again.
    store_journeys(database, journeys, clock.now() - timedelta(days=1))
    settle(database)
    loaded_in = resident_megabytes()
    rebuild = median(rounds_of(correlator.rebuild, rounds))
    rebuilt_in = resident_megabytes()
    settle(database)
    soon_after = ticks_of(database, correlator, journeys, range(TICKS_SOON_AFTER))[:TICKS]
    settle(database)
    used = time.process_time()
    tick = median(ticks_of(database, correlator, journeys, range(TICKS_SOON_AFTER, TICKS_SOON_AFTER + TICKS)))
    settle(database)
    used = time.process_time() - used
    return {
        "events": journeys * len(STEPS),
        "rebuild_seconds": round(rebuild.seconds, 2),
        "rebuild_cpu_seconds": round(rebuild.cpu_seconds, 2),
        "rebuild_events_per_second": round(journeys * len(STEPS) / rebuild.seconds),
        "rebuild_events_per_cpu_second": round(journeys * len(STEPS) / rebuild.cpu_seconds),
        "loaded_resident_megabytes": loaded_in,
        "rebuild_resident_megabytes": rebuilt_in,
        "tick_touching_1000_objects_seconds": round(tick.seconds, 3),
        "tick_touching_1000_objects_cpu_seconds": round(tick.cpu_seconds, 3),
        # With storing what it follows, and all merges that it set off.
        "tick_touching_1000_objects_cpu_seconds_until_merged": round(used / TICKS, 3),
        "tick_soon_after_rebuild_seconds": round(median(soon_after).seconds, 3),
        "tick_soon_after_rebuild_cpu_seconds": round(median(soon_after).cpu_seconds, 3),
        "resident_megabytes": resident_megabytes(),
    }


def ticks_of(database: Database, correlator: Correlator, journeys: int, numbers: Iterable[int]) -> list[Took]:
    """Return what ticks take, of these numbers, that each follow one more event of journeys spread over all."""
    clock, touched, took = SystemClock(), TOUCHED_OBJECTS // len(DOCUMENTS), []
    for number in numbers:
        touch_journeys(database, touched, number, max(1, journeys // touched), clock.now())
        took.append(timed(correlator.tick))
    return took


def compared(sizes: list[dict[str, Any]]) -> dict[str, float]:
    """Return what the largest size costs by the smallest: 1 is linear for rebuilds, the same for ticks."""
    small, large = sizes[0], sizes[-1]
    per_event = [size["rebuild_seconds"] / size["events"] for size in (small, large)]
    cpu_per_event = [size["rebuild_cpu_seconds"] / size["events"] for size in (small, large)]
    tick, tick_cpu = "tick_touching_1000_objects_seconds", "tick_touching_1000_objects_cpu_seconds"
    return {
        "events_ratio": round(large["events"] / small["events"], 2),
        "rebuild_seconds_per_event_ratio": round(per_event[1] / per_event[0], 2),
        "rebuild_cpu_seconds_per_event_ratio": round(cpu_per_event[1] / cpu_per_event[0], 2),
        "tick_seconds_ratio": round(large[tick] / small[tick], 2),
        "tick_cpu_seconds_ratio": round(large[tick_cpu] / small[tick_cpu], 2),
        "peak_resident_megabytes": max(size["resident_megabytes"] for size in sizes),
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
    options.add_argument("--events", default="100000,1000000,10000000", help="sizes, with commas between them")
    options.add_argument("--rounds", type=int, default=3, help="rebuilds at each size, at most")
    options.add_argument("--latency-seconds", type=float, default=90, help="0 leaves latency out")
    options.add_argument("--json", action="store_true")
    options.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.measure:
        print(json.dumps(measure(asked)))
        return
    sizes = sorted(int(size) for size in asked.events.split(","))
    result: dict[str, Any] = {"sizes": [in_its_own_process(size, asked.rounds, 0) for size in sizes]}
    result["largest_to_smallest"] = compared(result["sizes"])
    if asked.latency_seconds:
        result["event_to_board"] = in_its_own_process(sizes[0], 1, asked.latency_seconds)
    if asked.json:
        print(json.dumps(result))
        return
    for part in (*result["sizes"], *(found for name, found in result.items() if name != "sizes")):
        print("\n".join(f"{name}: {value:,}" for name, value in part.items()), end="\n\n")


if __name__ == "__main__":
    main()

"""How fast telemetry is taken in, from HTTP request to durable acknowledgement, beside two other ways to store it.

    python -m bench.ingest [--json] [--records 300000] [--repeat 3] [--soak-minutes 10]

From one run on one machine, server and client each in a process of its own, bodies built before the clock starts:
- spans/s and events/s over HTTP, redaction and limits at work (medians over `--repeat` rounds after one to warm up);
- the usual way: the same server, batches and tables, but bodies decoded in Python and inserted as rows;
- the limit: the same rows inserted while they are already in ClickHouse's own format, in this process, without HTTP;
- how long acknowledgements take at half of the rate that was measured (requests sent at fixed times);
- the server's resident memory at full load over `--soak-minutes`: its most, and its growth after the first fifth.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import psutil

PATHS = {"spans": "/v1/traces", "events": "/v1/logs"}
PACED_SECONDS = 30
MEGABYTE = 1e6


@dataclass(frozen=True)
class Options:
    """How much is measured: records a round, rounds that count, minutes at full load."""

    records: int
    repeat: int
    soak_minutes: float


def measure(options: Options) -> dict[str, Any]:
    """Run everything, one after the other."""
    measures: dict[str, Any] = {"cores": os.cpu_count()}
    with tempfile.TemporaryDirectory() as directory:
        for kind in PATHS:
            measures |= _of(kind, Path(directory), options)
        if options.soak_minutes:
            with _server("ours", Path(directory) / "soak") as (server, port):
                measures |= _soak(server, port, options.soak_minutes)
    return measures


def _of(kind: str, directory: Path, options: Options) -> dict[str, Any]:
    rounds = [str(options.records), str(options.repeat)]
    with _server("ours", directory / f"ours-{kind}") as (_, port):
        ours = _median(_run("load", "rounds", str(port), PATHS[kind], *rounds))
    with _server("ours", directory / f"paced-{kind}") as (_, port):  # one of its own: no merges left of full load
        waits = _run("load", "paced", str(port), PATHS[kind], str(ours / 2), str(PACED_SECONDS))
    with _server("usual", directory / f"usual-{kind}") as (_, port):
        usual = _median(_run("load", "rounds", str(port), PATHS[kind], *rounds))
    native = _median(_run("ways", str(directory / f"native-{kind}"), kind, *rounds))
    return {
        f"{kind}_per_second_over_http": ours,
        f"{kind}_per_second_the_usual_way": usual,
        f"{kind}_per_second_native_limit": native,
        f"{kind}_over_http_to_the_usual_way": round(ours / usual, 2),
        f"{kind}_over_http_to_native_limit": round(ours / native, 2),
        f"{kind}_half_load_ack_p50_ms": waits["p50_ms"],
        f"{kind}_half_load_ack_p99_ms": waits["p99_ms"],
    }


def _soak(server: psutil.Process, port: int, minutes: float) -> dict[str, Any]:
    """Load the server without pause, and look at its memory each second."""
    seconds = minutes * 60
    client = subprocess.Popen(_command("load", "soak", str(port), str(seconds)), stdout=subprocess.PIPE, text=True)
    started, sizes = perf_counter(), []
    while client.poll() is None:
        sizes.append((perf_counter() - started, server.memory_info().rss / MEGABYTE))
        try:
            client.wait(1)
        except subprocess.TimeoutExpired:
            continue
    told = json.loads(client.stdout.read() if client.stdout else "{}")
    early = [size for at, size in sizes if seconds / 5 <= at < 2 * seconds / 5]
    late = [size for at, size in sizes if at >= 4 * seconds / 5]
    return {
        "soak_minutes": minutes,
        "soak_spans_per_second": told["per_second"],
        "soak_resident_megabytes_most": round(max(size for _, size in sizes)),
        "soak_resident_megabytes_second_fifth": round(statistics.median(early)),
        "soak_resident_megabytes_last_fifth": round(statistics.median(late)),
    }


@contextmanager
def _server(way: str, directory: Path) -> Iterator[tuple[psutil.Process, int]]:
    server = subprocess.Popen(_command("server", way, str(directory)), stdout=subprocess.PIPE, text=True)
    try:
        yield psutil.Process(server.pid), int(server.stdout.readline() if server.stdout else 0)
    finally:
        server.terminate()
        server.wait()


def _median(rates: list[float]) -> int:
    """Return the median without the first round, which warms up."""
    return round(statistics.median(rates[1:]))


def _command(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", f"bench.ingest_{module}", *arguments]


def _run(module: str, *arguments: str) -> Any:
    return json.loads(
        subprocess.run(_command(module, *arguments), stdout=subprocess.PIPE, text=True, check=True).stdout
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.ingest", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--records", type=int, default=300_000, help="records a round")
    parser.add_argument("--repeat", type=int, default=3, help="rounds that count")
    parser.add_argument("--soak-minutes", type=float, default=10, help="minutes at full load; 0: none")
    options = parser.parse_args()
    measures = measure(Options(options.records, options.repeat, options.soak_minutes))
    lines = (f"{name:44} {value:>12,}" for name, value in measures.items())
    print(json.dumps(measures) if options.json else "\n".join(lines))


if __name__ == "__main__":
    main()

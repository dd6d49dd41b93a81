"""How fast telemetry is taken in, from HTTP request to durable acknowledgement, beside two other ways to store it.

    python -m bench.ingest [--json] [--records 100000] [--repeat 5]

Prints, from one run on one machine: spans/s and events/s over HTTP (server and client each in a process of its own,
bodies built before the clock starts), spans/s for decoding in Python and inserting rows, and the limit: the same rows
already in ClickHouse's own format. Medians over `--repeat` rounds after one to warm up.
"""

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from bench.ingest_bodies import log_body, trace_body
from bench.ingest_ways import insert_decoded_in_python, insert_native, native_blocks
from collector.http import collector_app
from collector.service import Collector
from core.clickhouse import Database
from core.clock import SystemClock
from core.migrations import migrate

RECORDS_PER_REQUEST = 1000
CONNECTIONS = 32  # senders at one time: what waits while an insert runs makes up the next batch
BODIES = {"/v1/traces": trace_body, "/v1/logs": log_body}
HEADERS = {"Content-Type": "application/x-protobuf"}


def serve(directory: str) -> None:
    """Run a collector until it is told to end; prints its port."""
    database = Database.open(f"chdb://{directory}/db")
    migrate(database, SystemClock())
    collector = Collector(database, SystemClock())
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(collector_app(collector), log_level="warning")).run([listener])
    collector.close()


def send(url: str, path: str, records: int, repeat: int) -> None:
    """Send `records` records a round and print, as JSON, the records a second of each round."""
    print(json.dumps([_round(url, path, records // RECORDS_PER_REQUEST, number) for number in range(repeat + 1)]))


def _round(url: str, path: str, requests: int, number: int) -> float:
    bodies = [BODIES[path](RECORDS_PER_REQUEST, number * requests + request) for request in range(requests)]
    with ThreadPoolExecutor(CONNECTIONS) as connections:
        started = perf_counter()
        list(connections.map(lambda part: _post(url, path, bodies[part::CONNECTIONS]), range(CONNECTIONS)))
        return requests * RECORDS_PER_REQUEST / (perf_counter() - started)


def _post(url: str, path: str, bodies: list[bytes]) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
    for body in bodies:
        connection.request("POST", path, body, HEADERS)
        response = connection.getresponse()
        if response.read() or response.status != http.client.OK:
            message = f"{path} answered {response.status}"
            raise SystemExit(message)
    connection.close()


def compare(directory: str, records: int, repeat: int) -> None:
    """Print, as JSON, the spans a second of each round of the two other ways, in this process."""
    requests = records // RECORDS_PER_REQUEST
    by_python = _fresh(directory, "by_python")
    bodies = [[trace_body(RECORDS_PER_REQUEST, n * requests + i) for i in range(requests)] for n in range(repeat + 1)]
    python = [
        _timed(records, lambda n=n: insert_decoded_in_python(by_python, bodies[n], str(n))) for n in range(repeat + 1)
    ]
    one_round = _fresh(directory, "one_round")
    insert_decoded_in_python(one_round, bodies[0], "0")
    blocks = native_blocks(one_round)
    by_native = _fresh(directory, "by_native")
    native = [_timed(records, lambda n=n: insert_native(by_native, blocks, str(n))) for n in range(repeat + 1)]
    print(json.dumps({"python": python, "native": native}))


def _fresh(directory: str, name: str) -> Database:
    database = Database.open(f"chdb://{directory}/db", database=name)
    migrate(database, SystemClock())
    return database


def _timed(records: int, run: Callable[[], None]) -> float:
    started = perf_counter()
    run()
    return records / (perf_counter() - started)


def measure(records: int, repeat: int) -> dict[str, Any]:
    """Run everything, one after the other, each in processes of its own."""
    with tempfile.TemporaryDirectory() as directory:
        spans, events = (_over_http(Path(directory) / path[4:], path, records, repeat) for path in BODIES)
        others = json.loads(_run("compare", f"{directory}/compare", str(records), str(repeat)))
    python, native = (_median(others[way]) for way in ("python", "native"))
    return {
        "cores": os.cpu_count(),
        "spans_per_second_over_http": spans,
        "spans_per_second_decoded_in_python": python,
        "spans_per_second_native_limit": native,
        "over_http_to_decoded_in_python": round(spans / python, 2),
        "over_http_to_native_limit": round(spans / native, 2),
        "events_per_second_over_http": events,
    }


def _over_http(directory: Path, path: str, records: int, repeat: int) -> int:
    server = subprocess.Popen(_command("serve", str(directory)), stdout=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline() if server.stdout else 0)
        return _median(json.loads(_run("send", f"http://127.0.0.1:{port}", path, str(records), str(repeat))))
    finally:
        server.terminate()
        server.wait()


def _median(rates: list[float]) -> int:
    """Return the median without the first round, which warms up."""
    return round(statistics.median(rates[1:]))


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bench.ingest", *arguments]


def _run(*arguments: str) -> str:
    return subprocess.run(_command(*arguments), capture_output=True, text=True, check=True).stdout


def main() -> None:
    """Measure and print; or be one of the processes that `measure` starts."""
    match sys.argv[1:]:
        case ["serve", directory]:
            serve(directory)
        case ["send", url, path, records, repeat]:
            send(url, path, int(records), int(repeat))
        case ["compare", directory, records, repeat]:
            compare(directory, int(records), int(repeat))
        case _:
            _print_measures()


def _print_measures() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.ingest", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--records", type=int, default=100_000, help="records a round")
    parser.add_argument("--repeat", type=int, default=5, help="rounds that count")
    options = parser.parse_args()
    measures = measure(options.records, options.repeat)
    print(
        json.dumps(measures)
        if options.json
        else "\n".join(f"{name:40} {value:>12,}" for name, value in measures.items())
    )


if __name__ == "__main__":
    main()

"""The sender of the ingest benchmark: full load in rounds, full load without end, or requests at fixed times.

    python -m bench.ingest_load rounds PORT PATH RECORDS REPEAT
    python -m bench.ingest_load paced PORT PATH RECORDS_PER_SECOND SECONDS
    python -m bench.ingest_load soak PORT SECONDS

Prints JSON: the records a second of each round; p50 and p99 of the acknowledgements in milliseconds; records a second.
"""

import http.client
import json
import statistics
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from time import perf_counter, sleep

from bench.ingest_bodies import log_body, marker_body, trace_body

RECORDS_PER_REQUEST = 1000
CONNECTIONS = 64  # senders at one time: what waits while an insert runs makes up the next batch
BODIES: dict[str, Callable[[int, int], bytes]] = {"/v1/traces": trace_body, "/v1/logs": log_body}
HEADERS = {"Content-Type": "application/x-protobuf"}
WARM_UP_SECONDS = 5
POOL = 50  # bodies of the soak; each time one is sent, a span of its own makes it another request


def rounds(port: int, path: str, records: int, repeat: int) -> list[float]:
    """Return the records a second of each round: as many connections as there are, each as fast as it is answered."""
    return [_round(port, path, records // RECORDS_PER_REQUEST, number) for number in range(repeat + 1)]


def _round(port: int, path: str, requests: int, number: int) -> float:
    bodies = [BODIES[path](RECORDS_PER_REQUEST, number * requests + request) for request in range(requests)]
    with ThreadPoolExecutor(CONNECTIONS) as connections:
        started = perf_counter()
        list(connections.map(lambda part: _post(port, path, iter(bodies[part::CONNECTIONS])), range(CONNECTIONS)))
        return requests * RECORDS_PER_REQUEST / (perf_counter() - started)


def paced(port: int, path: str, per_second: float, seconds: float) -> dict[str, float]:
    """Send whole requests at fixed times; a wait begins when the request was due, so that a late start counts too.

    The first `WARM_UP_SECONDS` come on top and do not count: a server just started reads its library from disk.
    """
    pause = RECORDS_PER_REQUEST / per_second
    warming = int(WARM_UP_SECONDS / pause)
    bodies = [BODIES[path](RECORDS_PER_REQUEST, 1_000_000 + n) for n in range(warming + int(seconds / pause))]
    started = perf_counter() + 1

    def send(part: int) -> list[float]:
        waits = []
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        for number in range(part, len(bodies), CONNECTIONS):
            due = started + number * pause
            sleep(max(0.0, due - perf_counter()))
            _send(connection, path, bodies[number])
            if number >= warming:
                waits.append(perf_counter() - due)
        connection.close()
        return waits

    with ThreadPoolExecutor(CONNECTIONS) as connections:
        waits = [wait for part in connections.map(send, range(CONNECTIONS)) for wait in part]
    hundredths = statistics.quantiles(waits, n=100)
    return {"p50_ms": round(1000 * hundredths[49]), "p99_ms": round(1000 * hundredths[98])}


def soak(port: int, seconds: float) -> dict[str, int]:
    """Send spans from all connections, without pause, for `seconds`."""
    pool = [trace_body(RECORDS_PER_REQUEST, 2_000_000 + number) for number in range(POOL)]
    started = perf_counter()

    def bodies(part: int) -> Iterator[bytes]:
        for number in count(part, CONNECTIONS):
            if perf_counter() - started > seconds:
                return
            yield pool[number % POOL] + marker_body(number)

    with ThreadPoolExecutor(CONNECTIONS) as connections:
        sent = sum(connections.map(lambda part: _post(port, "/v1/traces", bodies(part)), range(CONNECTIONS)))
    return {"per_second": round(sent * (RECORDS_PER_REQUEST + 1) / (perf_counter() - started))}


def _post(port: int, path: str, bodies: Iterator[bytes]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    sent = 0
    for body in bodies:
        _send(connection, path, body)
        sent += 1
    connection.close()
    return sent


def _send(connection: http.client.HTTPConnection, path: str, body: bytes) -> None:
    connection.request("POST", path, body, HEADERS)
    response = connection.getresponse()
    if response.read() or response.status != http.client.OK:
        message = f"{path} answered {response.status}, or rejected records"
        raise SystemExit(message)


def main() -> None:
    """Be the sender that the arguments ask for."""
    match sys.argv[1:]:
        case ["rounds", port, path, records, repeat]:
            print(json.dumps(rounds(int(port), path, int(records), int(repeat))))
        case ["paced", port, path, per_second, seconds]:
            print(json.dumps(paced(int(port), path, float(per_second), float(seconds))))
        case ["soak", port, seconds]:
            print(json.dumps(soak(int(port), float(seconds))))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main()

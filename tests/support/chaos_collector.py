"""A collector of its own over any store, on a given port: `python chaos_collector.py serve DSN PORT`, until it is killed.

`python chaos_collector.py count DSN ROUND` prints what stands of a round, as `support.chaos_ledger.standing` reads it:
for a store that only one process at a time may open.
"""

import json
import socket
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

import uvicorn

from collector.http import collector_app
from collector.service import Collector
from core.clickhouse import Database
from core.clock import SystemClock
from core.errors import StoreUnavailableError
from core.migrations import migrate


def patient(dsn: str) -> Database:
    """The store, migrated; it may be down when a collector starts."""
    while True:
        try:
            database = Database.open(dsn)
            migrate(database, SystemClock())
        except StoreUnavailableError:
            time.sleep(0.1)
        else:
            return database


def serve(dsn: str, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)) as listener:
        collector = Collector(patient(dsn), SystemClock())
        print("READY", flush=True)
        uvicorn.Server(uvicorn.Config(collector_app(collector), log_level="error")).run([listener])
        collector.close()


def count(dsn: str, name: str) -> None:
    from support.chaos_ledger import standing  # noqa: PLC0415 - the serving process has no use for it

    print(json.dumps(standing(patient(dsn), name)))


if __name__ == "__main__":
    serve(sys.argv[2], int(sys.argv[3])) if sys.argv[1] == "serve" else count(sys.argv[2], sys.argv[3])

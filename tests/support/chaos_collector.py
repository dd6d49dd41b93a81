"""A collector of its own over any store: `python chaos_collector.py serve DSN HTTP_PORT GRPC_PORT`, until it is killed.

`python chaos_collector.py count DSN ROUND` prints what stands of a round, as `support.chaos_ledger.standing` reads it:
for a store that only one process at a time may open.
"""

import asyncio
import json
import socket
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import uvicorn

from collector.http import collector_app
from collector.rpc import RpcServer
from collector.senders import admit_anyone
from collector.service import Collector
from core.clickhouse import Database
from core.clock import SystemClock
from core.errors import StoreUnavailableError
from core.migrations import migrate

GRACE_SECONDS = 5.0
READY = "READY"


T = TypeVar("T")


def patient(make: Callable[[], T]) -> T:
    """Make it, however long the store is down, as a supervisor would that starts a service anew."""
    while True:
        try:
            return make()
        except StoreUnavailableError:
            time.sleep(0.1)


def migrated(dsn: str) -> Database:
    database = Database.open(dsn)
    migrate(database, SystemClock())
    return database


async def serve(dsn: str, port: int, rpc_port: int) -> None:
    database = patient(lambda: migrated(dsn))
    collector = patient(lambda: Collector(database, SystemClock()))
    rpc = RpcServer(collector, admit_anyone)
    await rpc.start("127.0.0.1", rpc_port)
    with socket.create_server(("127.0.0.1", port)) as listener:
        print(READY, flush=True)
        await uvicorn.Server(uvicorn.Config(collector_app(collector, admit_anyone), log_level="error")).serve(
            [listener]
        )
    await rpc.stop(GRACE_SECONDS)
    collector.close()


def count(dsn: str, name: str) -> None:
    from support.chaos_ledger import standing  # noqa: PLC0415 - the serving process has no use for it

    print(json.dumps(standing(Database.open(dsn), name)))


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        asyncio.run(serve(sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
    else:
        count(sys.argv[2], sys.argv[3])

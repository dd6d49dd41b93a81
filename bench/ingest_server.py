"""The servers that the ingest benchmark loads: our collector, and one that does it the usual way.

    python -m bench.ingest_server ours|usual DIRECTORY

Prints its port and serves until it is told to end.
"""

import asyncio
import socket
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from itertools import count
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.ingest_ways import insert_events_decoded_in_python, insert_spans_decoded_in_python
from collector.batching import Batcher
from collector.http import collector_app
from collector.receipts import Receipt, Submission
from collector.senders import admit_anyone
from collector.service import Collector, Limits
from collector.signals import LOGS, TRACES, Signal
from core.clickhouse import Database
from core.clock import SystemClock
from core.migrations import migrate

Insert = Callable[[Database, Sequence[bytes], str], None]
TOKENS = count()
WAYS: dict[Signal, Insert] = {TRACES: insert_spans_decoded_in_python, LOGS: insert_events_decoded_in_python}


class UsualCollector:
    """Batches as ours does, then walks every record in Python and inserts rows."""

    def __init__(self, database: Database) -> None:
        limits = Limits()
        self._batchers = {
            signal: Batcher(
                signal.name,
                lambda batch, insert=insert: _write(database, insert, batch),
                max_bytes=limits.max_batch_bytes,
                linger_seconds=limits.linger_seconds,
                writers=limits.writers,
            )
            for signal, insert in WAYS.items()
        }

    def submit(self, signal: Signal, body: bytes) -> Future[Receipt]:
        """Return the receipt to come."""
        submission = Submission(signal, "", body, 1)
        self._batchers[signal].submit(submission)
        return submission.receipt


def _write(database: Database, insert: Insert, batch: Sequence[Submission]) -> None:
    try:
        insert(database, [submission.block for submission in batch], str(next(TOKENS)))
    except Exception as error:
        for submission in batch:
            submission.receipt.set_exception(error)
        raise
    for submission in batch:
        submission.receipt.set_result(Receipt(1))


def _usual_app(database: Database) -> Starlette:
    collector = UsualCollector(database)

    def endpoint(signal: Signal) -> Any:
        async def answer(request: Request) -> Response:
            future = await run_in_threadpool(collector.submit, signal, await request.body())
            await asyncio.wrap_future(future)
            return Response(b"", media_type="application/x-protobuf")

        return answer

    routes = [
        Route("/v1/traces", endpoint(TRACES), methods=["POST"]),
        Route("/v1/logs", endpoint(LOGS), methods=["POST"]),
    ]
    return Starlette(routes=routes)


def main(way: str, directory: str) -> None:
    """Serve."""
    database = Database.open(f"chdb://{directory}/db")
    migrate(database, SystemClock())
    app = collector_app(Collector(database, SystemClock()), admit_anyone) if way == "ours" else _usual_app(database)
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run([listener])


if __name__ == "__main__":
    main(*sys.argv[1:])

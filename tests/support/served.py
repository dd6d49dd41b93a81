"""A collector on real ports: HTTP and gRPC on one event loop, in a thread or as the whole of a process."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPResponse
from types import TracebackType
from typing import Any, Self

import grpc
import uvicorn
from google.rpc.status_pb2 import Status

from collector.http import collector_app
from collector.rpc import RpcServer
from collector.senders import Admit, admit_anyone
from collector.service import Collector

SERVICES = {"traces": "trace.v1.TraceService", "logs": "logs.v1.LogsService", "metrics": "metrics.v1.MetricsService"}


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class CallAnswer:
    """What came back over gRPC: `details` is the google.rpc.Status that came with an error."""

    code: grpc.StatusCode
    body: bytes = b""
    words: str = ""
    details: Status | None = None


class Served:
    """One collector that listens: `with Served(collector) as served: served.post(…); served.call(…)`."""

    def __init__(self, collector: Collector, admit: Admit = admit_anyone) -> None:
        self.collector, self._admit = collector, admit
        self._listening = threading.Event()
        self._grace = 5.0
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="served")

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._listening.wait(30)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self, grace: float = 5.0) -> None:
        """Stop as a process does that is told to; return when everybody is answered."""
        if self._thread.is_alive():
            self._grace = grace
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(60)

    async def _run(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()

        def ready(http_port: int, grpc_port: int) -> None:
            self.http_port, self.grpc_port = http_port, grpc_port
            self._listening.set()

        await serve(self.collector, self._admit, ready, self._stopping, lambda: self._grace)

    def post(
        self, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None, method: str = "POST"
    ) -> Answer:
        """Send one request as the bytes it is."""
        lines = {"Host": "stallwatch", "Content-Length": str(len(body)), **(headers or {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return self.raw(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body)

    def raw(self, request: bytes) -> Answer:
        """Send bytes, and return the answer to them."""
        with socket.create_connection(("127.0.0.1", self.http_port), 30) as connection:
            connection.sendall(request)
            response = HTTPResponse(connection)
            response.begin()
            names = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, names, response.read())
            response.close()
            return answer

    def call(self, signal: str, body: bytes = b"", **options: Any) -> CallAnswer:
        """Send one message to the service of a signal; `metadata`, `compression`, `timeout` as gRPC takes them."""
        return self.call_method(f"/opentelemetry.proto.collector.{SERVICES[signal]}/Export", body, **options)

    def call_method(self, method: str, body: bytes, **options: Any) -> CallAnswer:
        """Send one message to a method."""
        unlimited = [("grpc.max_send_message_length", -1)]
        with grpc.insecure_channel(f"127.0.0.1:{self.grpc_port}", options=unlimited) as channel:
            try:
                return CallAnswer(grpc.StatusCode.OK, channel.unary_unary(method)(body, **{"timeout": 30, **options}))
            except grpc.RpcError as error:
                return refused(error)


def refused(error: Any) -> CallAnswer:
    """Read what a failed call says."""
    trailer = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")
    return CallAnswer(error.code(), b"", error.details() or "", Status.FromString(trailer) if trailer else None)


class half_a_call:  # noqa: N801 - a context manager is named as a function
    """A call whose message never comes, until the end of the block."""

    def __init__(self, port: int) -> None:
        self._end = threading.Event()
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        method = self._channel.stream_unary(f"/opentelemetry.proto.collector.{SERVICES['logs']}/Export")
        self._call = method.future(self._messages(), timeout=60)

    def _messages(self) -> Iterator[bytes]:
        self._end.wait(60)
        yield from ()

    def __enter__(self) -> Any:
        return self._call

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._channel.close()


async def serve(
    collector: Collector,
    admit: Admit,
    ready: Callable[[int, int], None],
    stopping: asyncio.Event,
    grace: Callable[[], float] = lambda: 5.0,
) -> None:
    """Serve both until `stopping`; `ready` is told the ports of HTTP and gRPC."""
    app = collector_app(collector, admit)
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=5)
    server, rpc = uvicorn.Server(config), RpcServer(collector, admit)
    grpc_port = await rpc.start("127.0.0.1", 0)
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - the server has no event to wait for
        await asyncio.sleep(0.005)
    ready(listener.getsockname()[1], grpc_port)
    await asyncio.wait({asyncio.create_task(stopping.wait()), serving}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    await asyncio.gather(rpc.stop(grace()), serving)
    listener.close()

"""Serving: console and collector in one process, on three ports, until SIGINT or SIGTERM."""

import asyncio
import contextlib
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import uvicorn
from fastapi import FastAPI

from collector.http import collector_app
from collector.rpc import RpcServer
from core.errors import StallwatchError
from core.logs import get_logger
from stallwatch.bootstrap import House
from stallwatch.scheduler import Scheduler
from web.app import console_app

BOARD_EVERY = timedelta(seconds=0.5)  # or as long as it takes, and its pause
FIGURES_EVERY = timedelta(seconds=1)  # looked for what is due: it pauses by itself
CALENDARS_EVERY = timedelta(days=1)
REBUILDS_EVERY = timedelta(seconds=1)  # looked for what was asked for: nothing is read
DELIVER_EVERY = timedelta(seconds=1)
DELIVERIES_A_ROUND = 50
DRAIN_SECONDS = 5  # for both servers and the jobs after them, well within the ten that Docker gives by default


class PortError(StallwatchError):
    """A port cannot be listened on."""


@dataclass(frozen=True)
class Addresses:
    """Where the servers listen: two addresses of HTTP, and host:port of gRPC."""

    console: str
    collector: str
    grpc: str

    def __str__(self) -> str:
        return f"Console:  {self.console}\nOTLP/HTTP and CloudEvents:  {self.collector}\nOTLP/gRPC:  {self.grpc}"


class _Server(uvicorn.Server):
    """A server that leaves signals to us: two of them share one process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


Ready = Callable[[Addresses, threading.Event], bool]


def serve(house: House, *, ready: Ready) -> None:
    """Run collector and console, then the scheduled jobs, until told to stop; then stop accepting, drain, and return.

    `ready` is called in a thread of its own once all ports answer, and says whether to go on: the jobs start then.
    The event it is given is set when a signal asks to stop: it should come back soon. Raises PortError for a port in
    use, and what `ready` raises unless it was asked to stop.
    """
    settings = house.settings
    with _listen(settings.host, settings.console_port) as console, _listen(settings.host, settings.otlp_port) as otlp:
        scheduler = _jobs(house, console.getsockname()[1])

        def begin(grpc_port: int, asked: threading.Event) -> bool:
            urls = _url(settings.host, console), _url(settings.host, otlp)
            return ready(Addresses(*urls, f"{_shown(settings.host)}:{grpc_port}"), asked) and scheduler.start()

        try:
            asyncio.run(_run(house, console, otlp, begin))
        finally:
            scheduler.stop()
            house.collector.close()


async def _run(
    house: House, console: socket.socket, otlp: socket.socket, begin: Callable[[int, threading.Event], bool]
) -> None:
    admit = house.access.admit
    services = house.services_beside(otlp.getsockname()[1])
    apps = (collector_app(house.collector, admit), otlp), (console_app(services), console)
    servers = [(_server(app), listener) for app, listener in apps]
    rpc = RpcServer(house.collector, admit)
    grpc_port = await _listen_rpc(rpc, house.settings.host, house.settings.otlp_grpc_port)
    stopping, asked = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _ask_to_stop, asked, stopping)
    tasks = [asyncio.create_task(server.serve(sockets=[sock])) for server, sock in servers]
    while not all(server.started for server, _ in servers) and not any(task.done() for task in tasks):  # noqa: ASYNC110 - see below
        await asyncio.sleep(0.02)  # the server has no event to wait for
    beginning = asyncio.create_task(asyncio.to_thread(begin, grpc_port, asked))
    beginning.add_done_callback(lambda begun: None if _go_on(begun) else stopping.set())
    await stopping.wait()
    get_logger("stallwatch").info("stopping")
    for server, _ in servers:
        server.should_exit = True
    await asyncio.gather(rpc.stop(DRAIN_SECONDS), *tasks)
    (failure,) = await asyncio.gather(beginning, return_exceptions=True)
    if isinstance(failure, BaseException) and not asked.is_set():
        raise failure


def _ask_to_stop(asked: threading.Event, stopping: asyncio.Event) -> None:
    asked.set()
    stopping.set()


def _go_on(begun: "asyncio.Task[bool]") -> bool:
    return not begun.cancelled() and begun.exception() is None and begun.result()


def _server(app: FastAPI) -> uvicorn.Server:
    return _Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=DRAIN_SECONDS))


@contextlib.contextmanager
def _listen(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(1024)
        except OSError as error:
            message = f"cannot listen on {host}:{port}: {error.strerror}"
            raise PortError(message) from None
        listener.setblocking(False)
        yield listener


async def _listen_rpc(server: RpcServer, host: str, port: int) -> int:
    with _listen(host, port):  # gRPC would say only that it failed, on several lines
        pass
    try:
        return await server.start(host, port)
    except OSError as error:
        message = f"cannot listen on {host}:{port}: {error}"
        raise PortError(message) from None


def _url(host: str, listener: socket.socket) -> str:
    return f"http://{_shown(host)}:{listener.getsockname()[1]}"


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _jobs(house: House, console_port: int) -> Scheduler:
    alerts = house.alerts(console_port=console_port)
    scheduler = Scheduler(time.monotonic)
    scheduler.every(timedelta(seconds=house.settings.tick_seconds), "correlate", house.tick)
    scheduler.every(timedelta(seconds=house.settings.alert_tick_seconds), "alerts", alerts.tick)
    scheduler.every(DELIVER_EVERY, "deliver", lambda: _deliver(alerts.deliver))
    scheduler.every(timedelta(seconds=house.settings.access_refresh_seconds), "access", house.refresh_access)
    scheduler.every(REBUILDS_EVERY, "rebuilds", house.rebuilds.run_next)
    scheduler.every(CALENDARS_EVERY, "calendars", house.refresh)
    scheduler.every(BOARD_EVERY, "board", house.board.keep)
    scheduler.every(FIGURES_EVERY, "figures", house.kept.keep)
    return scheduler


def _deliver(step: Callable[[], bool]) -> None:
    """Deliver what is due, but give the other jobs their turn."""
    for _ in range(DELIVERIES_A_ROUND):
        if not step():
            return

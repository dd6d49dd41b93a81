"""A TCP proxy that makes a bad network: it delays, cuts connections, and swallows answers."""

import asyncio
import contextlib
import random
import threading
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class Weather:
    """How often, for each piece that passes: cut before it is handed on, swallow the answer to it, or hold it up."""

    cut: float = 0.0
    swallow: float = 0.0
    delay: float = 0.0
    longest_delay: float = 0.2


CALM = Weather()


class ChaosProxy:
    """Listens on a port of its own (`port`) and hands on to `target`; both stay while what is behind it comes and goes."""

    def __init__(self, target: int, seed: int) -> None:
        self.target = target
        self.port = 0
        self.weather = CALM
        self.happened: Counter[str] = Counter()
        self._random = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(60)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._connected, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(self, writer)
        try:
            back, forth = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        connection.forth = forth
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(connection.requests(reader, forth), connection.answers(back, writer))
        connection.cut()

    def happens(self, kind: str, share: float) -> bool:
        """Draw whether something happens now, and count it."""
        drawn = self._random.random() < share
        self.happened[kind] += drawn
        return drawn

    def pause(self) -> float:
        return self._random.random() * self.weather.longest_delay


class Connection:
    """Both directions of one connection."""

    def __init__(self, proxy: ChaosProxy, writer: asyncio.StreamWriter) -> None:
        self.forth: asyncio.StreamWriter | None = None
        self._proxy, self._writer = proxy, writer
        self._swallows = False

    def cut(self) -> None:
        for side in (self._writer, self.forth):
            if side is not None:
                side.transport.abort()

    async def requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(65536):
            if self._proxy.happens("cut", self._proxy.weather.cut):
                writer.write(piece[: len(piece) // 2])
                await writer.drain()
                return self.cut()
            self._swallows = self._swallows or self._proxy.happens("swallowed", self._proxy.weather.swallow)
            await self._held_up()
            writer.write(piece)
            await writer.drain()
        return self.cut()

    async def answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(65536):
            if self._swallows:
                break
            await self._held_up()
            writer.write(piece)
            await writer.drain()
        self.cut()

    async def _held_up(self) -> None:
        if self._proxy.happens("delayed", self._proxy.weather.delay):
            await asyncio.sleep(self._proxy.pause())

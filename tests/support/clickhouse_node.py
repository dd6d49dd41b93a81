"""A real ClickHouse that listens on loopback, for tests over the wire; it can be stopped and started again."""

import contextlib
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

ENGINE = Path(__file__).with_name("listening_engine.py")
START_SECONDS = 60
STOP_SECONDS = 40
TRIES = 3


class ClickHouseNode:
    """One listening ClickHouse over `directory`: `with ClickHouseNode(directory) as node: Database.open(node.dsn)`.

    `kill` and `start` make an outage: ports, and so `dsn`, stay, and so do the data. `stop` is one in good order, and slow.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory / "node"
        self.http_port = 0
        self.tcp_port = 0
        self._process: subprocess.Popen[str] | None = None

    @property
    def dsn(self) -> str:
        """The DSN of the node; it names a database that `Database.open` creates."""
        return f"clickhouse://default@127.0.0.1:{self.http_port}/stallwatch"

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start, and wait until it listens. Raises RuntimeError with what the engine said.

        Where the ports are still free to choose, others are tried: somebody may take one before the engine does.
        """
        for tries_left in range(0 if self.http_port else TRIES - 1, -1, -1):
            try:
                self._start()
            except RuntimeError:
                if not tries_left:
                    raise
            else:
                return

    def _start(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        # A session of its own: an engine that shuts down signals its whole process group.
        with (self.directory / "stderr.log").open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(ENGINE), str(self.directory), str(self.http_port), str(self.tcp_port)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        watchdog = threading.Timer(START_SECONDS, self._process.kill)
        watchdog.start()
        answer = self._process.stdout.readline().split() if self._process.stdout else []
        watchdog.cancel()
        if answer[:1] != ["READY"]:
            self.stop()
            message = f"ClickHouse did not start: {(self.directory / 'stderr.log').read_text()[-2000:]}"
            raise RuntimeError(message)
        self.http_port, self.tcp_port = int(answer[1]), int(answer[2])

    def stop(self) -> None:
        """Stop in good order, or by force where that takes too long. Safe to repeat."""
        if self._process is None:
            return
        with contextlib.suppress(OSError):
            self._process.stdin.close() if self._process.stdin else None
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._end()

    def kill(self) -> None:
        """End at once, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._end()

    def pause(self) -> None:
        """Let it hang: it takes connections and does nothing, until `resume`."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on where it was."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()  # in good order takes five seconds, and nobody needs the data any more

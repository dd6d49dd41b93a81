"""Turn the embedded engine of this process into a listening ClickHouse: HTTP and native TCP on loopback.

    python listening_engine.py DIRECTORY HTTP_PORT TCP_PORT

Port 0 takes a free one. What DIRECTORY/extra.xml says is added to the engine's configuration. Prints "READY <http port> <tcp port>" once it listens; stops when standard input ends. The
entry point is private to the wheel, so chdb-core is pinned in pyproject.toml. Started by `support.clickhouse_node`.
"""

import os
import socket
import sys
import threading
from pathlib import Path

from chdb import _chdb  # importing boots and closes an engine: only ever in a process of its own

# Listening lasts as long as a query runs: this one waits for the end of a FIFO that nobody writes to.
STATEMENTS = """
SYSTEM START LISTEN HTTP;
SYSTEM START LISTEN TCP;
SELECT count() FROM file('{fifo}', LineAsString, 'line String') SETTINGS storage_file_read_method = 'read'
"""
CONFIG = """<clickhouse>
<listen_host>127.0.0.1</listen_host><http_port>{http}</http_port><tcp_port>{tcp}</tcp_port>
{extra}
</clickhouse>"""
STOP_SECONDS = 30


class Engine:
    """The engine's one long query, in a thread, and the FIFO that keeps it running."""

    def __init__(self, directory: Path) -> None:
        self.fifo = directory / "hold.fifo"
        self.data = directory / "data"
        self.over = threading.Event()
        self.listening = threading.Event()
        self.failure = ""
        self._writer = -1
        self.fifo.unlink(missing_ok=True)
        os.mkfifo(self.fifo)

    def start(self) -> None:
        threading.Thread(target=self._query, daemon=True).start()
        threading.Thread(target=self._hold, daemon=True).start()
        while not self.listening.wait(0.02):
            if self.over.is_set():
                sys.exit(f"the engine did not start: {self.failure}")

    def stop(self) -> bool:
        os.close(self._writer)
        return self.over.wait(STOP_SECONDS)

    def _query(self) -> None:
        # The format of this query becomes the default format over HTTP.
        result = _chdb.query(STATEMENTS.format(fifo=self.fifo), "TabSeparated", path=str(self.data))
        self.failure = result.error_message() if result.has_error() else ""
        self.over.set()

    def _hold(self) -> None:
        self._writer = os.open(self.fifo, os.O_WRONLY)  # returns once the query reads, that is once it listens
        self.listening.set()


def free_ports() -> tuple[int, int]:
    with socket.socket() as http, socket.socket() as tcp:
        http.bind(("127.0.0.1", 0))
        tcp.bind(("127.0.0.1", 0))
        return http.getsockname()[1], tcp.getsockname()[1]


def main(directory: Path, http: int, tcp: int) -> None:
    if not http:
        http, tcp = free_ports()
    directory.mkdir(parents=True, exist_ok=True)
    added = directory / "extra.xml"
    extra = added.read_text() if added.exists() else ""
    (directory / "config.xml").write_text(CONFIG.format(http=http, tcp=tcp, extra=extra))
    os.chdir(directory)  # the engine reads ./config.xml
    engine = Engine(directory)
    engine.start()
    print(f"READY {http} {tcp}", flush=True)
    sys.stdin.read()
    stopped = engine.stop()
    print("STOPPED" if stopped else "STOP TIMEOUT", flush=True)
    os._exit(0 if stopped else 1)  # the engine's own threads do not end by themselves


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]), int(sys.argv[3]))

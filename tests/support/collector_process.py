"""A collector of its own in a process of its own: `python collector_process.py serve DIR` prints its port and serves.

`python collector_process.py count DIR` prints, as JSON, what stands in the store, each fact counted once.
"""

import json
import socket
import sys

import uvicorn

from collector.http import collector_app
from collector.quarantine import QuarantineStore
from collector.senders import admit_anyone
from collector.service import Collector
from core.clickhouse import Database
from core.clock import SystemClock
from core.migrations import migrate

COUNTS = """
SELECT
    (SELECT groupUniqArray(event_id) FROM events) AS events,
    (SELECT count() FROM (SELECT 1 FROM events LIMIT 1 BY integration, event_id)) AS distinct_events,
    (SELECT count() FROM events FINAL) AS final_events,
    (SELECT count() FROM spans FINAL) AS final_spans
"""


def main(command: str, directory: str) -> None:
    database = Database.open(f"chdb://{directory}")
    if command == "count":
        print(json.dumps(database.rows(COUNTS)[0] | {"quarantined": QuarantineStore(database).page(1).total}))
        return
    migrate(database, SystemClock())
    collector = Collector(database, SystemClock())
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(collector_app(collector, admit_anyone), log_level="warning")).run([listener])
    collector.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

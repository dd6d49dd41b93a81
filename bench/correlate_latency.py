"""From an event that is sent to its journey on the board, while events come without pause.

Told is what was sent after STEADY_AFTER: by then inserts go out of the window that ticks look at, and what a tick
follows, follows again and forgets is what it is after hours.
"""

import statistics
import threading
import time
from dataclasses import dataclass, field

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue

from collector.service import Collector
from core.clickhouse import Database
from core.clock import Clock
from core.settings import Settings
from correlator.tick import Correlator
from correlator.touches import OVER_AFTER
from correlator.whole_reads import WholeReads

BATCHES_A_SECOND = 10
STEADY_AFTER = OVER_AFTER.total_seconds()  # what was followed again then would be followed again from here on
POLL_SECONDS = 0.05
SEEN = """
SELECT root_id FROM journeys FINAL
WHERE root_type = 'purchase_order' AND root_id IN {awaited:Array(String)}
"""


@dataclass
class Waiting:
    """Orders that were sent and are not on the board yet, and how long the others took, in seconds.

    Of those on the board only what was sent at `counted_from` or later.
    """

    counted_from: float
    sent: dict[str, float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)

    def look(self, database: Database) -> None:
        """See which are on the board by now."""
        awaited = list(self.sent)
        for row in database.rows(SEEN, awaited=awaited) if awaited else []:
            sent_at = self.sent.pop(row["root_id"])
            if sent_at >= self.counted_from:
                self.took.append(time.perf_counter() - sent_at)


def order_body(batch: int, events: int) -> bytes:
    """Return a request of new orders, each with its requisition."""
    export = ExportLogsServiceRequest()
    group = export.resource_logs.add()
    group.resource.attributes.append(KeyValue(key="service.name", value=AnyValue(string_value="erp")))
    scope = group.scope_logs.add()
    for number in range(events):
        name = f"L-{batch}-{number}"
        told = [AnyValue(string_value=f"purchase_order:{name}"), AnyValue(string_value=f"requisition:{name}")]
        scope.log_records.add(
            event_name="purchase_order.created",
            time_unix_nano=time.time_ns(),
            attributes=[
                KeyValue(key="stallwatch.subject", value=told[0]),
                KeyValue(key="stallwatch.objects", value=AnyValue(array_value=ArrayValue(values=told))),
            ],
        )
    return export.SerializeToString()


def send(collector: Collector, waiting: Waiting, seconds: float, rate: int) -> None:
    """Send `rate` events a second, ten requests each; the last order of each request is waited for."""
    events, started = rate // BATCHES_A_SECOND, time.perf_counter()
    for batch in range(int(seconds * BATCHES_A_SECOND)):
        time.sleep(max(0.0, started + batch / BATCHES_A_SECOND - time.perf_counter()))
        waiting.sent[f"L-{batch}-{events - 1}"] = time.perf_counter()
        collector.submit_logs(order_body(batch, events))


def follow(correlator: Correlator, ended: threading.Event) -> None:
    """Tick as the service does: each `tick_seconds`, a tick that takes longer is followed by the next."""
    pause = Settings().tick_seconds
    while not ended.is_set():
        started = time.perf_counter()
        correlator.tick()
        ended.wait(max(0.0, started + pause - time.perf_counter()))


def latency(database: Database, correlator: Correlator, clock: Clock, seconds: float, rate: int) -> dict[str, float]:
    """Return what it took from sending an event to seeing its journey: seconds, p50 and p99, once that is steady."""
    steady_after = min(STEADY_AFTER, seconds / 2)
    collector, waiting, ended = (
        Collector(database, clock),
        Waiting(time.perf_counter() + steady_after),
        threading.Event(),
    )
    board = database.guarded(WholeReads(database))
    sender = threading.Thread(target=send, args=(collector, waiting, seconds, rate))
    follower = threading.Thread(target=follow, args=(correlator, ended))
    for thread in (follower, sender):
        thread.start()
    while sender.is_alive() or waiting.sent:
        waiting.look(board)
        time.sleep(POLL_SECONDS)
    ended.set()
    follower.join()
    collector.close()
    cuts = statistics.quantiles(waiting.took, n=100)
    return {
        "events_per_second": rate,
        "sent_for_seconds": seconds,
        "told_of_what_was_sent_after_seconds": steady_after,
        "p50_seconds": round(cuts[49], 2),
        "p99_seconds": round(cuts[98], 2),
    }

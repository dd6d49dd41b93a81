"""How fast journeys and handoffs are derived anew: events a second, and what one tick costs.

    python -m bench.rebuild [--journeys N] [--json]

Stores N purchase-to-pay journeys of twelve events each by one INSERT … SELECT, rebuilds, then touches a few and ticks.
"""

import argparse
import json
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.clickhouse import Database
from core.clock import SystemClock
from core.dsn import embedded_dsn
from core.migrations import migrate
from core.registry import Registry
from correlator.model import load_models
from correlator.tick import Correlator
from slo.calendars import publish_calendars

STEPS = (
    "requisition.created",
    "requisition.approved",
    "purchase_order.created",
    "purchase_order.synced",
    "purchase_order.acknowledged",
    "goods_receipt.posted",
    "goods_receipt.synced",
    "invoice.received",
    "invoice.matched",
    "invoice.posted",
    "payment.released",
    "payment.executed",
)
OBJECTS = (
    ("requisition",),
    ("requisition",),
    ("purchase_order", "requisition"),
    ("purchase_order",),
    ("purchase_order",),
    ("goods_receipt", "purchase_order"),
    ("goods_receipt",),
    ("invoice", "purchase_order"),
    ("invoice",),
    ("invoice",),
    ("payment", "invoice"),
    ("payment", "invoice"),
)
FIRST = datetime(2026, 1, 5, tzinfo=UTC)
# The columns of the benchmark's own rows; everything else keeps its default.
EVENTS = """
INSERT INTO events (event_id, integration, type, occurred_at, received_at, stored_at, subject_type, subject_id,
    objects, criticality, flow_type, amount, currency)
SELECT concat(toString(n), '-', toString(step)), 'erp', {steps:Array(String)}[step],
    {first:DateTime64(6, 'UTC')} + toIntervalMinute(n % 40000) + toIntervalHour(9 * step), now64(6), now64(6),
    kinds[1], toString(n), arrayMap(kind -> (kind, toString(n)), kinds), 'standard', 'three_way', n % 1000, 'USD'
FROM (SELECT number + {offset:UInt64} AS n, arrayJoin(range(1, length({steps:Array(String)}) + 1)) AS step,
        {objects:Array(Array(String))}[step] AS kinds FROM numbers({count:UInt64}))
"""
EVENT_OBJECTS = """
INSERT INTO event_objects (object_type, object_id, event_type, occurred_at, integration, event_id, is_subject,
    criticality, flow_type, amount, currency)
SELECT object.1, object.2, type, occurred_at, integration, event_id, object.1 = subject_type, criticality, flow_type,
    amount, currency
FROM events ARRAY JOIN objects AS object WHERE toUInt64(subject_id) >= {offset:UInt64}
"""
TOUCHED = """
INSERT INTO touched_objects SELECT stored_at, object.1, object.2
FROM events ARRAY JOIN objects AS object WHERE toUInt64(subject_id) >= {offset:UInt64}
"""


def load(database: Database, offset: int, count: int) -> None:
    values = {"steps": list(STEPS), "objects": [list(kinds) for kinds in OBJECTS]}
    database.execute(EVENTS, offset=offset, count=count, first=FIRST, **values)
    for statement in (EVENT_OBJECTS, TOUCHED):
        database.execute(statement, offset=offset)


def timed(work: object) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--journeys", type=int, default=50_000)
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        database = Database.open(embedded_dsn(Path(directory) / "db"))
        clock = SystemClock()
        migrate(database, clock)
        publish_calendars(database, Registry(), clock)
        (model,) = load_models(["procure-to-pay"])
        load(database, 0, asked.journeys)
        # Without overlap: the load just before would else count as possibly late, and be followed again.
        correlator = Correlator(database, model, clock, overlap=timedelta(0))
        seconds = statistics.median(timed(correlator.rebuild) for _ in range(3))
        load(database, asked.journeys, 200)
        tick = timed(correlator.tick)
        database.close()
    events = asked.journeys * len(STEPS)
    result = {
        "events": events,
        "rebuild_seconds": round(seconds, 2),
        "rebuild_events_per_second": round(events / seconds),
        "tick_touching_1000_objects_seconds": round(tick, 2),
    }
    print(json.dumps(result) if asked.json else "\n".join(f"{name}: {value:,}" for name, value in result.items()))


if __name__ == "__main__":
    main()

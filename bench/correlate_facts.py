"""What the correlator's benchmark stores: purchase-to-pay journeys of twelve events, each over five documents."""

from datetime import UTC, datetime

from core.clickhouse import Database

STEPS = (
    ("requisition.created", ("requisition",)),
    ("requisition.approved", ("requisition",)),
    ("purchase_order.created", ("purchase_order", "requisition")),
    ("purchase_order.synced", ("purchase_order",)),
    ("purchase_order.acknowledged", ("purchase_order",)),
    ("goods_receipt.posted", ("goods_receipt", "purchase_order")),
    ("goods_receipt.synced", ("goods_receipt",)),
    ("invoice.received", ("invoice", "purchase_order")),
    ("invoice.matched", ("invoice",)),
    ("invoice.posted", ("invoice",)),
    ("payment.released", ("payment", "invoice")),
    ("payment.executed", ("payment", "invoice")),
)
DOCUMENTS = ("requisition", "purchase_order", "goods_receipt", "invoice", "payment")
FIRST = datetime(2026, 1, 5, tzinfo=UTC)
CHUNK = 50_000  # journeys an insert: what one takes in memory stays the same at every size
# The journeys in question, each by its number, their steps and when those were stored.
TOLD = """
    SELECT n, step, {steps:Array(String)}[step] AS type, {kinds:Array(Array(String))}[step] AS kinds,
        {first:DateTime64(6, 'UTC')} + toIntervalMinute(n % 40000) + toIntervalHour(9 * step) AS occurred_at,
        {stored_at:DateTime64(6, 'UTC')} AS stored_at,
        concat({mark:String}, toString(n), '-', toString(step)) AS event_id,
        arrayMap(kind -> (kind, toString(n)), kinds) AS objects
    FROM (SELECT {offset:UInt64} + number * {stride:UInt64} AS n, arrayJoin({which:Array(UInt8)}) AS step
        FROM numbers({count:UInt64}))
"""
STATEMENTS = (
    f"""
INSERT INTO events (event_id, integration, type, occurred_at, received_at, stored_at, subject_type, subject_id,
    objects, criticality, flow_type, amount, currency)
SELECT event_id, 'erp', type, occurred_at, stored_at, stored_at, kinds[1], toString(n), objects, 'standard',
    'three_way', n % 1000, 'USD'
FROM ({TOLD})
""",
    f"""
INSERT INTO event_objects (object_type, object_id, event_type, occurred_at, integration, event_id, is_subject,
    criticality, flow_type, amount, currency)
SELECT object.1, object.2, type, occurred_at, 'erp', event_id, object.1 = kinds[1], 'standard', 'three_way',
    n % 1000, 'USD'
FROM ({TOLD}) ARRAY JOIN objects AS object
""",
    f"""
INSERT INTO touched_objects (stored_at, object_type, object_id, query_id)
SELECT stored_at, object.1, object.2, initialQueryID()
FROM ({TOLD}) ARRAY JOIN objects AS object
""",
)


def store_journeys(database: Database, count: int, stored_at: datetime) -> None:
    """Store this many journeys, as one insert of many stored them at `stored_at`."""
    steps = [name for name, _ in STEPS]
    told = {"steps": steps, "kinds": [list(kinds) for _, kinds in STEPS], "which": list(range(1, len(STEPS) + 1))}
    for offset in range(0, count, CHUNK):
        for statement in STATEMENTS:
            database.execute(
                statement,
                **told,
                first=FIRST,
                stored_at=stored_at,
                mark="",
                offset=offset,
                stride=1,
                count=min(CHUNK, count - offset),
            )


def touch_journeys(database: Database, count: int, offset: int, stride: int, stored_at: datetime) -> None:
    """Store one more event, over all five documents, for each `stride`th journey from `offset` on.

    The touches name their query, as the collector's do: an insert that is over is followed once.
    """
    told = {"steps": ["payment.executed"], "kinds": [list(reversed(DOCUMENTS))], "which": [1]}
    for statement in STATEMENTS:
        database.execute(
            statement,
            **told,
            first=FIRST,
            stored_at=stored_at,
            mark=f"again-{offset}-",
            offset=offset,
            stride=stride,
            count=count,
        )

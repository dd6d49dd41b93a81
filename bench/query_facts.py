"""What the benchmark of queries asks about: handoffs of invoices as derived, one in a hundred of them stalled."""

from datetime import datetime

from core.clickhouse import Database

STALLED_OF = 100  # one in so many is open past its due time: a hospital network at 10 million has 100,000 on its board
CHUNK = 1_000_000  # instances an insert: what one takes in memory stays the same at every size
FACILITIES, SUPPLIERS = 40, 400
# Instance n: of invoice n of order n, received n minutes ago within 90 days; closed an hour later where it is not
# stalled. Half of the stalled wait for a receipt that is not there.
STATEMENTS = (
    """
INSERT INTO handoffs (model, handoff, object_type, object_id, cycle, journey_type, journey_id, journeys, opened_at,
    opened_by, closed_at, due_at, facility, supplier, criticality, flow_type, amount, currency, revision)
SELECT 'procure-to-pay', 'invoice_to_match', 'invoice', concat('INV-', toString(number)), 1, 'purchase_order',
    concat('PO-', toString(number)), 1, {now:DateTime64(6, 'UTC')} - toIntervalMinute(number % 129600 + 2881) AS at,
    concat('e-', toString(number)), if(number % {stalled_of:UInt32} = 0, NULL, at + toIntervalHour(1)),
    at + toIntervalDay(2), concat('facility-', toString(number % {facilities:UInt32})),
    concat('supplier-', toString(number % {suppliers:UInt32})),
    'standard', 'three_way', number % 1000, 'USD', 1
FROM numbers({offset:UInt64}, {count:UInt64})
""",
    """
INSERT INTO links (model, child_type, child_id, parent_type, parent_id)
SELECT 'procure-to-pay', 'invoice', concat('INV-', toString(number)), 'purchase_order', concat('PO-', toString(number))
FROM numbers({offset:UInt64}, {count:UInt64})
""",
    """
INSERT INTO journey_members (model, root_type, root_id, object_type, object_id, revision)
SELECT 'procure-to-pay', 'purchase_order', concat('PO-', toString(number)), kind.1, concat(kind.2, toString(number)), 1
FROM numbers({offset:UInt64}, {count:UInt64}) ARRAY JOIN [('purchase_order', 'PO-'), ('invoice', 'INV-')] AS kind
""",
    """
INSERT INTO event_objects (object_type, object_id, event_type, occurred_at, integration, event_id, is_subject)
SELECT told.1, concat(told.2, toString(number)), told.3,
    {now:DateTime64(6, 'UTC')} - toIntervalMinute(number % 129600 + 2881), 'erp', concat(told.4, toString(number)),
    told.1 = 'invoice'
FROM numbers({offset:UInt64}, {count:UInt64})
ARRAY JOIN arrayFilter(each -> each.1 = 'invoice' OR number % (2 * {stalled_of:UInt32}) != 0,
    [('invoice', 'INV-', 'invoice.received', 'e-'), ('purchase_order', 'PO-', 'goods_receipt.posted', 'r-')]) AS told
""",
)


def store_instances(database: Database, count: int, now: datetime) -> None:
    """Store so many instances, due before `now`, as a correlator and a collector would have stored them."""
    asked = {"now": now, "stalled_of": STALLED_OF, "facilities": FACILITIES, "suppliers": SUPPLIERS}
    for offset in range(0, count, CHUNK):
        for statement in STATEMENTS:
            database.execute(statement, **asked, offset=offset, count=min(CHUNK, count - offset))

"""What the benchmark of queries asks about: a month of a hospital network, its handoffs as the correlator derives them.

Every handoff of the shipped model has its share of the instances: an order, its receipt, invoice and payment, and one
exception a journey. They are opened evenly over the month and take a lognormal time. About one in a hundred is stalled.
"""

from datetime import datetime
from typing import Any

from core.clickhouse import Database
from core.durations import parse_duration
from correlator.conditions import own
from correlator.loading import load_models
from correlator.model import HandoffDefinition

DAYS = 30
# Most keep their target: of a time with this median and spread (of its logarithm) nine in a hundred do not.
MEDIAN_OF_TARGET, SPREAD = 0.4, 0.7
STUCK_OF, CANCELLED_OF, PAUSED_OF = 140, 33, 200  # one in so many never ends, is given up, stands still
WITHOUT_RECEIPT_OF = 10  # orders whose invoice came and whose goods did not
TRACED_OF, FAILED_OF = 10, 500  # instances with a span on their document, and with one that failed
CHUNK = 1_000_000  # instances an insert: what one takes in memory stays the same at every size
FACILITIES, SUPPLIERS = 40, 400
HOURS_A_DAY = {"business_days": 86_400 * 7 / 5, "business_seconds": 24 / 9 * 7 / 5, "clock": 1.0}
# Instance n: of journey n / slots, in the slot n % slots, the last of which is that of the journey's exception.
KINDS = "{kinds:Array(Tuple(String, String, String, String, String, String, Float64))}"
INSTANCE = f"""
SELECT number, intDiv(number, {{slots:UInt32}}) AS nth,
    {KINDS}[1 + if(
        number % {{slots:UInt32}} < {{slots:UInt32}} - 1, number % {{slots:UInt32}},
        {{slots:UInt32}} - 1 + cityHash64(nth, 'kind') % (length({KINDS}) - {{slots:UInt32}} + 1))] AS kind,
    kind.1 AS handoff, kind.2 AS object_type,
    concat(upper(substring(object_type, 1, 3)), '-', toString(nth)) AS object_id,
    {{now:DateTime64(6, 'UTC')}}
        - toIntervalMillisecond(1 + cityHash64(number, 'opened') % ({{days:UInt32}} * 86400000)) AS opened_at,
    (cityHash64(number, 'one') % 1000000 + 0.5) / 1000000 AS one,
    (cityHash64(number, 'two') % 1000000) / 1000000 AS two,
    kind.7 * {{median:Float64}} * exp({{spread:Float64}} * sqrt(-2 * log(one)) * cos(2 * pi() * two)) AS seconds,
    opened_at + toIntervalMillisecond(toInt64(seconds * 1000)) AS ends_at,
    ends_at <= {{now:DateTime64(6, 'UTC')}} AND cityHash64(number, 'stuck') % {{stuck_of:UInt32}} != 0 AS is_over,
    cityHash64(number, 'cancelled') % {{cancelled_of:UInt32}} = 0 AS is_given_up,
    NOT is_over AND cityHash64(number, 'paused') % {{paused_of:UInt32}} = 0 AS is_paused,
    concat('facility-', toString(cityHash64(nth, 'facility') % {{facilities:UInt32}})) AS facility,
    concat('supplier-', toString(cityHash64(nth, 'supplier') % {{suppliers:UInt32}})) AS supplier,
    {{criticalities:Array(String)}}[1 + cityHash64(nth, 'criticality') % length({{criticalities:Array(String)}})]
        AS criticality,
    (cityHash64(nth, 'amount') % 1000000) / 100 AS amount
FROM numbers({{offset:UInt64}}, {{count:UInt64}})
"""
JOURNEYS = (
    "numbers(intDiv({offset:UInt64}, {slots:UInt32}), intDiv({count:UInt64} + {slots:UInt32} - 1, {slots:UInt32}))"
)
ID = "concat(upper(substring(type, 1, 3)), '-', toString(number))"
STATEMENTS = (
    f"""
INSERT INTO handoffs (model, handoff, object_type, object_id, cycle, journey_type, journey_id, journeys, opened_at,
    opened_by, first_opened_at, closed_at, closed_by, cancelled_at, due_at, pauses, paused_since, facility, supplier,
    department, spend_category, criticality, flow_type, amount, currency, revision)
SELECT 'procure-to-pay', handoff, object_type, object_id, 1, 'purchase_order', concat('PUR-', toString(nth)), 1,
    opened_at,
    concat('o-', toString(number)), opened_at, if(is_over AND NOT is_given_up, ends_at, NULL),
    if(is_over AND NOT is_given_up, concat('c-', toString(number)), ''), if(is_over AND is_given_up, ends_at, NULL),
    if(is_paused, NULL, opened_at + toIntervalSecond(toInt64(kind.7))), if(is_paused, [(opened_at, NULL)], []),
    if(is_paused, opened_at, NULL), facility, supplier, concat('department-', toString(nth % 30)),
    concat('category-', toString(nth % 12)), criticality, 'three_way', amount, 'USD', 1
FROM ({INSTANCE})
""",
    f"""
INSERT INTO links (model, child_type, child_id, parent_type, parent_id)
SELECT 'procure-to-pay', pair.1 AS type, {ID}, pair.2 AS parent,
    concat(upper(substring(parent, 1, 3)), '-', toString(number))
FROM {JOURNEYS} ARRAY JOIN {{attached:Array(Tuple(String, String))}} AS pair
WHERE type != 'goods_receipt' AND parent != 'goods_receipt' OR number % {WITHOUT_RECEIPT_OF} != 0
""",
    f"""
INSERT INTO journey_members (model, root_type, root_id, object_type, object_id, revision)
SELECT 'procure-to-pay', 'purchase_order', concat('PUR-', toString(number)), type, {ID}, 1
FROM {JOURNEYS} ARRAY JOIN {{types:Array(String)}} AS type
""",
    f"""
INSERT INTO journeys (model, root_type, root_id, facility, supplier, amount, currency, objects, revision)
SELECT 'procure-to-pay', 'purchase_order', concat('PUR-', toString(number)),
    concat('facility-', toString(cityHash64(number, 'facility') % {{facilities:UInt32}})),
    concat('supplier-', toString(cityHash64(number, 'supplier') % {{suppliers:UInt32}})),
    (cityHash64(number, 'amount') % 1000000) / 100, 'USD', length({{types:Array(String)}}), 1
FROM {JOURNEYS}
""",
    f"""
INSERT INTO event_objects (object_type, object_id, event_type, occurred_at, integration, event_id, is_subject, facility,
    reason)
SELECT told.1, told.2, told.3, told.4, told.5, told.6, told.7, facility, if(told.3 = 'exception.raised', kind.6, '')
FROM ({INSTANCE})
ARRAY JOIN arrayFilter(
    each -> each.8,
    [(object_type, object_id, kind.3, opened_at, kind.5, concat('o-', toString(number)), true,
      object_type != 'goods_receipt' OR nth % {WITHOUT_RECEIPT_OF} != 0),
     ('invoice', concat('INV-', toString(nth)), kind.3, opened_at, kind.5, concat('o-', toString(number)), false,
      object_type = 'exception'),
     (object_type, object_id, kind.4, ends_at, kind.5, concat('c-', toString(number)), true, is_over AND NOT is_given_up
      AND (kind.4 != 'goods_receipt.posted' OR nth % {WITHOUT_RECEIPT_OF} != 0))]) AS told
""",
    f"""
INSERT INTO span_objects (object_type, object_id, started_at, trace_id, span_id, integration, service, name,
    status_code, status_message)
SELECT object_type, object_id, opened_at + toIntervalSecond(30), toFixedString(leftPad(toString(number), 16, '0'), 16),
    toFixedString(leftPad(toString(number % 100000000), 8, '0'), 8), kind.5, concat(kind.5, '-adapter'), 'send',
    if(number % {FAILED_OF} = 0, 2, 1) AS status, if(status = 2, 'connection refused', '')
FROM ({INSTANCE})
WHERE number % {TRACED_OF} = 0
""",
)
REGISTERED = (
    """
INSERT INTO integrations (integration, name, owner, tier, heartbeat_seconds, published_at)
SELECT each, each, 'owner', 'standard', 900, {now:DateTime64(6, 'UTC')}
FROM (SELECT arrayJoin({integrations:Array(String)}) AS each)
""",
    """
INSERT INTO heard (integration, minute, newest)
SELECT each, toStartOfMinute({now:DateTime64(6, 'UTC')} - toIntervalMinute(number)) AS at, at
FROM numbers({days:UInt32} * 1440) ARRAY JOIN {integrations:Array(String)} AS each
""",
)


def store_instances(database: Database, count: int, now: datetime) -> None:
    """Store so many instances, opened before `now`, as a correlator and a collector would have stored them."""
    asked = _asked(now)
    for statement in REGISTERED:
        database.execute(statement, now=now, days=DAYS, integrations=asked["integrations"])
    step = CHUNK // asked["slots"] * asked["slots"]  # whole journeys
    for offset in range(0, count, step):
        for statement in STATEMENTS:
            database.execute(statement, **asked, offset=offset, count=min(step, count - offset))


def _asked(now: datetime) -> dict[str, Any]:
    (model,) = load_models(["procure-to-pay"])
    handoffs = model.handoffs.items()
    kinds = [_kind(key, each) for key, each in sorted(handoffs, key=lambda handoff: handoff[1].on == "exception")]
    return {
        "kinds": kinds,
        "slots": 1 + sum(each.on != "exception" for _, each in handoffs),
        "types": sorted({each.on for _, each in handoffs}),
        "attached": [pair for pair in model.attachments if set(pair) <= {each.on for _, each in handoffs}],
        "integrations": sorted({each.awaits for _, each in handoffs}),
        "now": now,
        "criticalities": ["standard", "standard", "standard", "clinical-critical", "low"],
        "days": DAYS,
        "median": MEDIAN_OF_TARGET,
        "spread": SPREAD,
        "stuck_of": STUCK_OF,
        "cancelled_of": CANCELLED_OF,
        "paused_of": PAUSED_OF,
        "facilities": FACILITIES,
        "suppliers": SUPPLIERS,
    }


def _kind(key: str, handoff: HandoffDefinition) -> tuple[str, str, str, str, str, str, float]:
    """Return a handoff's name, object type, first and last event, who is awaited, reason, seconds until due."""
    target = parse_duration(handoff.target["standard"])
    reason = (*handoff.when.reason, "other")[0]
    seconds = target.amount * HOURS_A_DAY[target.unit]
    return key, handoff.on, own(handoff.start)[0], own(handoff.stop)[0], handoff.awaits, reason, float(seconds)

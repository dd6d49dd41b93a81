-- Grain: one handoff instance of an object of this run: one cycle, of handoffs whose clock never stands still and that
-- nothing reopens. Caller: correlator.tick.Correlator.
-- Signals in order of (time, role: start < stop < cancel, event id); a start while open and an end while closed say
-- nothing new, so of each run of equal signals the first counts: starts and ends then alternate and pair up. What a start
-- finds ended already (an ending without an event id, correlator/sql/insert_held_over.sql) is no instance.
INSERT INTO {handoffs:Identifier}
    (model, handoff, object_type, object_id, cycle, journey_type, journey_id, journeys, opened_at, opened_by, first_opened_at,
     closed_at, closed_by, cancelled_at, due_at, facility, supplier, department, spend_category, criticality, flow_type, amount,
     currency, revision, is_gone)
WITH
-- include: correlator/handoff_definitions
-- include: correlator/handoff_places
-- include: correlator/handoff_signals
    -- Of each object the signals of all its handoffs at once, a handoff after the other.
    heard AS
    (
        SELECT object_type, object_id,
            arraySort(groupArray((handoff, occurred_at, role, event_id))) AS ordered,
            arrayFilter((this, earlier) -> (this.3 = 0) != (this.1 = earlier.1 AND earlier.3 = 0), ordered,
                arrayPushFront(arrayPopBack(ordered), ('', toDateTime64(0, 6, 'UTC'), 1::UInt8, ''))) AS pairs
        FROM told
        GROUP BY object_type, object_id
    ),
    cycles AS
    (
        SELECT opens.1 AS handoff, heard.object_type AS object_type, heard.object_id AS object_id, cycle, placed.standing AS standing,
            (opens.2, opens.3, opens.4) AS opening,
            if(follows.1 = opens.1, (follows.2, follows.3, follows.4), (toDateTime64(0, 6, 'UTC'), 0::UInt8, '')) AS ending,
            opens.2 AS first_opened_at, []::Array(Tuple(Int64, Int64)) AS pauses, pauses AS stopped
        FROM heard
        INNER JOIN placed ON placed.object_type = heard.object_type AND placed.object_id = heard.object_id
        ARRAY JOIN pairs AS opens,
            arrayPopFront(arrayPushBack(pairs, ('', toDateTime64(0, 6, 'UTC'), 0::UInt8, ''))) AS follows,
            arrayEnumerateUniq(pairs.1, arrayMap(
                (this, next) -> multiIf(this.3 != 0, 0, next.3 = 1 AND next.4 = '', 1, 2),
                pairs, arrayPopFront(arrayPushBack(pairs, ('', toDateTime64(0, 6, 'UTC'), 0::UInt8, ''))))) AS cycle
        WHERE opens.3 = 0 AND NOT (ending.2 = 1 AND ending.3 = '')
    ),
-- include: correlator/handoff_instances
-- include: core/due_at
SELECT {model:String}, instance.1, instance.2, instance.3, instance.4, instance.5.1, instance.5.2, instance.5.3,
    instance.6.1, instance.6.3, instance.8,
    if(instance.7.2 = 1, instance.7.1, NULL), if(instance.7.2 = 1, instance.7.3, ''),
    if(instance.7.2 = 2, instance.7.1, NULL), due_at,
    instance.5.4, instance.5.5, instance.5.6, instance.5.7, instance.5.8, instance.5.9, instance.5.10, instance.5.11,
    {revision:UInt64}, 0
FROM reckoned

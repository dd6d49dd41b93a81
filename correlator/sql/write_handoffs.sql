-- Grain: one handoff instance of an object of this run: one cycle, of handoffs whose clock never stands still and that
-- nothing reopens. Caller: correlator.tick.Correlator.
-- Signals in order of (time, role: start < stop < cancel, event id); a start while open and an end while closed say
-- nothing new, so of each run of equal signals the first counts: starts and ends then alternate and pair up.
INSERT INTO {handoffs:Identifier}
    (model, handoff, object_type, object_id, cycle, journey_type, journey_id, journeys, opened_at, opened_by, first_opened_at,
     closed_at, closed_by, cancelled_at, due_at, facility, supplier, department, spend_category, criticality, flow_type, amount,
     currency, revision, is_gone)
WITH
-- include: correlator/handoff_definitions
    cycles AS
    (
        SELECT handoff, object_type, object_id, cycle,
            pairs[2 * cycle - 1] AS opening, pairs[2 * cycle] AS ending, opening.1 AS first_opened_at,
            []::Array(Tuple(Int64, Int64)) AS pauses, pauses AS stopped
        FROM
        (
            SELECT handoff, object_type, object_id,
                arraySort(groupUniqArray((occurred_at, role, event_id))) AS ordered,
                arrayFilter((this, earlier) -> (this.2 = 0) != (earlier.2 = 0), ordered,
                    arrayPushFront(arrayPopBack(ordered), (toDateTime64(0, 6, 'UTC'), 1::UInt8, ''))) AS pairs
            FROM current_event_objects
            INNER JOIN signal USING (object_type, event_type)
            WHERE (object_type, object_id) IN in_run
            GROUP BY handoff, object_type, object_id
        )
        ARRAY JOIN range(1, intDiv(length(pairs) + 1, 2) + 1) AS cycle
    ),
-- include: correlator/handoff_instances
-- include: core/due_at
SELECT {model:String}, instance.1, instance.2, instance.3, instance.4, instance.5.1, instance.5.2, instance.6,
    instance.7.1, instance.7.3, instance.17,
    if(instance.8.2 = 1, instance.8.1, NULL), if(instance.8.2 = 1, instance.8.3, ''),
    if(instance.8.2 = 2, instance.8.1, NULL), due_at,
    instance.9, instance.10, instance.11, instance.12, instance.13, instance.14, instance.15, instance.16,
    {revision:UInt64}, 0
FROM reckoned

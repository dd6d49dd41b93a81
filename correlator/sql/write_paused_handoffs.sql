-- Grain: one handoff instance of an object of this run: one cycle, of those that a pause, a resumption or a reversal is told of.
-- Caller: correlator.handoffs.
INSERT INTO {handoffs:Identifier}
    (model, handoff, object_type, object_id, cycle, journey_type, journey_id, journeys, opened_at, opened_by, first_opened_at,
     opened_received_at, closed_at, closed_by, cancelled_at, ended_received_at, due_at, stood, pauses, paused_seconds, paused_since,
     facility, supplier, department, spend_category, criticality, flow_type, amount, currency, revision, is_gone)
WITH
-- include: correlator/handoff_definitions
-- include: correlator/handoff_places
    cycles AS
    (
        SELECT cycle.*, place.*
        FROM
        (
            -- A cycle of which the end is told repeatedly has a row for each telling.
            SELECT toUInt16(indexOf({keys:Array(String)}, told.handoff::String)) AS handoff, object_type, object_id, cycle,
                any(told.opened_at) AS opened_at, any(told.opened_by) AS opened_by, any(told.opened_received_at) AS opened_received_at,
                min(told.ended_at) AS ended_at, any(told.ended_as) AS ended_as, any(told.ended_by) AS ended_by,
                min(told.ended_received_at) AS ended_received_at,
                groupArray((told.ended_at, told.ended_received_at)) AS tellings,
                any(told.first_opened_at) AS first_opened_at, any(told.pauses) AS pauses, any(told.stopped) AS stopped
            FROM {run_cycles:Identifier} AS told
            WHERE revision = {revision:UInt64}
            GROUP BY handoff, object_type, object_id, cycle
        ) AS cycle
        SEMI LEFT JOIN place
            ON place.object_city = cityHash64(cycle.object_type, cycle.object_id)
            AND place.object_xx = xxh3(cycle.object_type, cycle.object_id)
    ),
-- include: correlator/handoff_instances
-- include: core/due_at
    ,
-- include: core/due_at_paused
SELECT {model:String}, {keys:Array(String)}[instance.1], instance.2, instance.3, instance.4, instance.12, instance.13, instance.14,
    instance.5, instance.6, instance.7, instance.23,
    if(instance.9 = 1, instance.8, NULL), if(instance.9 = 1, instance.10, ''), if(instance.9 = 2, instance.8, NULL),
-- include: correlator/ended_told
    due_at,
    -- What stopped the clock before this cycle: its own pauses come last.
    arrayMap(
        stop -> (fromUnixTimestamp64Micro(stop.1, 'UTC'), fromUnixTimestamp64Micro(stop.2, 'UTC')),
        arrayResize(instance.26, length(instance.26) - length(instance.11))),
    arrayMap(
        -- The remainder: drivers read also the value that an absence hides, and 4e18 is no time.
        pause -> (fromUnixTimestamp64Micro(pause.1, 'UTC'),
                  if(pause.2 < 4000000000000000000, fromUnixTimestamp64Micro(pause.2 % 4000000000000000000, 'UTC'), NULL)),
        instance.11),
    intDiv(arraySum(pause -> if(pause.2 < 4000000000000000000, pause.2 - pause.1, 0), instance.11), 1000000),
    if((instance.11[-1]).2 = 4000000000000000000, fromUnixTimestamp64Micro((instance.11[-1]).1, 'UTC'), NULL),
    instance.15, instance.16, instance.17, instance.18, instance.19, instance.20, instance.21, instance.22,
    {revision:UInt64}, 0
FROM moved

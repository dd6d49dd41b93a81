-- Grain: one handoff instance of an object of this run: one cycle. Caller: correlator.tick.Correlator.
-- Signals in order of (time, role: start < stop < cancel, event id); a start while open and an end while closed say
-- nothing new, so of each run of equal signals the first counts: starts and ends then alternate and pair up.
INSERT INTO {handoffs:Identifier}
    (model, handoff, object_type, object_id, cycle, journey_type, journey_id, journeys, opened_at, opened_by, closed_at,
     closed_by, cancelled_at, due_at, facility, supplier, department, spend_category, criticality, flow_type, amount,
     currency, revision, is_gone)
WITH
    definition AS
    (
        SELECT d.1 AS handoff, d.2 AS flow_types
        FROM (SELECT arrayJoin({definitions:Array(Tuple(String, Array(String)))}) AS d)
    ),
    signal AS
    (
        SELECT s.1 AS handoff, s.2 AS object_type, s.3 AS event_type, s.4 AS role
        FROM (SELECT arrayJoin({signals:Array(Tuple(String, String, String, UInt8))}) AS s)
    ),
    target AS
    (
        SELECT t.1 AS handoff, t.2 AS criticality, t.3 AS unit, t.4 AS amount
        FROM (SELECT arrayJoin({targets:Array(Tuple(String, String, String, Int64))}) AS t)
    ),
    in_run AS
    (
        SELECT object_type, object_id FROM run_objects WHERE revision = {revision:UInt64}
    ),
    cycles AS
    (
        SELECT handoff, object_type, object_id, cycle,
            pairs[2 * cycle - 1] AS opening, pairs[2 * cycle] AS ending
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
    place AS
    (
        SELECT object_type, object_id, min((root_type, root_id)) AS root, count() AS journeys
        FROM {object_journeys:Identifier} FINAL
        WHERE model = {model:String} AND (object_type, object_id) IN in_run
        GROUP BY object_type, object_id
    ),
    known AS
    (
        SELECT cycles.handoff AS handoff, cycles.object_type AS object_type, cycles.object_id AS object_id,
            cycles.cycle AS cycle, cycles.opening AS opening, cycles.ending AS ending,
            place.root AS root, place.journeys AS journeys,
            if(own.facility != '', own.facility, journey.facility) AS facility,
            if(own.supplier != '', own.supplier, journey.supplier) AS supplier,
            if(own.department != '', own.department, journey.department) AS department,
            if(own.spend_category != '', own.spend_category, journey.spend_category) AS spend_category,
            if(own.criticality != '', own.criticality, journey.criticality) AS criticality,
            if(own.flow_type != '', own.flow_type, journey.flow_type) AS flow_type,
            if(own.amount IS NOT NULL, own.amount, journey.amount) AS amount,
            if(own.amount IS NOT NULL, own.currency, journey.currency) AS currency,
            if(criticality IN ('clinical-critical', 'low'), criticality::String, 'standard') AS target_criticality
        FROM cycles
        INNER JOIN definition ON definition.handoff = cycles.handoff
        LEFT JOIN (SELECT * FROM run_contexts WHERE revision = {revision:UInt64}) AS own
            ON own.object_type = cycles.object_type AND own.object_id = cycles.object_id
        LEFT JOIN place ON place.object_type = cycles.object_type AND place.object_id = cycles.object_id
        LEFT JOIN
        (
            SELECT * FROM {journeys:Identifier} FINAL
            WHERE model = {model:String} AND (root_type, root_id) IN (SELECT root.1, root.2 FROM place)
        ) AS journey
            ON journey.root_type = place.root.1 AND journey.root_id = place.root.2
        WHERE empty(definition.flow_types) OR has(definition.flow_types, flow_type::String)
    ),
    instances AS
    (
        SELECT
            (known.handoff, known.object_type, known.object_id, known.cycle, known.root, known.journeys, known.opening,
             known.ending, known.facility, known.supplier, known.department, known.spend_category, known.criticality,
             known.flow_type, known.amount, known.currency) AS instance,
            if(facility.calendar = '', 'always@UTC', facility.calendar) AS calendar,
            toUnixTimestamp64Micro(known.opening.1) AS opened_us,
            target.unit AS unit,
            target.amount AS amount
        FROM known
        LEFT JOIN target ON target.handoff = known.handoff AND target.criticality = known.target_criticality
        LEFT JOIN (SELECT facility, calendar FROM facilities FINAL) AS facility ON facility.facility = known.facility
    ),
-- include: core/due_at
SELECT {model:String}, instance.1, instance.2, instance.3, instance.4, instance.5.1, instance.5.2, instance.6,
    instance.7.1, instance.7.3,
    if(instance.8.2 = 1, instance.8.1, NULL), if(instance.8.2 = 1, instance.8.3, ''),
    if(instance.8.2 = 2, instance.8.1, NULL), due_at,
    instance.9, instance.10, instance.11, instance.12, instance.13, instance.14, instance.15, instance.16,
    {revision:UInt64}, 0
FROM reckoned

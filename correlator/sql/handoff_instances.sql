    -- Grain: one row of `cycles` (handoff, object_type, object_id, cycle, opening, ending, first_opened_at, pauses, stopped)
    -- with its journey, context and target, as `instances`. `pauses` are its own, `stopped` those of its clock: also of the
    -- cycles that it continues. Both as core/due_at_paused reads them.
    -- Caller: included by correlator/sql/write_*handoffs.sql.
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
            cycles.first_opened_at AS first_opened_at, cycles.pauses AS pauses, cycles.stopped AS stopped,
            definition.calendar AS calendar, place.root AS root, place.journeys AS journeys,
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
             known.flow_type, known.amount, known.currency, known.first_opened_at, known.pauses) AS instance,
            multiIf(
                position(known.calendar, '@') > 0, known.calendar,
                known.calendar != '', concat(known.calendar, '@', if(facility.time_zone = '', 'UTC', facility.time_zone::String)),
                facility.calendar = '', 'always@UTC',
                facility.calendar::String) AS calendar,
            -- A clock that stands still from the first moment starts when that pause is over.
            (known.stopped[1]).1 = toUnixTimestamp64Micro(known.first_opened_at) AND (known.stopped[1]).2 < 4000000000000000000
                AS starts_paused,
            if(starts_paused, (known.stopped[1]).2, toUnixTimestamp64Micro(known.first_opened_at)) AS opened_us,
            if(starts_paused, arrayPopFront(known.stopped), known.stopped) AS pauses,
            place_target.target.1 != '' AS is_of_place,
            if(is_of_place, place_target.target.1, target.unit) AS unit,
            if(is_of_place, place_target.target.2, target.amount) AS amount
        FROM known
        LEFT JOIN target ON target.handoff = known.handoff AND target.criticality = known.target_criticality
        LEFT JOIN place_target ON place_target.handoff = known.handoff
            AND place_target.criticality = known.target_criticality AND place_target.facility = known.facility
        LEFT JOIN (SELECT facility, calendar, time_zone FROM facilities FINAL) AS facility ON facility.facility = known.facility
    ),

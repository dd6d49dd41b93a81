    -- Grain: one row of `cycles` (handoff, object_type, object_id, cycle, standing, opening, ending, first_opened_at, pauses,
    -- stopped) that its flow type expects, with its target, as `instances`. `standing` as in correlator/handoff_places; `pauses`
    -- are its own, `stopped` those of its clock: also of the cycles that it continues. Both as core/due_at_paused reads them.
    -- Caller: included by correlator/sql/write_*handoffs.sql.
    instances AS
    (
        SELECT
            (cycles.handoff, cycles.object_type, cycles.object_id, cycles.cycle, cycles.standing, cycles.opening, cycles.ending,
             cycles.first_opened_at, cycles.pauses) AS instance,
            multiIf(
                position(definition.calendar, '@') > 0, definition.calendar,
                definition.calendar != '', concat(definition.calendar, '@', if(facility.time_zone = '', 'UTC', facility.time_zone::String)),
                facility.calendar = '', 'always@UTC',
                facility.calendar::String) AS calendar,
            -- A clock that stands still from the first moment starts when that pause is over.
            (cycles.stopped[1]).1 = toUnixTimestamp64Micro(cycles.first_opened_at) AND (cycles.stopped[1]).2 < 4000000000000000000
                AS starts_paused,
            -- What was promised by the end of the cycle, for no time before its clock began. It stands, whatever was paused.
            arrayFirst(
                statement -> statement.2 >= toUnixTimestamp64Micro(cycles.first_opened_at)
                    AND (cycles.ending.2 = 0 OR statement.1 <= toUnixTimestamp64Micro(cycles.ending.1)),
                promise.said).2 AS promised_us,
            multiIf(
                promised_us > 0, promised_us,
                starts_paused, (cycles.stopped[1]).2,
                toUnixTimestamp64Micro(cycles.first_opened_at)) AS opened_us,
            multiIf(promised_us > 0, [], starts_paused, arrayPopFront(cycles.stopped), cycles.stopped) AS pauses,
            multiIf(
                promised_us > 0, (definition.grace_unit, definition.grace),
                place_target.target.1 != '', place_target.target,
                (target.unit, target.amount)) AS allowed,
            allowed.1 AS unit,
            allowed.2 AS amount
        FROM cycles
        INNER JOIN definition ON definition.handoff = cycles.handoff
        LEFT JOIN (SELECT * FROM run_promises WHERE revision = {revision:UInt64}) AS promise ON promise.handoff = cycles.handoff
            AND promise.object_type = cycles.object_type AND promise.object_id = cycles.object_id
        LEFT JOIN target ON target.handoff = cycles.handoff AND target.criticality = cycles.standing.target_criticality
        LEFT JOIN place_target ON place_target.handoff = cycles.handoff
            AND place_target.criticality = cycles.standing.target_criticality AND place_target.facility = cycles.standing.facility
        LEFT JOIN (SELECT facility, calendar, time_zone FROM facilities FINAL) AS facility ON facility.facility = cycles.standing.facility
        WHERE (empty(definition.flow_types) OR has(definition.flow_types, cycles.standing.flow_type))
          -- By correlator.when.When.rows.
          AND arrayAll(
              bound -> multiIf(
                  bound.1 = 'at_least', ifNull(cycles.standing.amount >= toDecimal64OrNull(bound.2[1], 4), false),
                  bound.1 = 'below', ifNull(cycles.standing.amount < toDecimal64OrNull(bound.2[1], 4), false),
                  has(bound.2, multiIf(
                      bound.1 = 'criticality', cycles.standing.target_criticality,
                      bound.1 = 'facility', cycles.standing.facility,
                      bound.1 = 'supplier', cycles.standing.supplier,
                      bound.1 = 'department', cycles.standing.department,
                      bound.1 = 'spend_category', cycles.standing.spend_category,
                      bound.1 = 'currency', cycles.standing.currency,
                      ''))),
              definition.limits)
    ),

    -- Grain: one cycle that its flow type expects, with its place and target, as `instances`: of clocks that never stood still,
    -- or ({stood:Bool}) that did. `pauses` as core/due_at_paused reads them. Each cycle finds one row at most in what it is joined
    -- with, and said so, its own columns are not copied.
    -- Caller: included by correlator/sql/write_*handoffs.sql.
    instances AS
    (
        SELECT
            (cycle.handoff, cycle.object_type, cycle.object_id, cycle.cycle, cycle.opened_at, cycle.opened_by, cycle.first_opened_at,
             cycle.ended_at, cycle.ended_as, cycle.ended_by, cycle.pauses,
             place.root_type, place.root_id, place.journeys, place.facility, place.supplier, place.department, place.spend_category,
             place.criticality, place.flow_type, place.amount, place.currency) AS instance,
            multiIf(
                position(definition.calendar, '@') > 0, definition.calendar,
                definition.calendar != '', concat(definition.calendar, '@', if(place.time_zone = '', 'UTC', place.time_zone::String)),
                place.calendar = '', 'always@UTC',
                place.calendar::String) AS calendar,
            toUnixTimestamp64Micro(cycle.first_opened_at) AS first_us,
            -- A clock that stands still from the first moment starts when that pause is over.
            (cycle.stopped[1]).1 = first_us AND (cycle.stopped[1]).2 < 4000000000000000000 AS starts_paused,
            -- What was promised by the end of the cycle, for no time before its clock began. It stands, whatever was paused.
            arrayFirst(
                statement -> statement.2 >= first_us
                    AND (cycle.ended_as = 0 OR statement.1 <= toUnixTimestamp64Micro(cycle.ended_at)),
                promise.said).2 AS promised_us,
            multiIf(promised_us > 0, promised_us, starts_paused, (cycle.stopped[1]).2, first_us) AS opened_us,
            multiIf(promised_us > 0, [], starts_paused, arrayPopFront(cycle.stopped), cycle.stopped) AS pauses,
            multiIf(
                promised_us > 0, (definition.grace_unit, definition.grace),
                place_target.target.1 != '', place_target.target,
                (target.unit, target.amount)) AS allowed,
            allowed.1 AS unit,
            allowed.2 AS amount
        FROM (SELECT * FROM run_cycles WHERE revision = {revision:UInt64} AND notEmpty(stopped) = {stood:Bool}) AS cycle
        SEMI LEFT JOIN definition ON definition.handoff = cycle.handoff
        SEMI LEFT JOIN
        (
            SELECT *, if(criticality IN ('clinical-critical', 'low'), criticality::String, 'standard') AS target_criticality
            FROM run_places WHERE revision = {revision:UInt64}
        ) AS place ON place.object_type = cycle.object_type AND place.object_id = cycle.object_id
        ANY LEFT JOIN (SELECT * FROM run_promises WHERE revision = {revision:UInt64}) AS promise ON promise.handoff = cycle.handoff
            AND promise.object_type = cycle.object_type AND promise.object_id = cycle.object_id
        ANY LEFT JOIN target ON target.handoff = cycle.handoff AND target.criticality = place.target_criticality
        ANY LEFT JOIN place_target ON place_target.handoff = cycle.handoff
            AND place_target.criticality = place.target_criticality AND place_target.facility = place.facility
        WHERE (empty(definition.flow_types) OR has(definition.flow_types, place.flow_type::String))
          -- By correlator.when.When.rows.
          AND arrayAll(
              bound -> multiIf(
                  bound.1 = 'at_least', ifNull(place.amount >= toDecimal64OrNull(bound.2[1], 4), false),
                  bound.1 = 'below', ifNull(place.amount < toDecimal64OrNull(bound.2[1], 4), false),
                  has(bound.2, multiIf(
                      bound.1 = 'criticality', place.target_criticality,
                      bound.1 = 'facility', place.facility::String,
                      bound.1 = 'supplier', place.supplier::String,
                      bound.1 = 'department', place.department::String,
                      bound.1 = 'spend_category', place.spend_category::String,
                      bound.1 = 'currency', place.currency::String,
                      ''))),
              definition.limits)
    ),

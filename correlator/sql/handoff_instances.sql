    -- Grain: one cycle that its flow type expects, with its target, as `instances`: of `cycles`, which have the columns of `place`.
    -- `stopped`: while its clock stood still; `pauses` as core/due_at_paused reads them. Each cycle finds one row at most in what it
    -- is joined with, and said so, its own columns are not copied.
    -- Caller: included by correlator/sql/write_*handoffs.sql.
    instances AS
    (
        SELECT
            (cycle.handoff, cycle.object_type, cycle.object_id, cycle.cycle, cycle.opened_at, cycle.opened_by, cycle.first_opened_at,
             cycle.ended_at, cycle.ended_as, cycle.ended_by, cycle.pauses,
             cycle.root_type, cycle.root_id, cycle.journeys, cycle.facility, cycle.supplier, cycle.department, cycle.spend_category,
             cycle.criticality, cycle.flow_type, cycle.amount, cycle.currency, cycle.opened_received_at, cycle.ended_received_at,
             cycle.tellings, cycle.stopped) AS instance,
            multiIf(
                position(definition.calendar, '@') > 0, definition.calendar,
                definition.calendar != '', concat(definition.calendar, '@', if(cycle.time_zone = '', 'UTC', cycle.time_zone::String)),
                cycle.calendar = '', 'always@UTC',
                cycle.calendar::String) AS calendar,
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
        FROM cycles AS cycle
        SEMI LEFT JOIN definition ON definition.handoff = cycle.handoff
        ANY LEFT JOIN
        (
            SELECT toUInt16(indexOf({keys:Array(String)}, handoff)) AS handoff, said, cityHash64(object_type, object_id) AS object_city,
                xxh3(object_type, object_id) AS object_xx
            FROM {run_promises:Identifier} WHERE revision = {revision:UInt64}
        ) AS promise
            ON promise.handoff = cycle.handoff AND promise.object_city = cycle.object_city AND promise.object_xx = cycle.object_xx
        ANY LEFT JOIN target ON target.handoff = cycle.handoff AND target.criticality = cycle.target_criticality
        ANY LEFT JOIN place_target ON place_target.handoff = cycle.handoff
            AND place_target.criticality = cycle.target_criticality AND place_target.facility = cycle.facility
        WHERE (empty(definition.flow_types) OR has(definition.flow_types, cycle.flow_type::String))
          -- By correlator.when.When.rows.
          AND arrayAll(
              bound -> multiIf(
                  bound.1 = 'at_least', ifNull(cycle.amount >= toDecimal64OrNull(bound.2[1], 4), false),
                  bound.1 = 'below', ifNull(cycle.amount < toDecimal64OrNull(bound.2[1], 4), false),
                  has(bound.2, multiIf(
                      bound.1 = 'criticality', criticalities[cycle.target_criticality],
                      bound.1 = 'facility', cycle.facility::String,
                      bound.1 = 'supplier', cycle.supplier::String,
                      bound.1 = 'department', cycle.department::String,
                      bound.1 = 'spend_category', cycle.spend_category::String,
                      bound.1 = 'currency', cycle.currency::String,
                      ''))),
              definition.limits)
    ),

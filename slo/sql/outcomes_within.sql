-- Grain: one part of an objective and one stretch of time, of promises that are decided {amount} {unit} after their clock began
-- (core.durations), pauses included, as `lag` has it. {calendars}: handoffs that name a calendar, to it, of each model.
-- Caller: slo.outcomes.Outcomes.
WITH
    instances AS
    (
        SELECT
            (made.model, made.handoff, made.facility, made.supplier, made.spend_category, made.department, made.criticality,
             made.closed_at, made.cancelled_at, made.paused_since, made.opened_received_at, made.ended_received_at) AS instance,
            {calendars:Map(String, String)}[concat(made.model, '/', made.handoff)] AS named,
            multiIf(
                position(named, '@') > 0, named,
                named != '', concat(named, '@', if(known.time_zone = '', 'UTC', known.time_zone::String)),
                known.calendar = '', 'always@UTC',
                known.calendar::String) AS calendar,
            toUnixTimestamp64Micro(made.first_opened_at) AS opened_us,
            {unit:String} AS unit,
            {amount:Int64} AS amount,
            []::Array(Tuple(Int64, Int64)) AS pauses
        FROM
        (
-- include: slo/promises
        ) AS made
        ANY LEFT JOIN (SELECT facility, calendar, time_zone FROM facilities FINAL) AS known ON known.facility = made.facility
    ),
-- include: core/due_at
    ,
    promised AS
    (
        SELECT instance.1 AS model, instance.2 AS handoff, instance.3 AS facility, instance.4 AS supplier,
            instance.5 AS spend_category, instance.6 AS department, instance.7 AS criticality,
            instance.8 AS closed_at, instance.9 AS cancelled_at, instance.10 AS paused_since,
            instance.11 AS opened_received_at, instance.12 AS ended_received_at,
            due_at - toIntervalMicrosecond({strictly:Bool}) AS due_at
        FROM reckoned
    )
-- include: slo/outcomes_counted

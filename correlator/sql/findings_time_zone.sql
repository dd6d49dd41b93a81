-- Grain: one integration whose events stand whole hours off: from their arrival, or from the step before them that another
-- integration told of the same object. `hours` is the one difference that most have, from 5 minutes less to 20 minutes
-- more; `near` of `checked` events have it, told in `spread` different hours. Caller: correlator.findings.Findings.
WITH
-- include: correlator/findings_told
    ,
-- include: correlator/findings_steps
    ,
    gap AS
    (
        SELECT 'arrival' AS beside, integration::String AS integration, occurred_at AS at, event_id, type::String AS event_type,
            subject_type::String AS object_type, subject_id AS object_id,
            dateDiff('second', occurred_at, received_at) AS seconds, toStartOfHour(received_at) AS told_in
        FROM told
        UNION ALL
        SELECT concat(start.2, ' → ', after), stop.2, stop.3, stop.4, after, object_type, object_id,
            dateDiff('second', start.3, stop.3), toStartOfHour(stop.3)
        FROM
        (
            SELECT object_type, object_id, after, arraySort(step -> (step.3, step.4), stops)[1] AS stop,
                arraySort(step -> (step.3, step.4), starts)[1] AS start
            FROM ruled
        )
        WHERE start.2 != stop.2
    ),
    banded AS
    (
        SELECT beside, integration, toInt32(floor((seconds + 300) / 3600)) AS hours,
            countIf(positiveModulo(seconds + 300, 3600) < 1500) AS near, count() AS events,
            uniqIf(told_in, positiveModulo(seconds + 300, 3600) < 1500) AS spread,
            groupArraySortedIf(5)((at, event_id, event_type, object_type, object_id, beside),
                positiveModulo(seconds + 300, 3600) < 1500) AS examples
        FROM gap
        GROUP BY beside, integration, hours
    ),
    judged AS
    (
        SELECT beside, integration, argMax((hours, near, spread, examples), (near, -abs(hours))) AS most, sum(events) AS checked
        FROM banded
        GROUP BY beside, integration
    )
SELECT
    integration, most.2 AS found, checked, most.4 AS examples,
    map('hours', most.1, 'spread', most.3, 'arrival', beside = 'arrival')::Map(String, Float64) AS figures
FROM judged
WHERE most.1 != 0 AND abs(most.1) <= 14 AND found >= {near_share:Float64} * checked AND checked >= {least_events:UInt64}
  AND most.3 >= {least_spread:UInt64}
ORDER BY integration, found DESC, beside
LIMIT 1 BY integration
SETTINGS max_bytes_before_external_group_by = 400000000

-- Grain: one integration with the first steps of objects that it sent, and those that came before every step that the
-- model promises before them. Two at the same moment are in order. Caller: correlator.findings.Findings.
WITH
-- include: correlator/findings_steps
    ,
    judged AS
    (
        SELECT object_type, object_id, after,
            arraySort(step -> (step.3, step.4), stops)[1] AS stop,
            arraySort(step -> (step.3, step.4), starts)[1] AS start
        FROM ruled
    ),
    step AS
    (
        SELECT object_type, object_id, stop, max(start.3 > stop.3) AS early,
            argMaxIf(start, (start.3, start.4), start.3 > stop.3) AS awaited
        FROM judged
        GROUP BY object_type, object_id, stop
    )
SELECT
    stop.2 AS integration, countIf(early) AS found, count() AS checked, map()::Map(String, Float64) AS figures,
    groupArraySortedIf(5)(
        (stop.3, stop.4, stop.1, object_type, object_id,
         concat('before ', awaited.1, ' of ', formatDateTime(awaited.3, '%Y-%m-%d %H:%i'), ' UTC from ', awaited.2)),
        early) AS examples
FROM step
GROUP BY integration
HAVING found > 0
SETTINGS max_bytes_before_external_group_by = 400000000, optimize_aggregation_in_order = 1

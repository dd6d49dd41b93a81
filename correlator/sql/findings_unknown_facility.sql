-- Grain: one integration with its events that name a facility which the registry has neither as key nor as alias.
-- Without any facility in the registry nothing is unknown. Caller: correlator.findings.Findings.
WITH
-- include: correlator/findings_told
SELECT
    integration::String AS integration, countIf(unknown) AS found, count() AS checked,
    map('values', toFloat64(uniqExactIf(facility, unknown))) AS figures,
    groupArraySortedIf(5)((occurred_at, event_id, type::String, subject_type::String, subject_id, facility::String), unknown) AS examples
FROM
(
    SELECT *, facility NOT IN (SELECT arrayJoin(arrayPushBack(aliases, facility)) FROM facilities FINAL) AS unknown
    FROM told
    WHERE facility != '' AND (SELECT count() FROM facilities) > 0
)
GROUP BY integration
HAVING found > 0

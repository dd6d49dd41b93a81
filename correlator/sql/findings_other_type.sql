-- Grain: one integration with its statements that two objects are the same which are of different types: these say nothing.
-- Types by the models' own names. Caller: correlator.findings.Findings.
WITH
-- include: correlator/findings_told
SELECT
    integration::String AS integration, countIf(notEmpty(others)) AS found, count() AS checked, map()::Map(String, Float64) AS figures,
    groupArraySortedIf(5)((occurred_at, event_id, type::String, subject_type::String, subject_id,
        concat('the same as ', arrayStringConcat(arrayMap(each -> concat(each.1, ':', each.2), arraySlice(others, 1, 3)), ', '))),
        notEmpty(others)) AS examples
FROM
(
    SELECT *, arrayFilter(each -> each.1 != subject_type::String, arrayMap(each -> (each.1::String, each.2), objects)) AS others
    FROM told
    WHERE type = 'object.same_as'
)
GROUP BY integration
HAVING found > 0

-- Grain: one integration with its events of before {ancient}, where business hours begin.
-- Caller: correlator.findings.Findings.
WITH
-- include: correlator/findings_told
SELECT
    integration::String AS integration, countIf(occurred_at < {ancient:DateTime64(6, 'UTC')}) AS found,
    count() AS checked, map()::Map(String, Float64) AS figures,
    groupArraySortedIf(5)(
        (occurred_at, event_id, type::String, subject_type::String, subject_id, ''),
        occurred_at < {ancient:DateTime64(6, 'UTC')}) AS examples
FROM told
GROUP BY integration
HAVING found > 0

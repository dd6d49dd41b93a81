-- Grain: one integration with its events that had not happened when they arrived: by more than {skew} seconds.
-- Caller: correlator.findings.Findings.
WITH
-- include: correlator/findings_told
SELECT
    integration::String AS integration, countIf(occurred_at > received_at + toIntervalSecond({skew:UInt32})) AS found,
    count() AS checked, map()::Map(String, Float64) AS figures,
    groupArraySortedIf(5)(
        (occurred_at, event_id, type::String, subject_type::String, subject_id,
         concat('received ', formatDateTime(received_at, '%Y-%m-%d %H:%i'), ' UTC')),
        occurred_at > received_at + toIntervalSecond({skew:UInt32})) AS examples
FROM told
GROUP BY integration
HAVING found > 0

-- Grain: one integration with the records that were refused for their time in the window, whatever was done about them.
-- Quarantine knows none of the filters: with any in force there is no row. Caller: correlator.findings.Findings.
SELECT
    integration::String AS integration, uniqExact(record_id) AS found, toUInt64(0) AS checked,
    map()::Map(String, Float64) AS figures,
    groupArraySorted(5)((quarantined_at, '', reason::String, '', '', substringUTF8(detail, 1, 200))) AS examples
FROM quarantine
WHERE signal != 'traces' AND reason IN ('bad_timestamp', 'too_old', 'too_far_ahead')
  AND quarantined_at > {since:DateTime64(6, 'UTC')} AND quarantined_at <= {as_of:DateTime64(6, 'UTC')}
  AND NOT {filtered:Bool}
GROUP BY integration

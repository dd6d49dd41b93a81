-- Grain: one integration with the events whose id was told again with other content; the version received first holds.
-- Caller: correlator.findings.Findings.
WITH
    other AS
    (
        SELECT *
        FROM told_events
        WHERE received_at > {since:DateTime64(6, 'UTC')} AND received_at <= {as_of:DateTime64(6, 'UTC')}
          AND (integration, event_id, content_hash) IN (SELECT integration, event_id, content_hash FROM superseded_events)
          AND (empty({facility:Array(String)}) OR has({facility:Array(String)}, facility::String))
          AND (empty({supplier:Array(String)}) OR has({supplier:Array(String)}, supplier::String))
          AND (empty({spend_category:Array(String)}) OR has({spend_category:Array(String)}, spend_category::String))
          AND (empty({department:Array(String)}) OR has({department:Array(String)}, department::String))
-- include: core/chosen_criticality
    )
SELECT
    integration::String AS integration, uniqExact(event_id) AS found, toUInt64(0) AS checked,
    map('versions', toFloat64(count())) AS figures,
    groupArraySorted(5)((occurred_at, event_id, type::String, subject_type::String, subject_id,
        concat('told again ', formatDateTime(received_at, '%Y-%m-%d %H:%i'), ' UTC'))) AS examples
FROM other
GROUP BY integration

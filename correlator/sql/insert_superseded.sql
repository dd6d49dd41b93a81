-- Grain: one version of an event that another version with a greater content hash supersedes, among the events stored in
-- the window and what was stored under their ids before. Caller: correlator.tick.Correlator.
INSERT INTO superseded_events (integration, event_id, content_hash, noticed_at)
SELECT integration, event_id, arrayJoin(arrayFilter(version -> version != greatest_version, versions)), {until:DateTime64(6, 'UTC')}
FROM
(
    SELECT integration, event_id, groupUniqArray(content_hash) AS versions, max(content_hash) AS greatest_version
    FROM events
    WHERE event_id IN
    (
        SELECT event_id FROM events
        WHERE stored_at > {since:DateTime64(6, 'UTC')} AND stored_at <= {until:DateTime64(6, 'UTC')}
    )
    GROUP BY integration, event_id
    HAVING length(versions) > 1
)

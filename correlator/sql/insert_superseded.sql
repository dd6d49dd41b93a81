-- Grain: one version of an event that was received after another version of it, among the events stored in the window and
-- what is stored under their ids, or among all ({whole}). Caller: correlator.conflicts.
-- What a rebuild notices it leaves out, and stamps with what it reads up to. What else is noticed is noticed now: a rebuild that
-- began before and looked too early to see it may read it, and tells by that time that it does not know of it.
INSERT INTO superseded_events (integration, event_id, content_hash, noticed_at)
SELECT integration, event_id, arrayJoin(arrayFilter(version -> version != first_version, versions)) AS superseded,
    if({whole:Bool}, {until:DateTime64(6, 'UTC')}, now64(6, 'UTC'))
FROM
(
    SELECT integration, event_id, groupUniqArray(content_hash) AS versions,
        argMin(content_hash, (received_at, content_hash)) AS first_version
    FROM events
    WHERE (integration, event_id) IN
    (
        -- Almost every event has one version: what the others need is not gathered for them.
        SELECT integration, event_id FROM events
        WHERE {whole:Bool} OR event_id IN
        (
            SELECT event_id FROM events
            WHERE stored_at > {since:DateTime64(6, 'UTC')} AND stored_at <= {until:DateTime64(6, 'UTC')}
        )
        GROUP BY integration, event_id
        HAVING min(content_hash) != max(content_hash)
    )
    GROUP BY integration, event_id
)
WHERE (integration, event_id, superseded) NOT IN (SELECT integration, event_id, content_hash FROM superseded_events)

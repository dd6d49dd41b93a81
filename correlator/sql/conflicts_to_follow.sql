-- Grain: one row: versions of events that do not hold and that the model has not settled, of how many it may have derived
-- something (what is gone from the events counts as long known), and how many were stored in the window.
-- Caller: correlator.conflicts.
WITH
-- include: correlator/unsettled_versions
SELECT
    count() AS versions,
    countIf(stored_at <= read_up_to) AS derived,
    (
        SELECT count() FROM superseded_events
        WHERE (integration, event_id, content_hash) IN
        (
            SELECT integration, event_id, content_hash FROM events
            WHERE stored_at > {since:DateTime64(6, 'UTC')} AND stored_at <= {until:DateTime64(6, 'UTC')}
              AND event_id IN (SELECT event_id FROM superseded_events)
        )
    ) AS touched
FROM version

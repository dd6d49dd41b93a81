-- Grain: one row: how many versions of events that do not hold were stored in the window. Caller: correlator.conflicts.
SELECT count() AS touched FROM superseded_events
WHERE (integration, event_id, content_hash) IN
(
    SELECT integration, event_id, content_hash FROM events
    WHERE stored_at > {since:DateTime64(6, 'UTC')} AND stored_at <= {until:DateTime64(6, 'UTC')}
      AND event_id IN (SELECT event_id FROM superseded_events)
)

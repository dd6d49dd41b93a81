-- Grain: one event that holds, under the own names of types, events and facilities; how it was sent stays in `events`. The
-- comment says by which names. Caller: correlator.naming_views, which fills in what begins with a dollar sign.
CREATE OR REPLACE VIEW $database.current_events AS
SELECT * $renamed FROM $database.events
WHERE (integration, event_id, content_hash) NOT IN (SELECT integration, event_id, content_hash FROM $database.superseded_events)
COMMENT '$names'

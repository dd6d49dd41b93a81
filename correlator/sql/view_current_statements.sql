-- Grain: one event that holds and speaks of names and links, not of what happened, as in `current_events`: found by its type,
-- which no model renames. Caller: correlator.naming_views, which fills in what begins with a dollar sign.
CREATE OR REPLACE VIEW $database.current_statements AS
SELECT * $renamed FROM $database.events
WHERE (integration, event_id, content_hash) NOT IN (SELECT integration, event_id, content_hash FROM $database.superseded_events)
  AND type IN ('object.same_as', 'link.withdrawn')

-- Grain: one broken row for each relation of an event that is not there.
-- Caller: stallwatch/importers/staging.py
INSERT INTO broken (seq, place, reason, record, event_id, object_id, consequence)
SELECT seq, place, 'unknown event ' || quoted(event_id), record, NULL, NULL,
       event_id IN (SELECT event_id FROM broken WHERE event_id IS NOT NULL)
FROM event_object
WHERE event_id NOT IN (SELECT id FROM event)

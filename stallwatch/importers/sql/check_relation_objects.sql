-- Grain: one broken row for each relation of an event to an object that is not there.
-- Caller: stallwatch/importers/staging.py
INSERT INTO broken (seq, place, reason, record, event_id, object_id, consequence)
SELECT seq, place, 'the event ' || quoted(event_id) || ' refers to the unknown object ' || quoted(object_id), record, NULL, NULL,
       object_id IN (SELECT object_id FROM broken WHERE object_id IS NOT NULL)
FROM event_object
WHERE object_id NOT IN (SELECT id FROM object)

-- Grain: one broken row for each event whose type is not declared.
-- Caller: stallwatch/importers/staging.py
INSERT INTO broken (seq, place, reason, record, event_id, object_id, consequence)
SELECT seq, place, 'unknown event type ' || quoted(type), record, id, NULL, 0
FROM event
WHERE type NOT IN (SELECT name FROM type WHERE scope = 'event')

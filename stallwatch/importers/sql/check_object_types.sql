-- Grain: one broken row for each object whose type is not declared.
-- Caller: stallwatch/importers/staging.py
INSERT INTO broken (seq, place, reason, record, event_id, object_id, consequence)
SELECT seq, place, 'unknown object type ' || quoted(type), record, NULL, id, 0
FROM object
WHERE type NOT IN (SELECT name FROM type WHERE scope = 'object')

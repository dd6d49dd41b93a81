-- Grain: one broken row for each attribute of an object that is not there, or is of another type.
-- Caller: stallwatch/importers/staging.py
INSERT INTO broken (seq, place, reason, record, event_id, object_id, consequence)
SELECT v.seq, v.place,
       iif(o.id IS NULL, 'unknown object ' || quoted(v.id), 'the object ' || quoted(v.id) || ' is of the type ' || quoted(o.type) || ', not ' || quoted(v.type)),
       v.record, NULL, NULL, o.id IS NULL AND v.id IN (SELECT object_id FROM broken WHERE object_id IS NOT NULL)
FROM object_value AS v
LEFT JOIN object AS o ON o.id = v.id
WHERE o.id IS NULL OR o.type <> v.type

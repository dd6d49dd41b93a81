-- Grain: one broken row for each time and attributes of an event that is not there, or is of another type.
-- Caller: stallwatch/importers/staging.py
INSERT INTO broken (seq, place, reason, record, event_id, object_id, consequence)
SELECT d.seq, d.place,
       iif(e.id IS NULL, 'unknown event ' || quoted(d.id), 'the event ' || quoted(d.id) || ' is of the type ' || quoted(e.type) || ', not ' || quoted(d.type)),
       d.record, d.id, NULL, e.id IS NULL AND d.id IN (SELECT event_id FROM broken WHERE event_id IS NOT NULL)
FROM event_detail AS d
LEFT JOIN event AS e ON e.id = d.id
WHERE e.id IS NULL OR e.type <> d.type

-- Grain: one row for each sound event and object it touches (one with NULLs for none), by time, event, object.
-- Caller: stallwatch/importers/staging.py
SELECT e.id, e.type, d.time, d.attributes, o.id, o.type, r.qualifier
FROM event AS e
JOIN event_detail AS d ON d.id = e.id
LEFT JOIN event_object AS r ON r.event_id = e.id
LEFT JOIN object AS o ON o.id = r.object_id
ORDER BY d.time, e.id, o.id, r.qualifier

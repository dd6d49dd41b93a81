-- Grain: one broken row for each object whose id without its leading type is another's id of that type.
-- Caller: stallwatch/importers/staging.py
INSERT INTO broken (seq, place, reason, record, event_id, object_id, consequence)
SELECT o.seq, o.place, 'the objects ' || quoted(o.id) || ' and ' || quoted(p.id) || ' of one type would get the same id', o.record,
       NULL, o.id, 0
FROM object AS o
JOIN object AS p ON p.id = substr(o.id, length(o.type) + 2) AND p.type = o.type
WHERE substr(o.id, 1, length(o.type) + 1) = o.type || ':'

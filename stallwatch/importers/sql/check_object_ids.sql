-- Grain: one broken row for each object without an id, or whose id stands further up.
-- Caller: stallwatch/importers/staging.py
INSERT INTO broken (seq, place, reason, record, event_id, object_id, consequence)
SELECT o.seq, o.place, iif(o.id = '', 'an object without an id', 'the object ' || quoted(o.id) || ' is given twice, first at ' || f.place),
       o.record, NULL, NULL, 0
FROM object AS o
JOIN object AS f ON f.seq = (SELECT min(seq) FROM object WHERE id = o.id)
WHERE o.id = '' OR f.seq < o.seq

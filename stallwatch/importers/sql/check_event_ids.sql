-- Grain: one broken row for each event without an id, or whose id stands further up.
-- Caller: stallwatch/importers/staging.py
INSERT INTO broken (seq, place, reason, record, event_id, object_id, consequence)
SELECT e.seq, e.place, iif(e.id = '', 'an event without an id', 'the event ' || quoted(e.id) || ' is given twice, first at ' || f.place),
       e.record, NULL, NULL, 0
FROM event AS e
JOIN event AS f ON f.seq = (SELECT min(seq) FROM event WHERE id = e.id)
WHERE e.id = '' OR f.seq < e.seq

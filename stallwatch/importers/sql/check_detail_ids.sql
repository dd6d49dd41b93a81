-- Grain: one broken row for each second time of one event.
-- Caller: stallwatch/importers/staging.py
INSERT INTO broken (seq, place, reason, record, event_id, object_id, consequence)
SELECT d.seq, d.place, 'the event ' || quoted(d.id) || ' has two times, first at ' || f.place,
       d.record, NULL, NULL, 0
FROM event_detail AS d
JOIN event_detail AS f ON f.seq = (SELECT min(seq) FROM event_detail WHERE id = d.id)
WHERE f.seq < d.seq

-- Grain: one broken row for each event that nothing gives a time.
-- Caller: stallwatch/importers/staging.py
INSERT INTO broken (seq, place, reason, record, event_id, object_id, consequence)
SELECT e.seq, e.place, 'the event ' || quoted(e.id) || ' has no time: there is no sound row for it among those of its type',
       e.record, e.id, NULL, e.id IN (SELECT event_id FROM broken WHERE event_id IS NOT NULL)
FROM event AS e
WHERE e.id NOT IN (SELECT id FROM event_detail)

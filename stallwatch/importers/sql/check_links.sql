-- Grain: one broken row for each link whose source is not there, or whose target is not there and has no type either.
-- A target that the log holds no row for is a fact about a document elsewhere, as long as its id begins with its type.
-- Caller: stallwatch/importers/staging.py
INSERT INTO broken (seq, place, reason, record, event_id, object_id, consequence)
SELECT l.seq, l.place, 'the link from ' || quoted(l.source_id) || ' to ' || quoted(l.target_id) || ' names an unknown object',
       l.record, NULL, NULL, EXISTS (SELECT 1 FROM broken AS b WHERE b.object_id IN (l.source_id, l.target_id))
FROM object_object AS l
LEFT JOIN object AS t ON t.id = l.target_id
WHERE l.source_id NOT IN (SELECT id FROM object)
   OR (t.id IS NULL AND NOT EXISTS
       (SELECT 1 FROM type WHERE scope = 'object' AND substr(l.target_id, 1, length(name) + 1) = name || ':'))

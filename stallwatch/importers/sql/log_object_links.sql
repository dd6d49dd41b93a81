-- Grain: one row for each link of one object; a target that is not in the log has the type that its id begins with.
-- Caller: stallwatch/importers/staging.py
SELECT l.target_id,
       coalesce(o.type,
                (SELECT name FROM type
                 WHERE scope = 'object' AND substr(l.target_id, 1, length(name) + 1) = name || ':'
                 ORDER BY length(name) DESC LIMIT 1)),
       l.qualifier
FROM object_object AS l
LEFT JOIN object AS o ON o.id = l.target_id
WHERE l.source_id = :id
ORDER BY l.target_id, l.qualifier
